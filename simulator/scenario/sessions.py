"""What people type by hand in a scenario: each ``[[session]]``, read and checked."""

from __future__ import annotations

from collections.abc import Sequence

from simulator.scenario.addresses import read_host_name
from simulator.scenario.declarations import tables
from simulator.scenario.defaults import with_given
from simulator.scenario.errors import Mistakes, ScenarioError, nearest
from simulator.scenario.keys import KEYS
from simulator.scenario.model import Scenario
from simulator.scenario.section import LATEST, Section, Written
from simulator.scenario.topology import hosts_of
from simulator.scenario.typed import PROTOCOL_OF_PORT, Session, TypedProtocol

_PROTOCOLS: tuple[TypedProtocol, ...] = ("smtp", "pop3", "imap")
_MOST_SESSIONS = 100
_MOST_LINES = 1000
_HIGHEST_PORT = 65_535

_TALKING = frozenset({"sending_server", "relay", "receiving_server", "mailbox_server"})
"""Roles of hosts that somebody can type to."""


def read_sessions(top: Section) -> tuple[Written[Session], ...]:
    """Every ``[[session]]`` of the file, with the place of its server; mistakes go to the list."""
    found: list[Written[Session]] = []
    for path, values in tables(top, "session"):
        section = Section("session", values, path, top.document, top.mistakes)
        session = _read_session(section)
        if session is not None:
            found.append(Written(session, section.place("server")))
    return top.at_most(_MOST_SESSIONS, "session", tuple(found))


def check_sessions(
    sessions: Sequence[Written[Session]], scenario: Scenario, mistakes: Mistakes
) -> None:
    """Every session is with a server that exists."""
    known = talking_hosts(scenario)
    for session in sessions:
        if session.value.server not in known:
            mistakes.add(_unknown(session, known))


def talking_hosts(scenario: Scenario) -> tuple[str, ...]:
    """The servers of a scenario that a person can type to."""
    return tuple(host.name for host in hosts_of(scenario) if host.role in _TALKING)


def _read_session(section: Section) -> Session | None:
    """One session, or None where it has a mistake."""
    mistakes = len(section.mistakes.found)
    for key in ("server", "lines"):
        section.require(key)
    port = section.whole("port", 1, _HIGHEST_PORT)
    session = with_given(
        Session(server=_host(section, "server") or "", lines=_lines(section)),
        client=_host(section, "client"),
        port=port,
        protocol=_protocol(section, port or 25),
        tls=section.flag("tls"),
        at=section.duration("at", "0 s", LATEST),
    )
    if session.tls and session.protocol != "smtp":
        section.add("scenario.session-tls", "tls")
    return session if len(section.mistakes.found) == mistakes else None


def _host(section: Section, key: str) -> str | None:
    text = section.text(key)
    if text is not None:
        with section.mistakes.noted():
            example = KEYS["session"][key].partition(" = ")[2].strip('"')
            return read_host_name(Written(text, section.place(key)), example)
    return None


def _protocol(section: Section, port: int) -> TypedProtocol | None:
    """What is spoken on the port; where no one knows, the file must say it."""
    if port not in PROTOCOL_OF_PORT and section.lacks("protocol"):
        section.add("scenario.session-protocol", "port", port=str(port))
    return section.choice("protocol", _PROTOCOLS) or PROTOCOL_OF_PORT.get(port)


def _lines(section: Section) -> tuple[str, ...]:
    """What is typed, a text a segment: a list in the list is several lines in one segment."""
    value = section.values.get("lines")
    if value is None:
        return ()
    if not isinstance(value, list) or not value:
        section.wrong("lines", value)
        return ()
    if len(value) > _MOST_LINES:
        count, limit = str(len(value)), str(_MOST_LINES)
        section.add("scenario.too-many", "lines", key="lines", count=count, limit=limit)
        return ()
    return tuple(_segment(section, entry, place) for place, entry in enumerate(value))


def _segment(section: Section, entry: object, place: int) -> str:
    if isinstance(entry, str):
        return entry
    if isinstance(entry, list) and entry and all(isinstance(one, str) for one in entry):
        return "\r\n".join(entry)
    section.wrong("lines", entry, place)
    return ""


def _unknown(session: Written[Session], known: Sequence[str]) -> ScenarioError:
    host, names = session.value.server, ", ".join(known)
    guess = nearest(host, known)
    if guess is None:
        return session.place.mistake("scenario.unknown-host", host=host, known=names)
    return session.place.mistake("scenario.misspelt-host", host=host, nearest=guess)
