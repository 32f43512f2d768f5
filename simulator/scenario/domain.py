"""A mail domain as values: its users and servers, and what its servers do and allow."""

from __future__ import annotations

from typing import Literal

import msgspec

from simulator.scenario.secrecy import StsPolicy
from simulator.scenario.virtual_time import SECOND


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


_HOUR = 3_600 * SECOND


class EximRetry(Retry, frozen=True, kw_only=True):
    """As Exim's usual configuration has it: ``F,2h,15m; G,16h,1h,1.5; F,4d,6h``.

    Every quarter of an hour for two hours, then ever more slowly: an hour, and each time half as
    much again, which is half the mail's age; after sixteen hours every six, for four days. After a
    day the sender is told of the delay (delay_warning).
    """

    shortest: int = _HOUR // 4
    longest: int = 6 * _HOUR
    lifetime: int = 96 * _HOUR
    warning: int = 24 * _HOUR

    def wait(self, age: int) -> int:
        """How long a mail of this age waits for its next try."""
        if age < 2 * _HOUR:
            return self.shortest
        return age // 2 if age < 16 * _HOUR else self.longest


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
    """Extensions of SMTP that its servers do not offer (``8BITMIME``, ``DSN`` …)."""
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
    helo_required: bool = False
    """Whether its servers want HELO or EHLO before MAIL, as RFC 5321 section 4.1.4 does; Postfix
    does not mind (smtpd_helo_required)."""
    defers_relaying: bool = False
    """Whether its servers refuse mail for elsewhere for now only, with 454 in place of 554
    (Postfix: defer_unauth_destination)."""
    refuses_early_talk: bool = False
    """Whether its servers refuse DATA to a client that did not wait for the 354
    (Postfix: reject_unauth_pipelining)."""
    bare_newline: Literal["normalize", "reject", "accept"] = "normalize"
    """What its servers make of a lone LF in a message: CRLF, a refusal, or the end of a line, which
    lets mail be smuggled in (Postfix: smtpd_forbid_bare_newline)."""
    refuses_unknown_domains: bool = False
    """Whether its servers ask the DNS for a domain before they say 250: where its users submit, a
    recipient's (Postfix: reject_unknown_recipient_domain), where strangers come, the sender's
    (reject_unknown_sender_domain)."""

    @property
    def schedule(self) -> Retry:
        """When its servers try again: as the scenario says, or as those whose habits they have."""
        usual = self.retry == Retry()
        return EximRetry() if usual and self.follows == "exim" else self.retry
