"""Who takes part in a run, and who speaks to whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from simulator.trace.addressee import peer_of
from simulator.trace.event import Composed, Event


@dataclass(slots=True)
class Cast:
    """Who takes part in the events so far, in the order in which they first did."""

    names: dict[str, None] = field(default_factory=dict)
    writers: set[str] = field(default_factory=set)
    pairs: dict[tuple[str, str], None] = field(default_factory=dict)

    def join(self, events: Iterable[Event]) -> bool:
        """Take in further events; True where a new host or a new pair came with them."""
        before = len(self.names), len(self.pairs), len(self.writers)
        for event in events:
            self.names.setdefault(event.host)
            if isinstance(event.fact, Composed):
                self.writers.add(event.host)
            peer = peer_of(event.fact)
            if peer is not None:
                self.names.setdefault(peer)
                self.pairs.setdefault((min(event.host, peer), max(event.host, peer)))
        return before != (len(self.names), len(self.pairs), len(self.writers))
