"""Whose turn it could be: what a person may do at an event beside looking at it."""

from __future__ import annotations

from collections.abc import Mapping

from simulator.trace.crossroads import crossroads_at
from simulator.trace.event import Answer, Connected, Event, Query, Stored

_PICK_UP = frozenset({"pop3", "imap"})


def turn_at(event: Event | None) -> Mapping[str, str]:
    """The actions that this moment is made for, each with its word below ``ui.key``."""
    if event is None:
        return {}
    if crossroads_at(event) is not None:
        return {"take_part": "join_router"}
    match event.fact:
        case Stored():
            return {"take_part": "join_mailbox"}
        case Connected(protocol=protocol) if protocol in _PICK_UP:
            return {"take_part": "join_mailbox"}
        case Query(type="MX") | Answer(type="MX"):
            return {"app.real_dns": "real_dns_short"}
        case _:
            return {}
