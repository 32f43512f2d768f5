"""A run that came to its end, and one that only stops: as when its recording was killed."""

from __future__ import annotations

import pytest

from simulator.scenario.topology import hosts_of
from simulator.trace.ending import stops_midway
from simulator.trace.event import Closed, Event, Queued, Reply
from simulator.trace.scene import fold, opening
from simulator.trace.state import Scene
from tests.shipped import events_of, scenario_of


def _after(name: str, events: tuple[Event, ...]) -> Scene:
    scene = opening(hosts_of(scenario_of(name)))
    for event in events:
        scene = fold(scene, event)
    return scene


def _first(events: tuple[Event, ...], kind: type) -> int:
    return next(n for n, event in enumerate(events) if isinstance(event.fact, kind))


@pytest.mark.parametrize("name", ["two-domains", "five-days", "primary-down", "unknown-user"])
def test_what_is_simulated_comes_to_its_end(name: str) -> None:
    assert not stops_midway(_after(name, tuple(events_of(name))))


def test_with_a_connection_open_or_a_mail_just_queued_it_only_stops() -> None:
    events = tuple(events_of("two-domains"))
    reply, queued, closed = (_first(events, kind) for kind in (Reply, Queued, Closed))

    assert stops_midway(_after("two-domains", events[: reply + 1]))
    assert queued < closed
    # The client has hung up; its server still works on the mail.
    assert stops_midway(_after("two-domains", events[: closed + 1]))
