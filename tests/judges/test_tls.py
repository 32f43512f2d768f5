"""TLS in a simulated run is real TLS: 1.3, really begun, and refused where the name is wrong."""

from __future__ import annotations

from contextlib import closing

import msgspec
import pytest

from simulator.engine.cast import raise_actors
from simulator.engine.world import World
from simulator.scenario.library import find
from simulator.scenario.loader import load
from simulator.scenario.topology import hosts_of
from simulator.trace.event import Closed, Command, Connected, Event, Stored, Tls

pytestmark = pytest.mark.judge

SUBMISSION, MX = "smtp.kampus.example", "mx1.kantor.example"


def a_world(tls: str = "none") -> World:
    """The story of two domains."""
    scenario = load(find("two-domains"))
    domains = tuple(msgspec.structs.replace(one, tls=tls) for one in scenario.domains)
    scenario = msgspec.structs.replace(scenario, domains=domains)
    return World(scenario, hosts_of(scenario))


def play(world: World) -> list[Event]:
    """All events."""
    raise_actors(world)
    with closing(world):
        return list(world.told())


def on_connection_to(events: list[Event], host: str, port: int) -> list[Event]:
    """What happened on the first connection to a host's port."""
    opened = next(
        e.fact
        for e in events
        if isinstance(e.fact, Connected) and (e.fact.peer, e.fact.port) == (host, port)
    )
    return [e for e in events if getattr(e.fact, "conn", None) == opened.conn]


@pytest.mark.parametrize(("host", "port", "verified"), [(SUBMISSION, 587, True), (MX, 25, False)])
def test_the_handshake_is_tls_1_3_and_all_that_follows_is_sealed(
    host: str, port: int, *, verified: bool
):
    events = on_connection_to(play(a_world("may")), host, port)
    (place,) = [number for number, e in enumerate(events) if isinstance(e.fact, Tls)]
    tls = events[place].fact
    assert isinstance(tls, Tls)
    assert tls.version == "TLSv1.3"
    assert tls.cipher.startswith("TLS_")
    assert (tls.name, tls.verified, tls.reason) == (host, verified, "")
    assert not any(getattr(e.fact, "secure", False) for e in events[:place])
    after = [e.fact for e in events[place + 1 :] if e.kind in {"command", "reply", "content"}]
    assert after
    assert all(fact.secure for fact in after)  # type: ignore[union-attr]


def test_the_received_fields_prove_that_starttls_ran_on_both_connections():
    (stored,) = [e.fact for e in play(a_world("may")) if isinstance(e.fact, Stored)]
    assert " with ESMTPS id " in stored.data
    assert " with ESMTPSA id " in stored.data


def test_without_starttls_between_the_servers_the_received_field_says_so():
    events = play(a_world("none"))
    (stored,) = [e.fact for e in events if isinstance(e.fact, Stored)]
    assert " with ESMTP id " in stored.data
    assert not any(isinstance(e.fact, Tls) for e in on_connection_to(events, MX, 25))


def test_a_certificate_for_another_name_ends_the_submission_before_anything_sealed_is_said():
    world = a_world()
    world.certificate_names[SUBMISSION] = "penipu.example"
    events = play(world)
    connection = on_connection_to(events, SUBMISSION, 587)
    (tls,) = [e.fact for e in connection if isinstance(e.fact, Tls)]
    assert not tls.verified
    assert SUBMISSION in tls.reason
    (closed,) = [e for e in connection if isinstance(e.fact, Closed)]
    assert isinstance(closed.fact, Closed)
    assert closed.fact.reason == "tls"
    assert closed.host == "pc-ani.kampus.example"
    assert not any(getattr(e.fact, "secure", False) for e in connection)
    commands = [e.fact.line for e in connection if isinstance(e.fact, Command)]
    assert commands == ["EHLO pc-ani.kampus.example", "STARTTLS"]
    refused = [e.fact for e in events if e.kind == "judged" and e.fact.rule == "submission.kept"]  # type: ignore[union-attr]
    assert len(refused) == 1
    assert not any(isinstance(e.fact, Stored) for e in events)


def test_between_servers_a_certificate_for_another_name_is_taken_all_the_same():
    world = a_world("may")
    world.certificate_names[MX] = "penipu.example"
    events = play(world)
    (tls,) = [e.fact for e in on_connection_to(events, MX, 25) if isinstance(e.fact, Tls)]
    assert (tls.verified, tls.reason) == (False, "")
    assert any(isinstance(e.fact, Stored) for e in events)
