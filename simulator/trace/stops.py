"""Where one stops in a run: an index over its events that grows with them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import Final

from simulator.trace.event import Event, Step
from simulator.trace.steps import DEPTHS, BeginningWatch, Depth, depth_of

_RANKS: Final = {depth: rank for rank, depth in enumerate(DEPTHS)}


class Stops:
    """The stops of each depth and the beginnings of the six steps, by index of the event.

    One octet an event, so that the next stop in a million events is a search in memory.
    """

    def __init__(self, resolvers: frozenset[str]) -> None:
        self.first: dict[Step, int] = {}
        """The first event of each step that happens."""
        self._resolvers = resolvers
        self._ranks = bytearray()
        self._beginnings: list[int] = []
        self._watch = BeginningWatch()

    def add(self, event: Event) -> None:
        """Take in the event after the last one."""
        index = len(self._ranks)
        self.first.setdefault(event.step, index)
        if self._watch.begins(event):
            self._beginnings.append(index)
        self._ranks.append(_RANKS[depth_of(event, self._resolvers)])

    def next(self, start: int, depth: Depth) -> int | None:
        """The first stop from ``start`` on, or None."""
        found = (self._ranks.find(rank, start) for rank in range(_RANKS[depth] + 1))
        return min((index for index in found if index >= 0), default=None)

    def previous(self, end: int, depth: Depth) -> int | None:
        """The last stop before ``end``, or None."""
        found = max(self._ranks.rfind(rank, 0, max(end, 0)) for rank in range(_RANKS[depth] + 1))
        return found if found >= 0 else None

    def next_beginning(self, start: int) -> int | None:
        """The first beginning of a step from ``start`` on, or None."""
        at = bisect_left(self._beginnings, start)
        return self._beginnings[at] if at < len(self._beginnings) else None

    def previous_beginning(self, end: int) -> int | None:
        """The last beginning of a step before ``end``, or None."""
        at = bisect_right(self._beginnings, end - 1)
        return self._beginnings[at - 1] if at else None
