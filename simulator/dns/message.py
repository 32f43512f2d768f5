"""DNS messages as octets: read without trust, written in a fixed order (RFC 1035 section 4).

dnspython shuffles the records of a set by the process's own random unless it is told not to;
every message of the simulator is written here, so that the same scenario gives the same octets.
"""

from __future__ import annotations

import copy
import struct
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias, cast

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.opcode
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rdtypes.ANY.CNAME
import dns.rdtypes.ANY.SOA
import dns.rrset
from dns.name import Name
from dns.rdatatype import RdataType

Transport: TypeAlias = Literal["udp", "tcp"]

EDNS_PAYLOAD = 1232
"""Octets of a UDP message that a server here takes and sends, as NSD and Unbound do."""

_PLAIN_UDP_LIMIT = 512  # RFC 1035 section 4.2.1
_TCP_LIMIT = 65535  # RFC 1035 section 4.2.2: the length has two octets
_HEADER_OCTETS = 12

_MOST_WRITTEN = 1024
_written: dict[Hashable, tuple[Reply, bytes]] = {}
"""What was written last, but for the id: whoever tries again is answered the same. The reply is
kept beside it, so that nothing else can take the place of its records' data."""

_HOST_FIELD = {
    dns.rdatatype.MX: "exchange",
    dns.rdatatype.NS: "target",
    dns.rdatatype.SRV: "target",
}
"""Where a record names a host whose addresses the asker will want next (RFC 1035 section 3.3.9)."""


class DnsMessageError(Exception):
    """Octets that are no DNS message, or a name that no DNS message can ask for."""


class NotAQuestion(Exception):  # noqa: N818 - no error of ours: what came in cannot be answered
    """What came in asks nothing; ``reply`` is what to send back, or None to stay silent."""

    def __init__(self, reply: bytes | None) -> None:
        super().__init__("no question that can be answered")
        self.reply = reply


@dataclass(frozen=True, slots=True)
class Record:
    """One resource record of class IN; ``ttl`` in seconds."""

    name: Name
    ttl: int
    data: dns.rdata.Rdata

    @property
    def type(self) -> RdataType:
        """The type of the record's data."""
        return RdataType(self.data.rdtype)

    @property
    def line(self) -> str:
        """The record as a line of a zone file: absolute name, TTL, class, type, data."""
        rdclass = dns.rdataclass.to_text(self.data.rdclass)
        rdtype = dns.rdatatype.to_text(self.type)
        return f"{self.name} {self.ttl} {rdclass} {rdtype} {self.data.to_text()}"


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server says to a question, before it is put into octets."""

    rcode: dns.rcode.Rcode
    flags: int = 0
    """AA or RA; QR, RD and TC are set where the reply is written."""
    answer: tuple[Record, ...] = ()
    authority: tuple[Record, ...] = ()
    additional: tuple[Record, ...] = ()
    needs_additional: bool = False
    """Whether the reply is of no use without its additional records: glue (RFC 9471)."""


def alias_target(alias: Record) -> Name:
    """The name that a CNAME record stands for."""
    return cast("dns.rdtypes.ANY.CNAME.CNAME", alias.data).target


def denial_ttl(soa: Record) -> int:
    """Seconds that a denial which comes with this SOA may be remembered (RFC 2308 section 5)."""
    return min(soa.ttl, cast("dns.rdtypes.ANY.SOA.SOA", soa.data).minimum)


def hosts_named(records: Iterable[Record]) -> tuple[Name, ...]:
    """The hosts that MX, NS and SRV records name, in order, each once."""
    named = (
        getattr(record.data, _HOST_FIELD[record.type])
        for record in records
        if record.type in _HOST_FIELD
    )
    return tuple(dict.fromkeys(named))


def parse_name(text: str) -> Name:
    """An absolute name from text, with or without the final dot. Raises DnsMessageError."""
    try:
        return dns.name.from_text(text)
    except (dns.exception.DNSException, UnicodeError) as error:
        raise DnsMessageError(f"{text!r} is no domain name: {error}") from error


def parse_type(text: str) -> RdataType:
    """A record type from its mnemonic, such as ``MX``. Raises DnsMessageError."""
    try:
        return dns.rdatatype.from_text(text)
    except (dns.exception.DNSException, ValueError) as error:
        raise DnsMessageError(f"{text!r} is no type of DNS record") from error


def name_text(name: Name) -> str:
    """A name as people write it: without the final dot, the root as ``.``."""
    return name.to_text(omit_final_dot=True)


def parse_message(wire: bytes) -> dns.message.Message:
    """Read a message, one record a set, in the order of the wire. Raises DnsMessageError.

    Its sections are shared with other messages of the same octets and must not be changed.
    """
    # Whoever tries again gets the same answer under another id: so all but the id is remembered.
    message = copy.copy(_parsed(bytes(2) + wire[2:]))
    message.id = int.from_bytes(wire[:2], "big")
    return message


@lru_cache(maxsize=1024)
def _parsed(wire: bytes) -> dns.message.Message:
    try:
        # keyring=False: a TSIG is neither asked for nor checked.
        return dns.message.from_wire(wire, keyring=False, one_rr_per_rrset=True)
    except (dns.exception.DNSException, ValueError) as error:
        reason = str(error) or type(error).__name__
        raise DnsMessageError(f"not a DNS message: {reason}") from error


def records_of(section: Iterable[dns.rrset.RRset]) -> tuple[Record, ...]:
    """The records of a message's section, in its order."""
    return tuple(Record(rrset.name, rrset.ttl, data) for rrset in section for data in rrset)


def parse_question(wire: bytes) -> dns.message.Message:
    """Read a message that asks one standard question, as a server does.

    Raises NotAQuestion with FORMERR for what cannot be read or does not ask exactly one question
    (RFC 9619), NOTIMP for another opcode, BADVERS for EDNS above 0 (RFC 6891 section 6.1.3), and
    with silence for a response (two servers would answer each other for ever) and for less
    octets than an id has.
    """
    if len(wire) < 2:
        raise NotAQuestion(None)
    query_id, flags = struct.unpack("!HH", wire[:4].ljust(4, b"\0"))
    if flags & dns.flags.QR:
        raise NotAQuestion(None)
    if len(wire) < _HEADER_OCTETS:
        raise NotAQuestion(_bare_header(query_id, flags, dns.rcode.FORMERR))
    if dns.opcode.from_flags(flags) != dns.opcode.QUERY:
        raise NotAQuestion(_bare_header(query_id, flags, dns.rcode.NOTIMP))
    try:
        query = parse_message(wire)
    except DnsMessageError as error:
        raise NotAQuestion(_bare_header(query_id, flags, dns.rcode.FORMERR)) from error
    if len(query.question) != 1:
        raise NotAQuestion(_bare_header(query_id, flags, dns.rcode.FORMERR))
    if query.edns > 0:
        raise NotAQuestion(write_reply(query, Reply(dns.rcode.BADVERS), "udp"))
    return query


def write_question(
    name: Name, rdtype: RdataType, query_id: int, *, recursive: bool, edns: bool
) -> bytes:
    """The octets of a question of class IN."""
    # The labels and not the name: names are equal whatever their capitals, octets are not.
    return query_id.to_bytes(2, "big") + _after_id(name.labels, rdtype, recursive, edns)


@lru_cache(maxsize=1024)
def _after_id(
    labels: tuple[bytes, ...],
    rdtype: RdataType,
    recursive: bool,
    edns: bool,
) -> bytes:
    query = dns.message.make_query(
        Name(labels),
        rdtype,
        use_edns=0 if edns else None,
        payload=EDNS_PAYLOAD if edns else None,
        id=0,
        flags=dns.flags.RD if recursive else 0,
    )
    return query.to_wire(want_shuffle=False)[2:]


def write_reply(query: dns.message.Message, reply: Reply, transport: Transport) -> bytes:
    """The octets of a reply, cut to what the transport and the asker can take.

    Whole sets of records are left out from the end; TC is set where that loses more than
    additional records (RFC 2181 section 9), or glue (RFC 9471).
    """
    limit = _limit(query, transport)
    key = _same_octets(query, reply, limit)
    known = _written.get(key)
    if known is None:
        known = _written[key] = (reply, _rendered(query, reply, limit)[2:])
        if len(_written) > _MOST_WRITTEN:
            del _written[next(iter(_written))]
    return query.id.to_bytes(2, "big") + known[1]


def _same_octets(query: dns.message.Message, reply: Reply, limit: int) -> Hashable:
    """What decides the octets of a reply; names by their labels, whose capitals count."""
    return (
        tuple((one.name.labels, one.rdtype, one.rdclass) for one in query.question),
        (query.flags & dns.flags.RD, query.edns, query.ednsflags & dns.flags.DO, limit),
        (reply.rcode, reply.flags, reply.needs_additional),
        *(
            tuple((record.name.labels, record.ttl, id(record.data)) for record in section)
            for section in (reply.answer, reply.authority, reply.additional)
        ),
    )


def _rendered(query: dns.message.Message, reply: Reply, limit: int) -> bytes:
    message = _reply_message(query, reply)
    wire = message.to_wire(max_size=limit, prefer_truncation=True, want_shuffle=False)
    if reply.needs_additional and not message.flags & dns.flags.TC:
        complete = message.to_wire(max_size=_TCP_LIMIT, prefer_truncation=True, want_shuffle=False)
        if len(complete) > limit:
            message.flags |= dns.flags.TC
            wire = message.to_wire(max_size=limit, prefer_truncation=True, want_shuffle=False)
    return wire


def _reply_message(query: dns.message.Message, reply: Reply) -> dns.message.Message:
    message = dns.message.QueryMessage(id=query.id)
    message.flags = dns.flags.QR | (query.flags & dns.flags.RD) | reply.flags
    message.question = list(query.question)
    if query.edns >= 0:
        message.use_edns(0, query.ednsflags & dns.flags.DO, EDNS_PAYLOAD)
    message.set_rcode(reply.rcode)
    message.answer = _rrsets(reply.answer)
    message.authority = _rrsets(reply.authority)
    message.additional = _rrsets(reply.additional)
    return message


def _rrsets(records: Iterable[Record]) -> list[dns.rrset.RRset]:
    """The records gathered into sets, both in the order of their first appearance."""
    rrsets: dict[tuple[Name, RdataType, RdataType], dns.rrset.RRset] = {}
    for record in records:
        covers = record.data.covers()
        rrset = rrsets.setdefault(
            (record.name, record.type, covers),
            dns.rrset.RRset(record.name, record.data.rdclass, record.type, covers),
        )
        rrset.add(record.data, record.ttl)
    return list(rrsets.values())


def _limit(query: dns.message.Message, transport: Transport) -> int:
    if transport == "tcp":
        return _TCP_LIMIT
    if query.edns < 0:
        return _PLAIN_UDP_LIMIT
    # RFC 6891 section 6.2.3: less than 512 means 512.
    return min(max(query.payload, _PLAIN_UDP_LIMIT), EDNS_PAYLOAD)


def _bare_header(query_id: int, flags: int, rcode: dns.rcode.Rcode) -> bytes:
    """A reply of twelve octets, as NSD sends it where it could not read the question."""
    kept = flags & (0x7800 | dns.flags.RD)  # the opcode has the bits 0x7800
    return struct.pack("!HHHHHH", query_id, dns.flags.QR | kept | rcode, 0, 0, 0, 0)
