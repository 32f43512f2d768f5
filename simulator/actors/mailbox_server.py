"""The mailbox server: keeps mail, takes it in by LMTP, gives it out by POP3 and IMAP."""

from __future__ import annotations

import asyncio
import ssl
from typing import TYPE_CHECKING, Literal

from simulator.engine.site import SimulatedSite
from simulator.mail.habits import Habits
from simulator.mail.local_delivery import Letterbox
from simulator.mail.mailbox import Taken
from simulator.mail.mishap import struck
from simulator.mail.pop3.protocol import Pop3Protocol
from simulator.mail.proofs import Proof
from simulator.mail.reply import Ruled
from simulator.mail.site import Struck, Wire
from simulator.mail.smtp.lmtp_server import LmtpServer
from simulator.mail.trace_fields import delivered_to, lmtp_id, lmtp_received, return_path
from simulator.mail.visitor import Incoming, Visitor
from simulator.trace.event import Judged

if TYPE_CHECKING:  # slow to import, as below
    from simulator.mail.imap.answer import Deed

_KEYWORDS = ("8BITMIME", "CHUNKING", "ENHANCEDSTATUSCODES", "PIPELINING", "SMTPUTF8")
"""Dovecot's LHLO reply in its order. SMTPUTF8 is there since 2.4 (mail_utf8_extensions); without
it, what the MX has taken with such addresses or fields would have to be returned."""

LMTP_PORT, POP3_PORT, IMAP_PORT = 24, 110, 143


class MailboxServer:
    """Where mail waits until its owner fetches it."""

    def __init__(self, site: SimulatedSite, letterbox: Letterbox) -> None:
        self._site = site
        self._letterbox = letterbox

    def open(self, *, lmtp: bool) -> None:
        """Listen for clients that fetch, and where configured for the server that delivers."""
        site = self._site
        store, mishap, done = self._letterbox.store, self._mishap, self._done
        site.listen(POP3_PORT, lambda: Pop3Protocol(store, mishap=mishap, done=done))
        site.listen(IMAP_PORT, self._speak_imap)
        if lmtp:
            reception = _LmtpReception(site, self._letterbox)
            site.listen(LMTP_PORT, lambda: LmtpServer(reception, site.name, site.loop))

    def _speak_imap(self) -> asyncio.Protocol:
        from simulator.mail.imap.protocol import ImapProtocol  # noqa: PLC0415 - slow to import

        return ImapProtocol(self._letterbox.store, mishap=self._mishap, done=self._done)

    def _done(self, wire: Wire, deed: Deed) -> None:
        """Tell what became of a message; a mail client tells by itself what it has."""
        inputs = {"mailbox": deed.mailbox, "uid": deed.uid}
        if not isinstance(deed, Taken):
            inputs["new_uid"] = deed.new_uid
            fact = Judged(rule="mailbox.moved", verdict=deed.folder, inputs=inputs)
            self._site.emit(wire.errand, fact)
        elif wire.is_typed:
            fact = Judged(rule="mailbox.by-hand", verdict=deed.how, inputs=inputs)
            self._site.emit(wire.errand, fact)

    def _mishap(self, wire: Wire, verb: str, argument: str) -> Struck | None:
        return struck(self._site, wire, verb, argument)


class _LmtpReception:
    """What the mailbox server decides about mail that its own domain's server hands over."""

    greeting = "ready."
    keywords: tuple[str, ...] = _KEYWORDS
    size_limit: int | None = None
    follows: Literal["postfix", "exim"] = "postfix"
    habits = Habits(helo_required=True)
    mechanisms: tuple[str, ...] = ()

    def __init__(self, site: SimulatedSite, letterbox: Letterbox) -> None:
        self._site = site
        self._letterbox = letterbox

    def strike(self, visitor: Visitor, on: str, argument: str = "") -> Struck | None:
        """What goes otherwise now."""
        return struck(self._site, visitor.wire, on, argument)

    async def sleep(self, duration: int) -> None:
        """Let virtual time pass."""
        await self._site.sleep(duration)

    async def welcome(self, visitor: Visitor) -> None:
        """The server next door needs no name check."""

    def tls(self) -> ssl.SSLContext | None:
        """Both programs stand on one machine: nothing to seal."""
        return None

    def challenge(self) -> str:
        """AUTH is not offered."""
        return ""

    def check_proof(self, visitor: Visitor, user: str, proof: Proof) -> bool:
        """AUTH is not offered."""
        return False

    def completed(self, path: str) -> str:
        """The server next door names whole addresses."""
        return path

    def understood(self, forward_path: str) -> str:
        """And it has found out whose they are."""
        return forward_path

    async def judge_sender(self, visitor: Visitor, reverse_path: str) -> Ruled:
        """Whoever hands mail over here has judged the sender already."""
        return Ruled("250 2.1.0 OK", "mail.ok")

    async def judge_recipient(self, visitor: Visitor, forward_path: str) -> Ruled:
        """Is there such a mailbox?"""
        known = self._letterbox.knows(forward_path)
        verdict = "known" if known else "unknown"
        fact = Judged(rule="recipient", verdict=verdict, inputs={"recipient": forward_path})
        self._site.emit(visitor.wire.errand, fact)
        if not known:
            return Ruled(f"550 5.1.1 <{forward_path}> User doesn't exist", "rcpt.unknown")
        return Ruled("250 2.1.5 OK", "rcpt.ok")

    async def verify(self, visitor: Visitor, address: str) -> Ruled:
        """VRFY is not offered here."""
        return Ruled("252 2.3.3 Try RCPT instead", "vrfy")

    async def take(self, visitor: Visitor, incoming: Incoming) -> tuple[Ruled, ...]:
        """Store a copy for each recipient; each gets a reply of its own (RFC 2033 section 4.2)."""
        only = len(incoming.forward_paths) == 1
        return tuple(
            self._store(visitor, incoming, recipient, only=only)
            for recipient in incoming.forward_paths
        )

    def _store(self, visitor: Visitor, incoming: Incoming, recipient: str, *, only: bool) -> Ruled:
        if self._letterbox.is_full_for(recipient, incoming.octets):
            fact = Judged(rule="quota", verdict="full", inputs={"mailbox": recipient})
            self._site.emit(visitor.wire.errand, fact)
            code = self._letterbox.quota_code
            status = "4.2.2" if code == 452 else "5.2.2"
            return Ruled(f"{code} {status} <{recipient}> Quota exceeded", "mailbox.full")
        identity = lmtp_id(self._site.now(), self._site.random)
        own = (delivered_to(recipient),) if only else ()
        stamps = (
            return_path(incoming.reverse_path),
            *own,
            lmtp_received(
                helo=visitor.helo,
                client_address=visitor.address,
                by=self._site.name,
                session_id=identity,
                reverse_path=incoming.reverse_path,
                recipient=recipient if only else None,
                date=self._site.date(),
            ),
        )
        self._letterbox.put(visitor.wire.errand, recipient, incoming.octets, stamps, "lmtp")
        return Ruled(f"250 2.0.0 <{recipient}> {identity} Saved", "lmtp.accepted")
