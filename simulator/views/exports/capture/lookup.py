"""DNS questions and answers as packets: the recorded messages, in UDP or in TCP."""

from __future__ import annotations

import base64
import struct
from collections.abc import Iterator
from ipaddress import ip_address
from typing import TypeAlias

from simulator.lessons.language import Catalogue
from simulator.trace.event import Answer, Event, Query
from simulator.views.exports.capture.packets import End, is_address, udp
from simulator.views.exports.capture.stream import Segment, Stream
from simulator.views.exports.order import Order

_DNS = 53
_FIRST_PORT, _PORTS = 49152, 16384  # RFC 6335 section 6: the dynamic ports

_Exchange: TypeAlias = tuple[str, str, int, str, str]
"""Who asks whom, and the question's id, name and type."""


class Lookups:
    """Turns look-ups into packets; the questions over TCP wait here for their answers."""

    def __init__(self, order: Order, words: Catalogue) -> None:
        self._order, self._words = order, words
        self._addresses = {
            host.name: tuple(filter(is_address, host.addresses)) for host in order.hosts
        }
        self._waiting: dict[_Exchange, tuple[str, Stream]] = {}

    def segments(self, event: Event, fact: Query | Answer) -> Iterator[Segment]:
        """What was seen of a question or an answer; a whole TCP connection with the answer."""
        exchange = _exchange(event, fact)
        octets = base64.b64decode(fact.wire, validate=True)
        ends = self._ends(*exchange[:3])
        if ends is None or not octets:
            return
        client, server = ends
        latency = self._order.latency(client.address, server.address)
        if isinstance(fact, Query):
            if fact.transport == "tcp":
                self._ask(event.at, octets, ends, exchange)
            else:
                yield Segment(event.at, udp(client, server, octets))
        elif fact.transport == "udp":
            yield Segment(event.at + latency, udp(server, client, octets))
        elif exchange in self._waiting:
            _, stream = self._waiting.pop(exchange)
            stream.send(event.at + latency, _framed(octets), by_client=False)
            stream.finish(event.at + latency, by_client=True)
            yield from stream.segments()

    def unanswered(self) -> Iterator[tuple[str, Iterator[Segment]]]:
        """Who asked over TCP and heard nothing, with what was seen of it."""
        for asker, stream in self._waiting.values():
            yield asker, stream.segments()

    def _ask(self, at: int, octets: bytes, ends: tuple[End, End], exchange: _Exchange) -> None:
        # The simulated exchange has no handshake: its segments bear the time of the question.
        stream = Stream(*ends, latency=0, name=f"{exchange} {at}")
        stream.ask(at, self._words.say("export.capture.dns-tcp"))
        stream.accept(at)
        stream.send(at, _framed(octets), by_client=True)
        self._waiting[exchange] = (exchange[0], stream)

    def _ends(self, asker: str, server: str, number: int) -> tuple[End, End] | None:
        """Both ends, at addresses of one kind; None where the run has no such hosts."""
        for source in self._addresses.get(asker, ()):
            for target in self._addresses.get(server, ()):
                if ip_address(source).version == ip_address(target).version:
                    return End(source, _FIRST_PORT + number % _PORTS), End(target, _DNS)
        return None


def _exchange(event: Event, fact: Query | Answer) -> _Exchange:
    asker, server = (
        (event.host, fact.server) if isinstance(fact, Query) else (fact.peer, event.host)
    )
    return asker, server, fact.id, fact.name, fact.type


def _framed(octets: bytes) -> bytes:
    """RFC 1035 section 4.2.2: over TCP a message has its length before it."""
    return struct.pack("!H", len(octets)) + octets
