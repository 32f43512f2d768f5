"""Whether the parts of a scenario fit together: domains, accounts, mailboxes, hosts."""

from __future__ import annotations

from collections.abc import Sequence

from simulator.scenario.addresses import NULL_MX, check_reserved
from simulator.scenario.authors import address_in
from simulator.scenario.defaults import DeclaredDomain, mailboxes_of
from simulator.scenario.domain import Domain
from simulator.scenario.domain_labels import u_labels
from simulator.scenario.errors import Mistakes, Place, ScenarioError, nearest
from simulator.scenario.mails import WrittenMail
from simulator.scenario.model import PickUp, Scenario
from simulator.scenario.records import not_alone
from simulator.scenario.section import Written
from simulator.scenario.topology import (
    TopologyError,
    client_name,
    domain_of,
    hosts_of,
    sending_domains,
)

_NOT_FOR_MAIL = frozenset({"resolver", "nameserver"})
"""Roles of hosts that the simulated internet adds of itself, and that take no mail."""


def check_addresses(
    mails: Sequence[WrittenMail],
    declared: Sequence[DeclaredDomain],
    mistakes: Mistakes,
    *,
    names_are_real: bool = False,
) -> None:
    """Every address lies in a known domain, and every author has an account there.

    Where the real DNS is asked, any domain may be one.
    """
    senders = [mail.sender for mail in mails if mail.sender is not None]
    users = {domain.name: domain.users for domain in declared}
    known = tuple(dict.fromkeys((*users, *(domain_of(sender.value) for sender in senders))))
    others = [entry for mail in mails for entry in mail.addresses]
    authors = [mail.header_from for mail in mails if mail.header_from is not None]
    targets = [entry for domain in declared for entry in domain.alias_targets]
    for entry in () if names_are_real else (*senders, *others, *targets):
        local_part, _, domain = entry.value.rpartition("@")
        if declared and domain not in known:
            mistakes.add(_unknown_domain(domain, known, entry.place))
        elif domain not in users:
            with mistakes.noted():
                check_reserved(domain, local_part, entry.place)
    for author in authors:
        local_part, _, domain = address_in(author.value).rpartition("@")
        if domain not in known:
            with mistakes.noted():  # it need not exist, but must not be somebody's
                check_reserved(domain, local_part, author.place)
    for sender in senders:
        local_part, _, domain = sender.value.rpartition("@")
        accounts = users.get(domain)
        if accounts is not None and local_part.lower() not in accounts:
            mistakes.add(
                sender.place.mistake(
                    "scenario.sender-without-account",
                    address=sender.value,
                    user=local_part.lower(),
                    domain=domain,
                )
            )


def check_mailboxes(
    pickups: Sequence[Written[PickUp]], domains: Sequence[Domain], mistakes: Mistakes
) -> None:
    """Every pick-up is from a mailbox that exists."""
    known = mailboxes_of(domains)
    for pickup in pickups:
        if pickup.value.mailbox not in known:
            mistakes.add(_unknown_mailbox(pickup.value.mailbox, known, pickup.place))


def check_hosts(
    scenario: Scenario, declared: Sequence[DeclaredDomain], file: str, mistakes: Mistakes
) -> None:
    """There are addresses for all, and no server is named like a host that is something else.

    A simulated host serves one domain, and a relay none.
    """
    try:
        roles = {host.name: host.role for host in hosts_of(scenario)}
    except TopologyError:
        mistakes.add(Place(file).mistake("scenario.too-many-hosts"))
        return
    people = (*(mail.sender for mail in scenario.mails), *(one.mailbox for one in scenario.pickups))
    machines = set(map(client_name, people))
    machines |= {client_name(one.mailbox, one.device) for one in scenario.pickups}
    _check_relays(scenario, declared, mistakes)
    owners = _owners(scenario.domains)
    for domain in declared:
        for cname in domain.cnames:
            if cname.value in roles:
                mistakes.add(not_alone(cname))
        for host in domain.hosts:
            if host.value in machines or roles.get(host.value) in _NOT_FOR_MAIL:
                mistakes.add(host.place.mistake("scenario.name-taken", found=host.value))
            for owner in _others(domain, host.value, owners)[:1]:
                mistakes.add(
                    host.place.mistake("scenario.host-shared", found=host.value, domain=owner)
                )


def _check_relays(
    scenario: Scenario, declared: Sequence[DeclaredDomain], mistakes: Mistakes
) -> None:
    """A simulated relay knows one way on, and so relays for one sending domain."""
    sending, relaying_for = sending_domains(scenario), dict[str, str]()
    for domain in declared:
        relays = domain.relays if domain.name in sending else None
        for host in (host for host in domain.hosts if host.value in (relays or ())):
            first = relaying_for.setdefault(host.value, domain.name)
            if first != domain.name:
                mistakes.add(
                    host.place.mistake("scenario.relay-shared", found=host.value, domain=first)
                )


def _owners(domains: Sequence[Domain]) -> dict[str, list[str]]:
    """Whose server each host is; relays are nobody's, and any domain may send through them."""
    owners: dict[str, list[str]] = {}
    for domain in domains:
        exchangers = (one.host for one in domain.exchangers if one.host != NULL_MX)
        for host in dict.fromkeys((domain.submission, domain.mailbox, *exchangers)):
            owners.setdefault(host, []).append(domain.name)
    return owners


def _others(domain: DeclaredDomain, host: str, owners: dict[str, list[str]]) -> list[str]:
    """The domains for which that host cannot be what this domain makes of it."""
    is_relay = host in (domain.relays or ())
    return [owner for owner in owners.get(host, []) if is_relay or owner != domain.name]


def _unknown_domain(domain: str, known: tuple[str, ...], place: Place) -> ScenarioError:
    domain, known = u_labels(domain), tuple(map(u_labels, known))  # as people write them
    guess, others = nearest(domain, known), ", ".join(known)
    if guess is None:
        return place.mistake("scenario.unknown-domain", domain=domain, known=others)
    return place.mistake("scenario.misspelt-domain", domain=domain, nearest=guess, known=others)


def _unknown_mailbox(mailbox: str, known: tuple[str, ...], place: Place) -> ScenarioError:
    guess = nearest(mailbox, known)
    if guess is None:
        return place.mistake("scenario.unknown-mailbox", mailbox=mailbox, known=", ".join(known))
    return place.mistake("scenario.misspelt-mailbox", mailbox=mailbox, nearest=guess)
