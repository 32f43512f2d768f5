"""A scenario as values: who writes what to whom, in which simulated internet.

Frozen and complete: a scenario carries its attachments' octets and its words, so that a
recording made from it can be simulated again without any file. Durations and moments are
virtual microseconds; 0 is when the scenario starts.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

SECOND = 1_000_000
"""Virtual microseconds in a second."""

Role: TypeAlias = Literal[
    "mail_client",
    "sending_server",
    "relay",
    "receiving_server",
    "mailbox_server",
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

    @property
    def recipients(self) -> tuple[str, ...]:
        """Everyone the envelope names, each once, in the order To, Cc, Bcc."""
        return tuple(dict.fromkeys((*self.to, *self.cc, *self.bcc)))


class MailExchanger(msgspec.Struct, frozen=True, kw_only=True):
    """One MX of a domain: the lower preference is tried first (RFC 5321 section 5.1)."""

    preference: int
    host: str


class Domain(msgspec.Struct, frozen=True, kw_only=True):
    """A mail domain: its users, its servers, and what its servers do.

    ``submission`` is the host that its own users' clients hand mail to (port 587); ``mailbox`` the
    host where they pick it up. ``relays`` are the hops that its outgoing mail is sent through, in
    order, by configuration. ``delivery`` says how an accepted mail reaches the mailbox: ``local``
    (the server writes it itself, as Postfix's virtual(8) does) or ``lmtp`` (it hands it over by
    LMTP, RFC 2033, as Postfix does to Dovecot). ``tls`` is whether its servers use STARTTLS towards
    others: ``none``, or ``may`` where the other side offers it.
    """

    name: str
    users: tuple[str, ...]
    exchangers: tuple[MailExchanger, ...]
    submission: str
    mailbox: str
    relays: tuple[str, ...] = ()
    delivery: Literal["local", "lmtp"] = "local"
    tls: Literal["none", "may"] = "none"
    size_limit: int = 50_000_000
    """Octets of a whole message that its servers take (SIZE, RFC 1870)."""


class PickUp(msgspec.Struct, frozen=True, kw_only=True):
    """A recipient fetches mail ``after`` so long since it was stored; ``keep`` leaves it there."""

    mailbox: str
    protocol: Literal["pop3"] = "pop3"
    after: int = 60 * SECOND
    keep: bool = False


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """Something that goes wrong, or otherwise than usual, at one host.

    ``on`` is the moment: ``connect``, ``greeting``, a command's verb (``EHLO`` … ``QUIT``), ``.``
    (the message has come in whole), ``accepted`` (it is taken, the 250 not yet said) or ``dns``.
    ``do`` is what happens instead: ``reply`` with ``text``, ``refuse`` (a connection, or a DNS
    question), ``drop`` the wire, ``silence``, or ``delay`` by ``delay`` and go on.
    It happens at the tries after ``skip``, ``times`` times (0: always), and only while
    ``start`` <= now < ``end``; where ``only`` is given, only when the command's argument holds it.
    """

    host: str
    on: str
    do: Literal["reply", "refuse", "drop", "silence", "delay"]
    text: str = ""
    delay: int = 0
    skip: int = 0
    times: int = 0
    start: int = 0
    end: int | None = None
    only: str = ""


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
    faults: tuple[Fault, ...] = ()
    seed: int = 1
    start: str = "2026-11-23T09:00:00+07:00"
    latency: int = 10_000
    """Virtual microseconds that one octet needs from any host to any other."""
    chapter: str = "basics"
    minutes: int = 5

    def domain(self, name: str) -> Domain | None:
        """The domain of that name, or None where the simulated internet does not have it."""
        wanted = name.lower()
        return next((domain for domain in self.domains if domain.name == wanted), None)


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
