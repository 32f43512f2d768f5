"""One connection of a run as a TCP stream: opened or refused, spoken on, sealed, ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from simulator.lessons.language import Catalogue
from simulator.scenario.virtual_time import SECOND
from simulator.trace.event import Closed, Connected, Event, Refused, Tls
from simulator.views.exports.capture.packets import End
from simulator.views.exports.capture.stream import Stream
from simulator.views.exports.capture.tls_handshake import Sealed, handshake
from simulator.views.exports.capture.turns import Turn, turns
from simulator.views.exports.order import Order

_PATIENCE = 30 * SECOND
"""How long a client tries to connect (Postfix's smtp_connect_timeout)."""
_SYN_AGAIN = (0, 1, 3, 7, 15)
"""Seconds after which a SYN without an answer is sent (again), as Linux does."""
_FIRST_PORT, _PORTS = 32768, 16384
"""Where a recording does not say a client's port."""


@dataclass(slots=True)
class Call:
    """A connection's stream, and the keys of its TLS if it has any."""

    stream: Stream
    client: str
    key_log: str = ""
    sealed: Sealed | None = None


def connection(events: Sequence[Event], order: Order, words: Catalogue) -> Call:
    """The connection that these events tell of; the first one opens it, or fails to.

    Raises ValueError where an address, a name or an octet of it cannot be on a wire.
    """
    opening = events[0]
    match opening.fact:
        case Refused() as fact:
            return _refused(opening, fact, order, words)
        case Connected() as fact:
            client = End(fact.client_address, fact.client_port)
            server = End(fact.address, fact.port)
            latency = order.latency(client.address, server.address)
            stream = Stream(client, server, latency, _name(order, fact.conn))
            stream.ask(opening.at - latency)
            stream.accept(opening.at)
            call = Call(stream, opening.host)
            _Speaking(call, order, words, latency).all(events[1:], fact)
            return call
        case _:
            raise ValueError(f"a connection does not begin with {opening.kind}")


def _name(order: Order, conn: int) -> str:
    """What a connection's numbers and keys follow from."""
    scenario = order.scenario
    return f"{scenario.name} {scenario.seed} {scenario.start} {conn}"


def _refused(event: Event, fact: Refused, order: Order, words: Catalogue) -> Call:
    """Nobody listened (SYN, RST), or nobody answered (SYN, SYN, SYN …)."""
    server = End(fact.address, fact.port)
    own = next((host.addresses for host in order.hosts if host.name == event.host), ())
    versions = {End(address, 0).ip.version: address for address in reversed(own)}
    address = versions.get(server.ip.version)
    if address is None:
        raise ValueError(f"{event.host} has no address from which it could call {fact.address}")
    client = End(address, _FIRST_PORT + fact.conn % _PORTS)
    latency = order.latency(client.address, server.address)
    stream = Stream(client, server, latency, _name(order, fact.conn))
    comment = words.say("export.capture.port")
    if fact.reason == "timeout":
        for seconds in _SYN_AGAIN:
            stream.ask(event.at - _PATIENCE + seconds * SECOND, comment, again=bool(seconds))
    else:
        stream.ask(event.at - 2 * latency, comment)
        stream.reset(event.at - latency, by_client=False)
    return Call(stream, event.host)


class _Speaking:
    """Lets a connection that is open have its way."""

    def __init__(self, call: Call, order: Order, words: Catalogue, latency: int) -> None:
        self._call, self._order, self._words = call, order, words
        self._latency = latency

    def all(self, events: Sequence[Event], opened: Connected) -> None:
        """Everything that follows, in the order in which it happened."""
        waiting = list(turns(events, opened.protocol))
        for event in events:
            while waiting and waiting[0].seq <= event.seq:
                self._say(waiting.pop(0))
            match event.fact:
                case Tls() as fact:
                    self._seal(event, fact)
                case Closed(reason=reason):
                    self._close(event, reason)
                case _:
                    pass

    def _say(self, turn: Turn) -> None:
        by_client = turn.host == self._call.client
        sealed, octets = self._call.sealed, turn.octets
        if turn.secure and sealed is not None:
            octets = (sealed.client if by_client else sealed.server).seal(octets)
        self._call.stream.send(turn.at, octets, by_client=by_client)

    def _seal(self, event: Event, fact: Tls) -> None:
        """The handshake that is over by now took two round trips, the last one not yet seen."""
        made = handshake(
            _name(self._order, fact.conn),
            fact.name,
            self._certified(fact),
            fact.cipher,
            round(self._order.date(event.at).timestamp()),
            fails=bool(fact.reason),
        )
        stream, before = self._call.stream, event.at - 2 * self._latency
        agreed = " ".join(filter(None, (fact.version, fact.cipher, fact.reason)))
        kept = "keys" if self._order.with_keys else "no-keys"
        comment = " ".join(
            (
                self._words.say("export.capture.sealed", agreed=agreed),
                self._words.say(f"export.capture.{kept}"),
            )
        )
        stream.send(before, made.hello, by_client=True, comment=comment)
        stream.send(event.at - self._latency, made.answer, by_client=False)
        stream.send(event.at, made.end, by_client=True)
        self._call.sealed = made
        self._call.key_log += made.key_log

    def _certified(self, fact: Tls) -> str:
        """The name that the server's certificate is for."""
        domains = self._order.scenario.domains
        others = (one.certificate for one in domains if one.submission == fact.peer)
        return next(filter(None, others), fact.name)

    def _close(self, event: Event, reason: str) -> None:
        by_client = event.host == self._call.client
        stream, sealed = self._call.stream, self._call.sealed
        if reason == "dropped":
            stream.reset(event.at, by_client=by_client)
            return
        if sealed is not None and reason == "quit":
            farewell = sealed.farewell(by_client=by_client)
            stream.send(event.at, farewell, by_client=by_client)
        stream.finish(event.at, by_client=by_client)
