"""How a server that follows Exim words its replies: without enhanced codes, and some of its own.

A server answers as Postfix does unless its domain says otherwise; the replies of both mean the
same, and where the code itself differs, it is a choice of that server and not of SMTP.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from simulator.mail.reply import Ruled

KEYWORDS = (
    *("SIZE", "8BITMIME", "DSN", "PIPELINING", "CHUNKING", "STARTTLS", "AUTH", "SMTPUTF8", "HELP"),
)
"""Exim 4.96 offers these in this order; what else it offers is not done here."""

MOST_UNKNOWN = 3
"""Unknown commands after which it hangs up (smtp_max_unknown_commands)."""


class _Wording(NamedTuple):
    """A reply that begins so, or holds these words, is said with this text instead."""

    found: str
    text: str


_TABLE = (
    _Wording("Relay access denied", "550 relay not permitted"),
    _Wording("User unknown", "550 Unrouteable address"),
    _Wording("no valid recipients", "503 Valid RCPT command must precede DATA"),
    _Wording("need RCPT command", "503 Valid RCPT command must precede DATA"),
    _Wording("need MAIL command", "503 sender not yet given"),
    _Wording("nested MAIL command", "503 sender already given"),
    _Wording("send HELO/EHLO first", "503 HELO or EHLO required"),
    _Wording("command not recognized", "500 unrecognized command"),
    _Wording("too many errors", "500 Too many unrecognized commands"),
    _Wording("Unsupported option", "501 malformed address: what follows it is no parameter"),
    _Wording("DSN support is disabled", "501 malformed address: what follows it is no parameter"),
    _Wording("authentication not enabled", "503 AUTH command used when not advertised"),
    _Wording("Message size exceeds", "552 Message size exceeds maximum permitted"),
    _Wording("Syntax: HELO", "501 Syntactically invalid HELO argument(s)"),
    _Wording("Syntax: EHLO", "501 Syntactically invalid EHLO argument(s)"),
    _Wording("End data with", '354 Enter message, ending with "." on a line by itself'),
    _Wording("2.1.5 Ok", "250 Accepted"),
    _Wording("2.0.0 Bye", "221 closing connection"),
    _Wording("Ok: queued as", "250 OK id="),
)
_ENHANCED = re.compile(r"^(\d{3}[ -])[245]\.\d{1,3}\.\d{1,3} (?:Error: )?", re.MULTILINE)


def in_exims_words(reply: Ruled) -> Ruled:
    """The same reply as Exim says it."""
    if reply.rule in {"fault", "intervention", "ehlo"}:
        return reply
    for wording in _TABLE:
        if wording.found in reply:
            kept = reply.rpartition(" ")[2] if wording.text.endswith("=") else ""
            return Ruled(wording.text + kept, reply.rule)
    return Ruled(_ENHANCED.sub(r"\1", reply).replace(" Ok", " OK"), reply.rule)
