"""A server serves the domains of a mail beside each other, and yet every run is the same."""

from __future__ import annotations

from pathlib import Path

from simulator.engine.simulate import simulate
from simulator.scenario.loader import loads
from simulator.trace.event import Composed, Event, Judged, Retried, Stored

SECOND = 1_000_000
TWO = """
[mail]
from = "ani@kampus.example"
to = ["citra@kantor.example", "eka@rumah.example", "fajar@desa.example"]
body = "Rapat dimulai pukul 09.00."

[domains."kantor.example"]
users = ["citra"]

[domains."rumah.example"]
users = ["eka"]

[domains."desa.example"]
users = ["fajar"]
"""
SILENT = """
[[change]]
do = "on greeting at mx1.kantor.example times 1: silence"
"""


def run(text: str) -> tuple[Event, ...]:
    return tuple(simulate(loads(text, file="two.toml", folder=Path())))


def stored(events: tuple[Event, ...]) -> list[tuple[str, int]]:
    """Whose mail was stored, and in which second."""
    return [
        (event.fact.mailbox, event.at // SECOND)
        for event in events
        if isinstance(event.fact, Stored)
    ]


def test_a_silent_server_keeps_nobody_else_waiting() -> None:
    events = run(TWO + SILENT)
    eka, fajar, citra = stored(events)
    assert (eka[0], fajar[0], citra[0]) == (
        "eka@rumah.example",
        "fajar@desa.example",
        "citra@kantor.example",
    )
    assert eka[1] <= fajar[1] <= 3
    assert citra[1] > 300, "the server waits five minutes for a greeting"
    (retried,) = [event for event in events if isinstance(event.fact, Retried)]
    assert retried.fact.recipients == ("citra@kantor.example",), "only hers is tried again"
    assert not [e for e in events if isinstance(e.fact, Composed) and e.fact.report]
    assert run(TWO + SILENT) == events


def test_where_nobody_is_slow_one_domain_follows_the_other() -> None:
    events = run(TWO)
    begun = [
        event.fact.inputs["domain"]
        for event in events
        if isinstance(event.fact, Judged)
        and (event.fact.rule, event.host) == ("route.destination", "smtp.kampus.example")
    ]
    assert begun == ["kantor.example", "rumah.example", "desa.example"]
    sent = [
        event.fact.inputs["recipient"]
        for event in events
        if isinstance(event.fact, Judged)
        and (event.fact.rule, event.host) == ("delivery.outcome", "smtp.kampus.example")
    ]
    assert sent == ["citra@kantor.example", "eka@rumah.example", "fajar@desa.example"]
    order = [
        event.fact.rule
        for event in events
        if event.host == "smtp.kampus.example"
        and isinstance(event.fact, Judged)
        and event.fact.rule in {"route.destination", "delivery.outcome"}
    ]
    assert order == ["route.destination", "delivery.outcome"] * 3
