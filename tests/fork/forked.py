"""A shipped scenario with something changed in its run, and what can be asked of it."""

from __future__ import annotations

from msgspec.structs import replace

from simulator.engine.simulate import simulate
from simulator.scenario.change_words import read_change
from simulator.scenario.changes import Intervention
from simulator.scenario.errors import Place
from simulator.scenario.model import Scenario
from simulator.scenario.topology import hosts_of
from simulator.trace.event import Command, Event, Judged, Query
from tests.lessons_in_scenarios.conversation import lines_of
from tests.lessons_in_scenarios.played import Run, play


def fork(name: str, after: str, *changes: str) -> Run:
    """That scenario with these changes after the first event that ``after`` names.

    A line that a client speaks to another server (``RCPT``), a question (``? MX``), the rule of
    a decision, or the kind of an event.
    """
    seq = moment(play(name).events, after)
    interventions = tuple(
        Intervention(after=seq, change=read_change(text, Place("test"))) for text in changes
    )
    return played(replace(play(name).scenario, interventions=interventions))


def played(scenario: Scenario) -> Run:
    """Any scenario played to its end."""
    events = tuple(simulate(scenario))
    return Run(scenario, events, lines_of(hosts_of(scenario), events))


def moment(events: tuple[Event, ...], after: str) -> int:
    """The number of the event that is named so."""
    return next(event.seq for event in events if _is(event, after))


def _is(event: Event, named: str) -> bool:
    match event.fact:
        case Command(line=line):
            return event.step >= 5 and line.startswith(named)
        case Query(type=rdtype):
            return named == f"? {rdtype}"
        case Judged(rule=rule):
            return named == rule
        case _:
            return named == event.kind
