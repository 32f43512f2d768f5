"""How our servers word what aiosmtpd's SMTP says: a table from its texts to Postfix's.

aiosmtpd gives few enhanced status codes (RFC 2034 wants one in every 2yz, 4yz and 5yz reply but
the greeting's and the HELO's); codes and texts here are those of Postfix 3.7.
"""

from __future__ import annotations

from typing import NamedTuple

from simulator.mail.reply import Ruled

KEYWORDS = (
    "PIPELINING",
    "SIZE",
    "VRFY",
    "ETRN",
    "STARTTLS",
    "AUTH",
    "ENHANCEDSTATUSCODES",
    "8BITMIME",
    "DSN",
    "SMTPUTF8",
    "CHUNKING",
)
"""Postfix 3.7's EHLO reply in its order."""


class _Wording(NamedTuple):
    """A reply of aiosmtpd that begins so is said with this text instead, by this rule."""

    begins: str
    text: str
    rule: str


_NOT_RECOGNIZED = "500 5.5.2 Error: command not recognized"
_BAD_CREDENTIALS = "535 5.7.8 Error: authentication failed"

_TABLE = (
    _Wording("220 Ready to start TLS", "220 2.0.0 Ready to start TLS", "starttls"),
    _Wording("221 Bye", "221 2.0.0 Bye", "quit"),
    _Wording("250 OK", "250 2.0.0 Ok", "noop"),
    _Wording("250 Syntax", "214 2.0.0 Syntax", "help"),
    _Wording("250 Supported commands", "214 2.0.0 Commands", "help"),
    _Wording("501 Supported commands", "501 5.5.4 Commands", "help"),
    _Wording("454 TLS not available", "454 4.7.0 TLS not available", "sequence.bad"),
    _Wording("500 Error: command", _NOT_RECOGNIZED, "command.unknown"),
    _Wording("500 Error: bad syntax", "500 5.5.2 Error: bad syntax", "syntax.bad"),
    _Wording("500 Command line too long", "500 5.5.2 Error: line too long", "syntax.bad"),
    _Wording("501 Syntax: HELO", "501 Syntax: HELO hostname", "syntax.bad"),
    _Wording("501 Syntax: EHLO", "501 Syntax: EHLO hostname", "syntax.bad"),
    _Wording("501 Not enough value", "501 5.5.4 Syntax: AUTH mechanism", "syntax.bad"),
    _Wording("501 Too many values", "501 5.5.4 Syntax: AUTH mechanism", "syntax.bad"),
    _Wording("501 5.7.0", "501 5.7.0 Authentication aborted", "auth.aborted"),
    _Wording("501 5.5.2", f"{_BAD_CREDENTIALS}: Invalid base64 data", "auth.bad-base64"),
    _Wording("502 EXPN", _NOT_RECOGNIZED, "command.unknown"),
    _Wording("503 Already", "503 5.5.1 Error: already authenticated", "sequence.bad"),
    _Wording("503 Error: send", "503 5.5.1 Error: send HELO/EHLO first", "sequence.bad"),
    _Wording(
        "504 5.5.4", f"{_BAD_CREDENTIALS}: Invalid authentication mechanism", "auth.mechanism"
    ),
    _Wording("535 5.7.8", _BAD_CREDENTIALS, "auth.failed"),
    _Wording("235 2.7.0", "235 2.7.0 Authentication successful", "auth.ok"),
    _Wording("334", "", "auth.challenge"),
    _Wording("354", "354 End data with <CR><LF>.<CR><LF>", "data.go-ahead"),
    _Wording("538 5.7.11", "", "auth.needs-tls"),
)


def worded(status: str) -> Ruled:
    """A reply of aiosmtpd as our servers say it; one that carries its rule is left alone.

    Raises LookupError for a reply that the table does not know: a new aiosmtpd has new texts.
    """
    if isinstance(status, Ruled):
        return status
    for wording in _TABLE:
        if status.startswith(wording.begins):
            if wording.rule == "help":  # what it lists is kept
                return Ruled(wording.text + status.removeprefix(wording.begins), "help")
            return Ruled(wording.text or status, wording.rule)
    if status.startswith("501 Syntax: "):
        return Ruled(f"501 5.5.4 {status[4:]}", "syntax.bad")
    raise LookupError(f"no wording for {status!r}")
