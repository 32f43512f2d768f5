"""Where a mail goes next: its own domain, a configured relay, or whom the DNS names.

RFC 5321 section 5.1 in the order in which Postfix 3.7 does it: MX, then A and AAAA of every
exchanger before the first connection; no MX means the domain's own address; an MX that cannot
be used never falls back to an address.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from simulator.mail.own_address import is_own_address
from simulator.mail.site import Errand, Resolved, Site
from simulator.trace.event import Judged


@dataclass(frozen=True, slots=True)
class Hop:
    """One address to try; a lower preference is tried first."""

    host: str
    address: str
    preference: int


@dataclass(frozen=True, slots=True)
class NoWay:
    """Why there is nowhere to go: ``failed`` for good, or ``deferred`` for now."""

    outcome: Literal["failed", "deferred"]
    status: str
    """RFC 3463."""
    said: str


Way: TypeAlias = tuple[Hop, ...] | NoWay


@dataclass(frozen=True, slots=True)
class _Exchanger:
    preference: int
    host: str


async def way_by_relay(site: Site, relay: str, domain: str, errand: Errand) -> Way:
    """The addresses of a relay that this server is told to use: no MX is asked for."""
    _judge(site, errand, "route.relay", relay, domain=domain, via=relay)
    way = await _addresses(site, (_Exchanger(0, relay),), errand)
    return _without_this_machine(site, domain, way, errand)


async def way_by_mx(site: Site, domain: str, own_names: frozenset[str], errand: Errand) -> Way:
    """The addresses to try for a domain, best first, as the DNS has them now."""
    answer = await site.resolve(domain, "MX", errand)
    if answer.rcode not in {"NOERROR", "NXDOMAIN"}:
        _judge(site, errand, "route.dns-failure", "deferred", domain=domain, rcode=answer.rcode)
        return NoWay("deferred", "4.4.3", _not_found(domain, "MX", "Host not found, try again"))
    exchangers = _by_preference(site, answer)
    if not exchangers:
        return await _implicit(site, domain, errand)
    if [exchanger.host for exchanger in exchangers] == ["."]:
        _judge(site, errand, "route.null-mx", "failed", domain=domain)
        return NoWay("failed", "5.1.0", f"Domain {domain} does not accept mail (nullMX)")
    candidates = ", ".join(f"{x.preference} {x.host}" for x in exchangers)
    better = _better_than_self(exchangers, own_names)
    if not better:
        return _loops_back(site, domain, candidates, errand)
    _judge(site, errand, "route.mx", better[0].host, domain=domain, candidates=candidates)
    wanted = site.exchanger(domain)
    if wanted and all(exchanger.host != wanted for exchanger in better):
        return await way_by_relay(site, wanted, domain, errand)
    in_order = sorted(better, key=lambda exchanger: exchanger.host != wanted)
    way = await _addresses(site, tuple(in_order), errand)
    return _without_this_machine(site, domain, way, errand)


def _by_preference(site: Site, answer: Resolved) -> tuple[_Exchanger, ...]:
    """Lowest preference first, equal ones in random order (RFC 5321 section 5.1)."""
    exchangers = []
    for data in sorted(answer.data):
        preference, _, host = data.partition(" ")
        exchangers.append(_Exchanger(int(preference), host.rstrip(".").lower() or "."))
    site.random.shuffle(exchangers)
    return tuple(sorted(exchangers, key=lambda exchanger: exchanger.preference))


def _better_than_self(
    exchangers: tuple[_Exchanger, ...], own_names: frozenset[str]
) -> tuple[_Exchanger, ...]:
    """Without ourselves and all that is no better: else a mail would go in circles."""
    own = [x.preference for x in exchangers if x.host in own_names]
    return tuple(x for x in exchangers if not own or x.preference < min(own))


async def _implicit(site: Site, domain: str, errand: Errand) -> Way:
    """No MX: the domain's own address, as if it were an MX of preference 0."""
    way = await _addresses(site, (_Exchanger(0, domain),), errand)
    if not isinstance(way, NoWay):
        _judge(site, errand, "route.implicit-mx", domain, domain=domain)
    return _without_this_machine(site, domain, way, errand)


def _without_this_machine(site: Site, domain: str, way: Way, errand: Errand) -> Way:
    """Without our own addresses and all that is no better (Postfix's smtp_truncate_self)."""
    if isinstance(way, NoWay):
        return way
    own = [hop.preference for hop in way if is_own_address(site, hop.address)]
    better = tuple(hop for hop in way if not own or hop.preference < min(own))
    if better:
        return better
    candidates = ", ".join(f"{hop.preference} {hop.host}[{hop.address}]" for hop in way)
    return _loops_back(site, domain, candidates, errand)


def _loops_back(site: Site, domain: str, candidates: str, errand: Errand) -> NoWay:
    _judge(site, errand, "route.self-mx", "failed", domain=domain, candidates=candidates)
    return NoWay("failed", "5.4.6", f"mail for {domain} loops back to myself")


async def _addresses(site: Site, exchangers: tuple[_Exchanger, ...], errand: Errand) -> Way:
    hops: list[Hop] = []
    last = Resolved("NOERROR", ())
    doubtful = False
    for exchanger in exchangers:
        for rdtype in ("A", "AAAA"):
            last = await site.resolve(exchanger.host, rdtype, errand)
            if last.real_name:
                real, alias = last.real_name, exchanger.host
                _judge(site, errand, "route.alias", real, alias=alias, host=real)
            doubtful = doubtful or last.rcode not in {"NOERROR", "NXDOMAIN"}
            hops.extend(Hop(exchanger.host, a, exchanger.preference) for a in last.data)
    if hops:
        return tuple(hops)
    name = exchangers[-1].host
    if doubtful:
        _judge(site, errand, "route.dns-failure", "deferred", domain=name, rcode=last.rcode)
        return NoWay("deferred", "4.4.3", _not_found(name, "A", "Host not found, try again"))
    if last.rcode == "NXDOMAIN":
        _judge(site, errand, "route.no-host", "failed", domain=name)
        return NoWay("failed", "5.4.4", _not_found(name, "AAAA", "Host not found"))
    _judge(site, errand, "route.no-data", "failed", domain=name)
    reason = "Host found but no data record of requested type"
    return NoWay("failed", "5.4.4", _not_found(name, "AAAA", reason))


def _not_found(name: str, rdtype: str, reason: str) -> str:
    return (
        f"Host or domain name not found. Name service error for name={name} type={rdtype}: {reason}"
    )


def _judge(site: Site, errand: Errand, rule: str, verdict: str, **inputs: str) -> None:
    site.emit(errand, Judged(rule=rule, verdict=verdict, inputs=inputs))
