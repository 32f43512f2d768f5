"""What our servers say of a mail is true of its octets: SIZE, and who wrote which field."""

from __future__ import annotations

import re
from functools import cache

import pytest

from simulator.engine.simulate import simulate
from simulator.mail.header import fields_of
from simulator.mail.transparency import dot_unstuff
from simulator.scenario.library import find
from simulator.scenario.loader import Overrides, load
from simulator.trace.event import Command, Content, Event, Stamped, Stored
from simulator.trace.octets import octets_of

STORIES = (
    ("same-domain", None),
    ("two-domains", None),
    ("two-relays", None),
    ("attachment", None),
    ("two-domains", "tidakada@kantor.example"),
)
every_story = pytest.mark.parametrize(
    ("scenario", "to"), STORIES, ids=lambda word: word or "as it is"
)


@cache
def _events(scenario: str, to: str | None) -> tuple[Event, ...]:
    return tuple(simulate(load(find(scenario), Overrides(to=(to,) if to else None))))


@every_story
def test_size_announces_the_octets_that_follow(scenario: str, to: str | None):
    """As Postfix counts: with the Received field that was just written, before dot-stuffing."""
    announced: dict[int, int] = {}
    sent: dict[int, int] = {}
    for event in _events(scenario, to):
        match event.fact:
            case Command(conn=conn, line=line) if size := re.search(r" SIZE=(\d+)", line):
                announced[conn] = int(size[1])
            case Content(conn=conn) if conn in announced:
                sent[conn] = len(dot_unstuff(octets_of(event.fact)))
    assert {conn: announced[conn] for conn in sent} == sent
    # On port 25 it is always said; a mailbox in one's own domain needs no port 25.
    assert bool(announced) == (scenario != "same-domain")


@every_story
def test_the_stamps_of_a_mail_newest_first_are_its_header(scenario: str, to: str | None):
    events = _events(scenario, to)
    for event in events:
        if isinstance(event.fact, Stored):
            stamps = [
                earlier.fact.headers
                for earlier in events[: event.seq]
                if isinstance(earlier.fact, Stamped) and earlier.journey == event.journey
            ]
            written = [field for stamp in reversed(stamps) for field in stamp]
            assert written == list(fields_of(octets_of(event.fact)))


@every_story
def test_somebody_gets_a_mail(scenario: str, to: str | None):
    (stored,) = [e.fact for e in _events(scenario, to) if isinstance(e.fact, Stored)]
    assert stored.data.startswith("Return-Path: <>\r\n") == (to is not None)
