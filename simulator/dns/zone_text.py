"""Writing the zone files of a simulated internet, as an administrator would write them."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import dns.reversename

from simulator.dns.message import name_text, parse_name

Exchanger: TypeAlias = tuple[int, str]
"""The preference and the host of an MX record."""

TTL = 3600
"""Seconds that a record may be remembered."""
DENIAL_TTL = 300
"""Seconds that a denial may be remembered (the SOA's minimum, RFC 2308)."""

DOCUMENTATION_BLOCKS = ("192.0.2.0", "198.51.100.0", "203.0.113.0", "2001:db8::")
"""The networks that always have a reverse zone (RFC 5737, RFC 3849)."""

_REVERSE_LABELS = {4: 3, 6: 8}
"""How much of an address names its reverse zone: a /24, or 32 bits of IPv6."""


@dataclass(frozen=True, slots=True)
class DomainRecords:
    """What stands in the DNS about one domain; names without a final dot.

    ``addresses`` are hosts with one address each; a host that lies in another zone is written
    there. The exchanger ``.`` is the null MX (RFC 7505). ``more`` are further lines for the
    domain's zone file, such as ``@ IN TXT "v=spf1 mx -all"``.
    """

    name: str
    nameserver_host: str
    nameserver_address: str
    exchangers: tuple[Exchanger, ...] = ()
    addresses: tuple[tuple[str, str], ...] = ()
    more: tuple[str, ...] = ()


@dataclass(slots=True)
class _ZoneFile:
    """A zone while it is put together; every name is absolute."""

    name: str
    title: str
    nameserver: str
    exchangers: tuple[Exchanger, ...] = ()
    hosts: dict[tuple[str, str], None] = field(default_factory=dict)
    delegations: dict[str, str] = field(default_factory=dict)
    """Zones below, and the nameserver of each."""
    glue: dict[tuple[str, str], None] = field(default_factory=dict)
    pointers: list[tuple[str, str]] = field(default_factory=list)
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

    The root delegates each top-level domain and each reverse zone to ``tld_host``; every domain
    is delegated by the zone it lies in, which is another domain's where domains are nested.
    ``reverse`` are addresses and the hosts that they belong to. Raises ValueError where a
    domain is given twice, or an address is none.
    """
    internet = _Internet(domains, (root_host, root_address), (tld_host, tld_address))
    for address, host in reverse:
        internet.point(address, host)
    return internet.texts()


class _Internet:
    """All zones of a simulated internet, and which of them a name belongs to."""

    def __init__(
        self,
        domains: Sequence[DomainRecords],
        root_server: tuple[str, str],
        tld_server: tuple[str, str],
    ) -> None:
        self._tld_host = _plain(tld_server[0])
        self._addresses: dict[tuple[str, str], None] = {}
        self._zones: dict[str, _ZoneFile] = {}
        self._add(".", "the root: who answers for the top-level domains", root_server[0])
        for domain in domains:
            self._add_domain(domain)
        for server in (root_server, tld_server):
            self._add_addresses((server,))
        self._add_top_level_domains()
        for block in DOCUMENTATION_BLOCKS:
            self._reverse_zone(block)

    def point(self, address: str, host: str) -> None:
        """Let an address's PTR record name a host."""
        name = name_text(dns.reversename.from_address(str(ipaddress.ip_address(address))))
        self._reverse_zone(address).pointers.append((name, _plain(host)))

    def texts(self) -> dict[str, dict[str, str]]:
        """Every zone file, by nameserver and zone name."""
        for name, zone in self._zones.items():
            if name != ".":
                self._delegate(zone)
        for host, address in self._addresses:
            self._home(host).hosts[host, address] = None
        by_server: dict[str, dict[str, str]] = {}
        for name, zone in self._zones.items():
            by_server.setdefault(zone.nameserver, {})[name] = _text(zone)
        return by_server

    def _add(self, name: str, title: str, nameserver: str) -> _ZoneFile:
        if name in self._zones:
            raise ValueError(f"the zone {name} is given twice")
        zone = self._zones[name] = _ZoneFile(name, title, _plain(nameserver))
        return zone

    def _add_domain(self, domain: DomainRecords) -> None:
        name = _plain(domain.name)
        zone = self._add(name, f"the domain {name}", domain.nameserver_host)
        zone.exchangers = tuple((number, _plain(host)) for number, host in domain.exchangers)
        zone.more = domain.more
        self._add_addresses(((domain.nameserver_host, domain.nameserver_address),))
        self._add_addresses(domain.addresses)

    def _add_addresses(self, addresses: Iterable[tuple[str, str]]) -> None:
        for host, address in addresses:
            self._addresses[_plain(host), str(ipaddress.ip_address(address))] = None

    def _add_top_level_domains(self) -> None:
        names = (*self._zones, *(host for host, _ in self._addresses))
        for label in dict.fromkeys(name.rpartition(".")[2] for name in names if name != "."):
            if label not in self._zones:
                self._add(label, f"the top-level domain {label}", self._tld_host)

    def _reverse_zone(self, address: str) -> _ZoneFile:
        """The zone of an address's PTR record, made where it is not there yet."""
        parsed = ipaddress.ip_address(address)
        digits = 4 if parsed.version == 4 else 32
        labels = parsed.reverse_pointer.split(".")
        name = ".".join(labels[digits - _REVERSE_LABELS[parsed.version] :])
        if name not in self._zones:
            network = ipaddress.ip_network((parsed, 24 if parsed.version == 4 else 32), strict=False)
            self._add(name, f"the names of the addresses in {network}", self._tld_host)
        return self._zones[name]

    def _delegate(self, zone: _ZoneFile) -> None:
        parent = self._home(zone.name, strictly=True)
        parent.delegations[zone.name] = zone.nameserver
        for host, address in self._addresses:
            if host == zone.nameserver and self._home(host) is not parent and _lies_in(host, parent.name):
                parent.glue[host, address] = None

    def _home(self, name: str, *, strictly: bool = False) -> _ZoneFile:
        """The zone that a name belongs to; ``strictly``: the one above a zone of that name."""
        if not strictly and name in self._zones:
            return self._zones[name]
        while name != ".":
            name = name.partition(".")[2] or "."
            if name in self._zones:
                break
        return self._zones[name]
