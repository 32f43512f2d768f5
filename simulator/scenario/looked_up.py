"""A scenario that takes the names and addresses which the real DNS told.

The mail then goes to simulated servers of these names at these addresses, inside of the
simulated network. What the DNS does not tell is made up as ever: who takes mail from its own
users (``smtp.``), where a mailbox is picked up, which nameserver answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from simulator.scenario.defaults import with_given
from simulator.scenario.domain import Domain, MailExchanger
from simulator.scenario.model import Scenario
from simulator.scenario.real_answers import MOST_EXCHANGERS, LookedUp, exchangers_in, real_addresses
from simulator.scenario.topology import domain_of

_HOST = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9-]{1,63}")


def real_domains(scenario: Scenario) -> tuple[str, ...]:
    """The domains of the addresses that mails come from and go to, each once."""
    mails = scenario.mails
    addresses = (
        one for mail in mails for one in (mail.sender, mail.reverse_path, *mail.recipients)
    )
    return tuple(dict.fromkeys(domain_of(one) for one in addresses if one))


def known_selectors(scenario: Scenario) -> tuple[tuple[str, str], ...]:
    """The domains whose DKIM key has a known name, and that name."""
    wanted = real_domains(scenario)
    return tuple(
        (domain.name, domain.dkim_selector)
        for domain in scenario.domains
        if domain.dkim_selector and domain.name in wanted
    )


def with_looked_up(scenario: Scenario, looked_up: LookedUp) -> Scenario:
    """The scenario with its domains as the real DNS has them; those of nobody's address go."""
    taken = {host for name in looked_up.domains for _, host in _exchangers(name, looked_up)}
    domains = tuple(
        _as_it_is(domain, looked_up, taken)
        for domain in scenario.domains
        if domain.name in looked_up.domains
    )
    pickups = tuple(one for one in scenario.pickups if domain_of(one.mailbox) in looked_up.domains)
    return with_given(scenario, domains=domains, pickups=pickups, looked_up=looked_up)


def _as_it_is(domain: Domain, looked_up: LookedUp, taken: Iterable[str]) -> Domain:
    name = domain.name
    exchangers = tuple(
        MailExchanger(preference=preference, host=host)
        for preference, host in _exchangers(name, looked_up)
    )
    submission = f"smtp.{name}" if f"smtp.{name}" not in taken else f"submission.{name}"
    mailbox = f"mail.{name}" if f"mail.{name}" not in taken else f"mailbox.{name}"
    if not exchangers and real_addresses(looked_up, name):
        mailbox = name  # no MX: the host of the domain's own name takes its mail
    return with_given(
        domain, exchangers=exchangers, submission=submission, mailbox=mailbox, checks_trust=True
    )


def _exchangers(name: str, looked_up: LookedUp) -> tuple[tuple[int, str], ...]:
    """The domain's exchangers, as far as they are simulated; ``.`` is the null MX."""
    found = exchangers_in(looked_up.answer(name, "MX"))
    return tuple(
        one for one in found if one[1] == "." or (len(one[1]) < 254 and _HOST.fullmatch(one[1]))
    )[:MOST_EXCHANGERS]
