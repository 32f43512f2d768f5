"""Asking a real resolver: the system's, or one that is named; by dnspython, on a stock loop."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
import time
from dataclasses import dataclass
from typing import Any

import dns.asyncquery
import dns.asyncresolver
import dns.exception
import dns.flags
import dns.inet
import dns.message
import dns.nameserver
import dns.resolver

from simulator.dns.message import EDNS_PAYLOAD
from simulator.dns.real_answer import answer_from
from simulator.scenario.real_answers import RealAnswer

DNS_PORT = 53

_PATIENCE = 2.0
"""Seconds until a question is put again, or to the next server."""
_LIFETIME = 5.0
"""Seconds that one question may take in all; dnspython exceeds it a little."""
_GRACE = 0.5
_MOST_SERVERS = 3  # as many as a system's resolver takes from resolv.conf (MAXNS)


class NoResolverError(Exception):
    """The system does not say whom to ask, or what it says cannot be used."""


class NameserverError(ValueError):
    """The text names no nameserver."""


@dataclass(frozen=True, slots=True)
class Nameserver:
    """A nameserver in the real world."""

    address: str
    port: int = DNS_PORT

    def __str__(self) -> str:
        return f"{self.address}#{self.port}"


def parse_nameserver(text: str) -> Nameserver:
    """``9.9.9.9``, ``127.0.0.1:5300``, ``2620:fe::fe``, ``[::1]:5300``. Raises NameserverError."""
    host, port = text, str(DNS_PORT)
    if text.startswith("["):
        host, bracket, rest = text[1:].partition("]")
        if not bracket or (rest and not rest.startswith(":")):
            raise NameserverError(text)
        port = rest[1:] if rest else port
    elif text.count(":") == 1:
        host, _, port = text.partition(":")
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        raise NameserverError(text) from None
    if not (port.isascii() and port.isdecimal() and 0 < int(port[:6]) < 65536):
        raise NameserverError(text)
    return Nameserver(str(address), int(port))


class _Watched(dns.nameserver.Do53Nameserver):
    """A server of dnspython's resolver that remembers what came back last."""

    def __init__(self, server: Nameserver) -> None:
        super().__init__(server.address, server.port)
        self.name = str(server)
        self.last: dns.message.Message | None = None
        self.over_tcp = False
        self.trouble = ""
        """Why nothing came back, where this machine knows."""

    async def async_query(self, request: Any, *_: Any, **settings: Any) -> Any:
        """Ask, and remember. Raises what dnspython's own server raises, and OSError."""
        self.over_tcp = bool(settings["max_size"])
        try:
            if self.over_tcp:
                self.last = await super().async_query(request, **settings)
            else:
                self.last = await self._ask_by_udp(request, **settings)
        except OSError as error:
            is_closed = isinstance(error, ConnectionRefusedError)
            self.trouble = "CLOSED" if is_closed else "UNREACHABLE"
            raise
        return self.last

    async def _ask_by_udp(self, request: Any, **settings: Any) -> Any:
        """From a socket that is connected: only such a one hears that the port is closed."""
        where, patience = (self.address, self.port), settings["timeout"]
        family = dns.inet.af_for_address(self.address)
        made = settings["backend"].make_socket(family, socket.SOCK_DGRAM, 0, None, where, patience)
        async with await made as sock:
            return await dns.asyncquery.udp(
                request,
                self.address,
                patience,
                self.port,
                sock=sock,
                raise_on_truncation=True,
                ignore_errors=True,
                ignore_unexpected=True,
            )


class StubResolver:
    """Puts questions to a resolver as any host does, one after the other.

    Raises NoResolverError where no server is named and the system knows none.
    """

    def __init__(self, named: Nameserver | None = None) -> None:
        self._servers = (named,) if named is not None else _servers_of_the_system()

    @property
    def servers(self) -> tuple[str, ...]:
        """Who is asked."""
        return tuple(map(str, self._servers))

    async def ask(self, name: str, rdtype: str) -> RealAnswer:
        """Put one question, over TCP too where the answer is cut off."""
        watched = [_Watched(server) for server in self._servers]
        began = time.monotonic_ns()
        # What came back last says more than any exception does.
        with contextlib.suppress(dns.exception.DNSException, TimeoutError, OSError):
            await asyncio.wait_for(_resolve(watched, name, rdtype), _LIFETIME + _GRACE)
        took = (time.monotonic_ns() - began) // 1000
        for server in reversed(watched):
            if server.last is not None:
                return answer_from(
                    name,
                    rdtype,
                    server.last,
                    server=server.name,
                    took=took,
                    transport="tcp" if server.over_tcp else "udp",
                )
        troubles = [server.trouble for server in watched]
        rcode = troubles[0] if all(troubles) else "TIMEOUT"
        asked = ", ".join(server.name for server in watched)
        return RealAnswer(name=name, type=rdtype, server=asked, rcode=rcode, took=took)


async def _resolve(servers: list[_Watched], name: str, rdtype: str) -> None:
    resolver = dns.asyncresolver.Resolver(configure=False)
    resolver.nameservers = list(servers)
    resolver.timeout, resolver.lifetime = _PATIENCE, _LIFETIME
    resolver.use_edns(0, 0, EDNS_PAYLOAD)
    resolver.flags = dns.flags.from_text("RD")
    await resolver.resolve(f"{name}.", rdtype, raise_on_no_answer=False, search=False)


def _servers_of_the_system() -> tuple[Nameserver, ...]:
    try:
        known = dns.resolver.Resolver(configure=True)
    except (dns.exception.DNSException, OSError) as error:
        raise NoResolverError(str(error)) from error
    servers = tuple(
        Nameserver(one, known.nameserver_ports.get(one, known.port))
        for one in known.nameservers
        if isinstance(one, str)
    )
    if not servers:
        raise NoResolverError("no nameserver")
    return servers[:_MOST_SERVERS]
