"""What a person changes once a run has begun: each ``[[intervention]]``, and ``--fork``."""

from __future__ import annotations

import re
from collections.abc import Iterable

from simulator.scenario.change_words import EXAMPLES, read_change, write_change
from simulator.scenario.changes import (
    AnswerInstead,
    Change,
    Down,
    Drop,
    Intervention,
    Refuse,
    SayInstead,
    SendVia,
    Up,
    Wait,
)
from simulator.scenario.declarations import tables
from simulator.scenario.errors import Mistakes, Place, ScenarioError, nearest
from simulator.scenario.model import Scenario
from simulator.scenario.section import Section, Written
from simulator.scenario.topology import hosts_of

MOST_EVENTS = 10_000_000
"""An event of a higher number is none that anybody waits for."""
_MOST_INTERVENTIONS = 10_000
_FORK = re.compile(r"([0-9]{1,8})=(.+)", re.DOTALL)


def read_interventions(top: Section) -> tuple[Written[Intervention], ...]:
    """Every ``[[intervention]]`` of the file, with the place of its change."""
    found: list[Written[Intervention]] = []
    for path, values in tables(top, "intervention"):
        section = Section("intervention", values, path, top.document, top.mistakes)
        section.require("after")
        section.require("change")
        after = section.whole("after", 0, MOST_EVENTS)
        text = section.line("change")
        if after is None or text is None:
            continue
        place = section.place("change")
        with section.mistakes.noted():
            found.append(Written(Intervention(after=after, change=read_change(text, place)), place))
    return top.at_most(_MOST_INTERVENTIONS, "intervention", tuple(found))


def read_fork(text: str) -> Intervention:
    """What ``--fork SEQ=CHANGE`` says. Raises ScenarioError where it says nothing that can be."""
    place = Place("--fork")
    found = _FORK.fullmatch(text.strip())
    if found is None:
        raise place.mistake("scenario.fork", found=text, example=f"57={EXAMPLES['reply']}")
    return Intervention(after=int(found[1]), change=read_change(found[2], place))


def check_interventions(
    interventions: Iterable[Written[Intervention]], scenario: Scenario, mistakes: Mistakes
) -> None:
    """Every host that a change names is one of this scenario."""
    names = [host.name for host in hosts_of(scenario)]
    for one in interventions:
        host = host_named(one.value.change)
        if host and host not in names:
            guess = nearest(host, names)
            if guess is None:
                known = ", ".join(names)
                mistakes.add(one.place.mistake("scenario.unknown-host", host=host, known=known))
            else:
                mistakes.add(one.place.mistake("scenario.misspelt-host", host=host, nearest=guess))


def host_named(change: Change) -> str:
    """The host that a change names, if it names one."""
    match change:
        case Refuse(server=host):
            return host
        case Down(host=host) | Up(host=host) | Wait(host=host) | SendVia(host=host):
            return host
        case _:
            return ""


def check_subject(
    intervention: Intervention, *, on_a_connection: bool, about_dns: bool, place: Place
) -> None:
    """A change that leaves out what it is about needs an event that says it.

    Raises ScenarioError where event ``after`` is not on a connection, or not about the DNS.
    """
    match intervention.change:
        case SayInstead() | Drop():
            said = on_a_connection
        case AnswerInstead(name=""):
            said = about_dns
        case _:
            return
    if not said:
        event = str(intervention.after)
        if isinstance(intervention.change, AnswerInstead):
            example = EXAMPLES["dns"]
            raise place.mistake("scenario.change-question", event=event, example=example)
        found = write_change(intervention.change)
        raise place.mistake("scenario.change-place", event=event, found=found)


def no_such_event(intervention: Intervention, count: int, place: Place) -> ScenarioError:
    """The mistake of a change after an event that a run of ``count`` events does not have."""
    values = {"event": str(intervention.after), "last": str(max(count - 1, 0))}
    return place.mistake("scenario.fork-too-late", **values)
