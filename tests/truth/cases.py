"""The cases that are compared with captures of real servers.

To add one: ``python -m tests.truth.extract FOLDER CASE``, a row here (how the captured servers were
set stands in circumstances.py), and where ours differ on purpose a row in differences.toml.
"""

from __future__ import annotations

from typing import Protocol

from simulator.scenario.domain import Retry
from simulator.scenario.virtual_time import SECOND
from tests.truth.captures import Capture
from tests.truth.circumstances import (
    asking_first,
    deferring,
    greylisting,
    never_now,
    refusing_early_talk,
    taking_bare_lf,
    with_dots,
    with_empty_domain,
    with_exim,
    with_large_mail,
    with_null_mx,
    with_odd_server,
    with_primary_down,
    with_soft_domain,
    with_trust,
    with_unknown_recipients,
    without_mx,
    without_pipelining,
)
from tests.truth.pickups import Fetched, TypedMailbox
from tests.truth.played import Case, sealing
from tests.truth.sent import Reported, Sent
from tests.truth.typed import Typed


class AnyCase(Protocol):
    """What is captured, and what ours do in its place."""

    @property
    def name(self) -> str:
        """The capture's name."""

    def __hash__(self) -> int: ...

    def truth(self) -> Capture:
        """What the real ones did."""

    def left_out(self) -> set[str]:
        """The topics of the capture that are not compared."""

    def play(self) -> Capture:
        """What ours do."""


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
    Case("null-mx", "two-domains", to="eka@nullmx.example", change=with_null_mx),
    Case("neither-mx-nor-a", "two-domains", to="eka@kosong.example", change=with_empty_domain),
    Case(
        "primary-mx-down",
        "two-domains",
        change=with_primary_down,
        retry=Retry(shortest=4 * SECOND, longest=20 * SECOND),
    ),
    Case("spf-dkim-pass", "two-domains", change=with_trust),
    Case(
        "greylisting",
        "two-domains",
        change=greylisting,
        retry=Retry(shortest=5 * SECOND, longest=20 * SECOND),
    ),
    Case(
        "backoff-and-expiry",
        "two-domains",
        change=never_now,
        retry=Retry(
            shortest=4 * SECOND,
            longest=32 * SECOND,
            lifetime=100 * SECOND,
            warning=20 * SECOND,
        ),
    ),
    Case(
        "no-mx-only-a",
        "two-domains",
        to="eka@tanpamx.example",
        change=without_mx,
        renamed=("mail.rumah.example", "tanpamx.example"),
    ),
    Typed("nxdomain-refused-at-submission", "two-domains", (0, 1, 2, 3), change=asking_first),
    Typed("spf-fail", "two-domains", (0, 1, 2, 3, 4), change=with_soft_domain),
    Typed("bad-commands", "two-domains", (0, 1, 2, 3, 4, 5, 6)),
    Typed("open-relay-attempt", "two-relays", (0, 1, 2)),
    Typed(
        "open-relay-deferred",
        "two-relays",
        (3,),
        deferring,
        told=(),
        of="open-relay-attempt",
    ),
    Typed("wrong-password", "two-domains", (0, 1, 2, 3, 4, 5, 6)),
    Typed("same-domain-no-headers", "same-domain", (0,)),
    Typed("other-clients", "same-domain", (0, 1)),
    Reported("too-big", "two-domains", with_large_mail),
    Typed("exim-contrast", "two-domains", (0, 1, 2, 3, 4, 5), with_exim, told=()),
    Typed("dot-stuffing", "two-domains", (0, 1, 2, 4, 5, 6), taking_bare_lf),
    Sent("dots-sent", "two-domains", (1, 2), with_dots, of="dot-stuffing"),
    TypedMailbox("dot-stuffing", ports=(110,)),
    Typed(
        "pipelining-too-early",
        "two-domains",
        (8,),
        refusing_early_talk,
        told=(),
        of="pipelining",
    ),
    Sent(
        "pipelining",
        "two-domains",
        (0, 1, 2, 3, 4),
        with_unknown_recipients,
        told=("warning",),
        ours=("bounce",),
    ),
    Sent(
        "pipelining-not-offered",
        "two-domains",
        (5, 6, 7),
        without_pipelining,
        told=("bounce",),
        of="pipelining",
    ),
    Sent(
        "helo-and-bad-greetings",
        "two-domains",
        tuple(range(8)),
        with_odd_server,
        told=("dns", "ended"),
    ),
    TypedMailbox("pop3-by-hand"),
    TypedMailbox("imap-by-hand"),
    TypedMailbox("pick-up-with-curl"),
    Fetched("pick-up-with-fetchmail", "two-domains"),
    TypedMailbox("pick-up-with-fetchmail", ports=(143,)),
)
