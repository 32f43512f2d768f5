"""What a nameserver's answer means to a resolver, and how much of it is believed.

RFC 1034 section 5.3.3 step 4; a server is believed only about names in the zone that it was
asked as a server of (its bailiwick, RFC 2181 section 5.4.1).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import dns.flags
import dns.message
import dns.rrset
from dns.name import Name
from dns.rcode import NOERROR, NXDOMAIN, Rcode
from dns.rdataclass import IN
from dns.rdatatype import AAAA, ANY, CNAME, NS, SOA, A, RdataType

from simulator.dns.message import (
    DnsMessageError,
    Record,
    alias_target,
    hosts_named,
    parse_message,
    records_of,
)


@dataclass(frozen=True, slots=True)
class Server:
    """A nameserver, and those of its addresses that the referral told (glue)."""

    name: Name
    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The records asked for, after the aliases that led to them."""

    records: tuple[Record, ...]


@dataclass(frozen=True, slots=True)
class Alias:
    """The name is another's alias, and this server says no more about ``target``."""

    records: tuple[Record, ...]
    target: Name


@dataclass(frozen=True, slots=True)
class Denial:
    """``name``, where the aliases end, does not exist (NXDOMAIN) or has no such record (NOERROR).

    Without ``soa`` it must not be remembered (RFC 2308 section 5).
    """

    name: Name
    rcode: Rcode
    soa: Record | None
    records: tuple[Record, ...] = ()


@dataclass(frozen=True, slots=True)
class Delegation:
    """Who answers for a zone; ``ttl`` in seconds."""

    zone: Name
    servers: tuple[Server, ...]
    ttl: int


@dataclass(frozen=True, slots=True)
class Useless:
    """Nothing that helps: an error, or a server that does not answer for the zone (lame)."""


Statement: TypeAlias = Answer | Alias | Denial | Delegation | Useless


class NoReplyError(Exception):
    """What came in does not answer the question: it counts as if nothing had come."""


def statement(wire: bytes, query: bytes, zone: Name) -> Statement | None:
    """What a server of ``zone`` said to a question; both are whole messages.

    None: it is cut off (TC), and to be asked for over TCP (RFC 7766). Raises NoReplyError.
    """
    if wire[:2] != query[:2]:
        raise NoReplyError  # it may be forged (RFC 5452 section 9.1)
    return _statement(bytes(2) + wire[2:], bytes(2) + query[2:], zone.labels)


@lru_cache(maxsize=1024)
def _statement(wire: bytes, query: bytes, zone: tuple[bytes, ...]) -> Statement | None:
    """The same question, asked again, is answered with the same octets but for the id."""
    try:
        message = parse_message(wire)
    except DnsMessageError as error:
        raise NoReplyError from error
    (asked,) = parse_message(query).question
    if not is_reply_to(message, asked.name, asked.rdtype):
        raise NoReplyError
    if message.flags & dns.flags.TC:
        return None
    return read_response(message, asked.name, asked.rdtype, Name(zone))


def is_reply_to(message: dns.message.Message, name: Name, rdtype: RdataType) -> bool:
    """Whether a message answers this very question: else it may be forged (RFC 5452 section 9.1).

    A server that could not read a question sends it back without one.
    """
    if not message.flags & dns.flags.QR or message.opcode() != 0:
        return False
    if not message.question:
        return message.rcode() not in (NOERROR, NXDOMAIN)
    asked = [(each.name, each.rdtype, each.rdclass) for each in message.question]
    return asked == [(name, rdtype, IN)]


def read_response(
    message: dns.message.Message, name: Name, rdtype: RdataType, zone: Name
) -> Statement:
    """What a server of ``zone`` said to the question for ``name`` and ``rdtype``."""
    if message.rcode() not in (NOERROR, NXDOMAIN):
        return Useless()
    if message.flags & dns.flags.AA:
        return _own_words(message, name, rdtype, zone)
    if _believed(message.answer, zone):
        return Useless()  # an answer that is not its own: it is no server of this zone
    return _referral(message, name, zone) or Useless()


def _own_words(
    message: dns.message.Message, name: Name, rdtype: RdataType, zone: Name
) -> Statement:
    """The same for a server that says to speak with authority."""
    answer = _believed(message.answer, zone)
    chain, end = _follow_aliases(name, rdtype, answer)
    final = tuple(r for r in answer if r.name == end and rdtype in (r.type, ANY))
    if final:
        return Answer((*chain, *final))
    soa = _soa_above(end, _believed(message.authority, zone))
    if end.is_subdomain(zone) and (soa or message.rcode() == NXDOMAIN):
        # With aliases, the rcode is about the last name (RFC 6604 section 3).
        return Denial(end, message.rcode(), soa, chain)
    if chain:
        return Alias(chain, end)
    return _referral(message, name, zone) or Denial(name, NOERROR, soa=None)


def _believed(section: Iterable[dns.rrset.RRset], zone: Name) -> tuple[Record, ...]:
    return tuple(
        record
        for record in records_of(section)
        if record.data.rdclass == IN and record.name.is_subdomain(zone)
    )


def _follow_aliases(
    name: Name, rdtype: RdataType, answer: tuple[Record, ...]
) -> tuple[tuple[Record, ...], Name]:
    """The aliases from ``name`` on, and the name where they end or a ring closes."""
    if rdtype in (CNAME, ANY):
        return (), name
    aliases = {record.name: record for record in answer if record.type == CNAME}
    chain: list[Record] = []
    while name in aliases:
        chain.append(aliases.pop(name))
        name = alias_target(chain[-1])
    return tuple(chain), name


def _soa_above(name: Name, authority: tuple[Record, ...]) -> Record | None:
    return next((r for r in authority if r.type == SOA and name.is_subdomain(r.name)), None)


def _referral(message: dns.message.Message, name: Name, zone: Name) -> Delegation | None:
    """A referral leads down towards the name; one that leads up or aside is none."""
    nameservers = tuple(
        record
        for record in _believed(message.authority, zone)
        if record.type == NS and record.name != zone and name.is_subdomain(record.name)
    )
    if not nameservers:
        return None
    child = max((record.name for record in nameservers), key=len)
    nameservers = tuple(record for record in nameservers if record.name == child)
    hosts = hosts_named(nameservers)
    additional = _believed(message.additional, zone)
    glue = tuple(r for r in additional if r.type in (A, AAAA) and r.name in hosts)
    servers = tuple(
        Server(host, tuple(r.data.to_text() for r in glue if r.name == host)) for host in hosts
    )
    return Delegation(child, servers, min(record.ttl for record in (*nameservers, *glue)))
