"""What holds for a while in one run: hosts that are down, other policies, stalled lines, ways."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import assert_never

from msgspec.structs import replace

from simulator.engine.ground import Ground
from simulator.engine.strikes import rule_of
from simulator.engine.wire import SimulatedWire
from simulator.mail.site import Errand
from simulator.scenario.changes import (
    Change,
    Condition,
    Down,
    SendVia,
    SetPolicy,
    Up,
    Wait,
    verb_of,
)
from simulator.scenario.deed_words import write_deed
from simulator.scenario.topology import domain_of
from simulator.scenario.virtual_time import SECOND
from simulator.trace.addressee import peer_of
from simulator.trace.crossroads import crossroads_at
from simulator.trace.event import Event, Judged

_FIELDS = {
    "greylist": "greylist",
    "quota": "quota",
    "tls": "starttls",
    "size": "size_limit",
    "recipients": "recipient_limit",
}
"""Policies, and the fields of a domain that they are."""


@dataclass(eq=False, slots=True)
class _Lasting:
    """A condition at a host, or of a policy for a domain.

    ``only`` is the domain of the mail that it is about, if it is about some; ``is_first``: whether
    a way is an exchanger to be tried before the others, and takes the place of none.
    """

    change: Change
    deed: Condition
    at: str
    only: str = ""
    is_first: bool = False


class Conditions:
    """The conditions of one world: those that hold now, in the order in which they began."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._lasting: list[_Lasting] = []
        self._when_up: list[tuple[str, Callable[[], None]]] = []

    def plan(self, change: Change, deed: Condition) -> None:
        """Let it hold from its time on, until its end."""
        self._plan(_Lasting(change, deed, change.at, change.only.lower()))

    def plan_after(self, event: Event, change: Change, deed: Condition) -> None:
        """The same after an event, which it is about where it says no place."""
        decision = crossroads_at(event) if isinstance(deed, SendVia) and not change.at else None
        at = change.at or self.place_of(deed, event)
        if decision is None:
            self._plan(_Lasting(change, deed, at, change.only.lower()))
        else:
            only = change.only or (decision.domain if decision.exchangers else "")
            first = bool(decision.exchangers)
            self._plan(_Lasting(change, deed, event.host, only.lower(), first))

    def _plan(self, one: _Lasting) -> None:
        now, loop = self._ground.loop.now, self._ground.loop
        if one.change.start:
            loop.call_at((now + one.change.start) / SECOND, self._start, one)
        else:
            self._start(one)
        if one.change.end is not None:
            loop.call_at((now + one.change.end) / SECOND, self._end, one)

    def _start(self, one: _Lasting) -> None:
        match one.deed:
            case Down():
                self._lasting.append(one)
                self._take_down(one)
            case Up():
                self._tell_start(one)
                ended = [x for x in self._lasting if isinstance(x.deed, Down) and x.at == one.at]
                for down in ended:
                    self._end(down)
            case SetPolicy():
                self._tell_start(one)
                self._lasting.append(one)
                self._adopt(one.at)
            case Wait(duration=duration):
                self._tell_start(one)
                for address in self._addresses(one.at):
                    self._ground.network.stall(address, self._ground.loop.now + duration)
            case SendVia():
                self._tell_start(one)
                self._lasting.append(one)
            case _:
                assert_never(one.deed)

    def _end(self, one: _Lasting) -> None:
        if one in self._lasting:
            self._lasting.remove(one)
        if isinstance(one.deed, Down):
            self._count_down()
        elif isinstance(one.deed, SetPolicy):
            self._adopt(one.at)

    def _take_down(self, one: _Lasting) -> None:
        """Every wire of the host breaks; a fault that comes in the middle of a run says which."""
        self._count_down()
        addresses = self._addresses(one.at)
        told = False

        def breaks(wire: SimulatedWire) -> bool:
            nonlocal told
            ends = (self._addresses(name) for name in (wire.client, wire.server))
            if not any(addresses & end for end in ends):
                return False
            told = self._tell_start(one, wire.errand) or told
            return True

        self._ground.network.cut(breaks)
        if not told:
            self._tell_start(one)

    def _count_down(self) -> None:
        down = (self._addresses(one.at) for one in self._lasting if isinstance(one.deed, Down))
        self._ground.network.down = frozenset[str]().union(*down)
        off = {one.at for one in self._lasting if isinstance(one.deed, Down)}
        for host, act in self._when_up:
            if host not in off:
                self._ground.loop.call_soon(act)
        self._when_up = [(host, act) for host, act in self._when_up if host in off]

    def when_up(self, host: str, act: Callable[[], None]) -> None:
        """Have something done as soon as a host that is down is up again."""
        self._when_up.append((host, act))

    def _addresses(self, host: str) -> frozenset[str]:
        known = self._ground.hosts.get(host)
        return frozenset() if known is None else frozenset(known.addresses)

    def _adopt(self, domain: str) -> None:
        """Have the servers of a domain follow what holds now."""
        then = self._ground.scenario.domain(domain)
        if then is None:
            return
        for one in self._lasting:
            if isinstance(one.deed, SetPolicy) and one.at == domain:
                value = one.deed.value
                held = bool(value) if one.deed.policy == "tls" else value
                then = replace(then, **{_FIELDS[one.deed.policy]: held})
        self._ground.domains[domain] = then
        for adopt in self._ground.followers[domain]:
            adopt(then)

    def next_hop(self, host: str, domain: str) -> str:
        """The host that ``host`` is to send mail for a domain to next, or nothing."""
        return self._way(host, domain, first=False)

    def exchanger(self, host: str, domain: str) -> str:
        """The exchanger of a domain that ``host`` is to try first, or nothing."""
        return self._way(host, domain, first=True)

    def _way(self, host: str, domain: str, *, first: bool) -> str:
        """The latest way that is about this mail; no server is its own next hop."""
        ways = (
            one.deed.host
            for one in reversed(self._lasting)
            if isinstance(one.deed, SendVia)
            and one.at in {host, ""}
            and one.only in {domain.lower(), ""}
            and one.is_first == first
        )
        return next((hop for hop in ways if hop != host), "")

    def place_of(self, deed: Condition, event: Event) -> str:
        """The host or domain that a condition after an event is about, where it names none."""
        match deed:
            case Down() | Up():
                return peer_of(event.fact) or event.host
            case Wait():
                return event.host
            case SetPolicy():
                return self._domain_around(event)
            case SendVia():
                return ""
            case _:
                assert_never(deed)

    def _domain_around(self, event: Event) -> str:
        """The domain of the server that the event is about."""
        for name in (peer_of(event.fact) or "", event.host):
            host = self._ground.hosts.get(name)
            if host is not None and host.role in {"receiving_server", "mailbox_server"}:
                return host.owner.lower()
        host = self._ground.hosts.get(event.host)
        return domain_of(host.owner) if host is not None else ""

    def _tell_start(self, one: _Lasting, errand: Errand | None = None) -> bool:
        """A condition takes hold in the middle of the run; gives whether that is to be told."""
        if not one.change.start:
            return False
        inputs = {"on": "", "argument": one.at, "text": write_deed(one.deed)}
        fact = Judged(rule=rule_of(one.change), verdict=verb_of(one.deed), inputs=inputs)
        self._ground.emit(self._where(one), errand or self._ground.latest, fact)
        return True

    def _where(self, one: _Lasting) -> str:
        """The host at which a condition is told: its own, or one that takes a domain's mail."""
        if one.at in self._ground.hosts:
            return one.at
        takers = (h.name for h in self._ground.hosts.values() if h.role == "receiving_server")
        own = (name for name in takers if self._ground.hosts[name].owner.lower() == one.at)
        return next(own, self._ground.latest_host)
