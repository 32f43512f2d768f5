"""The simulated internet of a scenario: which hosts it has, their roles, names and addresses.

Addresses are those kept for documentation (RFC 5737): what belongs to a sending domain lies in
192.0.2.0/24, the infrastructure in 198.51.100.0/24, what belongs to other domains in
203.0.113.0/24; a full block flows over into the others, and then into 198.18.0.0/15, which is
kept for measurements (RFC 2544).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from simulator.scenario.domain import Domain, MailExchanger, MailingList
from simulator.scenario.domain_labels import u_labels
from simulator.scenario.model import Host, Role, Scenario
from simulator.scenario.real_answers import (
    LookedUp,
    address_to_send_from,
    real_addresses,
    records_in,
    zone_of,
)

_SENDING, _INFRASTRUCTURE, _RECEIVING = "192.0.2", "198.51.100", "203.0.113"
REVERSE_BLOCKS = (_SENDING, _INFRASTRUCTURE, _RECEIVING)

RESOLVER, ROOT, TLD = "resolver.isp.example", "a.root.example", "a.tld.example"


_BESIDE_A_LIST = ("bounces", "request", "owner")
"""The addresses that a mailing list has beside its own, as GNU Mailman names them."""


class TopologyError(Exception):
    """The scenario needs more hosts than there are addresses that are nobody's."""


def _benchmark_addresses() -> Iterator[str]:
    """The addresses kept for measuring networks, 198.18.0.0/15 (RFC 2544 section C.2.2)."""
    for second in (18, 19):
        for third in range(256):
            for last in range(10, 255):
                yield f"198.{second}.{third}.{last}"


@dataclass(slots=True)
class _Addresses:
    """Gives out addresses in order; the same scenario always gets the same ones."""

    taken: frozenset[str] = frozenset()
    """Addresses that belong to somebody already: the real DNS says so."""
    free: dict[str, Iterator[int]] = field(
        default_factory=lambda: {block: iter(range(10, 255)) for block in REVERSE_BLOCKS}
    )

    overflow: Iterator[str] = field(default_factory=_benchmark_addresses)

    def take(self, block: str) -> str:
        for candidate in (block, *REVERSE_BLOCKS):
            for number in self.free[candidate]:
                if f"{candidate}.{number}" not in self.taken:
                    return f"{candidate}.{number}"
        for address in self.overflow:
            if address not in self.taken:
                return address
        raise TopologyError("a scenario can have some 130 000 hosts; this one needs more")


def domain_of(address: str) -> str:
    """The part after the @, in lower case (RFC 5321 section 2.3.11)."""
    return address.rpartition("@")[2].lower()


def client_name(address: str, device: str = "") -> str:
    """The host name of a user's own machine, or of another device."""
    local, _, domain = address.lower().rpartition("@")
    if not local.isascii():
        local = local.encode("punycode").decode("ascii")
    label = "".join(sign if sign.isalnum() and sign.isascii() else "-" for sign in local)
    # A label has at most 63 octets (RFC 1035 section 2.3.4).
    # The whole is one label, whatever the device is called.
    kind = device or "pc"
    return f"{kind}-{label[: 62 - len(kind)].strip('-') or 'user'}.{domain}"


def sending_domains(scenario: Scenario) -> frozenset[str]:
    """The domains from which a mail is sent, or whose submission server somebody types to."""
    typed_to = {session.server for session in scenario.sessions}
    return frozenset(
        (
            *(domain_of(mail.sender) for mail in scenario.mails),
            *(domain.name for domain in scenario.domains if domain.submission in typed_to),
        )
    )


def takers_of(domain: Domain) -> tuple[MailExchanger, ...]:
    """The hosts that take a domain's mail, as if the DNS had said them all.

    The null MX names none (RFC 7505); where there is no MX, it is the host of the domain's own
    name, if it has one (RFC 5321 section 5.1).
    """
    if not domain.exchangers and domain.name in {domain.submission, domain.mailbox}:
        return (MailExchanger(preference=0, host=domain.name),)
    return tuple(exchanger for exchanger in domain.exchangers if exchanger.host != ".")


def submits_elsewhere(domain: Domain) -> bool:
    """Whether its users hand their mail to a relay service: a host outside it, and no MX of it."""
    inside = domain.submission == domain.name or domain.submission.endswith(f".{domain.name}")
    return not inside and all(taker.host != domain.submission for taker in takers_of(domain))


def is_there(scenario: Scenario, domain: Domain) -> bool:
    """Whether a domain has servers: one that the DNS does not know has none, unless it sends."""
    return domain.exists or domain.name in sending_domains(scenario)


def addressed_aliases(domain: Domain) -> dict[str, tuple[str, ...]]:
    """The domain's aliases by whole address; what a list needs beside it goes to postmaster."""
    postmaster = (f"postmaster@{domain.name}",)
    beside = (f"{name}-{role}" for name in domain.lists for role in _BESIDE_A_LIST)
    return {f"{user}@{domain.name}": postmaster for user in beside} | {
        f"{user}@{domain.name}".lower(): to for user, to in domain.aliases.items()
    }


def addressed_lists(domain: Domain) -> dict[str, MailingList]:
    """The domain's mailing lists by whole address."""
    return {f"{name}@{domain.name}": each for name, each in domain.lists.items()}


def hosts_of(scenario: Scenario) -> tuple[Host, ...]:
    """Every host of the scenario, in the order in which a mail meets them.

    Raises TopologyError where the addresses do not suffice.
    """
    return tuple(_Plan(scenario).hosts.values())


def machine_of(scenario: Scenario, hosts: Mapping[str, Host], name: str) -> Host | None:
    """The host behind a mail exchanger's name; None where the DNS has no address of it.

    Two names that the real DNS gives one address are one machine.
    """
    if name in hosts or scenario.looked_up is None:
        return hosts.get(name)
    addresses = real_addresses(scenario.looked_up, name)
    receiving = (host for host in hosts.values() if host.role == "receiving_server")
    return next((host for host in receiving if set(host.addresses) & set(addresses)), None)


class _Plan:
    """Puts the hosts in order and gives them addresses."""

    def __init__(self, scenario: Scenario) -> None:
        self._real = scenario.looked_up
        self._addresses = _Addresses(_told_addresses(self._real))
        self._sending = sending_domains(scenario)
        self.hosts: dict[str, Host] = {}
        for mail in scenario.mails:
            self._client(mail.sender)
        self._add(RESOLVER, "resolver", "", "DNS", _INFRASTRUCTURE)
        self._add(ROOT, "nameserver", ".", "root", _INFRASTRUCTURE)
        self._add(TLD, "nameserver", "tld", "TLD", _INFRASTRUCTURE)
        for name in dict.fromkeys(_named_domains(scenario)):
            self._nameserver(name)
        for domain in scenario.domains:
            if is_there(scenario, domain):
                self._servers(domain)
        for pickup in scenario.pickups:
            self._client(pickup.mailbox, pickup.device)
        for one in scenario.interceptors:
            label = one.host.partition(".")[0].removeprefix("pc-")
            self._add(one.host, "interceptor", "", label, _INFRASTRUCTURE)
        for session in scenario.sessions:
            label = session.client.partition(".")[0].removeprefix("pc-")
            self._add(session.client, "mail_client", "", label, _RECEIVING)

    def _add(self, name: str, role: Role, owner: str, label: str, block: str) -> None:
        if name not in self.hosts:
            self._put(name, role, (self._addresses.take(block),), owner, label)

    def _put(
        self, name: str, role: Role, addresses: tuple[str, ...], owner: str, label: str
    ) -> None:
        self.hosts[name] = Host(
            name=name, role=role, addresses=addresses, owner=owner, label=u_labels(label)
        )

    def _add_at(
        self, addresses: tuple[str, ...], name: str, role: Role, owner: str, label: str
    ) -> None:
        """A host at those addresses that the real DNS told, as far as nobody else has them."""
        others = {
            one for host in self.hosts.values() if host.role == role for one in host.addresses
        }
        own = tuple(address for address in addresses if address not in others)
        if own and name not in self.hosts:
            self._put(name, role, own, owner, label)

    def _client(self, address: str, device: str = "") -> None:
        local_part = address.rpartition("@")[0]
        label = f"{local_part} ({device})" if device else local_part
        self._add(client_name(address, device), "mail_client", address, label, self._block(address))

    def _nameserver(self, domain: str) -> None:
        short = domain.partition(".")[0]
        self._add(f"ns1.{domain}", "nameserver", domain, f"ns.{short}", _INFRASTRUCTURE)

    def _servers(self, domain: Domain) -> None:
        block, short = self._block(domain.name), domain.name.partition(".")[0]
        if domain.name in self._sending:
            if self._real is not None:
                own = tuple(filter(None, (address_to_send_from(self._real, domain.name),)))
                label = f"smtp.{short}"
                self._add_at(own, domain.submission, "sending_server", domain.name, label)
            self._add(domain.submission, "sending_server", domain.name, f"smtp.{short}", block)
            for number, relay in enumerate(domain.relays, start=1):
                label = relay.partition(".")[0] or f"relay{number}"
                self._add(relay, "relay", domain_of_host(relay), label, _INFRASTRUCTURE)
        if domain.mta_sts is not None:
            self._add(sts_host(domain.name), "policy_server", domain.name, f"sts.{short}", block)
        takers = [exchanger.host for exchanger in takers_of(domain)]
        for host in takers:
            label = ".".join(host.split(".")[:2])
            if self._real is not None and domain.name in self._real.domains:
                told = real_addresses(self._real, host)
                self._add_at(told, host, "receiving_server", domain.name, label)
            else:
                self._add(host, "receiving_server", domain.name, label, block)
        machine = takers[0] if takers else domain.submission
        if domain.mailbox not in self.hosts and machine in self.hosts:
            # The mailbox server is another program on the machine that takes the mail.
            own = self.hosts[machine].addresses
            self._put(domain.mailbox, "mailbox_server", own, domain.name, f"mail.{short}")
        else:
            self._add(domain.mailbox, "mailbox_server", domain.name, f"mail.{short}", block)

    def _block(self, address: str) -> str:
        return _SENDING if domain_of(address) in self._sending else _RECEIVING


def _named_domains(scenario: Scenario) -> Iterator[str]:
    """Every domain that has a nameserver: those that have mail, and those that relays lie in."""
    domains = [domain for domain in scenario.domains if is_there(scenario, domain)]
    names = [domain.name for domain in domains]
    yield from names
    for domain in domains:
        hosts = (*domain.relays, domain.submission, domain.mailbox)
        exchangers = (exchanger.host for exchanger in takers_of(domain))
        for host in (*hosts, *exchangers):
            if not _lies_in(host, names):
                yield domain_of_host(host) if scenario.looked_up is None else zone_of(host)
    if scenario.looked_up is not None:
        owners = (owner for owner, *_ in records_in(scenario.looked_up))
        yield from (zone_of(owner) for owner in owners if not _lies_in(owner, names))
    visitors = (
        *(session.client for session in scenario.sessions),
        *(one.host for one in scenario.interceptors),
    )
    for host in visitors:
        if not _lies_in(host, names):
            yield domain_of_host(host)


def _lies_in(host: str, names: list[str]) -> bool:
    return any(host == name or host.endswith(f".{name}") for name in names)


def sts_host(domain: str) -> str:
    """The host that a domain's MTA-STS policy is fetched from (RFC 8461 section 3.3)."""
    return f"mta-sts.{domain}"


def domain_of_host(name: str) -> str:
    """The domain that a host name lies in."""
    return name.partition(".")[2] or name


def _told_addresses(looked_up: LookedUp | None) -> frozenset[str]:
    if looked_up is None:
        return frozenset()
    return frozenset(data for _, _, rdtype, data in records_in(looked_up) if rdtype == "A")
