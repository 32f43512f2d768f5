"""simulate(scenario): raises the world, lets it run in slices, gives its events one by one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

from simulator.engine.cast import raise_actors
from simulator.engine.world import World
from simulator.scenario.model import Scenario
from simulator.scenario.topology import hosts_of
from simulator.trace.event import Event


def simulate(scenario: Scenario) -> Iterator[Event]:
    """Every event of a scenario, in order; the same scenario gives the same ones.

    A generator that owns its loop: pull from it in any thread but one that runs a loop of its
    own. Raises DeadEndError where the actors wait for what can never come.
    """
    with closing(World(scenario, hosts_of(scenario))) as world:
        raise_actors(world)
        yield from world.told()
