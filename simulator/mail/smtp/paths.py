"""Which paths a server refuses before it looks at who they are: what no address may hold."""

from __future__ import annotations

import unicodedata

from simulator.mail.reply import Ruled

_BAD_SENDER = "501 5.1.7 Bad sender address syntax"
_BAD_RECIPIENT = "501 5.1.3 Bad recipient address syntax"


def bad_sender(argument: str, *, utf8: bool) -> Ruled | None:
    """The refusal of MAIL's argument; ``utf8``: the transaction is one with SMTPUTF8."""
    return _refusal(argument, _BAD_SENDER, utf8=utf8)


def bad_recipient(argument: str, *, utf8: bool) -> Ruled | None:
    """The refusal of RCPT's argument."""
    return _refusal(argument, _BAD_RECIPIENT, utf8=utf8)


def _refusal(argument: str, text: str, *, utf8: bool) -> Ruled | None:
    """Control characters and octets that are no UTF-8 never fit, others only with SMTPUTF8.

    aiosmtpd takes both; the first could be a line break for the next server (RFC 5321 section
    4.1.2 has none, also between quotes), the second is RFC 6531 section 3.5.
    """
    if any(unicodedata.category(sign) in {"Cc", "Cs", "Zl", "Zp"} for sign in argument):
        return Ruled(text, "syntax.bad")
    if not argument.isascii() and not utf8:
        return Ruled(text, "address.needs-utf8")
    return None
