"""Mails that a client sends, compared by what was said alone: several mails, and odd servers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from simulator.engine.cast import raise_actors
from simulator.engine.world import World
from simulator.scenario.library import find
from simulator.scenario.loader import load
from simulator.scenario.model import Scenario
from simulator.scenario.topology import hosts_of
from tests.truth.captures import Capture, captured
from tests.truth.played import as_capture, conversations_of, events_of, sealed


@dataclass(frozen=True, slots=True)
class Sent:
    """``places`` are the conversations of the capture; ``change`` writes the mails."""

    name: str
    scenario: str
    places: tuple[int, ...]
    change: Callable[[Scenario], Scenario]

    def truth(self) -> Capture:
        """What the real servers said."""
        found = captured(self.name).conversations
        return Capture(self.name, [sealed(found[place]) for place in self.places], {})

    def play(self) -> Capture:
        """What ours say when they send the same."""
        scenario = self.change(load(find(self.scenario)))
        world = World(scenario, hosts_of(scenario))
        raise_actors(world)
        return Capture(self.name, list(conversations_of(world, events_of(world))), {})


@dataclass(frozen=True, slots=True)
class Reported:
    """A case of which only the report that comes back is known."""

    name: str
    scenario: str
    change: Callable[[Scenario], Scenario]

    def truth(self) -> Capture:
        """The report that the real server wrote."""
        return Capture(self.name, [], {"bounce": captured(self.name).told["bounce"]})

    def play(self) -> Capture:
        """The one that ours writes."""
        scenario = self.change(load(find(self.scenario)))
        world = World(scenario, hosts_of(scenario))
        raise_actors(world)
        told = as_capture(self.name, world, events_of(world), ()).told
        return Capture(self.name, [], {"bounce": told["bounce"]})
