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
from tests.truth.played import conversations_of, events_of, sealed


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
