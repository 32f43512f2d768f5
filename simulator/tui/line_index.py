"""Which line of the transcript belongs to which event, for any number of events.

One number is kept for every 256 events: the lines before them. What lies between is counted when
it is looked at.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Sequence

from simulator.trace.event import Event
from simulator.trace.steps import DEPTHS, Depth
from simulator.tui.sieve import Sieve
from simulator.views.wire import count_lines

_BLOCK = 256
_KEPT = 16
"""Blocks whose events are kept counted: more than any screen shows."""


class LineIndex:
    """The lines of a run at one depth and through one sieve; grows as the run does."""

    def __init__(
        self, events: Sequence[Event], ranks: bytearray, depth: Depth, sieve: Sieve
    ) -> None:
        self._events = events
        self._ranks = ranks
        self._depth: Depth = depth
        self._rank = DEPTHS.index(depth)
        self._sieve = sieve
        self._before = array("Q", [0])
        """The lines before each block; the last number is for a block that is not full yet."""
        self._counted = 0
        self._total = 0
        self._blocks: dict[int, list[int]] = {}

    def grow(self) -> None:
        """Count the events that have been added."""
        for place in range(self._counted, len(self._ranks)):
            self._total += self._lines(place)
            if (place + 1) % _BLOCK == 0:
                self._before.append(self._total)
        if self._counted != len(self._ranks):
            self._blocks.clear()
        self._counted = len(self._ranks)

    @property
    def total(self) -> int:
        """How many lines there are."""
        return self._total

    def event_of_line(self, line: int) -> tuple[int, int]:
        """Which event a line belongs to (its place), and which of its lines it is."""
        block = bisect_right(self._before, line) - 1
        ends = self._ends(block)
        within = bisect_right(ends, line)
        before = ends[within - 1] if within else self._before[block]
        return block * _BLOCK + within, line - before

    def lines_of_event(self, place: int) -> tuple[int, int]:
        """The first line of an event (or where it would be) and how many it has."""
        if not 0 <= place < self._counted:
            return (0, 0) if place < 0 else (self._total, 0)
        block, within = divmod(place, _BLOCK)
        ends = self._ends(block)
        first = ends[within - 1] if within else self._before[block]
        return first, ends[within] - first

    def _ends(self, block: int) -> list[int]:
        """For each event of a block the lines up to its end."""
        if block not in self._blocks:
            if len(self._blocks) >= _KEPT:
                self._blocks.clear()
            total, ends = self._before[block], []
            for place in range(block * _BLOCK, min((block + 1) * _BLOCK, self._counted)):
                total += self._lines(place)
                ends.append(total)
            self._blocks[block] = ends
        return self._blocks[block]

    def _lines(self, place: int) -> int:
        if self._ranks[place] > self._rank:
            return 0
        event = self._events[place]
        if not self._sieve.passes(event):
            return 0
        # What a host does by itself puts nothing on the wire and is told in one line.
        return count_lines(event, depth=self._depth) or 1
