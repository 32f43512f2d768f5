"""What came back from the real DNS, as plain values that a recording can hold."""

from __future__ import annotations

import dns.flags
import dns.message
import dns.rcode

from simulator.dns.message import Transport, records_of
from simulator.scenario.real_answers import RealAnswer

MOST_RECORDS = 100
"""Records of one section that are kept: a hostile answer has thousands."""
_LONGEST_LINE = 5_000
"""Characters of one record; a TXT record of 65,535 octets would be four times as long."""


def answer_from(
    name: str,
    rdtype: str,
    message: dns.message.Message,
    *,
    server: str,
    took: int,
    transport: Transport,
) -> RealAnswer:
    """What a message says to a question; ``took`` in microseconds."""
    records, omitted = _lines(message, "answer")
    return RealAnswer(
        name=name,
        type=rdtype,
        server=server,
        rcode=dns.rcode.to_text(message.rcode()),
        flags=tuple(dns.flags.to_text(message.flags).lower().split()),
        records=records,
        authority=_lines(message, "authority")[0],
        omitted=omitted,
        took=took,
        transport=transport,
        octets=len(message.wire or b""),
    )


def _lines(message: dns.message.Message, section: str) -> tuple[tuple[str, ...], int]:
    """The records of a section as lines of a zone file, the MX with the best first, and how many
    were left out."""
    records = records_of(getattr(message, section))
    kept = sorted(records, key=lambda record: getattr(record.data, "preference", 0))
    lines = [record.line for record in kept[:MOST_RECORDS]]
    short = tuple(line for line in lines if len(line) <= _LONGEST_LINE)
    return short, len(records) - len(short)
