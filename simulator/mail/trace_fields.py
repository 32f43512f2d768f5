"""The fields that servers write on top of a mail on its way (RFC 5321 section 4.4).

They look as Postfix 3.7 and Dovecot 2.3 write them, folded with CRLF and a tab. Names that a
client gave are not trusted: what could end a comment or a line is written as ``?``.
"""

from __future__ import annotations

import base64
import email.utils
import re
from dataclasses import dataclass
from datetime import datetime
from random import Random

from simulator.mail.header import Field
from simulator.scenario.virtual_time import SECOND

_FOLD = "\r\n\t"

# What Postfix neuters in a HELO name, and everything that is not printable ASCII.
_UNSAFE_IN_NAME = re.compile(r'[^!-~]|[<>()\\";@]')
_UNSAFE_IN_COMMENT = re.compile(r"[^ -~]|[()\\]")
_UNSAFE_IN_PATH = re.compile(r"[\x00-\x1f\x7f-\x9f<>\u2028\u2029\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class TlsSession:
    """What sealed a connection: protocol version, cipher suite, and the bits of its key."""

    version: str
    cipher: str
    bits: int


def date_text(date: datetime) -> str:
    """A moment as RFC 5322 section 3.3 has it, with the zone's name where it has one.

    Raises ValueError for a date without a zone.
    """
    if date.utcoffset() is None:
        raise ValueError("a date without a zone says no moment")
    name = date.tzname() or ""
    written = email.utils.format_datetime(date)
    return f"{written} ({name})" if name.isalpha() and name.isascii() else written


def with_protocol(
    *,
    extended: bool,
    secure: bool = False,
    authenticated: bool = False,
    utf8: bool = False,
    lmtp: bool = False,
) -> str:
    """What a mail was received with: the names that RFC 3848 and RFC 6531 section 4.3 register.

    ``extended`` is EHLO rather than HELO, ``secure`` TLS, ``authenticated`` AUTH, ``utf8`` a
    transaction with SMTPUTF8. After HELO none of the others is possible.
    """
    if lmtp:
        name = "UTF8LMTP" if utf8 else "LMTP"
    elif not extended:
        return "SMTP"
    else:
        name = "UTF8SMTP" if utf8 else "ESMTP"
    return name + ("S" if secure else "") + ("A" if authenticated else "")


def received(
    *,
    helo: str,
    client_name: str,
    client_address: str,
    by: str,
    with_protocol: str,
    queue_id: str,
    recipient: str | None,
    date: datetime,
    tls: TlsSession | None = None,
    product: str = "",
) -> Field:
    """The trace field for a mail that came in by SMTP.

    ``client_name`` is what the DNS confirmed, empty where it did not; ``recipient`` is given only
    where the transaction has exactly one, so that nobody learns of the others; ``product`` is a
    comment after the host's own name.
    """
    client = f"{_name(client_name) or 'unknown'} [{_literal(client_address)}]"
    lines = [f"from {_name(helo) or 'unknown'} ({client})"]
    if tls is not None:
        bits = f"{tls.bits}/{tls.bits} bits"
        lines.append(f"(using {_name(tls.version)} with cipher {_name(tls.cipher)} ({bits}))")
        lines.append("(No client certificate requested)")
    identity = f"by {by}{_comment(product)} with {with_protocol} id {queue_id}"
    return "Received", _FOLD.join((*lines, *_ending(identity, recipient, date)))


def received_locally(*, by: str, queue_id: str, date: datetime, product: str = "") -> Field:
    """The trace field for a mail that was written on the host itself, such as a bounce."""
    return "Received", f"by {by}{_comment(product)}{_FOLD}id {queue_id}; {date_text(date)}"


def lmtp_received(
    *,
    helo: str,
    client_address: str,
    by: str,
    session_id: str,
    reverse_path: str,
    recipient: str | None,
    date: datetime,
) -> Field:
    """The trace field of a mailbox server that took a mail by LMTP, in Dovecot's form.

    ``recipient`` is given only where the transaction has exactly one.
    """
    lines = (
        f"from {_name(helo) or 'unknown'} ([{_literal(client_address)}])",
        f"by {by} with LMTP",
        f"id {session_id}",
    )
    sender = f"(envelope-from {_path(reverse_path)})"
    for_whom = f"{_FOLD}for {_path(recipient)}" if recipient is not None else ""
    ending = f"{sender}{for_whom}; {email.utils.format_datetime(date)}"
    return "Received", _FOLD.join((*lines, ending))


def return_path(reverse_path: str) -> Field:
    """The envelope's sender, written at final delivery; ``<>`` for a report."""
    return "Return-Path", _path(reverse_path)


def delivered_to(mailbox: str) -> Field:
    """The mailbox that a copy was put into."""
    return "Delivered-To", _path(mailbox)[1:-1]


def original_to(recipient: str) -> Field:
    """The envelope's recipient as it was before any alias."""
    return "X-Original-To", _path(recipient)[1:-1]


def queue_id(now: int, random: Random) -> str:
    """A queue id in the form of Postfix's short ones: microseconds and file number, in hex.

    ``now`` is in microseconds. Two mails of one microsecond differ by the number that the random
    gives, as files of the queue differ by theirs.
    """
    return f"{now % SECOND:05X}{random.randrange(0x100000, 0x200000):X}"


def lmtp_id(now: int, random: Random) -> str:
    """A session id in the form of Dovecot's: 16 octets of time, process and host in base64.

    ``now`` is in microseconds.
    """
    seconds, microseconds = divmod(now, SECOND)
    process, host = random.randrange(1 << 16), random.getrandbits(32)
    words = (microseconds * 1_000, seconds & 0xFFFFFFFF, process, host)
    octets = b"".join(word.to_bytes(4, "little") for word in words)
    return base64.b64encode(octets).decode("ascii").rstrip("=")


def _ending(identity: str, recipient: str | None, date: datetime) -> tuple[str, ...]:
    if recipient is None:
        return f"{identity};", date_text(date)
    return identity, f"for {_path(recipient)}; {date_text(date)}"


def _comment(product: str) -> str:
    return f" ({_UNSAFE_IN_COMMENT.sub('?', product)})" if product else ""


def _name(text: str) -> str:
    return _UNSAFE_IN_NAME.sub("?", text)


def _path(address: str) -> str:
    return f"<{_UNSAFE_IN_PATH.sub('?', address)}>"


def _literal(address: str) -> str:
    """An address literal's inside (RFC 5321 section 4.1.3): IPv6 says so."""
    safe = _name(address)
    return f"IPv6:{safe}" if ":" in safe and not safe.startswith("IPv6:") else safe
