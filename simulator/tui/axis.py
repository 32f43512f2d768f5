"""A run on a line of cells: every event has its cell, and a long wait a gap of its own.

By events and not by time, since a second of talk has hundreds of events and five days of waiting
have none; how long a wait was is written into its gap.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from simulator.tui.run_marks import Wait


@dataclass(frozen=True, slots=True)
class Gap:
    """A wait on the line: ``width`` cells from ``column`` on, before the event at ``place``."""

    column: int
    width: int
    wait: Wait


class Axis:
    """``total`` events on ``width`` cells; ``waits`` in their order, with the widths of their gaps.

    A cursor is how many events have happened, as the player counts.
    """

    def __init__(self, total: int, width: int, waits: Sequence[tuple[Wait, int]] = ()) -> None:
        self._total = max(1, total)
        # The event after a wait may share its cell with the one before: one cell more parts them.
        self._cells = max(1, width - sum(gap + 1 for _, gap in waits))
        self._places = [wait.place for wait, _ in waits]
        self._before = [0]
        gaps: list[Gap] = []
        for wait, gap in waits:
            gaps.append(Gap(self._cell(wait.place) + 1 + self._before[-1], gap, wait))
            self._before.append(self._before[-1] + gap + 1)
        self.gaps = tuple(gaps)

    def column(self, cursor: int) -> int:
        """The cell in which the last of so many events lies."""
        return self._cell(cursor) + self._before[bisect_right(self._places, cursor - 1)]

    def cursor(self, column: int) -> int:
        """The first cursor that lies in this cell or behind it; within a gap, before the wait."""
        for gap in self.gaps:
            if gap.column <= column < gap.column + gap.width:
                return gap.wait.place
        low, high = 0, self._total
        while low < high:
            middle = (low + high) // 2
            if self.column(middle) < column:
                low = middle + 1
            else:
                high = middle
        return low

    def _cell(self, cursor: int) -> int:
        return min(max(cursor, 0), self._total) * (self._cells - 1) // self._total
