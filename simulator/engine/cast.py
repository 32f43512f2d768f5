"""Who plays whom: puts an actor on every host of a world, and sends are pressed in time."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from simulator.actors.mail_client import MailClient
from simulator.actors.mailbox_server import MailboxServer
from simulator.actors.nameserver import NameserverActor
from simulator.actors.receiving_server import ReceivingServer
from simulator.actors.recipient_client import RecipientClient
from simulator.actors.relay import Relay
from simulator.actors.resolver import ResolverActor
from simulator.actors.sending_server import SendingServer
from simulator.actors.typist import Typist
from simulator.dns.nameserver import Nameserver
from simulator.dns.zones import read_zones
from simulator.engine.secrecy_cast import raise_interceptors, raise_policy_server
from simulator.engine.world import World
from simulator.engine.zone_files import key_is_real, zones_of
from simulator.mail.content_scan import Scanning
from simulator.mail.credentials import Credentials
from simulator.mail.local_delivery import HandsOver, Letterbox, WritesItself
from simulator.mail.mailbox import MailStore
from simulator.scenario.domain import Domain
from simulator.scenario.model import Scenario
from simulator.scenario.topology import (
    RESOLVER,
    ROOT,
    client_name,
    domain_of,
    is_there,
    machine_of,
    sending_domains,
    submits_elsewhere,
    takers_of,
)

if TYPE_CHECKING:
    from simulator.mail.trust import Signing
    from simulator.mail.visitor import Trust

_PASSWORD = "rahasia"  # noqa: S105 - every simulated user has the same one, and it guards nothing


def raise_actors(world: World) -> None:
    """Put every actor in place; the loop then runs the story."""
    _raise_dns(world)
    receivers: dict[str, ReceivingServer] = {}
    for domain in world.scenario.domains:
        if is_there(world.scenario, domain):
            _raise_domain(world, domain, receivers)
            raise_policy_server(world, domain)
    for receiver in receivers.values():
        receiver.open()
    raise_interceptors(world)
    world.changes.begin()
    for mail in world.scenario.mails:
        site = world.site(client_name(mail.sender))
        domain = _domain(world.scenario, domain_of(mail.sender))
        password = _PASSWORD if mail.password is None else mail.password
        credentials = Credentials(mail.sender, password, domain.auth)
        client = MailClient(site, credentials, domain.submission, domain.submission_port)
        site.after(mail.at, functools.partial(client.write, mail))
    for session in world.scenario.sessions:
        site = world.site(session.client)
        typist = Typist(site, session)
        site.after(session.at, lambda t=typist, s=site: s.start(t.hold(), f"{s.name} types"))  # type: ignore[misc]


def _raise_dns(world: World) -> None:
    hosts = tuple(world.hosts.values())
    for server, texts in zones_of(world.scenario, hosts).items():
        site = world.site(server)
        NameserverActor(site, Nameserver(read_zones(texts))).open()
    ResolverActor(world.site(RESOLVER), root=(ROOT, world.hosts[ROOT].addresses[0])).open()


# Mail ----------------------------------------------------------------------------------------


def _raise_domain(world: World, domain: Domain, receivers: dict[str, ReceivingServer]) -> None:
    users = [f"{user}@{domain.name}".lower() for user in domain.users]
    # A mailbox made when the scenario starts, in seconds, as mailbox servers number it.
    store = MailStore(uid_validity=int(world.date(0).timestamp()))
    # A server must take mail for postmaster (RFC 5321 section 4.5.1).
    for user in dict.fromkeys((*users, f"postmaster@{domain.name}")):
        store.create(user, _PASSWORD)
    letterbox = Letterbox(
        world.site(domain.mailbox),
        store,
        quota=domain.quota,
        quota_code=domain.quota_code,
        open_to_all=domain.name if domain.playground else "",
    )
    world.followers[domain.name].append(letterbox.adopt)
    mailbox_server = MailboxServer(world.site(domain.mailbox), letterbox)
    mailbox_server.open(lmtp=domain.delivery == "lmtp")
    passwords = dict.fromkeys(users, _PASSWORD)
    if domain.certificate:
        world.certificate_names[domain.submission] = domain.certificate
    if domain.name in sending_domains(world.scenario):
        site = world.site(domain.submission)
        # A relay service is nobody's end of the way: it finds the domain by its MX, as others do.
        delivery = (
            None
            if submits_elsewhere(domain)
            else _delivery(world, domain, letterbox, domain.submission)
        )
        SendingServer(
            site,
            domain,
            delivery,
            passwords,
            signing=_signing(world, domain, domain.submission),
            own_signing=_signing(world, domain, domain.submission, any_author=True),
            checking=_checking(world, domain, domain.submission),
        ).open()
        _raise_relays(world, domain)
    _raise_exchangers(world, domain, letterbox, receivers)
    _raise_recipients(world, domain, letterbox)


def _raise_exchangers(
    world: World, domain: Domain, letterbox: Letterbox, receivers: dict[str, ReceivingServer]
) -> None:
    """A server on every machine that takes the domain's mail; one may take several domains'."""
    scenario, takers = world.scenario, takers_of(domain)
    sends = domain.name in sending_domains(scenario)
    users = frozenset(
        (*(f"{user}@{domain.name}".lower() for user in domain.users), f"postmaster@{domain.name}")
    )
    best = min((taker.preference for taker in takers), default=0)
    for taker in takers:
        machine = machine_of(scenario, world.hosts, taker.host)
        if machine is None or (sends and machine.name == domain.submission):
            continue
        # Of a real domain's exchangers nobody outside knows how they stand to each other.
        final = taker.preference == best or scenario.looked_up is not None
        delivery = _delivery(world, domain, letterbox, machine.name) if final else None
        if machine.name in receivers:
            receivers[machine.name].also_serve(domain, users, delivery)
        else:
            receivers[machine.name] = ReceivingServer(
                world.site(machine.name),
                domain,
                users,
                delivery,
                own_signing=_signing(world, domain, machine.name, any_author=True),
                checking=_checking(world, domain, machine.name),
            )


def _delivery(
    world: World, domain: Domain, letterbox: Letterbox, server: str
) -> WritesItself | HandsOver:
    if domain.delivery == "local":
        return WritesItself(world.site(server), letterbox)
    return HandsOver(world.site(server), domain.mailbox, world.hosts[domain.mailbox].addresses[0])


def _signing(
    world: World, domain: Domain, server: str, *, any_author: bool = False
) -> Signing | None:
    """What a server does so that others can trust its mail."""
    if not domain.dkim_selector:
        return None
    from simulator.mail.trust import Signing, dkim_key  # noqa: PLC0415 - slow to import

    key = dkim_key(world.scenario.seed, domain.name)
    return Signing(
        world.site(server),
        domain.name,
        domain.dkim_selector,
        key,
        any_author=any_author,
        stands_in=key_is_real(world.scenario, domain),
    )


def _checking(world: World, domain: Domain, server: str) -> Trust | None:
    """What a receiving server does before it trusts a mail."""
    machines = (machine_of(world.scenario, world.hosts, x.host) for x in takers_of(domain))
    others = (one for one in machines if one is not None and one.name != server)
    addresses = frozenset(address for one in others for address in one.addresses)
    checking: Trust | None = None
    if domain.checks_trust:
        from simulator.mail.trust import Checking  # noqa: PLC0415 - slow to import

        checking = Checking(world.site(server), addresses)
    return Scanning(world.site(server), addresses, checking) if domain.content_scan else checking


def _raise_relays(world: World, domain: Domain) -> None:
    hops = (domain.submission, *domain.relays)
    for number, name in enumerate(domain.relays, start=1):
        trusted = frozenset(world.hosts[hops[number - 1]].addresses)
        next_relay = hops[number + 1] if number + 1 < len(hops) else ""
        owner = world.hosts[name].owner
        settings = world.scenario.domain(owner) or Domain(
            name=owner, users=(), exchangers=(), submission="", mailbox=""
        )
        Relay(world.site(name), settings, trusted, next_relay).open()


def _raise_recipients(world: World, domain: Domain, letterbox: Letterbox) -> None:
    for pickup in world.scenario.pickups:
        if domain_of(pickup.mailbox) == domain.name:
            site = world.site(client_name(pickup.mailbox, pickup.device))
            credentials = Credentials(pickup.mailbox.lower(), _PASSWORD)
            client = RecipientClient(site, credentials, domain.mailbox, pickup)
            letterbox.on_arrival(pickup.mailbox.lower(), client.mail_has_come)
            if pickup.idle:
                client.wait_for_mail()


def _domain(scenario: Scenario, name: str) -> Domain:
    domain = scenario.domain(name)
    if domain is None:
        raise LookupError(f"the scenario has no domain {name}")
    return domain
