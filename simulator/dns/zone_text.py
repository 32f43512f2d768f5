"""The zone files of a simulated internet: which zones there are, and what stands in which."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from simulator.dns.message import name_text, parse_name
from simulator.dns.zone_contents import Address, Exchanger, ZoneContents, zone_text

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network

DOCUMENTATION_NETWORKS = ("192.0.2.0", "198.51.100.0", "203.0.113.0", "2001:db8::")
"""The networks that always have a reverse zone (RFC 5737, RFC 3849)."""


@dataclass(frozen=True, slots=True)
class DomainRecords:
    """What the DNS is to know of one domain; names without a final dot.

    ``addresses`` are hosts, one address each; a host that lies in another zone is written there.
    The only exchanger ``.`` is the null MX (RFC 7505). ``more`` are further lines for the
    domain's zone file, such as ``@ IN TXT "v=spf1 mx -all"``.
    """

    name: str
    nameserver_host: str
    nameserver_address: str
    exchangers: tuple[Exchanger, ...] = ()
    addresses: tuple[Address, ...] = ()
    more: tuple[str, ...] = ()


def zone_files(
    domains: Sequence[DomainRecords],
    *,
    root_host: str,
    root_address: str,
    tld_host: str,
    tld_address: str,
    reverse: Sequence[tuple[str, str]] = (),
) -> dict[str, dict[str, str]]:
    """The text of every zone, by nameserver and zone name.

    The root delegates each top-level domain and each reverse zone to ``tld_host``; a domain is
    delegated by the zone that it lies in, which may be another domain's. ``reverse`` are
    addresses, and the host that each belongs to.

    Raises ValueError where a domain is given twice or an address is none, DnsMessageError where
    a name is none.
    """
    root_host, tld_host = _plain(root_host), _plain(tld_host)
    addresses = _addresses(domains, (root_host, root_address), (tld_host, tld_address))
    own = tuple(_domain_zone(domain) for domain in domains)
    zones = _by_name(
        (
            ZoneContents(".", "the root: who answers for the top-level domains", root_host),
            *_top_level_zones(own, addresses, tld_host),
            *own,
            *_reverse_zones(reverse, tld_host),
        )
    )
    by_server: dict[str, dict[str, str]] = {}
    for zone in zones.values():
        text = zone_text(_filled(zone, zones, addresses))
        by_server.setdefault(zone.nameserver, {})[zone.name] = text
    return by_server


def _addresses(domains: Iterable[DomainRecords], *servers: Address) -> tuple[Address, ...]:
    """Every address of every host, each once."""
    given = [*servers]
    for domain in domains:
        given.append((domain.nameserver_host, domain.nameserver_address))
        given.extend(domain.addresses)
    plain = ((_plain(host), str(ipaddress.ip_address(address))) for host, address in given)
    return tuple(dict.fromkeys(plain))


def _domain_zone(domain: DomainRecords) -> ZoneContents:
    name = _plain(domain.name)
    return ZoneContents(
        name=name,
        title=f"the domain {name}",
        nameserver=_plain(domain.nameserver_host),
        exchangers=tuple((preference, _plain(host)) for preference, host in domain.exchangers),
        more=domain.more,
    )


def _top_level_zones(
    own: Sequence[ZoneContents], addresses: Iterable[Address], nameserver: str
) -> Iterator[ZoneContents]:
    """A zone for the last label of every name, unless a domain has that very name."""
    domains = [zone.name for zone in own]
    labels = (name.rpartition(".")[2] for name in (*domains, *(host for host, _ in addresses)))
    for label in dict.fromkeys(labels):
        if label not in domains:
            yield ZoneContents(label, f"the top-level domain {label}", nameserver)


def _reverse_zones(reverse: Iterable[tuple[str, str]], nameserver: str) -> Iterator[ZoneContents]:
    """The zones of PTR records: one for each documentation network, and for others if needed."""
    networks = {_network(block): dict[Address, None]() for block in DOCUMENTATION_NETWORKS}
    for address, host in reverse:
        pointer = (ipaddress.ip_address(address).reverse_pointer, _plain(host))
        networks.setdefault(_network(address), {})[pointer] = None
    for network, pointers in networks.items():
        yield ZoneContents(
            name=_reverse_zone_name(network),
            title=f"the names of the addresses in {network}",
            nameserver=nameserver,
            pointers=tuple(pointers),
        )


def _network(address: str) -> Network:
    """The network whose addresses share a reverse zone: a /24, or a /32 of IPv6."""
    length = 24 if ipaddress.ip_address(address).version == 4 else 32
    return ipaddress.ip_network(f"{address}/{length}", strict=False)


def _reverse_zone_name(network: Network) -> str:
    octets_or_digits = 1 if network.version == 4 else 24
    labels = network.network_address.reverse_pointer.split(".")
    return ".".join(labels[octets_or_digits:])


def _by_name(zones: Iterable[ZoneContents]) -> dict[str, ZoneContents]:
    by_name: dict[str, ZoneContents] = {}
    for zone in zones:
        if zone.name in by_name:
            raise ValueError(f"the zone {zone.name} is given twice")
        by_name[zone.name] = zone
    return by_name


def _filled(
    zone: ZoneContents, zones: Mapping[str, ZoneContents], addresses: Sequence[Address]
) -> ZoneContents:
    """The zone with its own hosts, the delegations of the zones below it, and their glue."""
    below = [other for other in zones.values() if _zone_above(other.name, zones) == zone.name]
    # The root's own server lies in a zone below it; its address is wanted with the NS records.
    nameservers = {zone.nameserver, *(child.nameserver for child in below)}
    return replace(
        zone,
        hosts=tuple(a for a in addresses if _zone_of(a[0], zones) == zone.name),
        delegations=tuple((child.name, child.nameserver) for child in below),
        glue=tuple(
            (host, address)
            for host, address in addresses
            if host in nameservers
            and _zone_of(host, zones) != zone.name
            and _lies_in(host, zone.name)
        ),
    )


def _zone_of(name: str, zones: Mapping[str, ZoneContents]) -> str:
    """The nearest zone that a name lies in."""
    while name not in zones:
        name = name.partition(".")[2] or "."
    return name


def _zone_above(zone: str, zones: Mapping[str, ZoneContents]) -> str | None:
    """The zone that delegates a zone; nobody delegates the root."""
    return None if zone == "." else _zone_of(zone.partition(".")[2] or ".", zones)


def _lies_in(name: str, zone: str) -> bool:
    return zone == "." or name.endswith(f".{zone}")


def _plain(name: str) -> str:
    """A name in lower case without its final dot, as the DNS has it (``xn--`` for other signs)."""
    return name_text(parse_name(name)).lower()
