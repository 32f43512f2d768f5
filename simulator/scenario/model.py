"""A scenario as values: who writes what to whom, in which simulated internet.

Frozen and complete: a scenario carries its attachments' octets and its words, so that a
recording made from it can be simulated again without any file. Durations and moments are
virtual microseconds; 0 is when the scenario starts.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypeAlias

import msgspec

from simulator.scenario.changes import Change
from simulator.scenario.domain import Domain
from simulator.scenario.real_answers import LookedUp
from simulator.scenario.secrecy import Interceptor
from simulator.scenario.typed import Session
from simulator.scenario.virtual_time import SECOND

Role: TypeAlias = Literal[
    "mail_client",
    "sending_server",
    "relay",
    "receiving_server",
    "mailbox_server",
    "policy_server",
    "interceptor",
    "resolver",
    "nameserver",
]


class Attachment(msgspec.Struct, frozen=True, kw_only=True):
    """A file that travels with a mail: its bare name, its media type and its octets."""

    name: str
    media_type: str
    octets: bytes


class Mail(msgspec.Struct, frozen=True, kw_only=True):
    """One mail as its author writes it; ``at`` is when send is pressed."""

    sender: str
    to: tuple[str, ...]
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    subject: str = ""
    body: str = ""
    attachments: tuple[Attachment, ...] = ()
    at: int = 0
    headers: tuple[tuple[str, str], ...] = ()
    """Further header fields that its author writes, on top of the header."""
    header_from: str = ""
    """What the From field says, where it is not the author's address."""
    eight_bit: bool = False
    """Whether the text goes as it is (8BITMIME), and not in quoted-printable or base64."""
    password: str | None = None
    """What the client gives as the author's password, where it is not the right one."""
    envelope_from: str | None = None
    """The reverse-path, where it is not the author's address; ``""`` is the null one."""
    envelope_to: tuple[str, ...] = ()
    """The forward-paths, where they are not those of the header."""
    notify: tuple[Literal["never", "success", "failure", "delay"], ...] = ()
    """When the sender wants to be told (NOTIFY, RFC 3461 section 4.1)."""
    returned: Literal["", "full", "hdrs"] = ""
    """What of the mail a report shall bring back (RET, RFC 3461 section 4.3)."""
    envelope_id: str = ""
    """By what the sender will know the report (ENVID, RFC 3461 section 4.4)."""

    @property
    def reverse_path(self) -> str:
        """Whom the envelope names as sender."""
        return self.sender if self.envelope_from is None else self.envelope_from

    @property
    def recipients(self) -> tuple[str, ...]:
        """Everyone the envelope names, each once, in the order To, Cc, Bcc."""
        return tuple(dict.fromkeys(self.envelope_to or (*self.to, *self.cc, *self.bcc)))


class PickUp(msgspec.Struct, frozen=True, kw_only=True):
    """A recipient fetches mail ``after`` so long since it was stored; ``keep`` leaves it there.

    A ``device`` is a host of its own, such as the owner's ``phone``: by IMAP it fetches what it has
    not got itself, read or not. With ``idle`` it is connected by IMAP ``after`` so long since the
    start, and waits there for mail (RFC 2177).
    """

    mailbox: str
    protocol: Literal["pop3", "imap"] = "pop3"
    after: int = 60 * SECOND
    keep: bool = False
    device: str = ""
    idle: bool = False


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """What a scenario says of itself in one language."""

    title: str
    goal: str = ""


class Scenario(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that decides a run; the same scenario gives the same events, byte for byte."""

    name: str
    mails: tuple[Mail, ...]
    domains: tuple[Domain, ...]
    pickups: tuple[PickUp, ...]
    words: dict[str, Words] = {}
    changes: tuple[Change, ...] = ()
    """What goes otherwise than usual: from the start on, and after events in their order."""
    sessions: tuple[Session, ...] = ()
    """What people type by hand, beside the mails that their clients send."""
    interceptors: tuple[Interceptor, ...] = ()
    """Who sits on which wire."""
    seed: int = 1
    start: str = "2026-11-23T09:00:00+07:00"
    latency: int = 10_000
    """Virtual microseconds that one octet needs from any host to any other."""
    chapter: str = "basics"
    minutes: int = 5
    looked_up: LookedUp | None = None
    """What the real DNS said, where it was asked before the run."""

    def domain(self, name: str) -> Domain | None:
        """The domain of that name, or None where the simulated internet does not have it."""
        wanted = name.lower()
        return next((domain for domain in self.domains if domain.name == wanted), None)

    @property
    def forks(self) -> tuple[Change, ...]:
        """What is changed once the run has begun, in the order of the events."""
        return tuple(change for change in self.changes if change.after is not None)

    def changed(self, *changes: Change) -> Scenario:
        """The same with these changes more, each after those of its event."""
        return msgspec.structs.replace(self, changes=in_order((*self.changes, *changes)))

    def until(self, seq: int) -> Scenario:
        """The same without what is changed after later events than ``seq``.

        Where something goes otherwise after that event, those later ones are others.
        """
        kept = (one for one in self.changes if one.after is None or one.after <= seq)
        return msgspec.structs.replace(self, changes=tuple(kept))

    def without_forks(self) -> Scenario:
        """The same as it goes by itself."""
        own = tuple(change for change in self.changes if change.after is None)
        return msgspec.structs.replace(self, changes=own)


def in_order(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Changes from the start on first, then those after events, by event."""
    return tuple(sorted(changes, key=lambda one: -1 if one.after is None else one.after))


class Host(msgspec.Struct, frozen=True, kw_only=True):
    """A box on the map: its name, what it does, its addresses, and whose it is.

    ``owner`` is an address (a mail client's user) or a domain; ``label`` a short name that people
    would say (``ani``, ``kampus``).
    """

    name: str
    role: Role
    addresses: tuple[str, ...]
    owner: str
    label: str
