"""A scenario made flesh: hosts on a network in virtual time, and the one door for events."""

from __future__ import annotations

import asyncio
import base64
import random
import ssl
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from simulator.dns.message import DnsMessageError, Transport
from simulator.dns.stub import describe, question
from simulator.engine.certificates import server_context
from simulator.engine.clock import MICROSECONDS, DeadEndError, VirtualLoop
from simulator.engine.faults import FaultBook
from simulator.engine.line import SimulatedLine
from simulator.engine.network import Network
from simulator.engine.wire import SimulatedWire
from simulator.mail.site import Errand, Resolved
from simulator.scenario.model import Fault, Host, Scenario
from simulator.trace.event import Answer, Connected, Event, Fact, Protocol, Query, Refused

_BATCH = 256
"""Events after which the loop pauses, so that whoever pulls them need not wait for the end."""
_DNS_PORT = 53
_STUB_PATIENCE = 30 * MICROSECONDS
"""How long a host waits for its resolver: longer than the resolver itself tries."""
_CONNECT_PATIENCE = 30
"""Virtual seconds until a connection attempt is given up (Postfix's smtp_connect_timeout)."""


class World:
    """Everything that exists in one run. Events leave by ``emit`` and wait in ``events``."""

    def __init__(self, scenario: Scenario, hosts: tuple[Host, ...]) -> None:
        self.scenario = scenario
        self.hosts = {host.name: host for host in hosts}
        self.loop = VirtualLoop()
        self.loop.on_idle = self._come_to_rest
        self.network = Network(self.loop, scenario.latency)
        self.events: deque[Event] = deque()
        self.finished = False
        self.certificate_names: dict[str, str] = {}
        """Hosts whose certificate is for another name than their own."""
        self.faults = FaultBook(scenario.faults)
        self._start = datetime.fromisoformat(scenario.start)
        self._sites: dict[str, SimulatedSite] = {}
        self._sequence = 0
        self._connections = 0
        self._journeys = 0

    def emit(self, host: str, errand: Errand, fact: Fact) -> None:
        """The one door: number the event, date it, and let it out."""
        event = Event(self._sequence, self.loop.now, errand.step, host, errand.journey, fact)
        self._sequence += 1
        self.events.append(event)
        if len(self.events) >= _BATCH:
            self.loop.stop()

    def site(self, name: str) -> SimulatedSite:
        """A host's own place; its random is seeded by its name alone."""
        if name not in self._sites:
            self._sites[name] = SimulatedSite(self, self.hosts[name])
        return self._sites[name]

    def random_of(self, name: str) -> random.Random:
        """One random a name, so that a further host does not shift the others."""
        return random.Random(f"{self.scenario.seed}:{name}")

    def date(self, at: int | None = None) -> datetime:
        """A moment (now, if none is given) as a date in the scenario's zone, to the second."""
        moment = self._start + timedelta(microseconds=self.loop.now if at is None else at)
        return moment.replace(microsecond=0)

    def next_connection(self) -> int:
        """The number of a new connection."""
        self._connections += 1
        return self._connections

    def new_journey(self) -> str:
        """The name of a new message."""
        self._journeys += 1
        return f"m{self._journeys}"

    def run(self) -> bool:
        """Go on until events have left or all is at rest; gives whether there may be more.

        Raises DeadEndError where somebody waits for what can never come, and any error that a
        bug in an actor let out.
        """
        self.loop.run_forever()
        if self.loop.failure is not None:
            raise self.loop.failure
        return not self.finished

    def close(self) -> None:
        """End all that still goes on; every stream is cut, so that nobody holds one open."""
        for stream in self.network.open_streams():
            stream.cut()
        self.loop.wind_up()

    def _come_to_rest(self) -> None:
        waiting = self.loop.owned()
        if waiting:
            self.loop.fail(DeadEndError(self._who_waits([task.get_name() for task in waiting])))
            return
        self.finished = True
        self.loop.stop()

    def _who_waits(self, names: list[str]) -> str:
        wires = [stream.get_extra_info("wire") for stream in self.network.open_streams()]
        lines = [f"{w.client} and {w.server} (connection {w.conn})" for w in wires if w]
        return (
            "every actor waits and no timer is set: "
            f"{'; '.join(sorted(names))}. Open: {'; '.join(lines) or 'no connection'}."
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """What travels with a DNS question beside its octets: who asks, for whom, and how."""

    by: str
    errand: Errand
    transport: Transport


def _base64(octets: bytes) -> str:
    return base64.b64encode(octets).decode("ascii")


class SimulatedSite:
    """One host's place in a simulated world; what ``mail.site.Site`` asks for."""

    def __init__(self, world: World, host: Host) -> None:
        self.name = host.name
        self.address = host.addresses[0]
        self.random = world.random_of(host.name)
        self._world = world
        self._resolver = next(h for h in world.hosts.values() if h.role == "resolver")

    def now(self) -> int:
        """Virtual microseconds."""
        return self._world.loop.now

    def date(self, at: int | None = None) -> datetime:
        """A moment as a date."""
        return self._world.date(at)

    def emit(self, errand: Errand, fact: Fact) -> None:
        """Something happened at this host."""
        self._world.emit(self.name, errand, fact)

    def start(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Run work beside all else."""
        self._world.loop.own(work, name)

    @property
    def loop(self) -> VirtualLoop:
        """The loop on which this host's servers run."""
        return self._world.loop

    def after(self, delay: int, act: Callable[[], None]) -> None:
        """Do something ``delay`` virtual microseconds from now."""
        self._world.loop.call_later(delay / MICROSECONDS, act)

    async def sleep(self, duration: int) -> None:
        """Let virtual time pass."""
        woken = self._world.loop.create_future()
        self._world.loop.call_later(duration / MICROSECONDS, woken.set_result, None)
        await woken

    def listen(self, port: int, factory: Callable[[], Any]) -> None:
        """Let ``factory`` make a protocol for every connection to this host's port."""
        self._world.network.listen(self.address, port, factory)

    def answer(self, answerer: Callable[[bytes, Any], Any]) -> None:
        """Answer DNS datagrams."""
        self._world.network.answerers[self.address, _DNS_PORT] = answerer

    def tls_context(self) -> ssl.SSLContext:
        """This host's certificate."""
        return server_context(self._world.certificate_names.get(self.name, self.name))

    def fault(self, on: str, argument: str = "") -> Fault | None:
        """What goes wrong at this host at this moment."""
        return self._world.faults.strike(self.name, on, argument, self.now())

    def new_journey(self) -> str:
        """The name of a new message."""
        return self._world.new_journey()

    async def exchange(
        self,
        server: str,
        address: str,
        wire: bytes,
        errand: Errand,
        patience: int,
        transport: Transport = "udp",
    ) -> bytes | None:
        """Put a DNS question to a server; the question is an event, its answer the server's."""
        asked = describe(wire)
        self.emit(
            errand,
            Query(
                id=asked.id,
                name=asked.name,
                type=asked.type,
                server=server,
                transport=transport,
                wire=_base64(wire),
            ),
        )
        label = Asked(self.name, errand, transport)
        return await self._world.network.exchange(
            self.address, address, _DNS_PORT, wire, label, patience
        )

    def answered(self, wire: bytes, asked: Asked, *, cached: bool = False) -> None:
        """This host answers a DNS question."""
        said = describe(wire)
        self.emit(
            asked.errand,
            Answer(
                id=said.id,
                name=said.name,
                type=said.type,
                server=self.name,
                peer=asked.by,
                rcode=said.rcode,
                records=said.records,
                authority=said.authority,
                additional=said.additional,
                authoritative=said.authoritative,
                cached=cached,
                transport=asked.transport,
                wire=_base64(wire),
            ),
        )

    async def resolve(self, name: str, rdtype: str, errand: Errand) -> Resolved:
        """Ask this host's resolver; a name that the DNS cannot have is one that it has not."""
        try:
            asked = question(name, rdtype, self.random)
        except DnsMessageError:
            return Resolved("NXDOMAIN", ())
        resolver = self._resolver
        wire = await self.exchange(
            resolver.name, resolver.addresses[0], asked, errand, _STUB_PATIENCE
        )
        if wire is None:
            return Resolved("TIMEOUT", ())
        said = describe(wire)
        return Resolved(said.rcode, said.data)

    async def call(
        self, peer: str, address: str, port: int, protocol: Protocol, errand: Errand
    ) -> SimulatedLine:
        """Open a connection to a host."""
        wire = SimulatedWire(self._world, self.name, peer, port, protocol, errand)
        line = SimulatedLine(wire)
        fault = self._world.faults.strike(peer, "connect", str(port), self.now())
        try:
            transport = await self._connect_despite(fault, line, address, port)
        except (ConnectionError, TimeoutError) as error:
            reason = "timeout" if isinstance(error, TimeoutError) else "refused"
            fact = Refused(
                conn=wire.conn,
                peer=peer,
                port=port,
                protocol=protocol,
                reason=reason,
                address=address,
            )
            self.emit(wire.errand, fact)
            raise
        line.attach(transport)
        return line

    async def _connect_despite(
        self, fault: Fault | None, line: SimulatedLine, address: str, port: int
    ) -> Any:
        """Connect, unless a fault makes the other side refuse, or be deaf, or slow."""
        if fault is not None and fault.do == "silence":
            await self.sleep(_CONNECT_PATIENCE * MICROSECONDS)
            raise TimeoutError
        if fault is not None and fault.do == "delay":
            await self.sleep(fault.delay)
        elif fault is not None:
            await self.sleep(2 * self._world.network.latency(self.address, address))
            raise ConnectionRefusedError(111, f"{address} port {port} refused the connection")
        return await self._connect(line, address, port)

    async def _connect(self, line: SimulatedLine, address: str, port: int) -> Any:
        async with asyncio.timeout(_CONNECT_PATIENCE):
            transport, _ = await self._world.network.create_connection(
                lambda: line.protocol,
                address,
                port,
                local_addr=(self.address, 0),
                opened=lambda source: self._opened(line.wire, address, source),
                wire=line.wire,
            )
            return transport

    def _opened(self, wire: SimulatedWire, address: str, source: tuple[str, int]) -> None:
        self.emit(
            wire.errand,
            Connected(
                conn=wire.conn,
                peer=wire.server,
                port=wire.port,
                protocol=wire.protocol,
                address=address,
                client_address=source[0],
                client_port=source[1],
            ),
        )
