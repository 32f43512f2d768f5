"""What is counted of a run once, so that no key press has to walk through all its events."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from simulator.lessons.language import Language
from simulator.scenario.model import Host
from simulator.trace.event import Event
from simulator.trace.steps import DEPTHS, Depth, depth_of, resolvers_of
from simulator.tui.cast import Cast
from simulator.tui.landmarks import Landmarks
from simulator.views.wire import WireLine, roles_of, wire_lines

_KEPT = 512
"""Events whose lines are kept: more than any screen shows."""


class RunIndex:
    """The events of a run by step and by line of the transcript; grows as the run does."""

    def __init__(self, hosts: Sequence[Host], events: Sequence[Event]) -> None:
        self.events = events
        self._roles = roles_of(hosts)
        self._resolvers = resolvers_of(hosts)
        self.cast = Cast()
        self.landmarks = Landmarks()
        self._counted = 0
        self._of_step: dict[int, list[int]] = {step: [] for step in range(1, 7)}
        self._lines: dict[Depth, list[int]] = {}
        self._stops: list[int] = []
        self._kept: dict[tuple[int, Depth, Language], tuple[WireLine, ...]] = {}

    def grow(self) -> None:
        """Take in the events that have been added."""
        fresh = self.events[self._counted :]
        self._counted += len(fresh)
        self.cast.join(fresh)
        self.landmarks.extend(fresh)
        for place, event in enumerate(fresh, self._counted - len(fresh)):
            self._of_step[event.step].append(place)
            if self._is_shown(event, "story"):
                self._stops.append(place)

    def progress(self, cursor: int) -> dict[int, float]:
        """How much of each step lies behind ``cursor``, 0 to 1."""
        return {
            step: bisect_right(places, cursor - 1) / len(places) if places else 0.0
            for step, places in self._of_step.items()
        }

    def first_of_host(self, host: str, after: int) -> int | None:
        """The place of the next event of a host behind ``after``, else its first, else None."""
        places = (place for place, event in enumerate(self.events) if event.host == host)
        first: int | None = None
        for place in places:
            if place > after:
                return place
            first = place if first is None else first
        return first

    def told(self, cursor: int) -> int:
        """At how many of the events before ``cursor`` the story stops."""
        return bisect_right(self._stops, cursor - 1)

    def stop(self, number: int) -> int:
        """The place of the event at which the story stops for the ``number``-th time, from 0."""
        return self._stops[number]

    def line_count(self, depth: Depth) -> int:
        """How many lines the whole transcript has."""
        ends = self._ends(depth)
        return ends[-1] if ends else 0

    def event_of_line(self, line: int, depth: Depth) -> tuple[int, int]:
        """Which event a line belongs to (its place), and which of its lines it is."""
        ends = self._ends(depth)
        place = bisect_right(ends, line)
        return place, line - (ends[place - 1] if place else 0)

    def lines_of_event(self, place: int, depth: Depth) -> tuple[int, int]:
        """The first line of an event and how many it has; none where the depth leaves it out."""
        ends = self._ends(depth)
        if not 0 <= place < len(ends):
            return 0, 0
        first = ends[place - 1] if place else 0
        return first, ends[place] - first

    def _ends(self, depth: Depth) -> list[int]:
        ends = self._lines.setdefault(depth, [])
        total = ends[-1] if ends else 0
        for place in range(len(ends), self._counted):
            event = self.events[place]
            if self._is_shown(event, depth):
                # What a host does by itself puts nothing on the wire and is told in one line.
                total += len(self._made(event, depth, "en")) or 1
            ends.append(total)
        return ends

    def lines(self, place: int, depth: Depth, language: Language) -> tuple[WireLine, ...]:
        """The lines of an event; none for what a host does by itself."""
        key = place, depth, language
        if key not in self._kept:
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            self._kept[key] = self._made(self.events[place], depth, language)
        return self._kept[key]

    def _made(self, event: Event, depth: Depth, language: Language) -> tuple[WireLine, ...]:
        return wire_lines(event, depth=depth, roles=self._roles, language=language)

    def _is_shown(self, event: Event, depth: Depth) -> bool:
        return DEPTHS.index(depth_of(event, self._resolvers)) <= DEPTHS.index(depth)
