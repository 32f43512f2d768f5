"""The simulated internet: addresses, listening ports, streams, datagrams. It knows no mail.

Between any two addresses an octet needs the same latency; between two programs of one
address it needs next to none. A port where nobody listens refuses; where there is no machine, or it
is off, nothing answers. A wire can be cut.
"""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Awaitable, Callable
from ipaddress import ip_address
from typing import Any, TypeAlias

from simulator.engine.clock import VirtualLoop
from simulator.engine.transport import MemoryTransport
from simulator.scenario.virtual_time import LOCAL_LATENCY, SECOND

Answerer: TypeAlias = Callable[[bytes, Any], Awaitable[bytes | None]]
"""Takes a datagram and its label, gives the datagram to send back, or None to stay silent."""

_SYN_AGAIN = (1, 2, 4, 8, 16, 32, 64)
"""Seconds that a SYN waits for an answer, each time it is sent (RFC 6298 section 2.1, 5.5; as often
as Linux sends it)."""
_FIRST_EPHEMERAL_PORT = 49152  # RFC 6335 section 6: the dynamic ports


class Listener:
    """A port on which somebody listens; as much of asyncio's Server as anyone here uses."""

    def __init__(self, network: Network, address: str, port: int) -> None:
        self._network, self._where = network, (address, port)

    def close(self) -> None:
        """Stop listening: from now on the port refuses."""
        self._network.listeners.pop(self._where, None)

    async def wait_closed(self) -> None:
        """Nothing is left to wait for."""


class Network:
    """Everything that carries octets in one simulated world."""

    def __init__(self, loop: VirtualLoop, latency: int) -> None:
        self._loop = loop
        self._latency = latency
        self._ports: dict[str, int] = {}
        self.listeners: dict[tuple[str, int], Callable[[], asyncio.BaseProtocol]] = {}
        self.answerers: dict[tuple[str, int], Answerer] = {}
        self.machines: frozenset[str] = frozenset()
        """Addresses at which there is a machine at all."""
        self.down: frozenset[str] = frozenset()
        """Addresses of machines that are down: they neither answer nor send anything."""
        self.streams: list[MemoryTransport] = []
        self._stalled: dict[str, int] = {}
        """Addresses whose line stands still, and until when."""
        loop.network = self

    def latency(self, one: str, other: str) -> int:
        """Virtual microseconds that an octet sent now needs from one address to the other."""
        usual = LOCAL_LATENCY if one == other else self._latency
        if not self._stalled:
            return usual
        until = max(self._stalled.get(one, 0), self._stalled.get(other, 0))
        return max(usual, until - self._loop.now)

    def stall(self, address: str, until: int) -> None:
        """Let the line of an address stand still: what is sent arrives at ``until``, or later."""
        self._stalled[address] = max(until, self._stalled.get(address, 0))

    def is_down(self, one: str, other: str) -> bool:
        """Whether one of the two machines is down."""
        return not self.down.isdisjoint((one, other))

    def cut(self, chosen: Callable[[Any], bool]) -> None:
        """Break the wires that are chosen, each once it is established."""
        for stream in self.open_streams():
            wire = stream.get_extra_info("wire")
            if wire is not None and chosen(wire):
                self._loop.call_soon(stream.cut)

    def listen(
        self, address: str, port: int, factory: Callable[[], asyncio.BaseProtocol]
    ) -> Listener:
        """Let ``factory`` make a protocol for every connection. Raises OSError if in use."""
        if (address, port) in self.listeners:
            raise OSError(98, f"{address} port {port} is in use")
        self.listeners[address, port] = factory
        return Listener(self, address, port)

    async def create_connection(
        self,
        factory: Callable[[], asyncio.BaseProtocol],
        host: str,
        port: int,
        *,
        local_addr: tuple[str, int] | None = None,
        opened: Callable[[tuple[str, int]], None] | None = None,
        **extra: Any,
    ) -> tuple[asyncio.BaseTransport, asyncio.BaseProtocol]:
        """Open a stream; ``extra`` is known to both ends by ``get_extra_info``.

        ``opened`` is told the client's address and port at the moment the server accepts.
        Raises ConnectionRefusedError after one round trip where nobody listens, TimeoutError after
        two minutes where no machine answers: a caller has less patience.
        """
        source = local_addr[0] if local_addr else "0.0.0.0"  # noqa: S104
        await self._knock(source, host)
        server_factory = self.listeners.get((host, port))
        if server_factory is None:
            await asyncio.sleep(self.latency(source, host) / SECOND)
            raise ConnectionRefusedError(111, f"{host} port {port} refused the connection")
        peers = ((source, self._ephemeral_port(source, local_addr)), (host, port))
        way = functools.partial(self.latency, source, host)
        near = MemoryTransport(self._loop, way, self._extra(peers[0], peers[1], extra))
        far = MemoryTransport(self._loop, way, self._extra(peers[1], peers[0], extra))
        MemoryTransport.join(near, far)
        self.streams = [stream for stream in self.streams if not stream.is_over]
        self.streams.append(near)
        server, client = server_factory(), factory()
        near.set_protocol(client)
        far.set_protocol(server)
        if opened is not None:
            opened(peers[0])
        # The SYN-ACK is on its way before the server's first octet is.
        arrived = self._loop.create_future()
        self._loop.call_later(way() / SECOND, self._establish, client, near, arrived)
        server.connection_made(far)
        await arrived
        return near, client

    async def _knock(self, source: str, address: str) -> None:
        """Send SYNs until one arrives at a machine; a machine that is off answers nothing."""
        for wait in _SYN_AGAIN:
            latency = self.latency(source, address)
            await asyncio.sleep(latency / SECOND)
            if self._is_there(source, address):
                return
            await asyncio.sleep(max(wait - latency / SECOND, 0))
        raise TimeoutError(110, f"{address} does not answer")

    def _is_there(self, source: str, address: str) -> bool:
        there = address in self.machines or ip_address(address).is_loopback
        return there and not self.is_down(source, address)

    async def exchange(
        self, source: str, address: str, port: int, datagram: bytes, label: Any, patience: int
    ) -> bytes | None:
        """Send a datagram and wait for the answer; None after ``patience`` microseconds."""
        answer: asyncio.Future[bytes | None] = self._loop.create_future()
        latency = self.latency(source, address)
        answerer = self.answerers.get((address, port))
        lost = self.is_down(source, address)
        if answerer is not None and not lost:
            way_back = functools.partial(self.latency, address, source)
            self._loop.own(
                self._carry(answerer, datagram, label, (latency, way_back), answer),
                f"datagram to {address}",
            )
        try:
            return await asyncio.wait_for(answer, patience / SECOND)
        except TimeoutError:
            return None

    def cut_all(self) -> None:
        """Every wire breaks, those too that one end has closed already."""
        for stream in self.streams:
            stream.cut()

    def open_streams(self) -> list[MemoryTransport]:
        """The client ends of all streams that are open now."""
        return [stream for stream in self.streams if not stream.is_closing()]

    async def _carry(
        self,
        answerer: Answerer,
        datagram: bytes,
        label: Any,
        latencies: tuple[int, Callable[[], int]],
        answer: asyncio.Future[bytes | None],
    ) -> None:
        there, way_back = latencies
        await asyncio.sleep(there / SECOND)
        reply = await answerer(datagram, label)
        if reply is None:
            return
        await asyncio.sleep(way_back() / SECOND)
        if not answer.done():
            answer.set_result(reply)

    def _ephemeral_port(self, source: str, local_addr: tuple[str, int] | None) -> int:
        if local_addr and local_addr[1]:
            return local_addr[1]
        port = self._ports.get(source, _FIRST_EPHEMERAL_PORT)
        self._ports[source] = port + 1 if port < 65535 else _FIRST_EPHEMERAL_PORT
        return port

    @staticmethod
    def _extra(
        own: tuple[str, int], other: tuple[str, int], extra: dict[str, Any]
    ) -> dict[str, Any]:
        return {**extra, "sockname": own, "peername": other}

    @staticmethod
    def _establish(
        client: asyncio.BaseProtocol, near: MemoryTransport, arrived: asyncio.Future[None]
    ) -> None:
        if not arrived.done():
            client.connection_made(near)
            arrived.set_result(None)
