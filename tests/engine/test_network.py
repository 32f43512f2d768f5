"""The simulated internet: streams, refusal, cut wires, datagrams."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.engine.certificates import client_context, server_context
from simulator.engine.clock import VirtualLoop
from simulator.engine.network import Network

LATENCY = 10_000
HERE, THERE = "192.0.2.1", "203.0.113.1"


def a_network(loop: VirtualLoop) -> Network:
    network = Network(loop, LATENCY)
    network.machines = frozenset({HERE, THERE})
    return network


@pytest.fixture
def network() -> Iterator[Network]:
    loop = VirtualLoop()
    asyncio.set_event_loop(loop)
    yield a_network(loop)
    loop.wind_up()
    asyncio.set_event_loop(None)


def serve(
    network: Network,
    port: int,
    talk: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
) -> None:
    loop = network._loop

    def factory() -> asyncio.StreamReaderProtocol:
        reader = asyncio.StreamReader(loop=loop)
        return asyncio.StreamReaderProtocol(reader, talk, loop=loop)

    network.listen(THERE, port, factory)


async def nothing(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.close()


async def connect(network: Network, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    loop = network._loop
    reader = asyncio.StreamReader(loop=loop)
    protocol = asyncio.StreamReaderProtocol(reader, loop=loop)
    transport, _ = await network.create_connection(
        lambda: protocol, THERE, port, local_addr=(HERE, 0)
    )
    return reader, asyncio.StreamWriter(transport, protocol, reader, loop)


def test_a_line_and_its_echo_take_a_round_trip_each_way(network: Network):
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(await reader.readline())
        writer.close()

    async def story() -> bytes:
        reader, writer = await connect(network, 7)
        writer.write(b"halo\r\n")
        answer = await reader.read()
        writer.close()
        return answer

    serve(network, 7, echo)
    assert network._loop.run_until_complete(story()) == b"halo\r\n"
    assert network._loop.now == 4 * LATENCY, "SYN, SYN-ACK, the line, its echo"


def test_a_port_where_nobody_listens_refuses_after_a_round_trip(network: Network):
    with pytest.raises(ConnectionRefusedError):
        network._loop.run_until_complete(connect(network, 25))
    assert network._loop.now == 2 * LATENCY


@pytest.mark.parametrize("where", ["it is down", "there is none", "our own is down"])
def test_a_machine_that_is_not_there_answers_nothing(network: Network, where: str):
    serve(network, 25, nothing)
    if where == "there is none":
        network.machines = frozenset({HERE})
    else:
        network.down = frozenset({THERE if where == "it is down" else HERE})
    with pytest.raises(TimeoutError):
        network._loop.run_until_complete(connect(network, 25))
    assert network._loop.now == 127_000_000, "seven SYNs, each waited for twice as long"


def test_who_knocks_again_at_a_machine_that_is_up_meanwhile_is_let_in(network: Network):
    serve(network, 25, nothing)
    network.down = frozenset({THERE})
    network._loop.call_at(5, lambda: setattr(network, "down", frozenset()))
    _, writer = network._loop.run_until_complete(connect(network, 25))
    writer.close()
    assert network._loop.now == 7_000_000 + 2 * LATENCY, "SYNs at 0, 1, 3 and 7 s"


def test_nobody_listens_on_a_machines_loopback(network: Network):
    loop, here = network._loop, (HERE, 0)
    call = network.create_connection(asyncio.Protocol, "127.0.0.1", 25, local_addr=here)
    with pytest.raises(ConnectionRefusedError):
        loop.run_until_complete(call)


def test_a_cut_wire_is_a_reset_at_both_ends(network: Network):
    felt: list[str] = []

    async def wait(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readline()
        except ConnectionResetError:
            felt.append("server")
        writer.close()

    async def story() -> None:
        reader, writer = await connect(network, 25)
        network.streams[0].cut()
        with pytest.raises(ConnectionResetError):
            await reader.readline()
        felt.append("client")
        await asyncio.sleep(1)
        writer.close()

    serve(network, 25, wait)
    network._loop.run_until_complete(story())
    assert sorted(felt) == ["client", "server"]


@settings(max_examples=30, deadline=None)
@given(pieces=st.lists(st.binary(min_size=1, max_size=200_000), max_size=8))
def test_octets_arrive_whole_and_in_order_whatever_the_pieces(pieces: list[bytes]):
    loop = VirtualLoop()
    asyncio.set_event_loop(loop)
    network = a_network(loop)
    got = bytearray()

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while octets := await reader.read(70_000):
            got.extend(octets)
        writer.close()

    async def story() -> None:
        _, writer = await connect(network, 9)
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
        writer.write_eof()
        await asyncio.sleep(60)
        writer.close()

    serve(network, 9, take)
    loop.run_until_complete(story())
    loop.wind_up()
    asyncio.set_event_loop(None)
    assert bytes(got) == b"".join(pieces)


def test_tls_is_real_and_a_wrong_name_is_noticed(network: Network):
    refused: list[str] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await writer.start_tls(server_context("mx1.kantor.example"))
        except (ssl.SSLError, ConnectionError):
            refused.append("server")
            return
        writer.write(await reader.readline())
        await asyncio.sleep(1)
        writer.close()

    async def story(name: str) -> tuple[str | None, bytes]:
        reader, writer = await connect(network, 587)
        await writer.start_tls(client_context(), server_hostname=name)
        writer.write(b"rahasia\r\n")
        line = await reader.readline()
        version = writer.get_extra_info("ssl_object").version()
        writer.close()
        return version, line

    serve(network, 587, talk)
    loop = network._loop
    assert loop.run_until_complete(story("mx1.kantor.example")) == ("TLSv1.3", b"rahasia\r\n")
    with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
        loop.run_until_complete(story("mx1.bank.example"))
    loop.run_until_complete(asyncio.sleep(1))
    assert refused == ["server"]


def test_a_datagram_is_answered_or_times_out(network: Network):
    async def answer(datagram: bytes, label: object) -> bytes | None:
        return datagram[::-1] if label == "please" else None

    network.answerers[THERE, 53] = answer

    async def ask(label: str) -> bytes | None:
        return await network.exchange(HERE, THERE, 53, b"abc", label, 2_000_000)

    assert network._loop.run_until_complete(ask("please")) == b"cba"
    assert network._loop.now == 2 * LATENCY
    assert network._loop.run_until_complete(ask("silence")) is None
    assert network._loop.now == 2 * LATENCY + 2_000_000
