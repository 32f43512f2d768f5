"""What an SMTP dialogue without IO is made of: what to do next, what came of it.

A dialogue is a generator that reads from top to bottom: it yields an action and is sent the
replies to it, one for each command.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from simulator.mail.reply import PROTOCOL_ERROR, SmtpReply


@dataclass(frozen=True, slots=True)
class Say:
    """Speak these lines in one segment, then read a reply to each; none: just read one."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Seal:
    """Do the TLS handshake; ``verify`` the other side's name or take any (RFC 7435)."""

    verify: bool


@dataclass(frozen=True, slots=True)
class Hand:
    """Send the message and, in the same segment, these lines; ``replies`` answer the message."""

    octets: bytes
    lines: tuple[str, ...]
    replies: int = 1


Action: TypeAlias = Say | Seal | Hand
Replies: TypeAlias = tuple[SmtpReply, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """What a client found out by itself: a key of the words for it, and what they need."""

    key: str
    values: Mapping[str, str] = field(default_factory=dict)


class LostError(Exception):
    """Thrown into a dialogue: the connection is gone; ``status`` and ``said`` tell how.

    ``replies`` are those to the last action that came before it went; ``finding`` is the same as
    ``said`` for those who need no English; ``stage`` is what was being done, where that is known.
    """

    def __init__(
        self,
        status: str,
        said: str,
        replies: Replies = (),
        finding: Finding | None = None,
        stage: str = "",
    ) -> None:
        super().__init__(said)
        self.status, self.said, self.replies, self.finding = status, said, replies, finding
        self.stage = stage


@dataclass(frozen=True, slots=True)
class Transaction:
    """One mail transaction (RFC 5321 section 3.3): the envelope and the message."""

    reverse_path: str
    forward_paths: tuple[str, ...]
    octets: bytes
    mail_parameters: tuple[str, ...] = ()
    recipient_parameters: dict[str, tuple[str, ...]] = field(default_factory=dict)
    utf8: bool = False
    """Whether it came with SMTPUTF8, so that its header may have letters beyond ASCII."""
    eight_bit: bool = False
    """Whether it came with BODY=8BITMIME."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one recipient at the other side."""

    outcome: Literal["sent", "deferred", "failed"]
    status: str
    """RFC 3463."""
    said: str
    """The reply, or what happened instead of one."""
    command: str = ""
    """The command that it answered."""
    spoken: bool = True
    """Whether the other side said it; else it is our own finding."""
    reported: bool = True
    """Whether whoever took the mail sends the notice of success that its sender may want."""
    out_of_place: bool = False
    """Whether it is a 2yz where that cannot be: a protocol error."""
    by: str = ""
    """Who said it: ``mx1.kantor.example[203.0.113.10]``."""
    finding: Finding | None = None
    """Our own finding, for those who need no English."""

    @property
    def explanation(self) -> str:
        """What became of the recipient, in Postfix's words."""
        if not self.spoken:
            return self.said
        if self.outcome == "sent":
            return f"delivery via {self.by}: {self.said}"
        if self.command in _BEFORE_ANY_MAIL:
            return f"host {self.by} refused to talk to me: {self.said}"
        error = "Protocol error: " if self.out_of_place else ""
        return f"{error}host {self.by} said: {self.said} (in reply to {self.command} command)"


_BEFORE_ANY_MAIL = frozenset({"connect", "EHLO", "HELO", "LHLO"})
Verdicts: TypeAlias = dict[str, Verdict]


def judge(reply: SmtpReply, command: str) -> Verdict:
    """A reply as a verdict on the recipients it concerns (RFC 5321 section 4.2.1)."""
    if reply.is_positive:
        return Verdict("sent", reply.status(), reply.text, command)
    return as_refusal(reply, command)


def as_refusal(reply: SmtpReply, command: str) -> Verdict:
    """A reply that lets nothing go on; one that makes no sense here is a word for good.

    So Postfix (smtp_trouble.c): "Protocol error", 5.5.0, also for 2yz where 354 is due.
    """
    if reply.is_transient:
        return Verdict("deferred", reply.status(), reply.text, command)
    status = reply.status() if reply.code // 100 == 5 else PROTOCOL_ERROR
    return Verdict("failed", status, reply.text, command, out_of_place=reply.is_positive)


_INSECURE = frozenset({"4.7.4", "4.7.5"})


def is_insecure(verdict: Verdict) -> bool:
    """Whether it is our own finding that the connection could not be made safe."""
    return not verdict.spoken and verdict.status in _INSECURE


def is_farewell(reply: SmtpReply) -> bool:
    """Whether the server closes the connection with it, at any command (RFC 5321 section 3.8)."""
    return reply.code == 421


_OFFER = re.compile(r"[ \t]*([^ \t=]+)[ \t=]*(.*)")
"""Keyword and parameters; some servers put ``=`` between them, after an old draft of AUTH."""


class Extensions:
    """What an EHLO or LHLO reply offers."""

    def __init__(self, reply: SmtpReply | None) -> None:
        lines = reply.lines[1:] if reply is not None and reply.is_positive else ()
        found = (_OFFER.match(line) for line in lines)
        self._offers = {one[1].upper(): one[2] for one in found if one is not None}
        if "SMTPUTF8" in self._offers:  # who has it has this too (RFC 6531 section 3.1)
            self._offers.setdefault("8BITMIME", "")

    def __contains__(self, keyword: str) -> bool:
        return keyword in self._offers

    def parameters_of(self, keyword: str) -> tuple[str, ...]:
        """What is said beside a keyword: the mechanisms of AUTH, in capitals."""
        return tuple(self._offers.get(keyword, "").upper().split())

    @property
    def size_limit(self) -> int:
        """Octets (RFC 1870); 0 where the server names no limit."""
        value = self._offers.get("SIZE", "")
        return int(value) if value.isdigit() else 0
