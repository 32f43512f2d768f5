"""A shipped scenario with something changed in its run, and what can be asked of it."""

from __future__ import annotations

from simulator.engine.simulate import simulate
from simulator.scenario.model import Scenario
from simulator.scenario.topology import hosts_of
from simulator.trace.event import Command, Event, Judged, Query
from tests.changed import change
from tests.lessons_in_scenarios.conversation import lines_of
from tests.lessons_in_scenarios.played import Run, play


def fork(name: str, after: str, *changes: str) -> Run:
    """That scenario with these changes after the first event that ``after`` names.

    A line that a client speaks to another server (``RCPT``), a question (``? MX``), the rule of
    a decision, or the kind of an event.
    """
    seq = moment(play(name).events, after)
    return played(play(name).scenario.changed(*(change(text, seq) for text in changes)))


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
