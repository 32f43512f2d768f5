"""Who comes to a mail server, what they bring, and what the server must decide about it."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

from simulator.mail.habits import Habits
from simulator.mail.header import Field
from simulator.mail.proofs import Proof
from simulator.mail.reply import Ruled
from simulator.mail.site import Struck, Wire

if TYPE_CHECKING:
    from simulator.mail.authentication.spf import SpfResult


@dataclass(slots=True)
class Visitor:
    """The client of one session, as the server knows it."""

    wire: Wire
    address: str
    name: str = "unknown"
    """Its name where the DNS confirms it both ways, else ``unknown``, as Postfix writes it."""
    helo: str = ""
    extended: bool = False
    user: str = ""
    """Who it has proved to be by AUTH, or nobody."""
    secure: bool = False
    reverse_path: str = ""
    """Of this mail transaction, as all that follows is."""
    accepted: int = 0
    """Recipients accepted."""
    forward_paths: list[str] = field(default_factory=list)
    """Who they are."""
    journeys: set[str] = field(default_factory=set)
    """Of the mails that it has handed over in this session."""
    spf: SpfResult | None = None
    """What the DNS says of this client and this sender; None where nobody has asked yet."""


Reading: TypeAlias = Literal["as-sent", "normalized", "ended", "begun"]
"""What became of a message's line ends (RFC 5321 section 2.3.8): nothing; lone ones were written as
CRLF; a dot between lone ones ended it; or it began after such a dot, inside what its sender takes
for another message."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message that has come in whole: its envelope with the DSN parameters, and its octets."""

    reverse_path: str
    forward_paths: tuple[str, ...]
    octets: bytes
    utf8: bool = False
    eight_bit: bool = False
    mail_parameters: tuple[str, ...] = ()
    recipient_parameters: dict[str, tuple[str, ...]] = field(default_factory=dict)
    reading: Reading = "as-sent"


@dataclass(frozen=True, slots=True)
class Finding:
    """What came of looking at a message: what is left of it, and what to do.

    ``stamps`` are the fields to put above the server's own Received, in this order; none where
    there is a ``refusal``.
    """

    octets: bytes
    stamps: tuple[Field, ...] = ()
    refusal: Ruled | None = None


class Trust(Protocol):
    """What one port of a server does about trust."""

    async def judge_client(self, visitor: Visitor, forward_path: str) -> Ruled | None:
        """The refusal of a RCPT, or None."""

    async def judge_message(self, visitor: Visitor, octets: bytes) -> Finding:
        """Look at a message that has come in whole."""


class Reception(Protocol):
    """What a host decides when somebody speaks SMTP to it."""

    greeting: str
    keywords: tuple[str, ...]
    """What it offers in the EHLO reply beside SIZE, STARTTLS and AUTH, in this order."""
    size_limit: int | None
    follows: Literal["postfix", "exim"]
    """Whose words and habits are its own."""
    habits: Habits
    """How strictly it keeps to SMTP's letter."""
    mechanisms: tuple[str, ...]
    """By which one may prove who one is; none: AUTH is not offered."""

    def strike(self, visitor: Visitor, on: str, argument: str = "") -> Struck | None:
        """What goes otherwise at this moment of the session, if anything."""

    async def sleep(self, duration: int) -> None:
        """Let ``duration`` virtual microseconds pass."""

    async def welcome(self, visitor: Visitor) -> None:
        """Look at who has connected, before the greeting."""

    def tls(self) -> ssl.SSLContext | None:
        """What to show when TLS is asked for; None where STARTTLS is not offered."""

    def challenge(self) -> str:
        """What a client must answer to prove who it is, never the same twice."""

    def check_proof(self, visitor: Visitor, user: str, proof: Proof) -> bool:
        """Whether the user is who they say (RFC 4954)."""

    def completed(self, path: str) -> str:
        """A path with the domain that it has where it names none."""

    def understood(self, forward_path: str) -> str:
        """The forward-path as this host understands it."""

    async def judge_sender(self, visitor: Visitor, reverse_path: str) -> Ruled:
        """The reply to MAIL."""

    async def judge_recipient(self, visitor: Visitor, forward_path: str) -> Ruled:
        """The reply to RCPT."""

    async def verify(self, visitor: Visitor, address: str) -> Ruled:
        """The reply to VRFY."""

    async def take(self, visitor: Visitor, incoming: Incoming) -> tuple[Ruled, ...]:
        """The replies to the final dot: one, or in LMTP one a recipient."""
