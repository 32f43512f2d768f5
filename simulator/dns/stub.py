"""What a host does that asks a resolver: put a question, read what came back, show a message."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from functools import lru_cache

import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.reversename

from simulator.dns.message import (
    DnsMessageError,
    Record,
    name_text,
    parse_message,
    parse_name,
    parse_type,
    records_of,
    write_question,
)


@dataclass(frozen=True, slots=True)
class Described:
    """A DNS message, query or response, as people read it.

    ``name`` is without its final dot, ``type`` a mnemonic; both are empty where the message asks
    nothing. ``records``, ``authority`` and ``additional`` are lines of a zone file
    (``kantor.example. 3600 IN MX 10 mx1.kantor.example.``), all in printable ASCII, in the order
    of the wire, without the OPT record of EDNS.
    """

    id: int
    name: str
    type: str
    rcode: str
    records: tuple[str, ...]
    authority: tuple[str, ...]
    additional: tuple[str, ...]
    authoritative: bool
    truncated: bool
    data: tuple[str, ...]
    """The data alone of those records that have the type asked for."""
    real_name: str = ""
    """Where aliases led: the name that those records belong to, if it is not the one asked for."""


def question(name: str, rdtype: str, random: random.Random) -> bytes:
    """The octets of a question to a resolver, with an id from ``random``.

    Raises DnsMessageError where the name or the type cannot be asked for.
    """
    query_id = random.getrandbits(16)
    return write_question(
        parse_name(name), parse_type(rdtype), query_id, recursive=True, edns=False
    )


def refusal(wire: bytes, rcode: str) -> bytes:
    """The answer to a question that says nothing but this rcode, such as ``SERVFAIL``.

    Raises DnsMessageError for octets that are no DNS message, ValueError for no rcode.
    """
    response = dns.message.make_response(parse_message(wire))
    try:
        response.set_rcode(dns.rcode.from_text(rcode))
    except dns.rcode.UnknownRcode as error:
        raise ValueError(f"{rcode!r} is no rcode") from error
    return response.to_wire()


def reverse_name(address: str) -> str:
    """The name under which the PTR record of an IPv4 or IPv6 address lies (RFC 1035 section 3.5).

    Raises DnsMessageError for what is no address.
    """
    try:
        return name_text(dns.reversename.from_address(address))
    except dns.exception.DNSException as error:
        raise DnsMessageError(f"{address!r} is no IP address") from error


@lru_cache(maxsize=1024)
def describe(wire: bytes) -> Described:
    """What a message says. Raises DnsMessageError for octets that are no DNS message."""
    # The same message is looked at where it is sent and where it arrives, and a server that
    # tries again asks the same with another id: so all is remembered, and all but the id too.
    described = _describe(bytes(2) + wire[2:])
    return replace(described, id=int.from_bytes(wire[:2], "big"))


@lru_cache(maxsize=1024)
def _describe(wire: bytes) -> Described:
    message = parse_message(wire)
    asked = message.question[0] if message.question else None
    answer = records_of(message.answer)
    owner = next((r.name for r in answer if asked is not None and r.type == asked.rdtype), None)
    is_alias = owner is not None and asked is not None and owner != asked.name
    return Described(
        id=message.id,
        name=name_text(asked.name) if asked is not None else "",
        type=dns.rdatatype.to_text(asked.rdtype) if asked is not None else "",
        rcode=dns.rcode.to_text(message.rcode()),
        records=_lines(answer),
        authority=_lines(records_of(message.authority)),
        additional=_lines(records_of(message.additional)),
        authoritative=bool(message.flags & dns.flags.AA),
        truncated=bool(message.flags & dns.flags.TC),
        data=tuple(
            r.data.to_text() for r in answer if asked is not None and r.type == asked.rdtype
        ),
        real_name=name_text(owner) if is_alias and owner is not None else "",
    )


def _lines(records: tuple[Record, ...]) -> tuple[str, ...]:
    return tuple(record.line for record in records)
