"""The events of a run: who did what, when, in which of the six steps.

An event is a frozen header (when, where, whose mail) around one fact. The facts are a
tagged union; in a recording the tag is the key ``kind``. Times are virtual microseconds
since the start of the scenario. Whoever speaks is the event's ``host``; the one spoken to is
the fact's ``peer``.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

Protocol: TypeAlias = Literal["smtp", "pop3", "imap", "lmtp", "https"]
"""What is spoken on a connection; submission on 587 is ``smtp``."""

Step: TypeAlias = Literal[1, 2, 3, 4, 5, 6]
"""1 compose and connect, 2 submit, 3 route, 4 resolve, 5 transfer, 6 deliver and pick up."""


class _Fact(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", gc=False):
    """What the members of the union share: frozen, keyword-only, tagged by ``kind``."""


class Composed(_Fact, frozen=True, kw_only=True, tag="composed"):
    """A mail begins: a person pressed send, or a server wrote a report; the message as a whole.

    ``report`` is what a server reports (``failed``, ``delayed``, ``delivered`` or ``expanded``,
    RFC 3464), ``posted`` where a mailing list writes to its members, and empty where a person
    writes.
    """

    report: Literal["", "failed", "delayed", "delivered", "relayed", "expanded", "posted"] = ""
    reverse_path: str
    recipients: tuple[str, ...]
    subject: str
    data: str
    encoding: Literal["utf-8", "base64"] = "utf-8"


class Connected(_Fact, frozen=True, kw_only=True, tag="connected"):
    """A client opened a connection; ``host`` is the client, ``peer`` the server."""

    conn: int
    peer: str
    port: int
    protocol: Protocol
    reason: str = ""
    address: str
    client_address: str
    client_port: int


class Refused(_Fact, frozen=True, kw_only=True, tag="refused"):
    """A connection could not be opened; ``reason`` is ``refused`` or ``timeout``."""

    conn: int
    peer: str
    port: int
    protocol: Protocol
    reason: str
    address: str


class Closed(_Fact, frozen=True, kw_only=True, tag="closed"):
    """``host`` closed the connection because of ``quit``, ``dropped``, ``timeout`` or ``tls``."""

    conn: int
    peer: str
    port: int
    protocol: Protocol
    reason: str


class Command(_Fact, frozen=True, kw_only=True, tag="command"):
    """A client spoke one line, without its CRLF."""

    conn: int
    peer: str
    line: str
    secure: bool = False


class Reply(_Fact, frozen=True, kw_only=True, tag="reply"):
    """A server answered: ``lines`` are the whole lines as sent, each without its CRLF.

    ``code`` is the three digits of SMTP, or ``+OK``, ``-ERR`` and ``+`` of POP3. ``enhanced`` is
    the status of RFC 3463 where one was given. ``rule`` names why the server said it.
    """

    conn: int
    peer: str
    code: int | str
    enhanced: str | None
    lines: tuple[str, ...]
    rule: str
    secure: bool = False


class Content(_Fact, frozen=True, kw_only=True, tag="content"):
    """A message on the wire as sent: dot-stuffed, up to and with the final dot line.

    Or the chunk of one that a BDAT announced (RFC 3030), which has neither.
    """

    conn: int
    peer: str
    data: str
    encoding: Literal["utf-8", "base64"] = "utf-8"
    secure: bool = False


class Tls(_Fact, frozen=True, kw_only=True, tag="tls"):
    """The client finished (or broke off) the TLS handshake; later lines are ``secure``."""

    conn: int
    peer: str
    version: str
    cipher: str
    verified: bool
    name: str
    reason: str = ""


class Query(_Fact, frozen=True, kw_only=True, tag="query"):
    """A DNS question; ``server`` is whom it was put to."""

    id: int
    name: str
    type: str
    server: str
    transport: Literal["udp", "tcp"] = "udp"
    wire: str = ""


class Answer(_Fact, frozen=True, kw_only=True, tag="answer"):
    """A DNS answer; ``host`` and ``server`` are who answers, ``peer`` is who asked.

    ``records``, ``authority`` and ``additional`` hold one line each in zone-file form; ``wire`` is
    the whole message in base64.
    """

    id: int
    name: str
    type: str
    server: str
    peer: str
    rcode: str
    records: tuple[str, ...]
    authority: tuple[str, ...] = ()
    additional: tuple[str, ...] = ()
    authoritative: bool
    cached: bool
    transport: Literal["udp", "tcp"] = "udp"
    wire: str


class Judged(_Fact, frozen=True, kw_only=True, tag="judged"):
    """A decision: the rule that was applied, what it said, and what it looked at."""

    rule: str
    verdict: str
    inputs: dict[str, str]


class Stamped(_Fact, frozen=True, kw_only=True, tag="stamped"):
    """``host`` wrote header fields into the message, in the order in which they now stand."""

    headers: tuple[tuple[str, str], ...]
    where: Literal["top", "bottom", "whole"]


class Queued(_Fact, frozen=True, kw_only=True, tag="queued"):
    """The message lies in ``host``'s queue; ``host`` is answerable for it."""

    queue_id: str
    recipients: tuple[str, ...]
    reason: str
    next_attempt: int | None


class Retried(_Fact, frozen=True, kw_only=True, tag="retried"):
    """An attempt failed for now: ``next_attempt`` is the virtual time of the next one."""

    queue_id: str
    recipients: tuple[str, ...]
    reason: str
    next_attempt: int | None


class Bounced(_Fact, frozen=True, kw_only=True, tag="bounced"):
    """``host`` gave up on these recipients; ``bounce`` is the report's journey, if one goes."""

    queue_id: str
    recipients: tuple[str, ...]
    reason: str
    next_attempt: int | None = None
    bounce: str = ""


class Removed(_Fact, frozen=True, kw_only=True, tag="removed"):
    """Every recipient is done with: the message left ``host``'s queue."""

    queue_id: str


class Stored(_Fact, frozen=True, kw_only=True, tag="stored"):
    """The message lies in a mailbox; ``protocol`` is how it came there (``local``, ``lmtp``).

    ``folder`` is where in the mailbox: ``INBOX``, or ``Junk``, which POP3 does not show.
    """

    mailbox: str
    uid: str
    protocol: str
    data: str
    encoding: Literal["utf-8", "base64"] = "utf-8"
    folder: str = "INBOX"


class Fetched(_Fact, frozen=True, kw_only=True, tag="fetched"):
    """The recipient's client has the message; ``kept`` says whether the server keeps its copy."""

    mailbox: str
    uid: str
    protocol: str
    kept: bool


class Read(_Fact, frozen=True, kw_only=True, tag="read"):
    """The recipient has the mail before their eyes."""

    mailbox: str
    uid: str
    protocol: str
    subject: str
    attachments: tuple[str, ...] = ()


class Intervened(_Fact, frozen=True, kw_only=True, tag="intervened"):
    """A person, or a fork, changed the run; ``host`` is where.

    ``change`` is what kind of change, ``target`` what it is about (a host, a domain, a question of
    the DNS, or nothing more than ``conn``), ``text`` what is said or holds from now on.
    """

    change: str
    target: str = ""
    text: str = ""
    conn: int | None = None


Fact: TypeAlias = (
    Composed
    | Connected
    | Refused
    | Closed
    | Command
    | Reply
    | Content
    | Tls
    | Query
    | Answer
    | Judged
    | Stamped
    | Queued
    | Retried
    | Bounced
    | Removed
    | Stored
    | Fetched
    | Read
    | Intervened
)


class Event(msgspec.Struct, frozen=True, gc=False):
    """One thing that happened: ``seq`` counts from 0, ``at`` is in virtual microseconds."""

    seq: int
    at: int
    step: Step
    host: str
    journey: str
    fact: Fact

    @property
    def kind(self) -> str:
        """The fact's tag, as a recording writes it."""
        return str(self.fact.__struct_config__.tag)
