"""What one listening port of a mail server lets in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from simulator.mail.habits import Habits
from simulator.scenario.domain import SendingLimit

if TYPE_CHECKING:  # what is behind it takes a while to import, and few scenarios need it
    from simulator.mail.visitor import Trust

PASSWORD_MECHANISMS = ("PLAIN", "LOGIN")
"""How one may say a password where nothing else is configured (RFC 4616; LOGIN is older)."""


@dataclass(frozen=True, slots=True)
class Doorway:
    """What one listening port of a server lets in."""

    size_limit: int
    passwords: Mapping[str, str] | None = None
    """Who may prove to be whom; None where the port offers no AUTH."""
    mechanisms: tuple[str, ...] = PASSWORD_MECHANISMS
    """How they may prove it."""
    takes_from_anyone: bool = False
    """Whether a port that offers AUTH also takes mail for its own domains from strangers."""
    own_domains: frozenset[str] = frozenset()
    """Domains that the server takes mail for from anyone."""
    users: frozenset[str] | None = None
    """The addresses that exist in them; None where the server finds out later."""
    trusted: frozenset[str] = frozenset()
    """Client addresses that may send to anywhere without proof (mynetworks)."""
    follows: Literal["postfix", "exim"] = "postfix"
    """Whose words and habits are its own, where they differ."""
    habits: Habits = field(default_factory=Habits)
    offers_tls: bool = True
    lacks: frozenset[str] = frozenset()
    """Extensions that it does not offer."""
    greylist: int = 0
    """Virtual microseconds that a stranger's first mail to a user must wait (RFC 6647)."""
    recipient_limit: int = 1_000
    hop_limit: int = 50
    """Postfix's hopcount_limit; RFC 5321 section 6.3 asks for a large count."""
    longest_line: int = 0
    """Octets of a text line with its CRLF (RFC 5321 section 4.5.3.1.6); 0: any."""
    sending_limits: tuple[SendingLimit, ...] = ()
    """What users who have proved who they are may send."""
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Address to the addresses that its mail goes to instead."""
    trust: Trust | None = None
    """What it signs, or checks; None where it does neither."""
    signing: Trust | None = None
    """What it does instead with its own users' mail, where strangers come through it too."""
    playground: bool = False
    """Whether addresses say what is to go wrong."""
    asks_for_recipients: bool = False
    """Whether it asks the DNS for the domain of a recipient elsewhere before it accepts them."""
    asks_for_senders: bool = False
    """Whether it asks the DNS for the domain of a stranger who sends."""
