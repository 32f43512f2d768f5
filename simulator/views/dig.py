"""DNS questions and answers in the form in which dig prints them."""

from __future__ import annotations

import base64
from collections.abc import Iterator

from simulator.trace.dns_cache import is_truncated
from simulator.trace.event import Answer, Query

# RFC 1035 section 4.1.1: the second 16 bits of a message.
_FLAGS = ((0x8000, "qr"), (0x0400, "aa"), (0x0200, "tc"), (0x0100, "rd"), (0x0080, "ra"))
_HEADER_OCTETS = 12


def query_lines(query: Query, *, whole: bool) -> Iterator[str]:
    """The question alone, or with what the message's header says."""
    if whole:
        yield from _header(query)
        yield ";; QUESTION SECTION:"
    yield f";{_dotted(query.name)} IN {query.type}"


def answer_lines(answer: Answer, *, whole: bool) -> Iterator[str]:
    """The answer's records alone, or every section and how much came from whom."""
    if whole:
        yield from _header(answer)
        yield ";; QUESTION SECTION:"
        yield f";{_dotted(answer.name)} IN {answer.type}"
        yield from _section("ANSWER", answer.records)
        yield from _section("AUTHORITY", answer.authority)
        yield from _section("ADDITIONAL", answer.additional)
        octets = len(_octets(answer.wire))
        if octets:
            yield f";; Received {octets} octets from {answer.server}"
    elif is_truncated(answer):
        yield ";; Truncated, retrying in TCP mode."
    else:
        yield from answer.records
        if not answer.records:
            yield f";; status: {answer.rcode}, ANSWER: 0"


def _header(message: Query | Answer) -> Iterator[str]:
    status = f"status: {message.rcode}, " if isinstance(message, Answer) else ""
    yield f";; ->>HEADER<<- opcode: QUERY, {status}id: {message.id}"
    octets = _octets(message.wire)
    if len(octets) >= _HEADER_OCTETS:
        bits = int.from_bytes(octets[2:4])
        yield f";; flags: {' '.join(name for bit, name in _FLAGS if bits & bit)}"


def _section(name: str, records: tuple[str, ...]) -> Iterator[str]:
    if records:
        yield f";; {name} SECTION:"
        yield from records


def _octets(wire: str) -> bytes:
    """The octets of a message; none where a recording's base64 is broken."""
    try:
        return base64.b64decode(wire, validate=True)
    except ValueError:
        return b""


def _dotted(name: str) -> str:
    return name if name.endswith(".") else f"{name}."
