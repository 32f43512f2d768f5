"""The moments at which something can go otherwise: who comes to them, what can be done there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from simulator.scenario.model import Host, Scenario

_IN_PLACE_OF_A_REPLY: Final = ("reply", "drop", "silence", "delay")
_WITHOUT_A_REPLY: Final = ("drop", "silence", "delay")

_POP3_ALONE: Final = ("CAPA", "USER", "PASS", "STAT", "UIDL", "RETR", "TOP", "DELE")
IMAP_ALONE: Final = (*("LOGIN", "SELECT", "SEARCH", "FETCH", "STORE", "EXPUNGE", "IDLE", "LOGOUT"),)
PICKING_UP: Final = (*_POP3_ALONE, "LIST", *IMAP_ALONE)
"""Commands of POP3 and IMAP that SMTP has not."""

_SMTP_VERBS: Final = (
    *("EHLO", "HELO", "LHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "RSET", "QUIT"),
    *("NOOP", "VRFY", "EXPN", "HELP"),
)

DEEDS: Final[dict[str, tuple[str, ...]]] = {
    "connect": ("refuse", "silence", "delay"),
    "greeting": _IN_PLACE_OF_A_REPLY,
    **dict.fromkeys(_SMTP_VERBS, _IN_PLACE_OF_A_REPLY),
    "content": _WITHOUT_A_REPLY,
    ".": _IN_PLACE_OF_A_REPLY,
    "accepted": _WITHOUT_A_REPLY,
    "dns": ("answer", "drop", "silence", "delay"),
    **dict.fromkeys(PICKING_UP, _IN_PLACE_OF_A_REPLY),
    "next": ("reply", "silence", "delay"),
}
"""The moments, and the verbs of what can be done at each."""

WITH_ARGUMENT: Final = frozenset(
    {"connect", "EHLO", "HELO", "LHLO", "AUTH", "MAIL", "RCPT", "VRFY", "EXPN", "HELP", "dns"}
    | {"RETR", "TOP", "DELE", "LIST", "SELECT", "SEARCH", "FETCH", "STORE"}
)
"""Moments with something that ``only`` can look at: a port, an argument, a name and its type."""

_ANSWERING_DNS: Final = frozenset({"resolver", "nameserver"})
_SPEAKING_SMTP: Final = frozenset({"sending_server", "relay", "receiving_server"})
_TAKING_OTHER_CALLS: Final = frozenset({"mailbox_server", "policy_server"})
_NOT_IN_LMTP: Final = frozenset({"EHLO", "HELO", "STARTTLS", "AUTH"})
_ALONE: Final = {
    "dns": _ANSWERING_DNS,
    "AUTH": frozenset({"sending_server"}),
    **dict.fromkeys(PICKING_UP, frozenset({"mailbox_server"})),
}
"""Moments that come to hosts of these roles alone."""

SMTP_REPLY: Final = re.compile(r"[0-9]{3}(?:[ -].*)?")
"""Any three digits: what a client makes of a code that there is not can be seen, too."""
POP3_REPLY: Final = re.compile(r"(?:\+OK|-ERR|\+)(?: .*)?")
IMAP_REPLY: Final = re.compile(r"(?:OK|NO|BAD|\*|\+)(?: .*)?")
"""Without its tag, which is the client's."""


def meets(host: Host, on: str, scenario: Scenario) -> bool:
    """Whether that moment ever comes to that host."""
    if on == "connect":
        # DNS over TCP is for an answer that was too long for a datagram.
        return host.role in _ANSWERING_DNS | _SPEAKING_SMTP | _TAKING_OTHER_CALLS
    if on in _ALONE:
        return host.role in _ALONE[on]
    if host.role == "mailbox_server":
        domain = scenario.domain(host.owner)
        return on not in _NOT_IN_LMTP and domain is not None and domain.delivery == "lmtp"
    return on != "LHLO" and host.role in _SPEAKING_SMTP


def protocol_at(on: str) -> str:
    """Whose replies are said at that moment: ``smtp``, ``pop3``, ``imap``, or nothing for any."""
    if on in _POP3_ALONE:
        return "pop3"
    if on in IMAP_ALONE:
        return "imap"
    return "" if on in {"", "next", "LIST"} else "smtp"
