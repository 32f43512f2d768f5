"""DNS answers that a person made up: what a server says in place of what its zones hold."""

from __future__ import annotations

from collections.abc import Sequence

import dns.exception
import dns.flags
import dns.name
import dns.rcode
import dns.rdata
from dns.rdataclass import IN

from simulator.dns.message import (
    DnsMessageError,
    Record,
    Reply,
    Transport,
    parse_message,
    parse_type,
    write_reply,
)

_TTL = 60
"""Seconds that a made-up record may be remembered."""


def data_of(rdtype: str, texts: Sequence[str]) -> tuple[dns.rdata.Rdata, ...]:
    """Record data from zone-file form; every name in it is absolute.

    Raises DnsMessageError where a text is no data of that type.
    """
    found = []
    for text in texts:
        try:
            data = dns.rdata.from_text(
                IN, parse_type(rdtype), text, dns.name.root, relativize=False
            )
        except (dns.exception.DNSException, ValueError) as error:
            raise DnsMessageError(f"{text!r} is no data of a {rdtype} record: {error}") from error
        found.append(data)
    return tuple(found)


def made_up(question: bytes, rcode: str, texts: Sequence[str], transport: Transport) -> bytes:
    """The answer to a question that says this rcode and holds these records of the type asked.

    Raises DnsMessageError for what the DNS cannot say, ValueError for no rcode.
    """
    query = parse_message(question)
    asked = query.question[0]
    records = tuple(
        Record(asked.name, _TTL, data)
        for data in data_of(dns.rdatatype.to_text(asked.rdtype), texts)
    )
    try:
        code = dns.rcode.from_text(rcode)
    except dns.rcode.UnknownRcode as error:
        raise ValueError(f"{rcode!r} is no rcode") from error
    return write_reply(query, Reply(code, dns.flags.AA, answer=records), transport)
