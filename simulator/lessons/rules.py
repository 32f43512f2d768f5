"""The rules that servers and clients follow: their keys, what they look at, where they stand.

A topic names what an event is about, from the general to the special: ``judged.route.mx``,
``reply.rcpt.unknown``, ``command.smtp.mail``. It is the key of the words (``explain.<topic>``) and
of the sources.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from simulator.scenario.deed_words import VERBS


@dataclass(frozen=True, slots=True)
class Source:
    """A section of an RFC, such as 5321 and ``4.1.1.2``."""

    rfc: int
    section: str


@dataclass(frozen=True, slots=True)
class Rule:
    """What a decision looks at, and the verdicts that have words of their own."""

    inputs: tuple[str, ...] = ()
    verdicts: tuple[str, ...] = ()


_SOURCES = Path(__file__).with_name("sources.toml")

_OUTCOMES = ("sent", "deferred", "bounced")
_DKIM_VERDICTS = ("pass", "fail", "none", "permerror", "temperror")
_SPF_VERDICTS = (*_DKIM_VERDICTS, "softfail", "neutral")
_DMARC_INPUTS = ("author", "policy_domain", "requested", "applied", "spf", "dkim", "reason")

JUDGED: Mapping[str, Rule] = {
    "submission.refused": Rule(("recipient", "status", "said")),
    "submission.deferred": Rule(("recipient", "status", "said")),
    "submission.kept": Rule(("recipient", "status", "finding")),
    "own-server": Rule(("server", "rcode"), ("unknown", "no-address", "failed", "silent")),
    "client.name": Rule(("address", "name"), ("confirmed", "unknown")),
    "auth": Rule(("user", "mechanism"), ("accepted", "rejected")),
    "relay.permission": Rule(
        ("client", "recipient"), ("authenticated", "own-domain", "trusted-network", "denied")
    ),
    "recipient": Rule(("recipient",), ("known", "unknown", "remote")),
    "recipient.limit": Rule(("limit",)),
    "recipient.domain": Rule(("recipient", "domain"), ("found", "unknown", "null-mx")),
    "sender.domain": Rule(("sender", "domain"), ("found", "unknown", "null-mx")),
    "alias": Rule(("recipient",)),
    "list.post": Rule(("recipient", "bounces", "journey"), ("posted", "refused", "loop")),
    "sending.limit": Rule(
        ("user", "unit", "limit", "window", "period", "per", "left"), ("counted", "refused")
    ),
    "greylist": Rule(("recipient", "waited"), ("deferred", "passed")),
    "responsibility": Rule(("queue_id",)),
    "route.destination": Rule(("domain", "recipients"), ("local", "remote")),
    "route.relay": Rule(("domain", "via")),
    "route.mx": Rule(("domain", "candidates")),
    "route.implicit-mx": Rule(("domain",)),
    "route.null-mx": Rule(("domain",)),
    "route.self-mx": Rule(("domain", "candidates")),
    "route.alias": Rule(("alias", "host")),
    "route.no-host": Rule(("domain",)),
    "route.no-data": Rule(("domain",)),
    "route.dns-failure": Rule(("domain", "rcode")),
    "delivery.attempt": Rule(("preference", "address")),
    "delivery.outcome": Rule(("recipient", "status", "said"), _OUTCOMES),
    "queue.schedule": Rule(),
    "queue.expired": Rule(),
    "mailbox.delivery": Rule(("mailbox",), ("local", "lmtp")),
    "mailbox.moved": Rule(("mailbox",)),
    "mailbox.by-hand": Rule(("mailbox",), ("fetched", "deleted")),
    "quota": Rule(("mailbox",)),
    "loop": Rule(),
    "content.claim": Rule(("name", "value")),
    "newline.bare": Rule((), ("normalized", "ended", "begun")),
    "content.scan": Rule(("score", "required", "rules"), ("spam", "clean")),
    "trust.dkim-sign": Rule(("domain", "selector", "reason"), ("signed", "stand-in", "unsigned")),
    "trust.spf": Rule(
        ("address", "domain", "identity", "mechanism", "reason"),
        _SPF_VERDICTS,
    ),
    "trust.dkim": Rule(("domain", "selector", "reason"), _DKIM_VERDICTS),
    "trust.dmarc": Rule(_DMARC_INPUTS, ("pass", "fail", "none", "permerror", "temperror")),
    "trust.forged": Rule(("value",)),
    "trust.folder": Rule(("author",)),
    "domain.a-labels": Rule(("domain",)),
    "tls.refused": Rule((), ("clear",)),
    "fit.utf8": Rule((), ("refused",)),
    "fit.8bit": Rule((), ("converted", "refused")),
    "fit.line": Rule((), ("folded",)),
    "intercept": Rule(("client", "server"), ("stripped", "impersonated")),
    "sts.policy": Rule(
        ("domain", "mx", "how", "reason"), ("absent", "unavailable", "none", "testing", "enforce")
    ),
    "sts.mx": Rule(("host", "mx", "mode"), ("match", "mismatch")),
    "sts.tls": Rule(("host", "mode", "reason"), ("secured", "insecure")),
    "fault": Rule(("on", "argument", "text"), tuple(VERBS)),
    "intervention": Rule(("on", "argument", "text")),
}
"""Every decision that the engine tells, by its key."""

REPLIES = (
    "greeting",
    "ehlo",
    "helo",
    "starttls",
    "auth.ok",
    "auth.failed",
    "auth.aborted",
    "auth.bad-base64",
    "auth.mechanism",
    "auth.needs-tls",
    "auth.challenge",
    "mail.ok",
    "rcpt.ok",
    "rcpt.unknown",
    "rcpt.relay-denied",
    "rcpt.greylisted",
    "sending.limit",
    "rcpt.too-many",
    "rcpt.spf-fail",
    "rcpt.domain-unknown",
    "rcpt.domain-null-mx",
    "rcpt.sender-unknown",
    "rcpt.sender-null-mx",
    "data.go-ahead",
    "data.accepted",
    "data.dmarc-reject",
    "quit",
    "rset",
    "noop",
    "vrfy",
    "vrfy.refused",
    "chunk.taken",
    "etrn.refused",
    "command.no-smtp",
    "newline.bare",
    "pipelining.improper",
    "help",
    "sequence.bad",
    "command.unknown",
    "syntax.bad",
    "parameter.not-offered",
    "address.needs-utf8",
    "size.exceeded",
    "line.too-long",
    "recipients.none",
    "timeout",
    "errors.too-many",
    "loop",
    "fault",
    "intervention",
    "mailbox.full",
    "lmtp.accepted",
    "pop3.greeting",
    "pop3.capa",
    "pop3.user",
    "pop3.pass",
    "pop3.stat",
    "pop3.list",
    "pop3.uidl",
    "pop3.retr",
    "pop3.top",
    "pop3.dele",
    "pop3.rset",
    "pop3.noop",
    "pop3.quit",
    "pop3.error",
    "imap.greeting",
    "imap.login",
    "imap.select",
    "imap.search",
    "imap.fetch",
    "imap.store",
    "imap.expunge",
    "imap.copy",
    "imap.move",
    "imap.idle",
    "imap.logout",
    "imap.error",
    "imap.other",
    "passed-on",
    "https.found",
    "https.refused",
)
"""Every rule by which a server answers."""

CHANGES = (*(verb for verb in VERBS if verb != "refuse"), "arranged")
"""What a person can change in a run, as the events that tell of it name it; a refusal waits for its
call, and what waits is ``arranged``."""

_SESSION_VERBS = (
    "EHLO",
    "HELO",
    "LHLO",
    "STARTTLS",
    "AUTH",
    "NOOP",
    "VRFY",
    "EXPN",
    "ETRN",
    "HELP",
    "QUIT",
)
_TRANSACTION_VERBS = ("MAIL", "RCPT", "DATA", "BDAT", "RSET")
SMTP_VERBS = (*_SESSION_VERBS, *_TRANSACTION_VERBS)

_AUTHORIZATION_VERBS = ("CAPA", "STLS", "USER", "PASS", "QUIT")
_MAILBOX_VERBS = ("STAT", "LIST", "UIDL", "RETR", "TOP", "DELE", "RSET", "NOOP")
_FOLDER_VERBS = ("SELECT", "LIST", "SEARCH", "FETCH", "STORE", "EXPUNGE", "COPY", "MOVE", "STATUS")
IMAP_VERBS = ("LOGIN", "ENABLE", *_FOLDER_VERBS, "IDLE", "DONE", "LOGOUT")
"""The verbs of IMAP that have words of their own."""

POP3_VERBS = (*_AUTHORIZATION_VERBS, *_MAILBOX_VERBS)


def sources(topic: str) -> tuple[Source, ...]:
    """Where the rule behind ``topic`` stands; its nearest ancestor's where it has no own entry.

    Raises KeyError for a topic that has no ancestor in ``sources.toml`` either.
    """
    table = _table()
    known = topic
    while known not in table:
        known, dot, _ = known.rpartition(".")
        if not dot:
            raise KeyError(f"sources.toml says nothing about {topic!r}")
    return table[known]


@cache
def _table() -> Mapping[str, tuple[Source, ...]]:
    data = tomllib.loads(_SOURCES.read_text("utf-8"))
    documents: dict[str, int] = data["documents"]
    return {
        topic: tuple(_source(documents, entry) for entry in entries)
        for topic, entries in data["sources"].items()
    }


def _source(documents: Mapping[str, int], entry: str) -> Source:
    document, _, section = entry.partition(" ")
    return Source(documents[document], section)
