"""The recipient's mail client: fetches by POP3 or IMAP from the mailbox server, shows the mail."""

from __future__ import annotations

from functools import partial

from simulator.engine.site import SimulatedSite
from simulator.mail.collection import collect_by_imap, collect_by_pop3, wait_by_imap
from simulator.mail.credentials import Credentials
from simulator.mail.header import subject_of
from simulator.mail.message import attachments_of
from simulator.mail.own_server import address_of_own_server
from simulator.mail.pick_up import FetchedMessage, PickUpOutcome
from simulator.mail.site import Errand, Line
from simulator.scenario.model import PickUp
from simulator.scenario.virtual_time import SECOND
from simulator.trace.event import Fetched, Read

_PORTS: dict[str, int] = {"pop3": 110, "imap": 143}
_PATIENT_LOOKS = 3
"""How often in a row the owner looks into the mailbox without getting anything new."""
_SHORTEST_PAUSE = 10 * SECOND
_LONGEST_WAIT = 5 * 86_400 * SECOND
"""How long it goes on where the mailbox cannot be reached: as long as servers try (RFC 5321
section 4.5.4.1). Each pause is twice as long as the one before."""


class RecipientClient:
    """One user's program for reading mail."""

    def __init__(
        self, site: SimulatedSite, credentials: Credentials, server: str, pickup: PickUp
    ) -> None:
        self._site = site
        self._credentials = credentials
        self._server = server
        self._pickup = pickup
        self._journeys: dict[str, Errand] = {}
        self._seen: set[str] = set()
        self._planned = False
        self._waiting_on: Line | None = None

    def wait_for_mail(self) -> None:
        """Connect ``after`` so long since the start, and sit there in IDLE."""
        begin = partial(self._site.when_on, lambda: self._site.start(self._wait(), self._name()))
        self._site.after(self._pickup.after, begin)

    def _name(self) -> str:
        return f"{self._site.name} waits for mail"

    def mail_has_come(self, uid: str, errand: Errand) -> None:
        """Its owner will look ``after`` a while, once for all that has come until then."""
        self._journeys[uid] = errand
        if self._waiting_on is not None:
            self._waiting_on.wire.errand = errand  # what is said from now on is about this mail
        elif not self._planned:
            self._planned = True
            self._site.after(self._pickup.after, self._look)

    async def _wait(self) -> None:
        line = await self._connect(Errand(self._site.new_journey(), 6))
        if line is None:
            return
        self._waiting_on = line
        await wait_by_imap(
            line,
            self._credentials,
            keep=self._pickup.keep,
            seen=self._seen,
            on_fetch=lambda message: self._show(message, line.wire.errand, kept=self._pickup.keep),
        )
        self._waiting_on = None
        if not self._has_all():
            self._look()

    def _look(self) -> None:
        """Look as soon as the machine is on."""
        name = f"{self._site.name} fetches mail"
        self._site.when_on(lambda: self._site.start(self._look_again(), name))

    async def _look_again(self) -> None:
        """Fetch, and look again for what came meanwhile; some time it is given up."""
        failures, pause, waited = 0, max(self._pickup.after, _SHORTEST_PAUSE), 0
        while failures < _PATIENT_LOOKS and waited < _LONGEST_WAIT and not self._has_all():
            before = len(self._seen)
            reached = await self._fetch()
            if self._site.is_off:
                self._look()
                return
            failures = 0 if len(self._seen) > before else failures + reached
            if len(self._seen) == before and failures < _PATIENT_LOOKS:
                waited += pause
                await self._site.sleep(pause)
                pause = pause if reached else 2 * pause
        self._planned = False

    def _has_all(self) -> bool:
        return all(uid in self._seen for uid in self._journeys)

    async def _fetch(self) -> bool:
        """Fetch what is there; whether the mailbox server could be reached."""
        waiting = [errand for uid, errand in self._journeys.items() if uid not in self._seen]
        errand = waiting[0] if waiting else next(iter(self._journeys.values()))
        line = await self._connect(errand)
        if line is None:
            return False
        self._take(await self._talk(line), errand)
        return True

    async def _talk(self, line: Line) -> PickUpOutcome:
        keep = self._pickup.keep
        if self._pickup.protocol == "imap":
            seen = self._seen if self._pickup.device else None
            return await collect_by_imap(line, self._credentials, keep=keep, seen=seen)
        return await collect_by_pop3(line, self._credentials, keep=keep, seen=self._seen)

    async def _connect(self, errand: Errand) -> Line | None:
        address = await address_of_own_server(self._site, self._server, errand)
        if not address:
            return None
        try:
            protocol = self._pickup.protocol
            return await self._site.call(self._server, address, _PORTS[protocol], protocol, errand)
        except (ConnectionError, TimeoutError):
            return None  # the trace has the refusal; the owner sees no new mail

    def _take(self, outcome: PickUpOutcome, errand: Errand) -> None:
        for message in outcome.fetched:
            self._show(message, errand, kept=message.uid not in outcome.deleted)
        if self._pickup.device and not outcome.refusals:
            # What has not come by now was taken by another device: there is nothing to wait for.
            self._seen.update(self._journeys)

    def _show(self, message: FetchedMessage, errand: Errand, *, kept: bool) -> None:
        self._seen.add(message.uid)
        about = self._journeys.get(message.uid, errand)
        mailbox, protocol = self._pickup.mailbox, self._pickup.protocol
        self._site.emit(
            about, Fetched(mailbox=mailbox, uid=message.uid, protocol=protocol, kept=kept)
        )
        self._site.emit(
            about,
            Read(
                mailbox=mailbox,
                uid=message.uid,
                protocol=protocol,
                subject=subject_of(message.octets),
                attachments=tuple(a.name for a in attachments_of(message.octets)),
            ),
        )
