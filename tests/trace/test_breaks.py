"""A wire that broke is known to be broken until it is opened again or the mail is done with."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.scenario.topology import hosts_of
from simulator.trace.event import Closed, Connected, Event, Refused, Removed
from simulator.trace.scene import Scene, fold, opening
from tests.lessons_in_scenarios.played import play

FIRST = ("smtp.kampus.example", "mx1.kantor.example")


def scenes(name: str) -> Iterator[tuple[Event, Scene]]:
    run = play(name)
    scene = opening(hosts_of(run.scenario))
    for event in run.events:
        scene = fold(scene, event)
        yield event, scene


def test_a_refused_wire_stays_broken_while_the_other_exchanger_takes_the_mail() -> None:
    """primary-down: mx1 refuses, mx2 takes the mail, and the queue entry is removed."""
    refused = removed = False
    for event, scene in scenes("primary-down"):
        refused = refused or (isinstance(event.fact, Refused) and event.host == FIRST[0])
        removed = removed or (isinstance(event.fact, Removed) and event.host == FIRST[0])
        assert (FIRST in scene.broken) == (refused and not removed)
    assert removed


def test_a_new_connection_takes_the_place_of_the_broken_one() -> None:
    """server-down: several tries fail, the last one comes through."""
    broken = False
    seen = []
    for event, scene in scenes("server-down"):
        fact = event.fact
        if isinstance(fact, Refused | Connected) and (event.host, fact.peer) == FIRST:
            broken = isinstance(fact, Refused)
            seen.append(broken)
        assert (FIRST in scene.broken) == broken
    assert seen[0]
    assert not seen[-1]


def test_a_wire_that_is_cut_is_broken_and_one_that_ends_with_quit_is_not() -> None:
    reasons = []
    before = opening(())
    for event, scene in scenes("cut-wire"):
        if isinstance(event.fact, Closed):
            wire = before.connections[event.fact.conn]
            broken = (wire.client, wire.server) in scene.broken
            assert broken == (event.fact.reason != "quit")
            reasons.append(event.fact.reason)
        before = scene
    assert "quit" in reasons
    assert len(set(reasons)) > 1
