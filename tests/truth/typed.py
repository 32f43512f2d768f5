"""Sessions that a person held with real servers, typed to ours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from simulator.engine.cast import raise_actors
from simulator.engine.world import World
from simulator.scenario.library import find
from simulator.scenario.loader import load
from simulator.scenario.model import Scenario
from simulator.scenario.topology import hosts_of
from simulator.trace.event import Composed
from tests.truth.by_hand import with_sessions
from tests.truth.captures import Capture, captured
from tests.truth.played import as_it_is, conversations_of, events_of, openings, sealed


@dataclass(frozen=True, slots=True)
class Typed:
    """Only what was said is compared: ``places`` are the conversations of the capture.

    Those between servers are not typed, they come of what was typed.
    """

    name: str
    scenario: str
    places: tuple[int, ...]
    change: Callable[[Scenario], Scenario] = as_it_is

    def truth(self) -> Capture:
        """What the real servers said."""
        found = captured(self.name).conversations
        return Capture(self.name, [sealed(found[place]) for place in self.places], {})

    def left_out(self) -> set[str]:
        """What the capture has besides."""
        return openings(self.name, self.places) | captured(self.name).without(self.places, ())

    def play(self) -> Capture:
        """What ours say to the same lines."""
        truth = self.truth().conversations
        servers = {one.server for one in truth}
        typed = [one for one in truth if one.client not in servers]
        scenario = with_sessions(self.change(load(find(self.scenario))), typed)
        world = World(scenario, hosts_of(scenario))
        raise_actors(world)
        events = events_of(world)
        written = {event.journey for event in events if isinstance(event.fact, Composed)}
        by_hand = [event for event in events if event.journey not in written]
        topics = {one.topic for one in truth}
        spoken = [one for one in conversations_of(world, by_hand) if one.topic in topics]
        return Capture(self.name, spoken, {})
