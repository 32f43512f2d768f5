"""Our halves of the mail protocols on real loopback sockets, for judges from outside.

A stock asyncio loop runs in a thread of its own; the site and the wires are as small as
``simulator.mail.site`` asks for. There is no DNS: every name is unknown.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import ssl
import threading
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Self, TypeVar

from simulator.engine.certificates import anyone_context, client_context, server_context
from simulator.mail.site import Errand, Resolved, Wish
from simulator.scenario.changes import SayInstead
from simulator.trace.event import Fact

HERE = "127.0.0.1"
_SECOND = 1_000_000
Result = TypeVar("Result")


@dataclass
class LoopbackWire:
    """One connection; ``said`` has what was spoken on it, as a dialogue is written."""

    client: str
    server: str
    errand: Errand = field(default_factory=lambda: Errand("m1", 5))
    said: list[str] = field(default_factory=list)
    conn: int = 1

    @property
    def called(self) -> str:
        return self.server

    def command(self, line: str) -> None:
        self.said.append(f"C: {line}")

    def reply(self, text: str, rule: str) -> None:
        self.said += [f"S: {line}" for line in text.split("\r\n")]

    def overruling(self) -> None:
        """Nobody overrules a server here."""

    def overrule(self, deed: SayInstead, rule: Wish) -> None:
        """Nobody is to."""

    def content(self, octets: bytes, *, by_server: bool = False) -> None:
        self.said.append(f"{'S' if by_server else 'C'}: ({len(octets)} octets)")

    def handshake(
        self, version: str, cipher: str, name: str, *, verified: bool, reason: str
    ) -> None:
        self.said.append(f"TLS {version} {name} {'verified' if verified else reason}".rstrip())

    def closed(self, host: str, reason: str) -> None:
        self.said.append(f"closed: {reason}")


class LoopbackLine:
    """The client's end of a real connection."""

    def __init__(
        self, wire: LoopbackWire, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.wire = wire
        self._reader, self._writer = reader, writer

    async def send(self, octets: bytes) -> None:
        self._writer.write(octets)
        await self._writer.drain()

    async def receive(self, patience: int) -> str:
        line = (await self.receive_until(b"\n", patience)).rstrip(b"\r\n").decode()
        self.wire.said.append(f"S: {line}")
        return line

    async def receive_until(self, ending: bytes, patience: int) -> bytes:
        try:
            async with asyncio.timeout(patience / _SECOND):
                return await self._reader.readuntil(ending)
        except asyncio.IncompleteReadError as gone:
            raise ConnectionResetError(104, "the other side closed") from gone

    async def start_tls(self, name: str, *, verify: bool) -> None:
        context = client_context() if verify else anyone_context()
        await self._writer.start_tls(context, server_hostname=name)
        sealed: ssl.SSLObject = self._writer.get_extra_info("ssl_object")
        self.wire.handshake(sealed.version() or "", "", name, verified=verify, reason="")

    def close(self, reason: str) -> None:
        self.wire.closed(self.wire.client, reason)
        self._writer.close()

    async def gone(self) -> None:
        """Wait until the connection is closed; how the other side ends it does not matter."""
        with contextlib.suppress(OSError):
            await self._writer.wait_closed()


async def call(port: int, server: str = "mx1.kantor.example") -> LoopbackLine:
    """Open a connection to a port of this machine, as if it were ``server``."""
    reader, writer = await asyncio.open_connection(HERE, port)
    return LoopbackLine(LoopbackWire("smtp.kampus.example", server), reader, writer)


class LoopbackSite:
    """A host of this machine; it runs on the loop of whoever uses it."""

    name = "smtp.kampus.example"
    address = HERE
    addresses = (HERE,)

    def __init__(self) -> None:
        self.random = random.Random(1)
        self.facts: list[Fact] = []
        self._at_work: set[asyncio.Task[None]] = set()

    def now(self) -> int:
        return int(asyncio.get_running_loop().time() * _SECOND)

    def date(self, at: int | None = None) -> datetime:
        return datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

    def emit(self, errand: Errand, fact: Fact) -> None:
        self.facts.append(fact)

    async def sleep(self, duration: int) -> None:
        await asyncio.sleep(duration / _SECOND)

    async def resolve(self, name: str, rdtype: str, errand: Errand) -> Resolved:
        return Resolved("NXDOMAIN", ())

    async def call(self, *where: object) -> LoopbackLine:
        raise ConnectionRefusedError(111, "this site calls nobody")

    def start(self, work: Coroutine[Any, Any, None], name: str) -> None:
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._at_work.add(task)
        task.add_done_callback(self._done)

    async def at_rest(self) -> None:
        """Wait until all work that was started is done."""
        while self._at_work:
            await asyncio.wait(self._at_work)

    def tls_context(self) -> ssl.SSLContext:
        """The clients of this machine know the server by its address."""
        return server_context(HERE)

    @property
    def is_off(self) -> bool:
        return False

    def when_on(self, act: Callable[[], None]) -> None:
        act()

    def strike(
        self, on: str, argument: str = "", conn: int | None = None, *, final: bool = True
    ) -> None:
        """Nothing goes wrong on purpose here."""

    def new_journey(self) -> str:
        return "m2"

    def _done(self, task: asyncio.Task[None]) -> None:
        self._at_work.discard(task)
        task.result()


class Loopback:
    """A stock loop in a thread. Whatever fails on it unnoticed fails the test that uses it."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.wires: list[LoopbackWire] = []
        self._servers: list[asyncio.Server] = []
        self._failures: list[dict[str, Any]] = []
        self._thread = threading.Thread(target=self._run, name="loopback")

    def __enter__(self) -> Self:
        self.loop.set_exception_handler(lambda _, context: self._failures.append(context))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.run(self._wind_up())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()
        assert not self._failures, self._failures

    def listen(self, factory: Callable[[], asyncio.Protocol], address: str = HERE) -> int:
        """Serve on a free port; gives it."""
        server = self.run(self._serve(factory, address))
        self._servers.append(server)
        port: int = server.sockets[0].getsockname()[1]
        return port

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Do something on the loop and wait for it."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(timeout=30)

    def wire_of(self, _transport: object) -> LoopbackWire:
        """A wire for a connection that a server has taken."""
        wire = LoopbackWire("judge", LoopbackSite.name)
        self.wires.append(wire)
        return wire

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_forever()

    async def _serve(self, factory: Callable[[], asyncio.Protocol], address: str) -> asyncio.Server:
        return await self.loop.create_server(factory, address, 0)

    async def _wind_up(self) -> None:
        for server in self._servers:
            server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
