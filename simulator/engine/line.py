"""The client's end of a simulated connection: asyncio streams over a memory transport."""

from __future__ import annotations

import asyncio
import ssl

from simulator.engine.certificates import anyone_context, client_context
from simulator.engine.wire import SimulatedWire
from simulator.scenario.virtual_time import SECOND

_LIMIT = 1 << 30
"""Octets of one line or message that a client reads: a fetched mail comes in one piece."""
_HANDSHAKE = 60
"""Virtual seconds that a handshake may take."""


class SimulatedLine:
    """An open connection, from the side that opened it."""

    def __init__(self, wire: SimulatedWire) -> None:
        self.wire = wire
        loop = asyncio.get_running_loop()
        self._reader = asyncio.StreamReader(limit=_LIMIT, loop=loop)
        self.protocol = asyncio.StreamReaderProtocol(self._reader, loop=loop)
        self._writer: asyncio.StreamWriter | None = None

    def attach(self, transport: asyncio.BaseTransport) -> None:
        """The connection is open."""
        loop = asyncio.get_running_loop()
        self._writer = asyncio.StreamWriter(transport, self.protocol, self._reader, loop)  # type: ignore[arg-type]

    async def send(self, octets: bytes) -> None:
        """Write, and wait while too much is under way."""
        writer = self._open_writer()
        writer.write(octets)
        await writer.drain()

    async def receive(self, patience: int) -> str:
        """The next line without its CRLF; what is not UTF-8 in it stays visible."""
        octets = await self.receive_until(b"\n", patience)
        return octets.rstrip(b"\r\n").decode("utf-8", "backslashreplace")

    async def receive_until(self, ending: bytes, patience: int) -> bytes:
        """Octets up to and with ``ending``."""
        try:
            async with asyncio.timeout(patience / SECOND):
                return await self._reader.readuntil(ending)
        except asyncio.IncompleteReadError as gone:
            raise ConnectionResetError(104, "the other side closed") from gone

    async def start_tls(self, name: str, *, verify: bool) -> None:
        """Seal the connection (RFC 3207); the trace gets what was agreed, or why not."""
        writer = self._open_writer()
        # What was said ahead of the handshake may be anybody's (CVE-2011-0411, client's side).
        self._reader._buffer.clear()  # type: ignore[attr-defined]  # noqa: SLF001
        context = client_context() if verify else anyone_context()
        try:
            await writer.start_tls(context, server_hostname=name, ssl_handshake_timeout=_HANDSHAKE)
        except ssl.SSLError as error:
            self.wire.handshake("", "", name, verified=False, reason=_reason(error))
            raise
        sealed: ssl.SSLObject = writer.get_extra_info("ssl_object")
        cipher = sealed.cipher()
        self.wire.handshake(
            sealed.version() or "", cipher[0] if cipher else "", name, verified=verify, reason=""
        )

    def close(self, reason: str) -> None:
        """Close; when the server has closed before, the trace has that already."""
        self.wire.closed(self.wire.client, reason)
        if self._writer is not None:
            self._writer.close()

    def _open_writer(self) -> asyncio.StreamWriter:
        if self._writer is None:
            raise RuntimeError("the line is not open yet")
        return self._writer


def _reason(error: ssl.SSLError) -> str:
    """What went wrong, without the file and line of the C code."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    return error.reason or type(error).__name__
