"""What stands out on a run's time line: where steps begin, and the long waits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from heapq import nlargest

from simulator.scenario.virtual_time import SECOND
from simulator.trace.event import Event, Step
from simulator.trace.steps import BeginningWatch

_SHORTEST_WAIT = 30 * SECOND


@dataclass(frozen=True, slots=True, order=True)
class Wait:
    """Nothing happens for ``span`` virtual microseconds before the event at ``place``."""

    span: int
    place: int


class RunMarks:
    """Grows with the run; each event is looked at once."""

    def __init__(self) -> None:
        self.beginnings: list[tuple[int, Step]] = []
        """Where a step begins or begins again: the place of the event, and which step."""
        self.end = 0
        """When the last event happened, in virtual microseconds."""
        self._waits: list[Wait] = []
        self._watch = BeginningWatch()
        self._count = 0

    def extend(self, events: Iterable[Event]) -> None:
        """Take in the events that follow."""
        for event in events:
            if self._watch.begins(event):
                self.beginnings.append((self._count, event.step))
            if event.at - self.end >= _SHORTEST_WAIT:
                self._waits.append(Wait(event.at - self.end, self._count))
            self.end = event.at
            self._count += 1

    def longest_waits(self, count: int) -> list[Wait]:
        """The longest waits, in the order in which they come."""
        return sorted(nlargest(count, self._waits), key=lambda wait: wait.place)
