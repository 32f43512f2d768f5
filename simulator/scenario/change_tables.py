"""What goes otherwise than usual: each ``[[change]]`` and ``--fork``, read and checked."""

from __future__ import annotations

import re
from collections.abc import Sequence

from simulator.scenario.change_words import EXAMPLES, read_change
from simulator.scenario.changes import (
    Change,
    SetPolicy,
    Strike,
)
from simulator.scenario.declarations import tables
from simulator.scenario.errors import Mistakes, Place, ScenarioError, nearest
from simulator.scenario.model import Host, Scenario
from simulator.scenario.moments import meets
from simulator.scenario.section import Section, Written
from simulator.scenario.topology import hosts_of

MOST_EVENTS = 10_000_000
"""An event of a higher number is none that anybody waits for."""
_MOST_CHANGES = 1_000
_FORK = re.compile(r"([0-9]{1,8})=(.+)", re.DOTALL)


def read_changes(top: Section) -> tuple[Written[Change], ...]:
    """Every ``[[change]]`` of the file, with the place of what it does; mistakes go to the list."""
    found: list[Written[Change]] = []
    for path, values in tables(top, "change"):
        section = Section("change", values, path, top.document, top.mistakes)
        section.require("do")
        mistakes = len(section.mistakes.found)
        after = section.whole("after", 0, MOST_EVENTS)
        text = section.line("do")
        if text is None or len(section.mistakes.found) > mistakes:
            continue
        place = section.place("do")
        with section.mistakes.noted():
            found.append(Written(read_change(text, place, after), place))
    return top.at_most(_MOST_CHANGES, "change", tuple(found))


def read_fork(text: str) -> Change:
    """What ``--fork SEQ=CHANGE`` says. Raises ScenarioError where it says nothing that can be."""
    place = Place("--fork")
    found = _FORK.fullmatch(text.strip())
    if found is None:
        raise place.mistake("scenario.fork", found=text, example=f"57={EXAMPLES['reply']}")
    return read_change(found[2], place, after=int(found[1]))


def check_changes(
    changes: Sequence[Written[Change]], scenario: Scenario, mistakes: Mistakes
) -> None:
    """Every host and domain that a change names is one of this scenario, and fits it."""
    for change in changes:
        with mistakes.noted():
            check_change(change.value, scenario, change.place)


def check_change(change: Change, scenario: Scenario, place: Place) -> None:
    """Raises ScenarioError where it is at a place that is not there, or that it never comes to.

    Mail may be sent on to whomever: what becomes of it is for the run to show.
    """
    hosts = hosts_of(scenario)
    names = [host.name for host in hosts]
    match change.deed:
        case SetPolicy():
            _check_domain(change, scenario, place)
        case _ if change.at and isinstance(change.deed, Strike):
            concerned = [host.name for host in hosts if _comes_to(host, change.on, scenario)]
            _check_moment(change, names, concerned, place)
        case _:
            _check_host(change.at, names, place)


def _comes_to(host: Host, on: str, scenario: Scenario) -> bool:
    domain = scenario.domain(host.owner)
    takes_lmtp = domain is not None and domain.delivery == "lmtp"
    return meets(host.role, on, takes_lmtp=takes_lmtp)


def _check_domain(change: Change, scenario: Scenario, place: Place) -> None:
    names = [domain.name for domain in scenario.domains]
    if change.at and change.at not in names:
        known = ", ".join(names)
        raise place.mistake("scenario.change-domain", found=change.at, known=known)


def _check_moment(
    change: Change, names: Sequence[str], concerned: Sequence[str], place: Place
) -> None:
    if change.at in concerned:
        return
    if not concerned:
        raise place.mistake("scenario.change-without-lmtp")
    if change.at in names:
        known = ", ".join(concerned)
        raise place.mistake("scenario.change-host", host=change.at, on=change.on, known=known)
    _check_host(change.at, concerned, place)


def _check_host(host: str, names: Sequence[str], place: Place) -> None:
    if not host or host in names:
        return
    guess = nearest(host, names)
    if guess is None:
        raise place.mistake("scenario.unknown-host", host=host, known=", ".join(names))
    raise place.mistake("scenario.misspelt-host", host=host, nearest=guess)


def check_order(change: Change, scenario: Scenario, place: Place) -> None:
    """Raises ScenarioError where something is changed after a later event already.

    That event is another one, or has another number, once something goes otherwise before it.
    """
    after = change.after or 0
    later = next((one.after for one in scenario.forks if (one.after or 0) > after), None)
    if later is not None:
        raise place.mistake("scenario.fork-before", event=str(after), later=str(later))


def no_such_event(change: Change, count: int, place: Place) -> ScenarioError:
    """The mistake of a change after an event that a run of ``count`` events does not have."""
    values = {"event": str(change.after), "last": str(max(count - 1, 0))}
    return place.mistake("scenario.fork-too-late", **values)
