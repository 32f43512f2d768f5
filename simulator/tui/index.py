"""What is counted of a run once, so that no key press has to walk through all its events."""

from __future__ import annotations

from collections.abc import Sequence

from simulator.lessons.language import Language
from simulator.scenario.model import Host
from simulator.trace.event import Command, Composed, Event, Queued
from simulator.trace.steps import DEPTHS, Depth, depth_of, resolvers_of
from simulator.tui.cast import Cast
from simulator.tui.landmarks import Landmarks
from simulator.tui.line_index import LineIndex
from simulator.tui.run_marks import RunMarks
from simulator.tui.sieve import Sieve
from simulator.tui.story_index import StoryIndex
from simulator.views.crowd import Crowd, Recipient
from simulator.views.wire import WireLine, roles_of, wire_lines

_KEPT = 512
"""Events whose lines are kept: more than any screen shows."""

_MOST_RECIPIENTS = 10_000
"""Recipients that can be chosen from: bounds what a hostile recording can cost."""


class RunIndex:
    """The events of a run by step and by line of the transcript; grows as the run does.

    It keeps two octets an event, and a number for every 256; see ``LineIndex``.
    """

    def __init__(self, hosts: Sequence[Host], events: Sequence[Event]) -> None:
        self.events = events
        self._roles = roles_of(hosts)
        self._resolvers = resolvers_of(hosts)
        self.cast = Cast()
        self.landmarks = Landmarks()
        self.marks = RunMarks()
        self.crowd = Crowd()
        self.recipients: dict[str, tuple[str, ...]] = {}
        """Of each journey, as far as they are known."""
        self.sieve = Sieve()
        self._ranks = bytearray()
        self._steps = bytearray()
        self._lines: dict[Depth, LineIndex] = {}
        self._story: StoryIndex | None = None
        self._kept: dict[tuple[int, Depth, Language], tuple[WireLine, ...]] = {}

    def grow(self) -> None:
        """Take in the events that have been added."""
        fresh = self.events[len(self._ranks) :]
        self.cast.join(fresh)
        self.landmarks.extend(fresh)
        self.marks.extend(fresh)
        self.crowd.extend(fresh)
        self._steps.extend(event.step for event in fresh)
        self._ranks.extend(DEPTHS.index(depth_of(event, self._resolvers)) for event in fresh)
        for event in fresh:
            if isinstance(event.fact, Composed | Queued):
                self._know(event.journey, event.fact.recipients)

    def sift(self, sieve: Sieve) -> None:
        """Show only what passes."""
        self.sieve = sieve
        self._lines.clear()
        self._story = None

    def progress(self, cursor: int) -> dict[int, float]:
        """How much of each step lies behind ``cursor``, 0 to 1."""
        return {
            step: self._steps.count(step, 0, max(0, cursor)) / (self._steps.count(step) or 1)
            for step in range(1, 7)
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

    def spoken_of(self, recipient: Recipient) -> int:
        """The place of the last RCPT that names the recipient, else of what settled their mail."""
        path = f"<{recipient.address}>".lower()
        settled = recipient.moves[-1][0]
        for place in range(settled, -1, -1):
            fact = self.events[place].fact
            if isinstance(fact, Command) and path in fact.line.lower():
                return place
        return settled

    def told(self, cursor: int, depth: Depth) -> int:
        """How many sentences tell the first ``cursor`` events at that depth."""
        return self._told().told(cursor, depth)

    def telling(self, row: int, cursor: int, depth: Depth) -> int:
        """The place of the event that a sentence of the story tells."""
        return self._told().place(row, cursor, depth)

    def line_count(self, depth: Depth) -> int:
        """How many lines the whole transcript has."""
        return self._counted(depth).total

    def event_of_line(self, line: int, depth: Depth) -> tuple[int, int]:
        """Which event a line belongs to (its place), and which of its lines it is."""
        return self._counted(depth).event_of_line(line)

    def lines_of_event(self, place: int, depth: Depth) -> tuple[int, int]:
        """The first line of an event and how many it has; none where the depth leaves it out."""
        return self._counted(depth).lines_of_event(place)

    def is_shown(self, place: int, depth: Depth) -> bool:
        """Whether an event has a line at that depth."""
        return self._ranks[place] <= DEPTHS.index(depth) and self.sieve.passes(self.events[place])

    def lines(self, place: int, depth: Depth, language: Language) -> tuple[WireLine, ...]:
        """The lines of an event; none for what a host does by itself."""
        key = place, depth, language
        if key not in self._kept:
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            self._kept[key] = wire_lines(
                self.events[place], depth=depth, roles=self._roles, language=language
            )
        return self._kept[key]

    def _counted(self, depth: Depth) -> LineIndex:
        if depth not in self._lines:
            self._lines[depth] = LineIndex(self.events, self._ranks, depth, self.sieve)
        self._lines[depth].grow()
        return self._lines[depth]

    def _told(self) -> StoryIndex:
        if self._story is None:
            self._story = StoryIndex(self.events, self._ranks, self.sieve)
        self._story.grow()
        return self._story

    def _know(self, journey: str, recipients: tuple[str, ...]) -> None:
        known = self.recipients.get(journey, ())
        fresh = tuple(one for one in recipients if one not in known)
        if fresh and len(known) + len(fresh) <= _MOST_RECIPIENTS:
            self.recipients[journey] = (*known, *fresh)
