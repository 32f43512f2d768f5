"""The moments at which something can go otherwise: who comes to them, what can be done there."""

from __future__ import annotations

import re
from typing import Final

_IN_PLACE_OF_A_REPLY: Final = ("reply", "drop", "silence", "delay")
_WITHOUT_A_REPLY: Final = ("drop", "silence", "delay")

_SMTP: Final = (
    *("EHLO", "HELO", "LHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "BDAT", "RSET", "QUIT"),
    *("NOOP", "VRFY", "EXPN", "ETRN", "HELP"),
)
_POP3: Final = (
    *("CAPA", "USER", "PASS", "STAT", "LIST", "UIDL", "RETR", "TOP", "DELE"),
    *("NOOP", "RSET", "QUIT"),
)
_IMAP: Final = (
    *("CAPABILITY", "LOGIN", "AUTHENTICATE", "ENABLE", "NOOP", "LOGOUT"),
    *("SELECT", "EXAMINE", "LIST", "LSUB", "NAMESPACE", "STATUS", "APPEND", "IDLE"),
    *("CREATE", "DELETE", "RENAME", "SUBSCRIBE", "UNSUBSCRIBE"),
    *("SEARCH", "FETCH", "STORE", "COPY", "MOVE", "EXPUNGE", "CHECK", "CLOSE", "UNSELECT"),
)

DEEDS: Final[dict[str, tuple[str, ...]]] = {
    "connect": ("refuse", "silence", "delay"),
    "greeting": _IN_PLACE_OF_A_REPLY,
    **dict.fromkeys(_SMTP, _IN_PLACE_OF_A_REPLY),
    "content": _WITHOUT_A_REPLY,
    ".": _IN_PLACE_OF_A_REPLY,
    "accepted": _WITHOUT_A_REPLY,
    "dns": ("answer", "drop", "silence", "delay"),
    **dict.fromkeys((*_POP3, *_IMAP), _IN_PLACE_OF_A_REPLY),
    "next": ("reply", "silence", "delay"),
}
"""The moments, and the verbs of what can be done at each."""

_WITHOUT_ARGUMENT: Final = frozenset(
    {"greeting", "STARTTLS", "DATA", "RSET", "QUIT", "NOOP", "content", ".", "accepted", "next"}
    | {"CAPA", "USER", "PASS", "STAT"}
    | {"CAPABILITY", "LOGIN", "AUTHENTICATE", "LOGOUT", "NAMESPACE", "IDLE"}
    | {"CHECK", "CLOSE", "UNSELECT"}
)
WITH_ARGUMENT: Final = frozenset(DEEDS) - _WITHOUT_ARGUMENT
"""Moments with something that ``only`` can look at: a port, an argument, a name and its type; what
is said to prove who one is stays a secret."""

_ANSWERING_DNS: Final = frozenset({"resolver", "nameserver"})
_SPEAKING_SMTP: Final = frozenset({"sending_server", "relay", "receiving_server"})
_TAKING_OTHER_CALLS: Final = frozenset({"mailbox_server", "policy_server"})
_NOT_IN_LMTP: Final = frozenset({"EHLO", "HELO", "STARTTLS", "AUTH", "ETRN"})
_AT_AN_SMTP_SERVER: Final = ({*_SMTP} - {"LHLO"}) | {"greeting", "content", ".", "accepted"}

SMTP_REPLY: Final = re.compile(r"[0-9]{3}(?:[ -].*)?")
"""Any three digits: what a client makes of a code that there is not can be seen, too."""
POP3_REPLY: Final = re.compile(r"(?:\+OK|-ERR|\+)(?: .*)?")
IMAP_REPLY: Final = re.compile(r"(?:OK|NO|BAD|\*|\+)(?: .*)?")
"""Without its tag, which is the client's."""


def meets(role: str, on: str, *, takes_lmtp: bool) -> bool:
    """Whether that moment ever comes to a host of that role.

    ``takes_lmtp``: whether its domain's mail is handed over by LMTP.
    """
    if on == "connect":
        # DNS over TCP is for an answer that was too long for a datagram.
        return role in _ANSWERING_DNS | _SPEAKING_SMTP | _TAKING_OTHER_CALLS
    if on == "dns":
        return role in _ANSWERING_DNS
    if role == "mailbox_server":
        if on in {*_POP3, *_IMAP, "greeting"}:
            return True
        return on not in _NOT_IN_LMTP and takes_lmtp
    if on == "AUTH":
        return role == "sending_server"
    return role in _SPEAKING_SMTP and on in _AT_AN_SMTP_SERVER


def protocol_at(on: str) -> str:
    """Whose replies are said at that moment: ``smtp``, ``pop3``, ``imap``, or nothing for any."""
    spoken = {"smtp": _SMTP, "pop3": _POP3, "imap": _IMAP}
    fitting = [protocol for protocol, verbs in spoken.items() if on in verbs]
    if on == ".":
        return "smtp"
    return fitting[0] if len(fitting) == 1 else ""
