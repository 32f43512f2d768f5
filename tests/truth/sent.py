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
from tests.truth.played import as_capture, events_of, openings, sealed
from tests.truth.typed import only

_REPORT = ("bounce", "ended")


@dataclass(frozen=True, slots=True)
class Sent:
    """``places`` are the conversations of the capture ``of`` that name, or of the case's own.

    ``change`` writes the mails; ``told`` is what else is compared.
    """

    name: str
    scenario: str
    places: tuple[int, ...]
    change: Callable[[Scenario], Scenario]
    told: tuple[str, ...] = ()
    of: str = ""
    ours: tuple[str, ...] = ()
    """What ours call it, where the capture has a third report beside."""

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
        """What ours say when they send the same."""
        scenario = self.change(load(find(self.scenario)))
        world = World(scenario, hosts_of(scenario))
        raise_actors(world)
        found = as_capture(self.name, world, events_of(world), ())
        topics = {one.topic for one in self.truth().conversations}
        spoken = [one for one in found.conversations if one.topic in topics]
        by_name = zip(self.told, self.ours or self.told, strict=True)
        return Capture(self.name, spoken, {name: found.told[ours] for name, ours in by_name})


@dataclass(frozen=True, slots=True)
class Reported:
    """A case of which the report that comes back is known, and what became of the mail."""

    name: str
    scenario: str
    change: Callable[[Scenario], Scenario]

    def truth(self) -> Capture:
        """The report that the real server wrote."""
        return Capture(self.name, [], only(_REPORT, captured(self.name)))

    def left_out(self) -> set[str]:
        """What the capture has besides."""
        return captured(self.name).without((), _REPORT)

    def play(self) -> Capture:
        """The one that ours writes."""
        scenario = self.change(load(find(self.scenario)))
        world = World(scenario, hosts_of(scenario))
        raise_actors(world)
        found = as_capture(self.name, world, events_of(world), ())
        return Capture(self.name, [], only(_REPORT, found))
