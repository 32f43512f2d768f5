"""DNS over TCP (RFC 7766): each message after its length in two octets, on a simulated stream."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Callable
from typing import Any

from simulator.engine.clock import VirtualLoop
from simulator.engine.network import Answerer, Network
from simulator.engine.transport import MemoryTransport
from simulator.scenario.virtual_time import SECOND

DNS_PORT = 53

_LENGTH = struct.Struct("!H")  # RFC 1035 section 4.2.2


def framed(wire: bytes) -> bytes:
    """A message with its length before it, to be written in one go (RFC 7766 section 8)."""
    return _LENGTH.pack(len(wire)) + wire


class DnsStreamServer(asyncio.Protocol):
    """A server's end: questions may come in any pieces; each is answered when it is whole.

    An answerer that raises ConnectionError cuts the wire; one that gives None stays silent.
    """

    def __init__(self, answerer: Answerer, loop: VirtualLoop) -> None:
        self._answerer, self._loop = answerer, loop
        self._received = b""
        self._transport: MemoryTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client is there."""
        if isinstance(transport, MemoryTransport):
            self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Take the octets, and answer every question that is whole."""
        self._received += data
        while len(self._received) >= _LENGTH.size:
            (length,) = _LENGTH.unpack_from(self._received)
            end = _LENGTH.size + length
            if len(self._received) < end:
                return
            question, self._received = self._received[_LENGTH.size : end], self._received[end:]
            self._loop.own(self._answer(question), "a question over TCP")

    async def _answer(self, question: bytes) -> None:
        if self._transport is None:
            return
        try:
            reply = await self._answerer(question, self._transport.get_extra_info("label"))
        except ConnectionError:
            self._transport.cut()
            return
        if reply is not None:
            self._transport.write(framed(reply))


async def ask_over_tcp(
    network: Network,
    source: str,
    address: str,
    wire: bytes,
    label: Any,
    patience: int,
    opened: Callable[[], None],
) -> bytes | None:
    """Open a stream, put one question, and close it once the answer is there.

    ``opened`` is called when the question is about to be written. None where nobody listens,
    where the wire breaks, or after ``patience`` virtual microseconds in all.
    """
    try:
        async with asyncio.timeout(patience / SECOND):
            return await _asked(network, source, address, wire, label, opened)
    except (ConnectionError, TimeoutError, asyncio.IncompleteReadError):
        return None


async def _asked(
    network: Network,
    source: str,
    address: str,
    wire: bytes,
    label: Any,
    opened: Callable[[], None],
) -> bytes:
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(loop=loop)
    transport, _ = await network.create_connection(
        lambda: asyncio.StreamReaderProtocol(reader, loop=loop),
        address,
        DNS_PORT,
        local_addr=(source, 0),
        label=label,
    )
    if not isinstance(transport, MemoryTransport):
        raise TypeError("a simulated network has simulated transports alone")
    try:
        opened()
        transport.write(framed(wire))
        (length,) = _LENGTH.unpack(await reader.readexactly(_LENGTH.size))
        return await reader.readexactly(length)
    finally:
        transport.close()
