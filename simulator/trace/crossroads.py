"""Where a server decides which way a mail goes on: the decision, and the next hops there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from simulator.scenario.model import Host
from simulator.trace.event import Event, Judged

_TAKING_MAIL: Final = frozenset({"receiving_server", "sending_server", "relay"})


@dataclass(frozen=True, slots=True)
class Hop:
    """A host that the mail could go to next; ``preference`` is that of its MX, where it has one."""

    host: str
    preference: int | None = None


@dataclass(frozen=True, slots=True)
class Crossroads:
    """``host`` decides where mail for ``domain`` goes next.

    ``exchangers`` are what the DNS names, in the order in which the server would try them; empty
    where it has not asked yet.
    """

    host: str
    domain: str
    exchangers: tuple[Hop, ...] = ()

    def hops(self, hosts: Iterable[Host]) -> Iterator[Hop]:
        """Every next hop there is: first the exchangers, then all others that take mail."""
        yield from self.exchangers
        known = {self.host, *(hop.host for hop in self.exchangers)}
        for host in hosts:
            if host.role in _TAKING_MAIL and host.name not in known:
                yield Hop(host.name)


def crossroads_at(event: Event) -> Crossroads | None:
    """The decision that an event is, or None. ``route.destination`` comes before the DNS is asked,
    ``route.mx`` once it has named the exchangers (RFC 5321 section 5.1).
    """
    match event.fact:
        case Judged(rule="route.destination", verdict="remote", inputs={"domain": domain}):
            return Crossroads(event.host, domain)
        case Judged(rule="route.mx", inputs={"domain": domain, "candidates": candidates}):
            return Crossroads(event.host, domain, tuple(map(_exchanger, candidates.split(", "))))
        case _:
            return None


def _exchanger(text: str) -> Hop:
    preference, _, host = text.partition(" ")
    return Hop(host, int(preference)) if preference.isdecimal() else Hop(text)
