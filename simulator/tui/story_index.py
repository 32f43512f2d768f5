"""What the story tells at each depth: one sentence a step, a stop, or whatever is not just said."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Sequence

from simulator.trace.addressee import peer_of
from simulator.trace.event import Event, Step
from simulator.trace.steps import DEPTHS, BeginningWatch, Depth
from simulator.tui.sieve import Sieve

_STORY, _COMMANDS = DEPTHS.index("story"), DEPTHS.index("commands")


class StoryIndex:
    """The sentences of a run through one sieve; grows as the run does."""

    def __init__(self, events: Sequence[Event], ranks: bytearray, sieve: Sieve) -> None:
        self._events = events
        self._ranks = ranks
        self._sieve = sieve
        self._counted = 0
        self._stops = array("I")
        self._told_finely = array("I")
        self._watch = BeginningWatch()
        self._segments: list[array[int]] = []
        """For each time that a step goes on: the places of its stops."""
        self._first_stops = array("I")
        self._current: dict[tuple[str, Step], array[int] | None] = {}

    def grow(self) -> None:
        """Take in the events that have been added."""
        for place in range(self._counted, len(self._ranks)):
            event = self._events[place]
            if self._watch.begins(event):
                self._current[event.journey, event.step] = None
            if self._ranks[place] > _COMMANDS or not self._sieve.passes(event):
                continue
            is_stop = self._ranks[place] == _STORY
            if is_stop or peer_of(event.fact) is None:
                self._told_finely.append(place)
            if is_stop:
                self._stops.append(place)
                self._add(event, place)
        self._counted = len(self._ranks)

    def told(self, cursor: int, depth: Depth) -> int:
        """How many sentences tell the first ``cursor`` events."""
        return bisect_right(self._rows(depth), cursor - 1)

    def place(self, row: int, cursor: int, depth: Depth) -> int:
        """The event that a row tells: of a step, its last stop so far."""
        if depth != "story":
            return self._rows(depth)[row]
        segment = self._segments[row]
        return segment[bisect_right(segment, cursor - 1) - 1]

    def _rows(self, depth: Depth) -> array[int]:
        match depth:
            case "story":
                return self._first_stops
            case "commands":
                return self._stops
            case "bytes":
                return self._told_finely

    def _add(self, event: Event, place: int) -> None:
        key = event.journey, event.step
        segment = self._current.get(key)
        if segment is None:
            segment = array("I")
            self._current[key] = segment
            self._segments.append(segment)
            self._first_stops.append(place)
        segment.append(place)
