"""What a person changed: each intervention takes hold once its event has happened.

Nothing of it is felt before: the events up to and with that one are those of the run without it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from msgspec.structs import replace

from simulator.dns.made_up import data_of, made_up
from simulator.dns.message import Transport
from simulator.mail.site import Errand
from simulator.scenario.changes import (
    AnswerInstead,
    Change,
    Down,
    Drop,
    Intervention,
    Refuse,
    SayInstead,
    SendVia,
    SetPolicy,
    Up,
    Wait,
)
from simulator.scenario.model import Fault
from simulator.scenario.topology import domain_of
from simulator.trace.crossroads import crossroads_at
from simulator.trace.event import Answer, Command, Content, Event, Intervened, Query, peer_of

if TYPE_CHECKING:
    from simulator.engine.world import World

_FIELDS = {
    "greylist": "greylist",
    "quota": "quota",
    "tls": "starttls",
    "size": "size_limit",
    "recipients": "recipient_limit",
}
"""Policies, and the fields of a domain that they are."""


@dataclass(slots=True)
class _Saying:
    """A reply that a person wants said: on ``conn``, or where it is None by whoever is next."""

    text: str
    conn: int | None
    skip: int
    """Replies that come before it."""


class Interventions:
    """The interventions of one world: those that wait for their event, and what holds by now."""

    def __init__(self, world: World, interventions: tuple[Intervention, ...]) -> None:
        self._world = world
        self._due: defaultdict[int, list[Change]] = defaultdict(list)
        for one in interventions:
            self._due[one.after].append(one.change)
            if isinstance(one.change, AnswerInstead) and one.change.type:
                data_of(
                    one.change.type, one.change.records
                )  # a mistake shows before the first event
        self._sayings: list[_Saying] = []
        self._answers: dict[tuple[str, str], AnswerInstead] = {}
        self._hops: dict[tuple[str, str], str] = {}
        """Next hops by whose mail it is (empty: anybody's) and its domain (empty: any)."""
        self._exchangers: dict[tuple[str, str], str] = {}

    def after(self, event: Event) -> None:
        """``event`` has happened: change what is to be changed now, and say so."""
        for change in self._due.pop(event.seq, ()):
            self._make(change, event)

    # What holds now --------------------------------------------------------------------------

    def saying(self, conn: int) -> str | None:
        """What is to be said on that connection in place of the next reply, lines by CRLF."""
        for saying in self._sayings:
            if saying.conn in {conn, None}:
                return None if saying.skip else saying.text
        return None

    def said(self, conn: int) -> None:
        """A reply was given on that connection."""
        for saying in self._sayings:
            if saying.conn in {conn, None}:
                if saying.skip:
                    saying.skip -= 1
                else:
                    self._sayings.remove(saying)
                return

    def answer(
        self, question: bytes, name: str, rdtype: str, transport: Transport, usual: bytes
    ) -> bytes | None:
        """The DNS answer to a question: the usual one, another, or None for silence."""
        change = self._answers.get((_key(name), rdtype))
        if change is None:
            return usual
        if change.rcode == "TIMEOUT":
            return None
        return made_up(question, change.rcode, change.records, transport)

    def next_hop(self, host: str, domain: str) -> str:
        """The host that ``host`` is to send mail for a domain to next, or nothing."""
        for key in ((host, domain.lower()), (host, ""), ("", domain.lower()), ("", "")):
            hop = self._hops.get(key, "")
            if hop and hop != host:  # no server is its own next hop
                return hop
        return ""

    def exchanger(self, host: str, domain: str) -> str:
        """The exchanger of a domain that ``host`` is to try first, or nothing."""
        return self._exchangers.get((host, domain.lower()), "")

    # Making them -----------------------------------------------------------------------------

    def _make(self, change: Change, event: Event) -> None:
        conn: int | None = getattr(event.fact, "conn", None)
        match change:
            case SayInstead():
                self._say(change, event, conn)
            case Refuse(server=server):
                self._tell(event, "refuse", server)
                fault = Fault(host=server, on="connect", do="refuse", times=1)
                self._world.faults.add(fault)
            case Drop():
                self._tell(event, "drop", conn=conn)
                self._world.network.cut(lambda wire: wire.conn == conn)
            case Down() | Up():
                self._reach(change, event)
            case AnswerInstead():
                self._answer(change, event)
            case SetPolicy():
                self._set(change, event)
            case Wait():
                self._stall(change, event)
            case SendVia(host=host, domain=domain):
                self._tell(event, "route", domain, host)
                self._route(event, domain.lower(), host)
            case _:
                assert_never(change)

    def _tell(
        self,
        event: Event,
        change: str,
        target: str = "",
        text: str = "",
        conn: int | None = None,
        host: str = "",
    ) -> None:
        host = host or (target if target in self._world.hosts else event.host)
        fact = Intervened(change=change, target=target, text=text, conn=conn)
        self._world.emit(host, Errand(event.journey, event.step), fact)

    def _say(self, change: SayInstead, event: Event, conn: int | None) -> None:
        wire = self._world.wires.get(conn) if conn is not None else None
        text = change.text.replace("\n", " / ")
        self._tell(event, "reply", text=text, conn=conn, host=wire.server if wire else "")
        skip = 0
        if wire is not None and not change.next and isinstance(event.fact, Command | Content):
            skip = max(wire.owed - 1, 0)
        if wire is not None or conn is None:
            self._sayings.append(_Saying(change.text.replace("\n", "\r\n"), conn, skip))

    def _reach(self, change: Down | Up, event: Event) -> None:
        name = change.host or peer_of(event.fact) or event.host
        host = self._world.hosts.get(name)
        self._tell(event, "down" if isinstance(change, Down) else "up", name)
        if host is None:
            return
        addresses = set(host.addresses)
        network = self._world.network
        if isinstance(change, Up):
            network.cut_off -= addresses
            return
        network.cut_off |= addresses
        network.cut(lambda wire: name in {wire.client, wire.server})

    def _answer(self, change: AnswerInstead, event: Event) -> None:
        name, rdtype = change.name, change.type
        if not name and isinstance(event.fact, Query | Answer):
            name, rdtype = event.fact.name, event.fact.type
        said = " | ".join(change.records) or change.rcode
        self._tell(event, "dns", f"{name} {rdtype}".strip(), said)
        if rdtype:
            data_of(rdtype, change.records)
            self._answers[_key(name), rdtype] = change

    def _set(self, change: SetPolicy, event: Event) -> None:
        domain = change.domain.lower() or self._domain_around(event)
        field, value = _FIELDS[change.policy], change.value
        self._tell(event, "policy", domain, f"{change.policy} {value}")
        now = self._world.domains.get(domain)
        if now is None:
            return
        held = bool(value) if change.policy == "tls" else value
        then = replace(now, **{field: held})
        self._world.domains[domain] = then
        for adopt in self._world.followers[domain]:
            adopt(then)

    def _domain_around(self, event: Event) -> str:
        """The domain of the server that the event is about."""
        for name in (peer_of(event.fact) or "", event.host):
            host = self._world.hosts.get(name)
            if host is not None and host.role in {"receiving_server", "mailbox_server"}:
                return host.owner.lower()
        host = self._world.hosts.get(event.host)
        return domain_of(host.owner) if host is not None else ""

    def _route(self, event: Event, domain: str, hop: str) -> None:
        decision = crossroads_at(event)
        if decision is None:
            self._hops["", domain] = hop
        elif decision.exchangers:
            self._exchangers[event.host, domain or decision.domain] = hop
        else:
            self._hops[event.host, domain] = hop

    def _stall(self, change: Wait, event: Event) -> None:
        name = change.host or event.host
        host = self._world.hosts.get(name)
        self._tell(event, "wait", name, str(change.duration // 1_000_000))
        if host is not None:
            until = self._world.loop.now + change.duration
            for address in host.addresses:
                self._world.network.stall(address, until)


def _key(name: str) -> str:
    """A name of the DNS as a key: letter case and the final dot make no difference."""
    return name.lower().rstrip(".")
