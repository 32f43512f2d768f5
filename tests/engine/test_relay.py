"""A relay carries mail as the domain that it lies in says."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.engine.simulate import simulate
from simulator.scenario.loader import loads
from simulator.trace.event import Command, Event, Judged, Reply, Stored, Tls
from tests.dialogue import a_world, converse

RELAY = "relay1.transit.example"


def carried(settings: str, mail: str = "") -> list[Event]:
    text = f"""
[mail]
from = "ani@kampus.example"
to = ["citra@kantor.example", "dedi@kantor.example"]
body = "Rapat dimulai pukul 09.00."
{mail}
[domains."kampus.example"]
users = ["ani"]
relays = ["{RELAY}"]

[domains."transit.example"]
{settings}

[domains."kantor.example"]
users = ["citra", "dedi"]
"""
    return list(simulate(loads(text, file="relay.toml", folder=Path())))


def replies(events: list[Event]) -> list[str]:
    return [
        line
        for event in events
        if event.host == RELAY and isinstance(event.fact, Reply)
        for line in event.fact.lines
    ]


def commands(events: list[Event]) -> list[str]:
    return [
        event.fact.line
        for event in events
        if event.host == RELAY and isinstance(event.fact, Command)
    ]


def stored(events: list[Event]) -> list[str]:
    return [event.fact.mailbox for event in events if isinstance(event.fact, Stored)]


def test_without_settings_it_is_a_server_like_any_other() -> None:
    said = replies(carried(""))
    assert {"250-PIPELINING", "250-SIZE 50000000", "250-STARTTLS", "250-SMTPUTF8"} <= set(said)


@pytest.mark.parametrize(
    ("settings", "gone"),
    [
        ('lacks = ["PIPELINING", "DSN"]', {"250-PIPELINING", "250-DSN"}),
        ("starttls = false", {"250-STARTTLS"}),
        ("size_limit = 5000", {"250-SIZE 50000000"}),
        ('follows = "exim"', {"250-ENHANCEDSTATUSCODES"}),
    ],
)
def test_it_offers_what_its_domain_offers(settings: str, gone: set[str]) -> None:
    events = carried(settings)
    assert not gone & set(replies(events))
    assert stored(events) == ["citra@kantor.example", "dedi@kantor.example"]


def test_it_takes_as_much_as_its_domain_says() -> None:
    events = carried("size_limit = 300")
    refused = [
        event.fact.inputs["said"]
        for event in events
        if isinstance(event.fact, Judged) and event.fact.rule == "delivery.outcome"
    ]
    assert refused[0].startswith("message size 4")
    assert "exceeds size limit 300 of server relay1.transit.example" in refused[0]
    assert "452 4.5.3 Error: too many recipients" in replies(carried("recipient_limit = 1"))
    assert "554 5.4.0 Error: too many hops" in replies(
        carried("hop_limit = 1", 'headers = ["Received: from a by b; Mon, 23 Nov 2026 09:00:00"]')
    )
    long = carried("longest_line = 100", 'headers = ["X-Long: ' + "x" * 200 + '"]')
    assert "554 5.6.0 Error: text line too long" in replies(long)


def test_it_seals_the_next_hop_where_its_domain_wants_it() -> None:
    events = carried('tls = "may"')
    sealed = [
        event.fact.peer
        for event in events
        if event.host == RELAY and isinstance(event.fact, Tls) and not event.fact.reason
    ]
    assert sealed == ["mx1.kantor.example"]
    assert "STARTTLS" in commands(events)
    assert "STARTTLS" not in commands(carried(""))


def test_it_has_the_habits_of_its_domain_towards_strangers() -> None:
    stranger = f"""
[[session]]
server = "{RELAY}"
lines = ["EHLO x", "MAIL FROM:<a@asing.example>", "RCPT TO:<citra@kantor.example>", "QUIT"]
"""
    denied = "<citra@kantor.example>: Relay access denied"
    assert f"554 5.7.1 {denied}" in replies(carried(stranger))
    assert f"454 4.7.1 {denied}" in replies(carried(f"defers_relaying = true\n{stranger}"))


def test_who_is_trusted_is_not_kept_waiting() -> None:
    """As Postfix goes by mynetworks first, and by its greylist only then."""
    events = carried('greylist = "1 h"')
    assert not [one for one in events if getattr(one.fact, "rule", "") == "greylist"]
    converse(
        a_world(greylist=3_600_000_000),
        "mx1.kantor.example",
        25,
        """
        S: 220
        C: EHLO stranger.example
        S: 250 CHUNKING
        C: MAIL FROM:<orang@asing.example>
        S: 250
        C: RCPT TO:<citra@kantor.example>
        S: 450 4.2.0 <citra@kantor.example>: Recipient address rejected: Greylisted
        C: QUIT
        S: 221
        """,
    )
