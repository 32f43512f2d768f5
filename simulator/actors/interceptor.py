"""Somebody on the wire: takes a server's calls, calls the real server itself, and sits between.

It passes on what both say, but takes STARTTLS out of what the server offers; or it does TLS with
the client itself, with a certificate of its own name, and speaks on with the server in the clear.
"""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass, field

from simulator.engine.site import SimulatedSite
from simulator.engine.wire import SimulatedWire
from simulator.mail.site import Line
from simulator.mail.smtp.chunks import chunk_size
from simulator.mail.transparency import FINAL_DOT
from simulator.scenario.secrecy import Interception
from simulator.scenario.virtual_time import SECOND
from simulator.trace.event import Judged
from simulator.trace.go_ahead import lets_message_follow

_SMTP_PORT = 25
_PATIENCE = 3_600 * SECOND
"""It waits longer than either side does."""
_LIMIT = 1 << 30
_OFFER = "STARTTLS"


class Interceptor:
    """The machine on the wire; who is called through it, the wire itself knows."""

    def __init__(self, site: SimulatedSite) -> None:
        self._site = site

    def open(self) -> None:
        """Take every call that is led here."""
        self._site.listen(_SMTP_PORT, self._protocol)

    def _protocol(self) -> asyncio.BaseProtocol:
        loop = self._site.loop
        reader = asyncio.StreamReader(limit=_LIMIT, loop=loop)
        return asyncio.StreamReaderProtocol(reader, self._called, loop=loop)

    def _called(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        wire: SimulatedWire = writer.get_extra_info("wire")
        self._site.start(self._sit(reader, writer, wire), f"{self._site.name} sits on a wire")

    async def _sit(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, wire: SimulatedWire
    ) -> None:
        source = writer.get_extra_info("peername")[0]
        try:
            line = await self._site.call(
                wire.called, wire.address, _SMTP_PORT, "smtp", wire.errand, source=source
            )
        except (ConnectionError, TimeoutError):
            wire.closed(self._site.name, "dropped")
            writer.close()
            return
        does = "strip" if wire.interceptor is None else wire.interceptor.does
        between = _Between(self._site, does, reader, writer, wire, line)
        self._site.start(between.carry_replies(), f"{self._site.name} passes replies on")
        await between.carry_commands()


@dataclass(slots=True)
class _Between:
    """One conversation that is sat in: the client's end, the server's end, and what is owed."""

    site: SimulatedSite
    does: Interception
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    wire: SimulatedWire
    line: Line
    owed: list[str] = field(default_factory=lambda: ["greeting"])
    in_content: bool = False
    sealed: bool = False
    farewell: str = "dropped"

    async def carry_commands(self) -> None:
        """From the client to the server, until either is gone."""
        try:
            while True:
                octets = await self.reader.readuntil(b"\n")
                self.line.wire.errand = self.wire.errand
                if self.in_content:
                    await self._carry_message(octets)
                else:
                    await self._carry_command(octets)
        except (asyncio.IncompleteReadError, ConnectionError, ssl.SSLError):
            self.line.close(self.farewell)

    async def carry_replies(self) -> None:
        """From the server to the client, until either is gone."""
        try:
            while True:
                await self._carry_reply()
        except (ConnectionError, TimeoutError):
            self.wire.closed(self.site.name, self.farewell)
            self.writer.close()

    async def _carry_command(self, octets: bytes) -> None:
        words = octets.rstrip(b"\r\n").decode("utf-8", "backslashreplace")
        verb = words.partition(" ")[0].upper()
        if verb == _OFFER and self.does == "impersonate" and not self.sealed:
            await self._pretend()
            return
        self.owed.append(verb)
        self.line.wire.command(words)
        size = chunk_size(words.partition(" ")[2]) if verb == "BDAT" else None
        if size is not None and size.octets:
            chunk = await self.reader.readexactly(size.octets)
            self.line.wire.content(chunk)
            octets += chunk
        await self.line.send(octets)

    async def _carry_message(self, octets: bytes) -> None:
        message = octets
        while not (message == FINAL_DOT or message.endswith(b"\r\n" + FINAL_DOT)):
            message += await self.reader.readuntil(b"\n")
        self.in_content = False
        self.owed.append(".")
        self.line.wire.content(message)
        await self.line.send(message)

    async def _carry_reply(self) -> None:
        lines = [await self.line.receive(_PATIENCE)]
        while lines[-1][3:4] == "-":
            lines.append(await self.line.receive(_PATIENCE))
        verb = self.owed.pop(0) if self.owed else ""
        self.in_content = verb == "DATA" and lets_message_follow(lines[-1][:3])
        if verb == "QUIT":
            self.farewell = "quit"
        if verb == "EHLO" and (self.does == "strip" or self.sealed):
            lines = self._without_offer(lines)
        self._say(lines)

    def _without_offer(self, lines: list[str]) -> list[str]:
        """An EHLO reply in which STARTTLS was never offered."""
        kept = [line[4:] for line in lines if line[4:].upper() != _OFFER]
        if len(kept) == len(lines):
            return lines
        if not self.sealed:
            self._tell("stripped")
        code = lines[0][:3]
        return [*(f"{code}-{text}" for text in kept[:-1]), f"{code} {kept[-1]}"]

    async def _pretend(self) -> None:
        """Say 220 in the server's place, and do the handshake with one's own certificate."""
        self._tell("impersonated")
        self._say(["220 2.0.0 Ready to start TLS"])
        await self.writer.start_tls(self.site.tls_context())
        self.sealed = True

    def _say(self, lines: list[str]) -> None:
        self.wire.reply("\r\n".join(lines), "passed-on")
        self.writer.write("".join(f"{line}\r\n" for line in lines).encode())

    def _tell(self, verdict: str) -> None:
        inputs = {"client": self.wire.client, "server": self.wire.called}
        self.site.emit(self.wire.errand, Judged(rule="intercept", verdict=verdict, inputs=inputs))
