"""The run as a recording: JSON Lines, exactly what ``run --record`` writes."""

from __future__ import annotations

from simulator.trace.recording_format import header_line, line_of
from simulator.views.exports.order import Order


def jsonl(order: Order) -> bytes:
    """The header and one event a line."""
    return header_line(order.header) + b"".join(map(line_of, order.events))
