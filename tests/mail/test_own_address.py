"""A server knows its own addresses, whatever names the DNS gives them, and sends itself nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.engine.simulate import simulate
from simulator.scenario.loader import loads
from simulator.trace.event import Bounced, Connected, Event, Refused, Retried

MAIL = """
    [mail]
    from = "ani@kampus.example"
    to = "citra@kantor.example"
    subject = "Rapat"
    [domains."kantor.example"]
    users = []
    mx = []
    records = {}
"""
OWN = "192.0.2.11"
"""Of smtp.kampus.example."""


def play(*records: str) -> list[Event]:
    found = loads(MAIL.format(list(records)), file="own.toml", folder=Path())
    return list(simulate(found))


def why(events: list[Event]) -> list[str]:
    return [event.fact.reason for event in events if isinstance(event.fact, Bounced)]


def calls(events: list[Event]) -> list[str]:
    """Where the sending server has called, or tried to, on port 25."""
    return [
        event.fact.address
        for event in events
        if isinstance(event.fact, Connected | Refused) and event.fact.port == 25
    ]


@pytest.mark.parametrize(
    "records",
    [
        ("@ IN MX 10 lokal", "lokal IN A 127.0.0.1"),
        ("@ IN MX 10 lokal", "lokal IN AAAA ::1"),
        ("@ IN MX 10 lokal", "lokal IN A 127.0.0.1", "lokal IN A 192.0.2.9"),
        ("@ IN MX 10 lain", f"lain IN A {OWN}"),
        ("@ IN MX 10 lain", f"lain IN A {OWN}", "@ IN MX 20 jauh", "jauh IN A 192.0.2.9"),
        (f"@ IN A {OWN}",),
    ],
)
def test_a_mail_that_would_come_back_to_the_same_machine_is_returned_at_once(
    records: tuple[str, ...],
):
    events = play(*records)
    assert why(events) == ["mail for kantor.example loops back to myself"]
    assert calls(events) == []


def test_an_exchanger_that_is_better_than_ourselves_is_tried():
    events = play("@ IN MX 10 dekat", "dekat IN A 192.0.2.9", "@ IN MX 20 lokal",
                  "lokal IN A 127.0.0.1")  # fmt: skip
    assert set(calls(events)) == {"192.0.2.9"}


def test_where_there_is_no_machine_nothing_answers_within_half_a_minute():
    events = play("@ IN MX 10 surel", "surel IN AAAA 2001:db8::5")
    first = next(event for event in events if isinstance(event.fact, Retried))
    assert isinstance(first.fact, Retried)
    assert first.fact.reason == (
        "connect to surel.kantor.example[2001:db8::5]:25: Connection timed out"
    )
    assert 30_000_000 < first.at < 32_000_000
