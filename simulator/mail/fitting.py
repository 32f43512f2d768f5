"""Whether a mail fits the next server: letters beyond ASCII, eight-bit text, size and lines."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from simulator.mail.dsn_parameters import given_as
from simulator.mail.header import header_block
from simulator.mail.seven_bit import to_seven_bit
from simulator.mail.smtp.dialogue import Extensions, Finding, Transaction, Verdict

Tell = Callable[[str, str], None]
"""Takes a decision: its rule and its verdict."""


_LONGEST = 998
# Sought from the beginnings of lines alone: elsewhere each octet would look at all that follow it.
_TOO_LONG = re.compile(rb"(?<![^\r\n])[^\r\n]{%d,}" % (_LONGEST + 1))


def tell_nobody(_rule: str, _verdict: str) -> None:
    """For a dialogue whose decisions nobody looks at."""


def needs_utf8(transaction: Transaction) -> bool:
    """Whether an address or the header has letters beyond ASCII (RFC 6531 section 3.2)."""
    paths = (transaction.reverse_path, *transaction.forward_paths)
    return any(not path.isascii() for path in paths) or (
        transaction.utf8 and not header_block(transaction.octets).isascii()
    )


def fitted(
    transaction: Transaction,
    extensions: Extensions,
    tell: Tell = tell_nobody,
    peer: str = "the server",
) -> tuple[Transaction, Verdict | None]:
    """The mail as this server, ``peer`` in words, can have it; or why it cannot."""
    if needs_utf8(transaction):
        if "SMTPUTF8" not in extensions:
            tell("fit.utf8", "refused")
            said = f"SMTPUTF8 is required, but was not offered by host {peer}"
            return transaction, _unfit("5.6.7", said, Finding("utf8-missing"))
        return transaction, _too_large(transaction, extensions, peer)
    if not transaction.octets.isascii() and "8BITMIME" not in extensions:
        octets = to_seven_bit(transaction.octets)
        if not octets.isascii():
            tell("fit.8bit", "refused")
            said = f"8BITMIME is required, but was not offered by host {peer}"
            return transaction, _unfit("5.6.3", said, Finding("8bit-missing"))
        tell("fit.8bit", "converted")
        transaction = replace(transaction, octets=octets)
    return transaction, _too_large(transaction, extensions, peer)


def with_short_lines(transaction: Transaction, tell: Tell = tell_nobody) -> Transaction:
    """The mail with every line short enough to be sent (RFC 5321 section 4.5.3.1.6).

    Postfix breaks a longer one with CRLF and a space, also within a word (smtp_line_length_limit),
    and only while it sends: the size that it has told before is that of the mail as it was.
    """
    if not _TOO_LONG.search(transaction.octets):
        return transaction
    tell("fit.line", "folded")
    return replace(transaction, octets=_TOO_LONG.sub(_folded, transaction.octets))


def _folded(line: re.Match[bytes]) -> bytes:
    octets, rest = line[0][:_LONGEST], line[0][_LONGEST:]
    room = _LONGEST - len(b" ")
    pieces = (rest[start : start + room] for start in range(0, len(rest), room))
    return b"\r\n ".join((octets, *pieces))


def _too_large(transaction: Transaction, extensions: Extensions, peer: str) -> Verdict | None:
    limit = extensions.size_limit
    if not limit or len(transaction.octets) <= limit:
        return None
    size = len(transaction.octets)
    said = f"message size {size} exceeds size limit {limit} of server {peer}"
    return _unfit("5.3.4", said, Finding("too-large", {"size": str(size), "limit": str(limit)}))


def _unfit(status: str, said: str, finding: Finding) -> Verdict:
    return Verdict("failed", status, said, "MAIL FROM", spoken=False, finding=finding)


def mail_parameters(transaction: Transaction, extensions: Extensions) -> tuple[str, ...]:
    """What MAIL needs but SIZE, in Postfix's order (RFC 6152, RFC 3461, RFC 6531)."""
    eight_bit = transaction.eight_bit or not transaction.octets.isascii()
    wishes = transaction.mail_parameters if "DSN" in extensions else ()
    found = (
        "BODY=8BITMIME" if eight_bit and "8BITMIME" in extensions else "",
        given_as("ENVID", wishes),
        given_as("RET", wishes),
        "SMTPUTF8" if needs_utf8(transaction) else "",
    )
    return tuple(filter(None, found))
