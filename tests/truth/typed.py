"""Sessions that a person held with real servers, typed to ours."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from itertools import groupby

import msgspec

from simulator.engine.cast import raise_actors
from simulator.engine.world import World
from simulator.scenario.library import find
from simulator.scenario.loader import load
from simulator.scenario.model import Scenario
from simulator.scenario.topology import hosts_of
from simulator.trace.event import Composed, Event
from tests.truth.by_hand import with_sessions
from tests.truth.captures import Capture, captured
from tests.truth.played import as_capture, as_it_is, events_of, openings, sealed


@dataclass(frozen=True, slots=True)
class Typed:
    """``places`` are the conversations of the capture ``of`` that name, or of the case's own.

    ``told`` is what else is compared.

    Those between servers are not typed, they come of what was typed.
    """

    name: str
    scenario: str
    places: tuple[int, ...]
    change: Callable[[Scenario], Scenario] = as_it_is
    told: tuple[str, ...] = ("dns", "ended", "header")
    of: str = ""

    def truth(self) -> Capture:
        """What the real servers said."""
        found = captured(self.of or self.name)
        spoken = [sealed(found.conversations[place]) for place in self.places]
        return Capture(found.name, spoken, only(self.told, found))

    def left_out(self) -> set[str]:
        """What the capture has besides."""
        found = captured(self.of or self.name)
        return openings(found.name, self.places) | found.without(self.places, self.told)

    def play(self) -> Capture:
        """What ours say to the same lines."""
        truth = self.truth().conversations
        servers = {one.server for one in truth}
        typed = [one for one in truth if one.client not in servers]
        unfetched = msgspec.structs.replace(load(find(self.scenario)), pickups=())
        scenario = with_sessions(self.change(unfetched), typed, self._fields())
        world = World(scenario, hosts_of(scenario))
        raise_actors(world)
        found = as_capture(self.name, world, _by_hand(events_of(world)), ())
        topics = {one.topic for one in truth}
        spoken = [one for one in found.conversations if one.topic in topics]
        return Capture(self.name, spoken, only(self.truth().told, found))

    def _fields(self) -> dict[str, list[str]]:
        """By client, which header fields its first message had."""
        found: dict[str, list[str]] = {}
        for who, lines in groupby(captured(self.of or self.name).told.get("header", ()), _who):
            found.setdefault(who, [line.partition(": ")[2] for line in lines])
        return found


def _by_hand(events: list[Event]) -> list[Event]:
    """All but what comes of the scenario's own mails."""
    written = {
        event.journey
        for event in events
        if isinstance(event.fact, Composed) and not event.fact.report
    }
    return [event for event in events if event.journey not in written]


def _who(line: str) -> str:
    return line.partition(": ")[0].partition(" #")[0]


def only(told: Collection[str], found: Capture) -> dict[str, list[str]]:
    """Of all that is told of a capture, these topics, as far as it has them."""
    return {name: found.told[name] for name in told if name in found.told}
