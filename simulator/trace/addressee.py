"""To whom an event is addressed, where it is addressed to anybody."""

from __future__ import annotations

from simulator.trace.event import (
    Answer,
    Closed,
    Command,
    Connected,
    Content,
    Fact,
    Query,
    Refused,
    Reply,
    Tls,
)


def peer_of(fact: Fact) -> str | None:
    """The host that the fact was addressed to, or None for what a host does by itself."""
    match fact:
        case (
            Connected() | Refused() | Closed() | Command() | Reply() | Content() | Tls() | Answer()
        ):
            return fact.peer
        case Query():
            return fact.server
        case _:
            return None
