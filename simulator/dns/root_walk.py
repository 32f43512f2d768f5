"""Asking the real DNS from the root down, as ``dig +trace`` does.

It is the simulator's own resolver (``dns.resolver``) that walks: the same bailiwick, the same
bounds, the same way; only that its questions leave the machine.
"""

from __future__ import annotations

import ipaddress
import random
import time

import dns.asyncquery
import dns.exception
import dns.flags
import dns.message
import msgspec

from simulator.dns.look_up import Tell
from simulator.dns.message import DnsMessageError, Transport, parse_message, records_of
from simulator.dns.real_answer import MOST_RECORDS, answer_from
from simulator.dns.resolver import Resolution, Resolver
from simulator.dns.root_servers import ROOT_SERVERS
from simulator.dns.stub_resolver import DNS_PORT, Nameserver
from simulator.scenario.looking_up import Received
from simulator.scenario.real_answers import RealAnswer

_PATIENCE = 2.0
"""Seconds until a server counts as silent."""
_MOST_QUESTIONS = 400
"""Questions that one walk puts to servers in all."""
_MOST_LINES = 30
"""Records of one step that are shown."""


class RootWalk:
    """Puts each question to the root, to whom the root refers to, and so on.

    ``begin`` is the server to begin with instead of the root's; its port is then that of all, so
    that a whole DNS of one's own can be walked through. Servers in private networks are passed
    over, unless the walk begins in one: nobody who writes a zone may send us into our own network.
    """

    def __init__(self, tell: Tell, begin: Nameserver | None = None) -> None:
        self._tell = tell
        self._begin = begin
        self._port = begin.port if begin is not None else DNS_PORT
        self._stays_public = begin is None or ipaddress.ip_address(begin.address).is_global
        hints = ROOT_SERVERS if begin is None else ((begin.address, begin.address),)
        self._resolver = Resolver(
            hints, now=lambda: time.monotonic_ns() // 1000, random=random.SystemRandom()
        )
        self._last: tuple[str, dns.message.Message, Transport] | None = None
        self._was_sent = False
        self._left = _MOST_QUESTIONS

    @property
    def servers(self) -> tuple[str, ...]:
        """With whom it begins."""
        if self._begin is not None:
            return (str(self._begin),)
        return tuple(f"{address}#{DNS_PORT} ({name})" for name, address in ROOT_SERVERS)

    async def ask(self, name: str, rdtype: str) -> RealAnswer:
        """Walk down to one answer; every step is told."""
        self._last, self._was_sent = None, False
        began = time.monotonic_ns()
        try:
            found = await self._resolver.resolve(name, rdtype, self._exchange)
        except DnsMessageError:
            return RealAnswer(name=name, type=rdtype, server="", rcode="FORMERR")
        took = (time.monotonic_ns() - began) // 1000
        return self._answer(name, rdtype, found, took)

    def _answer(self, name: str, rdtype: str, found: Resolution, took: int) -> RealAnswer:
        if self._last is None and not found.cached:
            rcode = "TIMEOUT" if self._was_sent else "UNREACHABLE"
            asked = ", ".join(dict.fromkeys(found.asked))
            return RealAnswer(name=name, type=rdtype, server=asked, rcode=rcode, took=took)
        server, message, transport = self._last or ("", dns.message.QueryMessage(), "udp")
        last = answer_from(name, rdtype, message, server=server, took=took, transport=transport)
        records = tuple(record.line for record in found.records)[:MOST_RECORDS]
        authority = tuple(record.line for record in found.authority)
        return msgspec.structs.replace(
            last, rcode=found.rcode, records=records, authority=authority
        )

    async def _exchange(
        self, server: str, address: str, wire: bytes, transport: Transport
    ) -> bytes | None:
        """One question over a real socket; None where nothing came back that can be read."""
        is_private = not ipaddress.ip_address(address).is_global
        if not self._left or (self._stays_public and is_private):
            return None
        self._left -= 1
        query = parse_message(wire)
        began = time.monotonic_ns()
        self._was_sent = True
        try:
            if transport == "udp":
                message = await dns.asyncquery.udp(
                    query, address, timeout=_PATIENCE, port=self._port, ignore_unexpected=True
                )
            else:
                message = await dns.asyncquery.tcp(
                    query, address, timeout=_PATIENCE, port=self._port
                )
        except (dns.exception.DNSException, OSError, EOFError):
            return None
        took = (time.monotonic_ns() - began) // 1000
        octets = message.wire or b""
        self._last = (f"{address}#{self._port}", message, transport)
        self._tell(Received(server, address, self._port, len(octets), took, _lines(message)))
        return octets


def _lines(message: dns.message.Message) -> tuple[str, ...]:
    """What dig shows of a step: the answer, or the referral."""
    records = records_of(message.answer) or records_of(message.authority)
    return tuple(record.line for record in records[:_MOST_LINES])
