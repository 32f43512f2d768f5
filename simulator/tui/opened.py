"""A run as the screen is given it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from simulator.scenario.model import Host, Scenario
from simulator.trace.event import Event
from simulator.trace.margin import BLANK, Margin
from simulator.trace.position import Source


class Run(NamedTuple):
    """A run as it is opened: its title, its hosts, its events (all of them, or as they come).

    ``source`` is what it was made from, where somebody may want to follow it.
    """

    title: str
    hosts: tuple[Host, ...]
    events: Iterable[Event]
    source: Source | None = None
    scenario: Scenario | None = None
    """What it can be simulated from again, with something changed."""
    margin: Margin = BLANK
    """What its author wrote beside its events."""
