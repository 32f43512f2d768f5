"""A recording holds no password; what a client says to prove who it is is hidden, and no more."""

from __future__ import annotations

import pytest
from hypothesis import given

from simulator.trace.event import Command, Event, Fact, Reply
from simulator.trace.recording_format import line_of
from simulator.trace.redaction import HIDDEN, redacted
from tests.shipped import NAMES, events_of
from tests.trace.random_events import runs


def hidden(script: str) -> str:
    """The commands and replies of one connection as a recording holds them."""
    events = []
    for seq, row in enumerate(script.strip().splitlines()):
        mark, _, said = row.strip().partition(" ")
        fact: Fact
        if mark == "C:":
            fact = Command(conn=1, peer="mx", line=said)
        else:
            code = said.partition(" ")[0]
            number = int(code) if code.isdigit() else code
            fact = Reply(conn=1, peer="pc", code=number, enhanced=None, lines=(said,), rule="x")
        events.append(Event(seq, seq, 1, "pc", "m1", fact))
    shown = []
    for event in redacted(events):
        fact = event.fact
        shown.append(f"C: {fact.line}" if isinstance(fact, Command) else f"S: {fact.lines[0]}")  # type: ignore[union-attr]
    return "\n".join(shown)


@pytest.mark.parametrize(
    ("script", "secret"),
    [
        ("C: AUTH PLAIN AGFuaQByYWhhc2lh\nS: 235 Ok\nC: MAIL FROM:<a@b.c>", "AGFuaQ"),
        ("C: auth plain\nS: 334 \nC: AGFuaQByYWhhc2lh\nS: 235 Ok\nC: MAIL FROM:<a@b.c>", "AGFuaQ"),
        (
            "C: AUTH LOGIN\nS: 334 U\nC: YW5p\nS: 334 P\nC: cmFoYXNpYQ==\nS: 535 no\nC: RSET",
            "cmFo",
        ),
        ("C: AUTH CRAM-MD5\nS: 334 PDE+\nC: YW5pIDk=\nS: 235 Ok\nC: MAIL FROM:<a@b.c>", "YW5p"),
        ("C: USER ani\nS: +OK\nC: PASS rahasia negara\nS: +OK\nC: RETR 1", "rahasia"),
        ("C: AUTH PLAIN\nS: + \nC: AGFuaQByYWhhc2lh\nS: +OK\nC: RETR 1", "AGFuaQ"),
        ('C: a1 LOGIN "ani x" "rah asia"\nS: OK done\nC: a2 SELECT INBOX', "asia"),
        ("C: a1 login ani rahasia\nS: OK done\nC: a2 SELECT INBOX", "rahasia"),
        ("C: a1 AUTHENTICATE PLAIN\nS: + \nC: AGFuaQByYWhhc2lh\nS: OK\nC: a2 SELECT INBOX", "AGFu"),
    ],
)
def test_a_password_is_hidden_and_what_follows_is_not(script: str, secret: str) -> None:
    shown = hidden(script)
    assert secret in script
    assert secret not in shown
    assert HIDDEN in shown
    assert shown.splitlines()[-1] == script.splitlines()[-1]


def test_no_shipped_scenario_leaves_its_password_in_a_recording() -> None:
    for name in NAMES:
        lines = b"".join(map(line_of, redacted(events_of(name))))
        assert b"rahasia" not in lines
        assert b"cmFoYXNpYQ" not in lines
        assert b"ByYWhhc2lh" not in lines


@given(runs())
def test_any_events_are_hidden_once_and_for_all(events: list[Event]) -> None:
    once = list(redacted(events))
    assert list(redacted(once)) == once
    assert [event.seq for event in once] == [event.seq for event in events]
