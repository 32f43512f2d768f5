"""Who sits on a wire in a scenario: each ``[[intercept]]``, read and checked."""

from __future__ import annotations

from collections.abc import Sequence

from simulator.scenario.addresses import read_host_name
from simulator.scenario.declarations import tables
from simulator.scenario.defaults import with_given
from simulator.scenario.errors import Mistakes, ScenarioError, nearest
from simulator.scenario.keys import KEYS
from simulator.scenario.model import Scenario
from simulator.scenario.secrecy import Interception, Interceptor
from simulator.scenario.section import LATEST, Section, Written
from simulator.scenario.topology import hosts_of

_DEEDS: tuple[Interception, ...] = ("strip", "impersonate")
_MOST = 20
_SENDING = frozenset({"sending_server", "relay", "receiving_server"})


def read_interceptors(top: Section) -> tuple[Written[Interceptor], ...]:
    """Every ``[[intercept]]`` of the file, with its place; mistakes go to the list."""
    found: list[Written[Interceptor]] = []
    for path, values in tables(top, "intercept"):
        section = Section("intercept", values, path, top.document, top.mistakes)
        one = _read(section)
        if one is not None:
            found.append(Written(one, section.place("client")))
    return top.at_most(_MOST, "intercept", tuple(found))


def check_interceptors(
    interceptors: Sequence[Written[Interceptor]], scenario: Scenario, mistakes: Mistakes
) -> None:
    """Every wire is between two servers that exist."""
    known = servers_of(scenario)
    for one in interceptors:
        for host in (one.value.client, one.value.server):
            if host not in known:
                mistakes.add(_unknown(one, host, known))


def servers_of(scenario: Scenario) -> tuple[str, ...]:
    """The servers that hand mail to each other."""
    return tuple(host.name for host in hosts_of(scenario) if host.role in _SENDING)


def _read(section: Section) -> Interceptor | None:
    mistakes = len(section.mistakes.found)
    for key in ("client", "server"):
        section.require(key)
    client, server = _host(section, "client") or "", _host(section, "server") or ""
    one = with_given(
        Interceptor(client=client, server=server),
        does=section.choice("does", _DEEDS),
        host=_host(section, "host"),
        start=section.duration("from", "0 s", LATEST),
        end=section.duration("until", "0 s", LATEST),
    )
    return one if len(section.mistakes.found) == mistakes else None


def _host(section: Section, key: str) -> str | None:
    text = section.text(key)
    if text is not None:
        with section.mistakes.noted():
            example = KEYS["intercept"][key].partition(" = ")[2].strip('"')
            return read_host_name(Written(text, section.place(key)), example)
    return None


def _unknown(one: Written[Interceptor], host: str, known: Sequence[str]) -> ScenarioError:
    guess = nearest(host, known)
    if guess is None:
        return one.place.mistake("scenario.unknown-host", host=host, known=", ".join(known))
    return one.place.mistake("scenario.misspelt-host", host=host, nearest=guess)
