"""What follows MAIL and RCPT, read as Postfix reads it: a path and parameters, or the refusal."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from simulator.mail.dsn_parameters import OF_MAIL, OF_RECIPIENT, bad_parameter
from simulator.mail.reply import Ruled
from simulator.mail.smtp.parameters import not_offered
from simulator.mail.smtp.paths import address_in
from simulator.mail.smtp.words import WordSyntaxError, path_and_parameters

_FLAGS = frozenset({"SMTPUTF8", "BODY=7BIT", "BODY=8BITMIME"})
"""Parameters of MAIL that say all there is to say (RFC 6531 section 3.4, RFC 6152 section 2)."""
_MOST_DIGITS = 20
"""Of a size (RFC 1870 section 6); more are as much too large."""
_BAD_SENDER = "501 5.1.7 Bad sender address syntax"
_BAD_RECIPIENT = "501 5.1.3 Bad recipient address syntax"


@dataclass(frozen=True, slots=True)
class MailArgument:
    """What MAIL says: the reverse-path (``""``: the null one), SIZE, SMTPUTF8, BODY=8BITMIME, and
    what is about DSNs."""

    reverse_path: str
    size: int = 0
    utf8: bool = False
    eight_bit: bool = False
    reports: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RecipientArgument:
    """What RCPT says: the forward-path, and parameters about DSNs."""

    forward_path: str
    reports: tuple[str, ...] = ()


def read_mail(argument: str, offered: Collection[str]) -> MailArgument | Ruled:
    """MAIL's argument, or the refusal; ``offered`` are the server's extensions.

    This client need not have seen them in an EHLO reply, as with Postfix.
    """
    parted = _parted(argument, "FROM:", "501 5.5.4 Syntax: MAIL FROM:<address>", _BAD_SENDER)
    if isinstance(parted, Ruled):
        return parted
    path, words = parted
    utf8 = "SMTPUTF8" in {word.upper() for word in words}
    if not (path.isascii() or utf8):
        return Ruled(_BAD_SENDER, "address.needs-utf8")  # RFC 6531 section 3.5
    address = address_in(path)
    if address is None:
        return Ruled(_BAD_SENDER, "syntax.bad")
    return _with_parameters(address, words, offered)


def _with_parameters(
    address: str, words: tuple[str, ...], offered: Collection[str]
) -> MailArgument | Ruled:
    refusal = not_offered(words, offered)
    if refusal is not None:
        return refusal
    size, reports = 0, []
    upper = {word.upper() for word in words}
    for word in words:
        name, equals, value = word.partition("=")
        if word.upper() in _FLAGS:
            continue
        if name.upper() == "SIZE" and equals:
            if not (value.isascii() and value.isdigit()):
                return Ruled("501 5.5.4 Bad message size syntax", "syntax.bad")
            size = int(value.lstrip("0")[:_MOST_DIGITS] or 0)
        elif name.upper() in OF_MAIL and equals:
            reports.append(word)
        elif name.upper() != "AUTH" or not equals:  # RFC 4954 section 5: heard, and not believed
            return Ruled(f"555 5.5.4 Unsupported option: {word}", "syntax.bad")
    return bad_parameter(tuple(reports)) or MailArgument(
        address, size, "SMTPUTF8" in upper, "BODY=8BITMIME" in upper, tuple(reports)
    )


def read_recipient(
    argument: str, offered: Collection[str], *, utf8: bool
) -> RecipientArgument | Ruled:
    """RCPT's argument, or the refusal; ``utf8``: the transaction is one with SMTPUTF8."""
    parted = _parted(argument, "TO:", "501 5.5.4 Syntax: RCPT TO:<address>", _BAD_RECIPIENT)
    if isinstance(parted, Ruled):
        return parted
    path, words = parted
    if not (path.isascii() or utf8):
        return Ruled(_BAD_RECIPIENT, "address.needs-utf8")
    address = address_in(path)
    if not address:
        return Ruled(_BAD_RECIPIENT, "syntax.bad")
    refusal = not_offered(words, offered)
    if refusal is not None:
        return refusal
    for word in words:
        name, equals, _ = word.partition("=")
        if name.upper() not in OF_RECIPIENT or not equals:
            return Ruled(f"555 5.5.4 Unsupported option: {word}", "syntax.bad")
    return bad_parameter(words) or RecipientArgument(address, words)


def read_verify(argument: str) -> str | Ruled:
    """The address that VRFY asks for, or the refusal; it may say SMTPUTF8 too (RFC 6531)."""
    asked, _, last = argument.strip().rpartition(" ")
    utf8 = last.upper() == "SMTPUTF8" and bool(asked)
    asked = asked if utf8 else argument.strip()
    if not asked:
        return Ruled("501 5.5.4 Syntax: VRFY address [SMTPUTF8]", "syntax.bad")
    if not (asked.isascii() or utf8):
        return Ruled(_BAD_RECIPIENT, "address.needs-utf8")
    return address_in(asked) or Ruled(_BAD_RECIPIENT, "syntax.bad")


def _parted(
    argument: str, keyword: str, syntax: str, bad_path: str
) -> tuple[str, tuple[str, ...]] | Ruled:
    try:
        parted = path_and_parameters(argument, keyword)
    except WordSyntaxError:
        return Ruled(bad_path, "syntax.bad")
    return parted or Ruled(syntax, "syntax.bad")
