"""A scenario as values: who writes what to whom, in which simulated internet.

Frozen and complete: a scenario carries its attachments' octets and its words, so that a
recording made from it can be simulated again without any file. Durations and moments are
virtual microseconds; 0 is when the scenario starts.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from simulator.scenario.changes import Intervention
from simulator.scenario.secrecy import Interceptor, StsPolicy
from simulator.scenario.typed import Session

SECOND = 1_000_000
"""Virtual microseconds in a second."""

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


class MailExchanger(msgspec.Struct, frozen=True, kw_only=True):
    """One MX of a domain: the lower preference is tried first (RFC 5321 section 5.1)."""

    preference: int
    host: str


class Retry(msgspec.Struct, frozen=True, kw_only=True):
    """When a deferred mail is tried again; the defaults are Postfix's.

    The wait is as long as the mail is old, but at least ``shortest`` and at most ``longest``
    (minimal_backoff_time, maximal_backoff_time), until ``lifetime`` is over
    (maximal_queue_lifetime); after ``warning`` the sender is told of the delay, 0: never
    (delay_warning_time).
    """

    shortest: int = 300 * SECOND
    longest: int = 4_000 * SECOND
    lifetime: int = 5 * 86_400 * SECOND
    warning: int = 0

    def wait(self, age: int) -> int:
        """How long a mail of this age waits for its next try."""
        return min(max(age, self.shortest), self.longest)

    def is_worth_a_warning(self, age: int) -> bool:
        """Whether the sender of a mail of this age is told that it is late."""
        return bool(self.warning) and age >= self.warning

    def has_expired(self, age: int) -> bool:
        """Whether the server gives up on a mail of this age."""
        return age >= self.lifetime


class SendingLimit(msgspec.Struct, frozen=True, kw_only=True):
    """How much may be sent: ``count`` units in a window, then the reply.

    ``unit`` is what is counted: a ``message`` (its text has come in whole), a ``recipient`` (each
    accepted RCPT) or a ``transaction`` (each MAIL). ``window`` is ``rolling`` (the last ``period``
    microseconds), ``calendar`` (since midnight in the scenario's zone) or ``mail`` (this mail
    transaction alone). ``per`` says whose: each ``user``'s, or the whole ``domain``'s.
    """

    count: int
    unit: Literal["message", "recipient", "transaction"] = "message"
    window: Literal["rolling", "calendar", "mail"] = "rolling"
    period: int = 86_400 * SECOND
    per: Literal["user", "domain"] = "user"
    reply: str = "550 5.4.5 Daily user sending limit exceeded"


class MailingList(msgspec.Struct, frozen=True, kw_only=True):
    """An address whose mail a list sends on to its members, under its own reverse-path.

    ``subject_prefix`` is put before each subject, ``footer`` below each text. Where
    ``rewrite_from`` is set, the list writes itself into From.
    """

    members: tuple[str, ...]
    subject_prefix: str = ""
    footer: str = ""
    rewrite_from: bool = False


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
    submission_port: Literal[25, 465, 587] = 587
    """Where its users' clients hand mail over: 587 with STARTTLS (RFC 6409), 465 with TLS from
    the start (RFC 8314), or 25, as it was done before there were others."""
    auth: Literal["plain", "login", "cram-md5"] = "plain"
    """By which mechanism its users' clients prove who they are (RFC 4954)."""
    starttls: bool = True
    """Whether its servers offer STARTTLS."""
    follows: Literal["postfix", "exim"] = "postfix"
    """Whose words and habits its SMTP servers have, where these differ."""
    lacks: tuple[str, ...] = ()
    """Extensions of SMTP that its servers do not offer: 8BITMIME, SMTPUTF8, DSN, PIPELINING."""
    certificate: str = ""
    """The name that its submission server's certificate is for, where that is another's."""
    size_limit: int = 50_000_000
    """Octets of a whole message that its servers take (SIZE, RFC 1870)."""
    greylist: int = 0
    """How long an unknown (client, sender, recipient) must wait (RFC 6647); 0: not at all."""
    recipient_limit: int = 1_000
    """Recipients of one mail transaction that its servers take (RFC 5321 section 4.5.3.1.8)."""
    quota: int = 0
    """Octets that one of its mailboxes holds; 0: no limit."""
    quota_code: Literal[452, 552] = 552
    """What a full mailbox is answered with: for good (552), or for now (452)."""
    longest_line: int = 0
    """Octets of a text line with its CRLF that its servers take (RFC 5321 section 4.5.3.1.6 asks
    for 1000 at least); 0: as long as it likes, as Postfix does."""
    aliases: dict[str, tuple[str, ...]] = {}
    """User name to the addresses that the mail for it goes to instead."""
    lists: dict[str, MailingList] = {}
    """User name to the mailing list that has this name."""
    hop_limit: int = 50
    """Received fields that a mail may bring along (Postfix's hopcount_limit)."""
    records: tuple[str, ...] = ()
    """Further lines of its zone file."""
    exists: bool = True
    """Whether the DNS knows the domain at all."""
    retry: Retry = Retry()
    sending_limits: tuple[SendingLimit, ...] = ()
    """What its own users may send; the first that is reached refuses."""
    dkim_selector: str = ""
    """Under which name it publishes the key that its submission server signs with (DKIM, RFC
    6376); empty: it signs nothing."""
    mta_sts: StsPolicy | None = None
    """What it publishes for those who want to be sure of TLS (MTA-STS, RFC 8461)."""
    checks_mta_sts: bool = False
    """Whether its servers look for such a policy before they send, and keep to it."""
    content_scan: bool = False
    """Whether its receiving servers look into the text, and file what looks like spam as Junk."""
    checks_trust: bool = False
    """Whether its receiving servers check SPF, DKIM and DMARC."""
    playground: bool = False
    """Whether every address exists, and what goes wrong is written in it (``rcptto450@…``)."""
    refuses_unknown_domains: bool = False
    """Whether its submission server asks the DNS for a recipient's domain before it says 250
    (Postfix: reject_unknown_recipient_domain)."""


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


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """Something that goes wrong, or otherwise than usual, at one host.

    ``on`` is the moment: ``connect``, ``greeting``, a command's verb (``EHLO`` … ``QUIT``, at a
    mailbox server also those of POP3 and IMAP), ``.`` (the message has come in whole),
    ``accepted`` (it is taken, the 250 not yet said), ``dns``, or ``host``: all the time.
    ``do`` is what happens instead: ``reply`` with ``text``, ``refuse`` (a connection, or a DNS
    question), ``drop`` the wire, ``silence``, or ``delay`` by ``delay`` and go on. A host that is
    ``down`` refuses connections and makes none, answers no DNS question, and its open
    connections are cut.
    It happens at the tries after ``skip``, ``times`` times (0: always), and only while
    ``start`` <= now < ``end``; where ``only`` is given, only when the command's argument holds it.
    """

    host: str
    on: str
    do: Literal["reply", "refuse", "drop", "silence", "delay", "down"]
    text: str = ""
    delay: int = 0
    skip: int = 0
    times: int = 0
    start: int = 0
    end: int | None = None
    only: str = ""


class RealAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One question that the real DNS was asked before the run, and what came of it.

    ``name`` without its final dot; ``server`` who answered (``192.0.2.53#53``), or who was asked
    and did not. ``rcode`` is that of the answer, or ``TIMEOUT``, or ``UNREACHABLE`` where nothing
    could be sent. ``records`` and ``authority`` are lines of a zone file, at most a hundred;
    ``omitted`` says how many more there were. ``took`` is in microseconds of real time.
    """

    name: str
    type: str
    server: str
    rcode: str
    flags: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    authority: tuple[str, ...] = ()
    omitted: int = 0
    took: int = 0
    transport: Literal["udp", "tcp"] = "udp"
    octets: int = 0


class LookedUp(msgspec.Struct, frozen=True, kw_only=True):
    """What the real DNS said of the domains of a scenario's addresses.

    The simulated hosts take these names and addresses; nothing else of the real world does.
    """

    domains: tuple[str, ...]
    answers: tuple[RealAnswer, ...]

    def answer(self, name: str, rdtype: str) -> RealAnswer | None:
        """What came of that question, or None where it was not asked."""
        wanted = (name.lower(), rdtype)
        return next((one for one in self.answers if (one.name.lower(), one.type) == wanted), None)


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
    sessions: tuple[Session, ...] = ()
    """What people type by hand, beside the mails that their clients send."""
    interventions: tuple[Intervention, ...] = ()
    """What a person changes once the run has begun, in the order of their events."""
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
