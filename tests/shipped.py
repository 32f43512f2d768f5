"""The shipped scenarios and what happens in them, each simulated once however many tests ask."""

from __future__ import annotations

from functools import cache

from simulator.engine.simulate import simulate
from simulator.scenario.library import find, shipped
from simulator.scenario.loader import load
from simulator.scenario.model import Host, Scenario
from simulator.scenario.topology import hosts_of
from simulator.trace.event import Event

NAMES = tuple(folder.name for folder in shipped())


@cache
def scenario_of(name: str) -> Scenario:
    return load(find(name))


@cache
def events_of(name: str) -> tuple[Event, ...]:
    return tuple(simulate(scenario_of(name)))


def run_of(name: str) -> tuple[tuple[Host, ...], tuple[Event, ...]]:
    """The hosts and the events."""
    return hosts_of(scenario_of(name)), events_of(name)
