"""The last steps to a mailbox: written by the server itself, or handed over by LMTP."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from simulator.mail.conversation import converse
from simulator.mail.header import fields_of, prepend
from simulator.mail.mailbox import INBOX, JUNK, Folder, MailStore
from simulator.mail.queue import QueuedMail
from simulator.mail.site import Errand, Site
from simulator.mail.smtp.client import Manners, transfer
from simulator.mail.smtp.dialogue import Transaction, Verdict, Verdicts
from simulator.mail.trace_fields import delivered_to, original_to, return_path
from simulator.scenario.domain import Domain
from simulator.trace.event import Judged, Stamped, Stored
from simulator.trace.octets import octets_to_text

if TYPE_CHECKING:
    from simulator.mail.outbox import Delivery

_LMTP_PORT = 24

JUNK_MARK = ("X-Spam-Flag", "YES")
"""What a server writes above all else in a mail that belongs into the Junk folder."""


def is_marked_as_junk(octets: bytes) -> bool:
    """Whether the last server says so; what stands further down may be anybody's word."""
    return fields_of(octets)[:1] == (JUNK_MARK,)


@dataclass(slots=True)
class Letterbox:
    """The mailboxes of one mailbox server, and how mail is put into them."""

    site: Site
    """Of the mailbox server: what is stored is stored there."""
    store: MailStore
    quota: int = 0
    """Octets that a mailbox holds; 0: no limit."""
    quota_code: int = 552
    open_to_all: str = ""
    """The domain of which every address has a mailbox, made when the first mail comes for it."""
    arrivals: dict[str, list[Callable[[str, Errand], None]]] = field(default_factory=dict)
    """Whom to tell that mail has come, by mailbox."""

    def on_arrival(self, address: str, tell: Callable[[str, Errand], None]) -> None:
        """From now on tell so, whenever mail comes for this mailbox."""
        self.arrivals.setdefault(address, []).append(tell)

    def adopt(self, domain: Domain) -> None:
        """Follow the domain's policies as they are from now on."""
        self.quota, self.quota_code = domain.quota, domain.quota_code

    def knows(self, address: str) -> bool:
        """Whether there is such a mailbox."""
        address = address.lower()
        if address not in self.store and address.rpartition("@")[2] == self.open_to_all:
            self.store.create(address, "")
        return address in self.store

    def is_full_for(self, address: str, octets: bytes) -> bool:
        """Whether one more mail of this size would exceed the quota."""
        folders = self.store[address.lower()].folders
        held = sum(len(message.octets) for folder in folders for message in folder.messages)
        return bool(self.quota) and held + len(octets) > self.quota

    def put(
        self,
        errand: Errand,
        address: str,
        octets: bytes,
        stamps: tuple[tuple[str, str], ...],
        protocol: str,
    ) -> None:
        """Write the stamps on top and keep the mail, in Junk if it is marked so."""
        stamped = prepend(octets, stamps)
        folder = self._folder_for(address, octets)
        uid = folder.add(stamped, self.site.date()).uid
        data, encoding = octets_to_text(stamped)
        self.site.emit(errand, Stamped(headers=stamps, where="top"))
        self.site.emit(
            errand,
            Stored(
                mailbox=address,
                uid=uid,
                protocol=protocol,
                data=data,
                encoding=encoding,
                folder=folder.name,
            ),
        )
        for tell in self.arrivals.get(address.lower(), ()) if folder.name == INBOX else ():
            tell(uid, errand)

    def _folder_for(self, address: str, octets: bytes) -> Folder:
        """Where the mail belongs; POP3 knows the INBOX alone, so nobody is told of the other."""
        mailbox = self.store[address.lower()]
        if not is_marked_as_junk(octets):
            return mailbox.inbox
        return mailbox.folder(JUNK) or mailbox.create_folder(JUNK, special_use="\\Junk")


@dataclass(frozen=True, slots=True)
class WritesItself:
    """Delivery as Postfix's virtual(8) does it: no protocol, three header fields."""

    site: Site
    letterbox: Letterbox

    async def deliver(self, mail: QueuedMail, recipients: tuple[str, ...]) -> Verdicts:
        """Write the mail into each mailbox; a user who does not exist fails for good."""
        return {recipient: self._put(mail, recipient) for recipient in recipients}

    def _put(self, mail: QueuedMail, recipient: str) -> Verdict:
        errand = Errand(mail.journey, 6)
        if self.letterbox.site.is_off:
            # The disk is in a machine that is down: EHOSTDOWN, in virtual(8)'s words.
            said = f"maildir delivery failed: {self.letterbox.site.name}: Host is down"
            return Verdict("deferred", "4.2.0", said, spoken=False)
        if not self.letterbox.knows(recipient):
            self._judge(errand, "recipient", "unknown", recipient=recipient)
            return Verdict("failed", "5.1.1", f'unknown user: "{recipient}"', spoken=False)
        if self.letterbox.is_full_for(recipient, mail.octets):
            self._judge(errand, "quota", "full", mailbox=recipient)
            soft = self.letterbox.quota_code == 452
            status = "4.2.2" if soft else "5.2.2"
            outcome: Literal["deferred", "failed"] = "deferred" if soft else "failed"
            return Verdict(outcome, status, f"mailbox of {recipient} is full", spoken=False)
        self._judge(errand, "mailbox.delivery", "local", mailbox=recipient)
        stamps = (
            return_path(mail.reverse_path),
            original_to(recipient),
            delivered_to(recipient),
        )
        self.letterbox.put(errand, recipient, mail.octets, stamps, "local")
        return Verdict("sent", "2.0.0", "delivered to mailbox", spoken=False)

    def _judge(self, errand: Errand, rule: str, verdict: str, **inputs: str) -> None:
        self.site.emit(errand, Judged(rule=rule, verdict=verdict, inputs=inputs))


@dataclass(frozen=True, slots=True)
class HandsOver:
    """Delivery to a mailbox server by LMTP (RFC 2033), as Postfix does to Dovecot."""

    site: Site
    mailbox_host: str
    address: str

    async def deliver(self, mail: QueuedMail, recipients: tuple[str, ...]) -> Verdicts:
        """One LMTP transaction for all of them; each gets a reply of its own."""
        errand = Errand(mail.journey, 6)
        for recipient in recipients:
            fact = Judged(rule="mailbox.delivery", verdict="lmtp", inputs={"mailbox": recipient})
            self.site.emit(errand, fact)
        try:
            line = await self.site.call(self.mailbox_host, self.address, _LMTP_PORT, "lmtp", errand)
        except (ConnectionError, TimeoutError) as error:
            reason = "timed out" if isinstance(error, TimeoutError) else "refused"
            where = f"{self.mailbox_host}[{self.address}]:{_LMTP_PORT}"
            said = f"connect to {where}: Connection {reason}"
            return dict.fromkeys(recipients, Verdict("deferred", "4.4.1", said, spoken=False))
        transaction = Transaction(
            mail.reverse_path,
            recipients,
            mail.octets,
            mail.mail_parameters,
            mail.recipient_parameters,
            utf8=mail.utf8,
            eight_bit=mail.eight_bit,
        )
        peer = f"{self.mailbox_host}[{self.address}]"
        manners = Manners(self.site.name, lmtp=True, peer=peer)
        verdicts = await converse(line, transfer(manners, transaction), peer=peer)
        return {one: replace(verdict, by=peer) for one, verdict in verdicts.items()}


@dataclass(frozen=True, slots=True)
class ByDomain:
    """Delivery by a server of several domains: each domain's mail goes its own way."""

    ways: Mapping[str, Delivery]

    async def deliver(self, mail: QueuedMail, recipients: tuple[str, ...]) -> Verdicts:
        """Bring the mail to each domain's recipients in turn."""
        verdicts: Verdicts = {}
        for domain, way in self.ways.items():
            own = tuple(one for one in recipients if one.rpartition("@")[2].lower() == domain)
            if own:
                verdicts |= await way.deliver(mail, own)
        return verdicts
