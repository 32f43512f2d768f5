"""The zone files of the simulated DNS: what each nameserver knows of a scenario and its hosts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from simulator.dns.real_zones import lines_by_zone
from simulator.dns.zone_text import DomainRecords, zone_files
from simulator.engine.secrecy_cast import sts_lines
from simulator.scenario.domain import Domain
from simulator.scenario.model import Host, Scenario
from simulator.scenario.real_answers import is_key_told, was_asked
from simulator.scenario.topology import ROOT, TLD


def zones_of(scenario: Scenario, hosts: tuple[Host, ...]) -> dict[str, dict[str, str]]:
    """The zone files of the simulated DNS: for each nameserver, zone name to zone-file text."""
    address = {host.name: host.addresses[0] for host in hosts}
    more = {domain.name: tuple(_records(scenario, domain)) for domain in scenario.domains}
    delegated = tuple(_delegated(scenario, hosts))
    names = [name for name, _ in delegated]
    lying_in = _by_domain(hosts, frozenset(names))
    real = scenario.looked_up
    if real is not None:
        told = lines_by_zone(real, names)
        more |= {name: (*told[name], *more.get(name, ())) for name in names}
    records = [
        DomainRecords(
            name=name,
            nameserver_host=f"ns1.{name}",
            nameserver_address=address[f"ns1.{name}"],
            exchangers=exchangers,
            more=more.get(name, ()),
            addresses=tuple(
                (host.name, host.addresses[0])
                for host in lying_in[name]
                if real is None or not was_asked(real, host.name)
            ),
        )
        for name, exchangers in delegated
    ]
    reverse: dict[str, str] = {}
    for host in hosts:
        reverse.setdefault(host.addresses[0], host.name)
    return zone_files(
        records,
        root_host=ROOT,
        root_address=address[ROOT],
        tld_host=TLD,
        tld_address=address[TLD],
        reverse=tuple(reverse.items()),
    )


def _records(scenario: Scenario, domain: Domain) -> Iterator[str]:
    """The further lines of a domain's zone file: its own, and the key that it signs with."""
    yield from domain.records
    yield from sts_lines(domain, scenario.start)
    if domain.dkim_selector and not key_is_real(scenario, domain):
        from simulator.mail.trust import dkim_key, dkim_record  # noqa: PLC0415 - slow to import

        yield dkim_record(domain.dkim_selector, dkim_key(scenario.seed, domain.name))


def key_is_real(scenario: Scenario, domain: Domain) -> bool:
    """Whether the key that the DNS shows is a real one, to which nobody here has the other half."""
    return is_key_told(scenario.looked_up, domain.name, domain.dkim_selector)


def _delegated(
    scenario: Scenario, hosts: tuple[Host, ...]
) -> Iterator[tuple[str, tuple[tuple[int, str], ...]]]:
    """Every domain with a nameserver of its own, and its exchangers."""
    exchangers = {
        domain.name: tuple((x.preference, x.host) for x in domain.exchangers)
        for domain in scenario.domains
        if scenario.looked_up is None or domain.name not in scenario.looked_up.domains
    }
    unknown = {domain.name for domain in scenario.domains if not domain.exists}
    for host in hosts:
        if host.role == "nameserver" and host.owner not in unknown | {".", "tld"}:
            yield host.owner, exchangers.get(host.owner, ())


def _by_domain(hosts: tuple[Host, ...], domains: frozenset[str]) -> defaultdict[str, list[Host]]:
    """The hosts, but for nameservers, by the nearest domain that they lie in."""
    found: defaultdict[str, list[Host]] = defaultdict(list)
    for host in hosts:
        if host.role != "nameserver":
            name = host.name
            while name and name not in domains:
                name = name.partition(".")[2]
            found[name].append(host)
    return found
