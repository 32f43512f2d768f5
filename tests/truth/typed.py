"""Sessions that a person held with real servers, typed to ours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from simulator.engine.cast import raise_actors
from simulator.engine.world import World
from simulator.scenario.library import find
from simulator.scenario.loader import load
from simulator.scenario.model import Host, Scenario
from simulator.scenario.topology import hosts_of
from tests.truth.by_hand import BY_HAND, plan
from tests.truth.captures import Capture, captured
from tests.truth.played import as_it_is, conversations_of, events_of, sealed

_STRANGER = Host(
    name="host99.asing.example",
    role="mail_client",
    addresses=("203.0.113.199",),
    owner="",
    label="stranger",
)


@dataclass(frozen=True, slots=True)
class Typed:
    """Only what was said is compared: ``places`` are the conversations of the capture."""

    name: str
    scenario: str
    places: tuple[int, ...]
    change: Callable[[Scenario], Scenario] = as_it_is

    def truth(self) -> Capture:
        """What the real servers said."""
        found = captured(self.name).conversations
        return Capture(self.name, [sealed(found[place]) for place in self.places], {})

    def play(self) -> Capture:
        """What ours say to the same lines."""
        scenario = self.change(load(find(self.scenario)))
        world = World(scenario, (*hosts_of(scenario), _STRANGER))
        raise_actors(world)
        typed = self.truth().conversations
        plan(world, typed)
        events = [event for event in events_of(world) if event.journey == BY_HAND]
        topics = {one.topic for one in typed}
        spoken = [one for one in conversations_of(world, events) if one.topic in topics]
        return Capture(self.name, spoken, {})
