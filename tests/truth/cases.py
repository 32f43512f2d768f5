"""The cases that are compared with captures of real servers.

To add one: ``python -m tests.truth.extract FOLDER CASE``, a row here, and where ours differ on
purpose a row in differences.toml.
"""

from __future__ import annotations

from typing import Protocol

import msgspec

from simulator.scenario.model import SECOND, Domain, Fault, MailExchanger, Scenario
from tests.truth.captures import Capture
from tests.truth.pickups import Fetched, TypedPop3
from tests.truth.played import Case, sealing
from tests.truth.typed import Typed


class AnyCase(Protocol):
    """What is captured, and what ours do in its place."""

    @property
    def name(self) -> str:
        """The capture's name."""

    def __hash__(self) -> int: ...

    def truth(self) -> Capture:
        """What the real ones did."""

    def play(self) -> Capture:
        """What ours do."""


def _with_null_mx(scenario: Scenario) -> Scenario:
    """There is a domain that takes no mail (RFC 7505)."""
    return _with(scenario, _domain("nullmx.example", MailExchanger(preference=0, host=".")))


def _with_empty_domain(scenario: Scenario) -> Scenario:
    """There is a domain that has neither an MX nor an address."""
    return _with(scenario, _domain("kosong.example"))


def _domain(name: str, *exchangers: MailExchanger) -> Domain:
    host = f"mail.{name}"
    return Domain(name=name, users=("eka",), exchangers=exchangers, submission=host, mailbox=host)


def _with(scenario: Scenario, domain: Domain) -> Scenario:
    return msgspec.structs.replace(scenario, domains=(*scenario.domains, domain))


def _with_primary_down(scenario: Scenario) -> Scenario:
    """The best exchanger refuses, also when the other one tries for the second time."""
    down = Fault(host="mx1.kantor.example", on="connect", do="refuse", end=400 * SECOND)
    return msgspec.structs.replace(scenario, faults=(down,))


def _with_trust(scenario: Scenario) -> Scenario:
    """The sender's domain publishes SPF and signs; the recipient's checks."""
    kampus, kantor = scenario.domains
    kampus = msgspec.structs.replace(
        kampus, records=('@ 3600 IN TXT "v=spf1 mx -all"',), dkim_selector="s1"
    )
    kantor = msgspec.structs.replace(kantor, checks_trust=True)
    return msgspec.structs.replace(scenario, domains=(kampus, kantor))


def _with_soft_domain(scenario: Scenario) -> Scenario:
    """There is also a domain that only doubts mail from elsewhere."""
    rumah = _domain("rumah.example", MailExchanger(preference=10, host="mail.rumah.example"))
    soft = msgspec.structs.replace(rumah, records=('@ 3600 IN TXT "v=spf1 mx ~all"',))
    return _with(_with_trust(scenario), soft)


CASES: tuple[AnyCase, ...] = (
    Case("same-domain", "same-domain"),
    Case("two-domains", "two-domains"),
    Case("two-relays", "two-relays"),
    Case("attachment", "attachment"),
    Case("starttls", "two-domains", change=sealing),
    Case("unknown-recipient", "two-domains", to="tidakada@kantor.example"),
    Case(
        "unknown-recipient-own-domain",
        "same-domain",
        to="hantu@kampus.example",
        by_hand=(1,),
    ),
    Case("nxdomain", "two-domains", to="eka@tidakada.example"),
    Case("null-mx", "two-domains", to="eka@nullmx.example", change=_with_null_mx),
    Case("neither-mx-nor-a", "two-domains", to="eka@kosong.example", change=_with_empty_domain),
    Case("primary-mx-down", "two-domains", change=_with_primary_down),
    Case("spf-dkim-pass", "two-domains", change=_with_trust),
    Typed("spf-fail", "two-domains", (0, 1, 3), change=_with_soft_domain),
    Typed("bad-commands", "two-domains", (0, 1, 5)),
    Typed("open-relay-attempt", "two-relays", (0, 2)),
    Typed("wrong-password", "two-domains", (0, 1, 2, 5, 6)),
    TypedPop3("pop3-by-hand"),
    Fetched("pick-up-with-fetchmail", "two-domains"),
)
