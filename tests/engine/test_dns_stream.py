"""DNS over TCP in the simulated world: framing, pieces, and wires that do not hold."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Iterator
from typing import Any

import pytest

from simulator.engine.clock import VirtualLoop
from simulator.engine.dns_stream import DNS_PORT, DnsStreamServer, ask_over_tcp, framed
from simulator.engine.network import Network
from simulator.engine.simulate import simulate
from simulator.scenario.changes import Change
from simulator.scenario.library import find
from simulator.scenario.loader import load
from simulator.trace.dns_cache import is_truncated
from simulator.trace.event import Answer, Event, Judged, Query, Read
from tests.changed import change

HERE, THERE = "192.0.2.1", "198.51.100.53"
LATENCY = 10_000
SECOND = 1_000_000
NAMESERVER = "ns1.kampus.example"


class World:
    """A network with one server that says every question backwards."""

    def __init__(self) -> None:
        self.loop = VirtualLoop()
        self.network = Network(self.loop, LATENCY)
        self.network.machines = frozenset({THERE})
        self.labels: list[Any] = []
        self.network.listen(THERE, DNS_PORT, lambda: DnsStreamServer(self.answer, self.loop))

    async def answer(self, question: bytes, label: Any) -> bytes | None:
        """Backwards; ``cut`` breaks the wire, ``hush`` gets no answer."""
        self.labels.append(label)
        if question == b"cut":
            raise ConnectionResetError
        return None if question == b"hush" else question[::-1]

    def run(self, work: Any) -> Any:
        """What comes of it."""
        return self.loop.run_until_complete(work)

    def ask(self, wire: bytes, address: str = THERE) -> bytes | None:
        """Put one question over TCP."""
        asking = ask_over_tcp(self.network, HERE, address, wire, "label", SECOND, lambda: None)
        said: bytes | None = self.run(asking)
        return said


@pytest.fixture
def world() -> Iterator[World]:
    world = World()
    yield world
    world.network.cut_all()
    world.loop.wind_up()


def test_a_question_over_tcp_takes_two_round_trips(world: World) -> None:
    assert world.ask(b"question") == b"noitseuq"
    assert world.loop.now == 4 * LATENCY
    assert world.labels == ["label"]
    assert world.network.open_streams() == []


def test_a_message_may_have_all_octets_that_its_length_can_tell(world: World) -> None:
    assert world.ask(bytes(65534) + b"x") == b"x" + bytes(65534)


@pytest.mark.parametrize("question", [b"cut", b"hush"])
def test_a_wire_that_breaks_or_stays_silent_brings_no_answer(world: World, question: bytes) -> None:
    assert world.ask(question) is None
    assert (world.loop.now >= SECOND) == (question == b"hush")


def test_nobody_listening_brings_no_answer(world: World) -> None:
    assert world.ask(b"question", "198.51.100.54") is None


def test_questions_in_any_pieces_are_answered_in_their_order(world: World) -> None:
    octets = framed(b"one") + framed(b"two")

    async def talk() -> bytes:
        reader = asyncio.StreamReader(loop=world.loop)
        transport, _ = await world.network.create_connection(
            lambda: asyncio.StreamReaderProtocol(reader, loop=world.loop), THERE, DNS_PORT
        )
        assert isinstance(transport, asyncio.Transport)
        for place in range(len(octets)):
            transport.write(octets[place : place + 1])
        return await reader.readexactly(len(octets))

    assert world.run(talk()) == framed(b"eno") + framed(b"owt")


def run(one: Change) -> tuple[Event, ...]:
    """The scenario with the long answer, with something that goes wrong."""
    scenario = load(find("truncated-answer"))
    return tuple(simulate(scenario.changed(one)))


def test_the_resolver_gets_the_long_answer_as_one_real_stream_carries_it() -> None:
    events = tuple(simulate(load(find("truncated-answer"))))
    asked, answered = (
        [e for e in events if isinstance(e.fact, kind) and e.fact.transport == "tcp"]
        for kind in (Query, Answer)
    )
    assert [(e.host, e.fact.id) for e in asked[:1]] == [
        ("resolver.isp.example", answered[0].fact.id)
    ]
    assert len(base64.b64decode(answered[0].fact.wire)) > 1232
    first, *_ = (e for e in events if isinstance(e.fact, Answer) and is_truncated(e.fact))
    # One way for the truncated answer, a round trip for the stream, then the question.
    assert asked[0].at == first.at + LATENCY + 2 * LATENCY
    assert answered[0].at == asked[0].at + LATENCY


@pytest.mark.parametrize("do", ["refuse", "silence"])
def test_a_nameserver_whose_tcp_port_is_shut_leaves_spf_without_an_answer(do: Any) -> None:
    events = run(change(f"on connect at ns1.kampus.example: {do}"))
    assert not [
        e
        for e in events
        if isinstance(e.fact, Query) and e.fact.server == NAMESERVER and e.fact.transport == "tcp"
    ]
    judged = [e.fact for e in events if isinstance(e.fact, Judged)]
    assert ("connect", "53") in [
        (f.inputs["on"], f.inputs["argument"]) for f in judged if f.rule == "fault"
    ]
    spf = [f.verdict for f in judged if f.rule == "trust.spf"]
    assert spf[-1] == "temperror"


def test_a_wire_cut_in_the_middle_is_no_answer_and_a_late_one_is() -> None:
    cut = run(change("on dns at ns1.kampus.example only TXT tcp: drop"))
    assert [f.verdict for e in cut if isinstance(f := e.fact, Judged) and f.rule == "trust.spf"][
        -1
    ] == "temperror"
    late = run(change("on connect at ns1.kampus.example: delay 1 s"))
    assert any(isinstance(event.fact, Read) for event in late)
