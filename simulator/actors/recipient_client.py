"""The recipient's mail client: fetches from the mailbox server by POP3, and shows the mail."""

from __future__ import annotations

from simulator.engine.world import SimulatedSite
from simulator.mail.header import subject_of
from simulator.mail.message import attachments_of
from simulator.mail.pop3_client import Ask, Dialogue, PickUpOutcome, Pop3Reply, pick_up
from simulator.mail.site import Errand, Line
from simulator.mail.smtp_client import Credentials
from simulator.scenario.model import SECOND, PickUp
from simulator.trace.event import Fetched, Judged, Read

_POP3_PORT = 110
_PATIENCE = 600 * SECOND  # RFC 1939 section 3: a server waits at least ten minutes, so do we


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

    def mail_has_come(self, uid: str, errand: Errand) -> None:
        """Its owner will look ``after`` a while, once for all that has come until then."""
        self._journeys[uid] = errand
        if not self._planned:
            self._planned = True
            self._site.after(self._pickup.after, self._look)

    def _look(self) -> None:
        self._planned = False
        self._site.start(self._fetch(), f"{self._site.name} fetches mail")

    async def _fetch(self) -> None:
        waiting = [errand for uid, errand in self._journeys.items() if uid not in self._seen]
        errand = waiting[0] if waiting else next(iter(self._journeys.values()))
        line = await self._connect(errand)
        if line is None:
            return
        dialogue = pick_up(
            self._credentials.user,
            self._credentials.password,
            keep=self._pickup.keep,
            seen=self._seen,
        )
        outcome = await _converse(line, dialogue)
        self._take(outcome, errand)

    async def _connect(self, errand: Errand) -> Line | None:
        found: list[str] = []
        for rdtype in ("A", "AAAA"):
            found.extend((await self._site.resolve(self._server, rdtype, errand)).data)
        if not found:
            fact = Judged(rule="route.no-host", verdict="failed", inputs={"domain": self._server})
            self._site.emit(errand, fact)
            return None
        try:
            return await self._site.call(self._server, found[0], _POP3_PORT, "pop3", errand)
        except (ConnectionError, TimeoutError):
            return None  # the trace has the refusal; the owner sees no new mail

    def _take(self, outcome: PickUpOutcome, errand: Errand) -> None:
        for message in outcome.fetched:
            self._seen.add(message.uid)
            about = self._journeys.get(message.uid, errand)
            self._site.emit(
                about,
                Fetched(
                    mailbox=self._pickup.mailbox,
                    uid=message.uid,
                    protocol="pop3",
                    kept=message.uid not in outcome.deleted,
                ),
            )
            self._site.emit(
                about,
                Read(
                    mailbox=self._pickup.mailbox,
                    uid=message.uid,
                    protocol="pop3",
                    subject=subject_of(message.octets),
                    attachments=tuple(a.name for a in attachments_of(message.octets)),
                ),
            )


async def _converse(line: Line, dialogue: Dialogue) -> PickUpOutcome:
    """Say what the dialogue wants said and bring it the replies."""
    reason = "quit"
    try:
        ask = next(dialogue)
        while True:
            try:
                reply = await _ask(line, ask)
            except OSError as lost:  # a timeout is one too
                reason = "timeout" if isinstance(lost, TimeoutError) else "dropped"
                ask = dialogue.throw(lost)
            else:
                ask = dialogue.send(reply)
    except StopIteration as finished:
        outcome: PickUpOutcome = finished.value
        return outcome
    finally:
        line.close(reason)


async def _ask(line: Line, ask: Ask) -> Pop3Reply:
    if ask.line:
        line.wire.command(ask.line)
        await line.send(f"{ask.line}\r\n".encode())
    reply = Pop3Reply(await line.receive(_PATIENCE))
    if not (ask.multiline and reply.ok):
        return reply
    payload = bytearray()
    while not (payload == b".\r\n" or payload.endswith(b"\r\n.\r\n")):
        payload += await line.receive_until(b".\r\n", _PATIENCE)
    return Pop3Reply(reply.status, bytes(payload))
