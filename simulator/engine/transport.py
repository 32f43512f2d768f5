"""A stream in memory: two transports that carry octets to each other after a latency.

Real protocols run on it unchanged, TLS (``asyncio.sslproto``) among them. One queue and one
timer a direction keep the octets in order.
"""

from __future__ import annotations

import asyncio
from asyncio import protocols
from collections import deque
from collections.abc import Callable
from typing import Any

from simulator.engine.clock import VirtualLoop
from simulator.scenario.virtual_time import SECOND

_HIGH_WATER = 256 * 1024
"""Octets under way at which a writer is asked to pause."""

_END = b""
"""In the queue: the other side will write no more."""


class MemoryTransport(asyncio.Transport):
    """One end of a stream. Join two with ``join``; each then delivers to the other.

    ``latency`` says how many microseconds what is sent now needs.
    """

    # sslproto asks this private name before it takes a transport for STARTTLS.
    _start_tls_compatible = True

    def __init__(
        self, loop: VirtualLoop, latency: Callable[[], int], extra: dict[str, Any]
    ) -> None:
        super().__init__(extra)
        self._loop = loop
        self._latency = latency
        self._protocol: asyncio.BaseProtocol | None = None
        self._peer: MemoryTransport | None = None
        self._inbox: deque[tuple[int, bytes]] = deque()
        self._timer: asyncio.TimerHandle | None = None
        self._under_way = 0
        self._reading = True
        self._writing = True
        self._closing = False
        self._lost = False
        self._eof_sent = False

    @staticmethod
    def join(one: MemoryTransport, other: MemoryTransport) -> None:
        """Make the two ends of one stream."""
        one._peer, other._peer = other, one

    # What a protocol may do ------------------------------------------------------------------

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        """Who hears what arrives from now on."""
        self._protocol = protocol

    def get_protocol(self) -> asyncio.BaseProtocol:
        """Who hears what arrives."""
        if self._protocol is None:
            raise RuntimeError("the transport has no protocol yet")
        return self._protocol

    def is_closing(self) -> bool:
        """Whether it is closed, or about to be."""
        return self._closing

    @property
    def is_over(self) -> bool:
        """Whether both ends have let go."""
        return self._lost and (self._peer is None or self._peer._lost)  # noqa: SLF001

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Send octets; they arrive one latency later."""
        octets = bytes(data)
        if not octets or self._closing or self._eof_sent or self._peer is None:
            return
        self._under_way += len(octets)
        self._peer.put(octets)
        if self._writing and self._under_way > _HIGH_WATER:
            self._writing = False
            self.get_protocol().pause_writing()

    def can_write_eof(self) -> bool:
        """One direction can end before the other."""
        return True

    def write_eof(self) -> None:
        """Say that no more octets will come; the other direction stays open."""
        if not self._eof_sent and not self._closing and self._peer is not None:
            self._eof_sent = True
            self._peer.put(_END)

    def close(self) -> None:
        """Close once all that was written has been sent."""
        if self._closing:
            return
        if not self._eof_sent and self._peer is not None:
            self._eof_sent = True
            self._peer.put(_END)
        self._closing = True
        self._loop.call_soon(self._lose, None)

    def abort(self) -> None:
        """Close at once, as a reset does."""
        self._force_close(None)

    def cut(self) -> None:
        """The wire breaks: both ends learn it as a reset."""
        reset = ConnectionResetError(104, "the wire was cut")
        if self._peer is not None:
            self._peer._force_close(reset)  # noqa: SLF001 - a name that sslproto chose
        self._force_close(reset)

    def _force_close(self, error: Exception | None) -> None:
        """Named so because sslproto calls it when a handshake fails."""
        if self._lost:
            return
        if not self._eof_sent and self._peer is not None:
            self._eof_sent = True
            self._peer.put(_END)
        self._closing = True
        self._loop.call_soon(self._lose, error)

    def pause_reading(self) -> None:
        """Let what arrives wait."""
        self._reading = False

    def resume_reading(self) -> None:
        """Take what has waited, and what comes."""
        if not self._reading:
            self._reading = True
            self._set_timer()

    def is_reading(self) -> bool:
        """Whether what arrives is taken."""
        return self._reading and not self._closing

    def get_write_buffer_size(self) -> int:
        """Octets that are under way."""
        return self._under_way

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        """The limits are fixed: what is under way is all that is buffered."""

    # What the other end does -----------------------------------------------------------------

    def put(self, octets: bytes) -> None:
        """The other end sent this: it arrives after the latency."""
        self._inbox.append((self._loop.now + self._latency(), octets))
        self._set_timer()

    def _set_timer(self) -> None:
        if self._timer is None and self._inbox and self._reading:
            due = max(self._inbox[0][0], self._loop.now)
            self._timer = self._loop.call_at(due / SECOND, self._deliver)

    def _deliver(self) -> None:
        self._timer = None
        while self._inbox and self._reading and self._inbox[0][0] <= self._loop.now:
            _, octets = self._inbox.popleft()
            if self._closing or self._protocol is None:
                continue
            if octets is _END:
                self._end_of_stream()
            else:
                self._feed(octets)
        self._set_timer()

    def _feed(self, octets: bytes) -> None:
        if self._peer is not None:
            self._peer.arrived(len(octets))
        protocol = self.get_protocol()
        if isinstance(protocol, asyncio.BufferedProtocol):
            # sslproto is a BufferedProtocol; asyncio's own transports call the same function.
            protocols._feed_data_to_buffered_proto(protocol, octets)  # type: ignore[attr-defined]  # noqa: SLF001
        elif isinstance(protocol, asyncio.Protocol):
            protocol.data_received(octets)

    def _end_of_stream(self) -> None:
        protocol = self.get_protocol()
        if isinstance(protocol, asyncio.Protocol | asyncio.BufferedProtocol):
            keep_open = protocol.eof_received()
            if not keep_open:
                self.close()

    def arrived(self, octets: int) -> None:
        """So many octets are no longer under way."""
        self._under_way -= octets
        if not self._writing and self._under_way <= _HIGH_WATER // 4 and not self._lost:
            self._writing = True
            self.get_protocol().resume_writing()

    def _lose(self, error: Exception | None) -> None:
        if self._lost:
            return
        self._lost = True
        if self._protocol is not None:
            self._protocol.connection_lost(error)
