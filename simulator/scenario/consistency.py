"""Whether the parts of a scenario fit together: domains, accounts, mailboxes, hosts."""

from __future__ import annotations

from collections.abc import Sequence

from simulator.scenario.addresses import check_reserved
from simulator.scenario.defaults import DeclaredDomain, mailboxes_of
from simulator.scenario.errors import Mistakes, Place, ScenarioError, nearest
from simulator.scenario.mails import WrittenMail
from simulator.scenario.model import Domain, PickUp, Scenario
from simulator.scenario.section import Written
from simulator.scenario.topology import (
    RESOLVER,
    ROOT,
    TLD,
    TopologyError,
    client_name,
    domain_of,
    hosts_of,
)


def check_addresses(
    mails: Sequence[WrittenMail], declared: Sequence[DeclaredDomain], mistakes: Mistakes
) -> None:
    """Every address lies in a known domain, and every sender has an account there."""
    senders = [mail.sender for mail in mails if mail.sender is not None]
    users = {domain.name: domain.users for domain in declared}
    known = tuple(dict.fromkeys((*users, *(domain_of(sender.value) for sender in senders))))
    recipients = [entry for mail in mails for entry in mail.recipients]
    for entry in (*senders, *recipients):
        local_part, _, domain = entry.value.rpartition("@")
        if declared and domain not in known:
            mistakes.add(_unknown_domain(domain, known, entry.place))
        elif domain not in users:
            with mistakes.noted():
                check_reserved(domain, local_part, entry.place)
    for sender in senders:
        local_part, _, domain = sender.value.rpartition("@")
        accounts = users.get(domain)
        if accounts is not None and local_part not in accounts:
            mistakes.add(
                sender.place.mistake(
                    "scenario.sender-without-account",
                    address=sender.value,
                    user=local_part,
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
    """No server has the name of a nameserver, the resolver or somebody's own machine."""
    people = (*(mail.sender for mail in scenario.mails), *(one.mailbox for one in scenario.pickups))
    taken = {RESOLVER, ROOT, TLD, *map(client_name, people)}
    taken.update(f"ns1.{domain.name}" for domain in scenario.domains)
    for host in (host for domain in declared for host in domain.hosts):
        if host.value in taken:
            mistakes.add(host.place.mistake("scenario.name-taken", found=host.value))
    try:
        hosts_of(scenario)
    except TopologyError:
        mistakes.add(Place(file).mistake("scenario.too-many-hosts"))


def _unknown_domain(domain: str, known: tuple[str, ...], place: Place) -> ScenarioError:
    guess, others = nearest(domain, known), ", ".join(known)
    if guess is None:
        return place.mistake("scenario.unknown-domain", domain=domain, known=others)
    return place.mistake("scenario.misspelt-domain", domain=domain, nearest=guess, known=others)


def _unknown_mailbox(mailbox: str, known: tuple[str, ...], place: Place) -> ScenarioError:
    guess = nearest(mailbox, known)
    if guess is None:
        return place.mistake("scenario.unknown-mailbox", mailbox=mailbox, known=", ".join(known))
    return place.mistake("scenario.misspelt-mailbox", mailbox=mailbox, nearest=guess)
