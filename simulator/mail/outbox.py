"""A server's queue at work: route each mail, hand it on, try again later, or report back.

Whoever holds a mail answers for it: this is where a 250 that was given becomes true, or a
bounce is written (RFC 5321 section 6.1).
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Literal, Protocol

from simulator.mail.expansion import expanded
from simulator.mail.handing_on import Handing
from simulator.mail.header import Field, prepend
from simulator.mail.queue import QueuedMail
from simulator.mail.reports import Reports
from simulator.mail.routing import NoWay, Way, way_by_mx, way_by_relay
from simulator.mail.site import Errand, Site
from simulator.mail.smtp.dialogue import Verdict, Verdicts
from simulator.mail.sts import Policy
from simulator.mail.trace_fields import queue_id
from simulator.scenario.domain import Retry
from simulator.scenario.virtual_time import SECOND
from simulator.trace.event import Judged, Queued, Removed, Retried, Stamped, Step

if TYPE_CHECKING:
    from simulator.mail.sts_lookup import StsLookup

_PICKED_UP_AFTER = 60_000
"""Virtual microseconds from the 250 until the queue manager takes a mail in hand."""
_RECIPIENTS = 50
"""Postfix: smtp_destination_recipient_limit."""
_HEAD_START = 1.0
"""Virtual seconds that a domain has before the next one is served beside it."""


class Delivery(Protocol):
    """How this server stores mail for the domains it is the end of the way for."""

    async def deliver(self, mail: QueuedMail, recipients: tuple[str, ...]) -> Verdicts:
        """Put the mail into each recipient's mailbox; gives a verdict for each."""


class Signs(Protocol):
    """What lets others know that a mail written here is this domain's."""

    def signature(self, octets: bytes, errand: Errand) -> tuple[Field, ...]:
        """The field to put on top of a message, or none."""


@dataclass(frozen=True, slots=True)
class Routes:
    """What a server is configured to do with mail for a domain."""

    own_domains: frozenset[str] = frozenset()
    """Domains whose mailboxes are here."""
    relay: str = ""
    """The host that all other mail goes to; empty: ask the DNS."""
    tls: Literal["none", "may"] = "none"
    checks_mta_sts: bool = False
    retry: Retry = field(default_factory=Retry)
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Address to the addresses that mail written here goes to instead."""


class Outbox:
    """The queue of one server."""

    def __init__(
        self,
        site: Site,
        routes: Routes,
        delivery: Delivery | None,
        *,
        signing: Signs | None = None,
    ) -> None:
        self._site = site
        self._routes = routes
        self._delivery = delivery
        self._signing = signing
        self._sts: StsLookup | None = None
        self.reports = Reports(site, routes.own_domains, routes.retry, self.new_id, self.post)

    def new_id(self) -> str:
        """A queue id that nobody else has."""
        return queue_id(self._site.now(), self._site.random)

    def take(self, mail: QueuedMail, step: Step) -> None:
        """Put a mail into the queue; its delivery begins soon, beside all else."""
        errand = Errand(mail.journey, step)
        self._site.emit(
            errand,
            Queued(
                queue_id=mail.queue_id, recipients=mail.recipients, reason="", next_attempt=None
            ),
        )
        self._begin(mail, mail)

    def post(self, mail: QueuedMail) -> None:
        """Send a mail that was written here, with the domain's signature where it signs."""
        if self._signing is not None:
            errand = Errand(mail.journey, 3)
            signature = self._signing.signature(mail.octets, errand)
            if signature:
                self._site.emit(errand, Stamped(headers=signature, where="top"))
            mail = replace(mail, octets=prepend(mail.octets, signature))
        self.take(self._expanded(mail), 3)

    def _expanded(self, mail: QueuedMail) -> QueuedMail:
        """The mail for those whom its aliases stand for."""

        def tell(alias: str, targets: tuple[str, ...]) -> None:
            self._judge(3, mail, "alias", ", ".join(targets), recipient=alias)

        found = expanded(dict.fromkeys(mail.recipients, ()), self._routes.aliases, tell)
        return replace(mail, recipients=found.recipients, recipient_parameters=found.parameters)

    def _begin(self, mail: QueuedMail, left: QueuedMail, *, warned: bool = False) -> None:
        work = self._see_through(mail, left, warned=warned)
        self._site.start(work, f"{self._site.name} delivers {mail.queue_id}")

    async def _see_through(self, mail: QueuedMail, left: QueuedMail, *, warned: bool) -> None:
        """Try until every recipient is served or given up; while the machine is off, do nothing.

        ``left`` is the mail for those who are not; ``warned``: whether a delay has been told of.
        """
        await self._site.sleep(_PICKED_UP_AFTER)
        while True:
            if self._site.is_off:
                self._site.when_on(partial(self._begin, mail, left, warned=warned))
                return
            verdicts = await self._attempt(left)
            failed = {r: v for r, v in verdicts.items() if v.outcome == "failed"}
            self.reports.of_failure(left, failed, self._last_step(left))
            self.reports.of_success(left, verdicts)
            deferred = {r: v for r, v in verdicts.items() if v.outcome == "deferred"}
            if not deferred:
                break
            left = left.only(tuple(deferred))
            age = self._site.now() - mail.arrived
            if not warned and self._routes.retry.is_worth_a_warning(age):
                warned = True
                self.reports.of_delay(left, deferred)
            if self._routes.retry.has_expired(age):
                self._judge(
                    self._steps(mail)[2], mail, "queue.expired", "bounced", age=_seconds(age)
                )
                self.reports.of_failure(left, deferred, self._last_step(left))
                break
            await self._wait(left, deferred, age)
        self._site.emit(
            Errand(mail.journey, self._last_step(mail)), Removed(queue_id=mail.queue_id)
        )

    async def _wait(self, mail: QueuedMail, deferred: Verdicts, age: int) -> None:
        wait = self._routes.retry.wait(age)
        step = self._steps(mail)[2]
        self._judge(step, mail, "queue.schedule", _seconds(wait), age=_seconds(age))
        self._site.emit(
            Errand(mail.journey, step),
            Retried(
                queue_id=mail.queue_id,
                recipients=mail.recipients,
                reason="; ".join(dict.fromkeys(v.said for v in deferred.values())),
                next_attempt=self._site.now() + wait,
            ),
        )
        await self._site.sleep(wait)

    # One attempt -----------------------------------------------------------------------------

    async def _attempt(self, mail: QueuedMail) -> Verdicts:
        """Serve every domain; what came of all of them.

        Postfix serves them beside each other. So that one can read along, the next one begins here
        when the one before is done, but waits no longer than its head start for a slow server.
        Who is at which point when follows from virtual time alone.
        """
        destinations = tuple(_by_domain(mail.recipients))
        if len(destinations) == 1:
            return await self._serve(mail, *destinations[0])
        served: list[asyncio.Task[Verdicts]] = []
        async with asyncio.TaskGroup() as all_of_them:
            for domain, recipients in destinations:
                task = all_of_them.create_task(self._serve(mail, domain, recipients))
                await asyncio.wait((task,), timeout=_HEAD_START)
                served.append(task)
        return {recipient: verdict for one in served for recipient, verdict in one.result().items()}

    async def _serve(self, mail: QueuedMail, domain: str, recipients: tuple[str, ...]) -> Verdicts:
        """Bring the mail to its recipients of one domain."""
        local = domain in self._routes.own_domains and self._delivery is not None
        self._judge(
            self._steps(mail)[0],
            mail,
            "route.destination",
            "local" if local else "remote",
            domain=domain,
            recipients=", ".join(recipients),
        )
        if local and self._delivery is not None:
            verdicts = await self._delivery.deliver(mail, recipients)
            # That a mail is stored tells itself; that it is not must be told.
            self._tell_outcome(mail, {r: v for r, v in verdicts.items() if v.outcome != "sent"}, 6)
            return verdicts
        verdicts = {}
        for some in _in_portions(recipients):
            verdicts |= await self._send(mail, domain, some)
        return verdicts

    async def _send(self, mail: QueuedMail, domain: str, recipients: tuple[str, ...]) -> Verdicts:
        resolve = Errand(mail.journey, self._steps(mail)[1])
        way: Way
        relay = self._site.next_hop(domain) or self._routes.relay
        if relay:
            way = await way_by_relay(self._site, relay, domain, resolve)
        else:
            way = await way_by_mx(self._site, domain, frozenset({self._site.name}), resolve)
        if isinstance(way, NoWay):
            verdict = Verdict(way.outcome, way.status, way.said, spoken=False)
            verdicts = dict.fromkeys(recipients, verdict)
        else:
            policy = None if relay else await self._policy(domain, resolve)
            transfer = Errand(mail.journey, self._steps(mail)[2])
            handing = Handing(self._site, mail, transfer, self._routes.tls, policy)
            verdicts = await handing.to(way, recipients)
        self._tell_outcome(mail, verdicts, self._steps(mail)[2])
        return verdicts

    async def _policy(self, domain: str, errand: Errand) -> Policy | None:
        """What the domain wants about TLS, where this server looks for such wishes (RFC 8461)."""
        if not self._routes.checks_mta_sts:
            return None
        if self._sts is None:
            from simulator.mail.sts_lookup import StsLookup  # noqa: PLC0415 - few servers need it

            self._sts = StsLookup(self._site)
        return await self._sts.policy(domain, errand)

    # What came of it -------------------------------------------------------------------------

    def _tell_outcome(self, mail: QueuedMail, verdicts: Verdicts, step: Step) -> None:
        names = {"sent": "sent", "deferred": "deferred", "failed": "bounced"}
        for recipient, verdict in verdicts.items():
            self._judge(
                step,
                mail,
                "delivery.outcome",
                names[verdict.outcome],
                recipient=recipient,
                status=verdict.status,
                said=verdict.said,
            )

    def _judge(self, step: Step, mail: QueuedMail, rule: str, verdict: str, **inputs: str) -> None:
        fact = Judged(rule=rule, verdict=verdict, inputs=inputs)
        self._site.emit(Errand(mail.journey, step), fact)

    def _steps(self, mail: QueuedMail) -> tuple[Step, Step, Step]:
        """Route, resolve, transfer: where a mail only passes through, all are the transfer."""
        return (3, 4, 5) if mail.originates else (self._passing(), self._passing(), self._passing())

    def _last_step(self, mail: QueuedMail) -> Step:
        if any(domain in self._routes.own_domains for domain, _ in _by_domain(mail.recipients)):
            return 6
        return self._steps(mail)[2]

    def _passing(self) -> Step:
        """At the end of its way a mail is being delivered, elsewhere it is under way."""
        return 6 if self._delivery is not None else 5


def _by_domain(recipients: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    groups: dict[str, list[str]] = {}
    for recipient in recipients:
        groups.setdefault(recipient.rpartition("@")[2].lower(), []).append(recipient)
    for domain, members in groups.items():
        yield domain, tuple(members)


def _in_portions(recipients: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for start in range(0, len(recipients), _RECIPIENTS):
        yield recipients[start : start + _RECIPIENTS]


def _seconds(duration: int) -> str:
    return str(duration // SECOND)
