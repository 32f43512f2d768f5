"""The cases that are compared with captures of real servers.

To add one: ``python -m tests.truth.extract FOLDER CASE``, a row here, and where ours differ on
purpose a row in differences.toml.
"""

from __future__ import annotations

from typing import Protocol

import msgspec

from simulator.scenario.model import Scenario
from tests.truth.captures import Capture
from tests.truth.pickups import Fetched, TypedPop3
from tests.truth.played import Case, sealing
from tests.truth.typed import Typed


class AnyCase(Protocol):
    """What is captured, and what ours do in its place."""

    @property
    def name(self) -> str:
        """The capture's name."""

    def truth(self) -> Capture:
        """What the real ones did."""

    def play(self) -> Capture:
        """What ours do."""


def _with_two_users(scenario: Scenario) -> Scenario:
    """The domain has Ani and Budi, whoever is written to."""
    (kampus,) = scenario.domains
    return msgspec.structs.replace(
        scenario,
        domains=(msgspec.structs.replace(kampus, users=("ani", "budi")),),
        pickups=(),
    )


CASES: tuple[AnyCase, ...] = (
    Case("same-domain", "same-domain"),
    Case("two-domains", "two-domains"),
    Case("two-relays", "two-relays"),
    Case("attachment", "attachment"),
    Case("starttls", "two-domains", change=sealing),
    Case("unknown-recipient", "two-domains", to=("tidakada@kantor.example",)),
    Case(
        "unknown-recipient-own-domain",
        "same-domain",
        to=("hantu@kampus.example",),
        change=_with_two_users,
        by_hand=(1,),
    ),
    Typed("bad-commands", "two-domains", (0, 1, 5)),
    Typed("open-relay-attempt", "two-relays", (0, 2)),
    Typed("wrong-password", "two-domains", (0, 1, 2, 5, 6)),
    TypedPop3("pop3-by-hand"),
    Fetched("pick-up-with-fetchmail", "two-domains"),
)
