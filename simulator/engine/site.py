"""One host's place in a simulated world: all that its programs may do to the world around them."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any

from simulator.dns.message import DnsMessageError, Transport
from simulator.dns.stub import describe, question
from simulator.engine.certificates import server_context
from simulator.engine.changes import Changes
from simulator.engine.clock import VirtualLoop
from simulator.engine.dns_facts import Asked, as_answer, as_query
from simulator.engine.dns_stream import DNS_PORT, DnsStreamServer, ask_over_tcp
from simulator.engine.ground import Ground
from simulator.engine.line import SimulatedLine
from simulator.engine.wire import SimulatedWire
from simulator.mail.mishap import meant
from simulator.mail.site import Errand, Resolved, Struck
from simulator.scenario.changes import Delay, Silence
from simulator.scenario.domain import Domain
from simulator.scenario.model import Host
from simulator.scenario.virtual_time import SECOND
from simulator.trace.event import Connected, Fact, Protocol, Refused

_STUB_PATIENCE = 30 * SECOND
"""How long a host waits for its resolver: longer than the resolver itself tries."""
_CONNECT_PATIENCE = 30
"""Virtual seconds until a connection attempt is given up (Postfix's smtp_connect_timeout)."""


class SimulatedSite:
    """One host's place in a simulated world; what ``mail.site.Site`` asks for."""

    def __init__(self, ground: Ground, changes: Changes, host: Host) -> None:
        self.name = host.name
        self.address = host.addresses[0]
        self.addresses = host.addresses
        self.random = ground.random_of(host.name)
        self._ground = ground
        self._changes = changes
        self._resolver = next(h for h in ground.hosts.values() if h.role == "resolver")

    def now(self) -> int:
        """Virtual microseconds."""
        return self._ground.loop.now

    def date(self, at: int | None = None) -> datetime:
        """A moment as a date."""
        return self._ground.date(at)

    def emit(self, errand: Errand, fact: Fact) -> None:
        """Something happened at this host."""
        self._ground.emit(self.name, errand, fact)

    def start(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Run work beside all else."""
        self._ground.loop.own(work, name)

    @property
    def latency(self) -> int:
        """Virtual microseconds from this host to any other."""
        return self._ground.scenario.latency

    @property
    def loop(self) -> VirtualLoop:
        """The loop on which this host's servers run."""
        return self._ground.loop

    def after(self, delay: int, act: Callable[[], None]) -> None:
        """Do something ``delay`` virtual microseconds from now."""
        self._ground.loop.call_later(delay / SECOND, act)

    @property
    def is_off(self) -> bool:
        """Whether this machine is down at the moment."""
        return self._ground.network.is_down(self.address, self.address)

    def when_on(self, act: Callable[[], None]) -> None:
        """Do something as soon as this machine is on: now, if it is."""
        if self.is_off:
            self._changes.when_up(self.name, act)
        else:
            act()

    async def sleep(self, duration: int) -> None:
        """Let virtual time pass."""
        await asyncio.sleep(duration / SECOND)

    def listen(self, port: int, factory: Callable[[], Any]) -> None:
        """Let ``factory`` make a protocol for every connection to this host's port."""
        for address in self._ground.hosts[self.name].addresses:
            self._ground.network.listen(address, port, factory)

    def answer(self, answerer: Callable[[bytes, Any], Any]) -> None:
        """Answer DNS questions, in datagrams and over streams."""
        self._ground.network.answerers[self.address, DNS_PORT] = answerer
        self.listen(DNS_PORT, lambda: DnsStreamServer(answerer, self.loop))

    def tls_context(self) -> ssl.SSLContext:
        """This host's certificate."""
        return server_context(self._ground.certificate_names.get(self.name, self.name))

    def strike(
        self, on: str, argument: str = "", conn: int | None = None, *, final: bool = True
    ) -> Struck | None:
        """What goes otherwise at this host at this moment.

        ``final``: whether a DNS answer ends the search for it, and is no referral.
        """
        return self._ground.strikes.strike(self.name, on, argument, self.now(), conn, final=final)

    def next_hop(self, domain: str) -> str:
        """The host that mail for a domain is to go to next from here, or nothing."""
        return self._changes.next_hop(self.name, domain)

    def exchanger(self, domain: str) -> str:
        """The exchanger of a domain that is to be tried first from here, or nothing."""
        return self._changes.exchanger(self.name, domain)

    def follow(self, domain: str, adopt: Callable[[Domain], None]) -> None:
        """Have ``adopt`` called whenever the servers of a domain are to treat it otherwise."""
        self._ground.followers[domain.lower()].append(adopt)

    def new_journey(self) -> str:
        """The name of a new message."""
        return self._ground.new_journey()

    async def exchange(
        self,
        server: str,
        address: str,
        wire: bytes,
        errand: Errand,
        patience: int,
        transport: Transport = "udp",
    ) -> bytes | None:
        """Put a DNS question to a server; the question is an event, its answer the server's.

        None where no answer comes within ``patience`` virtual microseconds, or no stream opens.
        """
        label, network = Asked(self.name, errand, transport), self._ground.network
        fact = as_query(wire, server, transport)
        if transport == "udp":
            self.emit(errand, fact)
            return await network.exchange(self.address, address, DNS_PORT, wire, label, patience)
        if await self._stream_is_refused(server, address, errand):
            return None
        return await ask_over_tcp(
            network, self.address, address, wire, label, patience, lambda: self.emit(errand, fact)
        )

    async def _stream_is_refused(self, server: str, address: str, errand: Errand) -> bool:
        """Whether something keeps a stream to a nameserver from being opened, or makes it late."""
        struck = self._met_at(server, DNS_PORT)
        if struck is None:
            return False
        self._ground.emit(server, errand, meant(struck, str(DNS_PORT)))
        if isinstance(struck.deed, Delay):
            await self.sleep(struck.deed.duration)
            return False
        round_trip = 2 * self._ground.network.latency(self.address, address)
        silent = isinstance(struck.deed, Silence)
        await self.sleep(_CONNECT_PATIENCE * SECOND if silent else round_trip)
        return True

    def _met_at(self, host: str, port: int) -> Struck | None:
        """What goes otherwise when this host calls a port of another."""
        return self._ground.strikes.strike(host, "connect", str(port), self.now(), None, final=True)

    def answered(self, wire: bytes, asked: Asked, *, cached: bool = False) -> None:
        """This host answers a DNS question."""
        self.emit(asked.errand, as_answer(wire, self.name, asked, cached=cached))

    async def resolve(self, name: str, rdtype: str, errand: Errand) -> Resolved:
        """Ask this host's resolver; a name that the DNS cannot have is one that it has not."""
        try:
            asked = question(name, rdtype, self.random)
        except DnsMessageError:
            return Resolved("NXDOMAIN", ())
        resolver = self._resolver
        patience = _STUB_PATIENCE + 30 * self.latency
        where = (resolver.name, resolver.addresses[0], asked, errand, patience)
        wire = await self.exchange(*where)
        if wire is not None and describe(wire).truncated:
            wire = await self.exchange(*where, "tcp")
        if wire is None:
            return Resolved("TIMEOUT", ())
        said = describe(wire)
        return Resolved(said.rcode, said.data, said.real_name)

    async def call(
        self,
        peer: str,
        address: str,
        port: int,
        protocol: Protocol,
        errand: Errand,
        *,
        source: str = "",
    ) -> SimulatedLine:
        """Open a connection to a host: to the one that has the address, whatever it is called.

        ``source`` is an address to pretend to call from.
        """
        peer = self._ground.owner_of(address, peer)
        between = self._ground.interceptor_of_call(self.name, peer, port)
        taker = peer if between is None else between.host
        wire = SimulatedWire(self._ground, self.name, taker, port, protocol, errand)
        wire.called, wire.address, wire.interceptor = peer, address, between
        line = SimulatedLine(wire)
        struck = self._met_at(peer, port)
        try:
            transport = await self._connect_despite(struck, line, address, port, source)
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
        self, struck: Struck | None, line: SimulatedLine, address: str, port: int, source: str
    ) -> Any:
        """Connect, unless the other side is to refuse, or be deaf, or slow."""
        deed = None if struck is None else struck.deed
        if isinstance(deed, Silence):
            await self.sleep(_CONNECT_PATIENCE * SECOND)
            raise TimeoutError
        if isinstance(deed, Delay):
            await self.sleep(deed.duration)
        elif deed is not None:
            await self.sleep(2 * self._ground.network.latency(self.address, address))
            raise ConnectionRefusedError(111, f"{address} port {port} refused the connection")
        return await self._connect(line, address, port, source or self.address)

    async def _connect(self, line: SimulatedLine, address: str, port: int, own: str) -> Any:
        wire = line.wire
        there = address if wire.called == wire.server else self._ground.address_of(wire.server)
        async with asyncio.timeout(max(_CONNECT_PATIENCE, 4 * self.latency / SECOND)):
            transport, _ = await self._ground.network.create_connection(
                lambda: line.protocol,
                there,
                port,
                local_addr=(own, 0),
                opened=lambda source: self._opened(line.wire, address, source),
                wire=line.wire,
            )
            return transport

    def _opened(self, wire: SimulatedWire, address: str, source: tuple[str, int]) -> None:
        self._changes.opened(wire)
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
