"""What lies in which cell of the time line: the events, the steps' numbers, the failures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

from rich.cells import cell_len

from simulator.trace.event import Step
from simulator.tui.axis import Axis
from simulator.tui.index import RunIndex
from simulator.tui.run_marks import Wait

_CELLS_PER_WAIT = 16
"""On so many cells there is one gap at most: the longest waits are shown as waits."""


class LinePlan:
    """A run of ``total`` events on ``width`` cells; ``length`` writes how long a wait is."""

    def __init__(
        self, index: RunIndex, total: int, width: int, length: Callable[[Wait], str]
    ) -> None:
        waits = index.marks.longest_waits(width // _CELLS_PER_WAIT)
        room = [(wait, cell_len(length(wait)) + 2) for wait in waits]
        self.axis = Axis(total, width, room)
        self._index = index

    @cached_property
    def steps(self) -> dict[int, Step]:
        """The cells in which a step's number stands."""
        return _spread(self.axis, self._index.marks.beginnings)

    @cached_property
    def failures(self) -> frozenset[int]:
        """The cells in which something fails."""
        return frozenset(self._failures())

    def cursor(self, column: int) -> int:
        """Where a click on that cell leads; where something fails in it, right after that."""
        cursor = self.axis.cursor(column)
        failure = self._index.landmarks.after("failure", max(0, cursor - 1))
        if failure is not None and self.axis.column(failure + 1) == column:
            return failure + 1
        return cursor

    def _failures(self) -> list[int]:
        columns = []
        place = self._index.landmarks.after("failure", 0)
        while place is not None:
            columns.append(self.axis.column(place + 1))
            beyond = self.axis.cursor(columns[-1] + 1) - 1
            place = self._index.landmarks.after("failure", max(place + 1, beyond))
        return columns


def _spread(axis: Axis, beginnings: Sequence[tuple[int, Step]]) -> dict[int, Step]:
    """The cells of steps' numbers: where each first begins, and further ones where room is left."""
    taken = {column for gap in axis.gaps for column in range(gap.column, gap.column + gap.width)}
    cells: dict[int, Step] = {}
    first: dict[Step, int] = {}
    for place, step in beginnings:
        first.setdefault(step, place)
    again = ((place, step) for place, step in beginnings if first[step] != place)
    for place, step in (*((place, step) for step, place in first.items()), *again):
        column = axis.column(place + 1)
        if column not in taken:
            cells[column] = step
            taken |= {column - 1, column, column + 1}
    return cells
