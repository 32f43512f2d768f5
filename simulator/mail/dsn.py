"""Reports on what became of a mail, written by the server that answers for it (RFC 3464, 6522).

Their shape is Postfix's: words for people, fields for programs, and the mail itself or its header.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from simulator.mail.header import Field, field_line, header_block, prepend
from simulator.mail.trace_fields import date_text, return_path
from simulator.mail.transparency import with_crlf

Action: TypeAlias = Literal["failed", "delayed", "delivered", "relayed", "expanded"]
"""RFC 3464 section 2.3.3."""

LARGEST_RETURNED = 50_000
"""Octets of a mail that is sent back whole; of a larger one the header (Postfix)."""

_WIDTH = 79
_LONGEST_BOUNDARY = 60  # RFC 2046 section 5.1.1 allows 70
_STATUS = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class RecipientStatus:
    """What became of one recipient.

    ``explanation`` is for people. ``remote_reply`` is what ``remote_mta`` said, where it was
    another server that decided; else the explanation is the diagnostic code too.
    ``original_recipient`` is the address that the sender wrote (ORCPT, RFC 3461), with its type
    (``rfc822;citra@kantor.example``) or without.
    """

    recipient: str
    action: Action
    status: str
    explanation: str
    remote_mta: str = ""
    remote_reply: str = ""
    original_recipient: str = ""
    will_retry_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """A report ready to be sent, always from the null reverse-path (RFC 3464 section 2)."""

    recipient: str
    subject: str
    octets: bytes
    reverse_path: str = ""


@dataclass(frozen=True, slots=True)
class _Wording:
    subject: str
    words: str
    returned: str = "Undelivered Message"


_FAILED = _Wording(
    "Undelivered Mail Returned to Sender",
    """\
Your message could not be delivered to the recipients named below,
and will not be tried again. The message itself, or its header where
it is too large, is attached to this report.

If you need help, write to postmaster and send this report along.
""",
)
_DELAYED = _Wording(
    "Delayed Mail (still being retried)",
    """\
####################################################################
# THIS IS A WARNING ONLY.  YOU DO NOT NEED TO RESEND YOUR MESSAGE. #
####################################################################

Your message has been waiting here for {age} because it could not
be delivered to the recipients named below. It is still being tried.

If you need help, write to postmaster and send this report along.
""",
)
_SUCCEEDED = _Wording(
    "Successful Mail Delivery Report",
    """\
Your message has reached the recipients named below, or has been
handed to a system that sends no reports of its own.
""",
    "Message",
)
_WORDINGS: dict[Action, _Wording] = {
    "failed": _FAILED,
    "delayed": _DELAYED,
    "delivered": _SUCCEEDED,
    "relayed": _SUCCEEDED,
    "expanded": _SUCCEEDED,
}


def delivery_report(
    *,
    reporting_mta: str,
    domain: str,
    queue_id: str,
    reverse_path: str,
    arrival_date: datetime,
    date: datetime,
    message_id: str,
    recipients: Sequence[RecipientStatus],
    original: bytes,
    headers_only: bool = False,
    envelope_id: str = "",
) -> DeliveryReport | None:
    """The report on a mail to its sender, or None where there is nobody to tell.

    A mail with the null reverse-path is a report itself, and is never answered by another (RFC 5321
    section 4.5.5). ``domain`` is whose MAILER-DAEMON signs, ``queue_id`` the mail's own and
    ``original`` its octets as they lie in the queue. ``headers_only`` is the sender's RET=HDRS;
    only a failed mail comes back whole, and only up to ``LARGEST_RETURNED`` octets.

    Raises ValueError for a status that is none (RFC 3463), for no recipients, and for recipients
    whose fates belong in different reports.
    """
    if not reverse_path:
        return None
    wording = _wording(recipients)
    whole = not headers_only and wording is _FAILED and len(original) <= LARGEST_RETURNED
    returned = _returned(reverse_path, original, wording, whole=whole)
    age = _age(arrival_date, date)
    notification = _notification(reporting_mta, wording.words.format(age=age), recipients)
    on_mail = (
        ("Reporting-MTA", f"dns; {reporting_mta}"),
        ("Original-Envelope-Id", envelope_id),
        ("X-SMTPFlow-Queue-ID", queue_id),
        ("X-SMTPFlow-Sender", _typed(reverse_path)),
        ("Arrival-Date", date_text(arrival_date)),
    )
    status = _delivery_status(on_mail, recipients)
    parts = (notification, status, returned)
    boundary = f"{queue_id}.{int(date.timestamp())}/{reporting_mta}"[:_LONGEST_BOUNDARY]
    while any(boundary.encode() in part for part in parts):
        boundary += "="
    fields: tuple[Field, ...] = (
        ("Date", date_text(date)),
        ("From", f"Mail Delivery System <MAILER-DAEMON@{domain}>"),
        ("Subject", wording.subject),
        ("To", reverse_path),
        ("Auto-Submitted", "auto-replied"),
        ("MIME-Version", "1.0"),
        (
            "Content-Type",
            f'multipart/report; report-type=delivery-status;\r\n\tboundary="{boundary}"',
        ),
        ("Content-Transfer-Encoding", _encoding(b"".join(parts))),
        ("Message-Id", message_id),
    )
    octets = prepend(_multipart(parts, boundary), fields)
    return DeliveryReport(reverse_path, wording.subject, octets)


def _wording(recipients: Sequence[RecipientStatus]) -> _Wording:
    for recipient in recipients:
        if not _STATUS.fullmatch(recipient.status):
            raise ValueError(f"{recipient.status!r} is no status code of RFC 3463")
    wordings = [_WORDINGS[recipient.action] for recipient in recipients]
    if not wordings or any(wording is not wordings[0] for wording in wordings):
        raise ValueError("a report is on recipients that met the same fate, and on at least one")
    return wordings[0]


def _multipart(parts: Sequence[bytes], boundary: str) -> bytes:
    """RFC 2046 section 5.1; the line end before a delimiter is the delimiter's own."""
    delimiter = f"\r\n--{boundary}".encode()
    middle = b"".join(piece for part in parts for piece in (delimiter, b"\r\n", part))
    return b"\r\nThis is a MIME-encapsulated message.\r\n" + middle + delimiter + b"--\r\n"


def _part(fields: Sequence[Field], body: bytes) -> bytes:
    return b"".join(field_line(*field) for field in fields) + b"\r\n" + body


def _notification(host: str, words: str, recipients: Sequence[RecipientStatus]) -> bytes:
    lines = [f"This is the mail system at host {host}.", "", *words.splitlines()]
    lines += ["", " " * 19 + "The mail system", ""]
    for recipient in recipients:
        lines += [*_wrapped(f"<{recipient.recipient}>: {recipient.explanation}"), ""]
    body = "".join(f"{line}\r\n" for line in lines[:-1]).encode("utf-8", "replace")
    described = (
        ("Content-Description", "Notification"),
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Transfer-Encoding", _encoding(body)),
    )
    return _part(described, body)


def _delivery_status(on_mail: Sequence[Field], recipients: Sequence[RecipientStatus]) -> bytes:
    """The fields for programs: one block on the mail, one on each recipient."""
    blocks = [on_mail, *map(_on_recipient, recipients)]
    body = b"\r\n".join(b"".join(_status_line(*f) for f in block if f[1]) for block in blocks)
    described = (
        ("Content-Description", "Delivery report"),
        ("Content-Type", "message/delivery-status"),
    )
    return _part(described, body)


def _on_recipient(about: RecipientStatus) -> list[Field]:
    diagnostic = (
        f"smtp; {about.remote_reply}" if about.remote_reply else f"X-SMTPFlow; {about.explanation}"
    )
    until = about.will_retry_until
    return [
        ("Final-Recipient", _typed(about.recipient)),
        ("Original-Recipient", _original(about.original_recipient)),
        ("Action", about.action),
        ("Status", about.status),
        ("Remote-MTA", f"dns; {about.remote_mta}" if about.remote_mta else ""),
        ("Diagnostic-Code", diagnostic),
        ("Will-Retry-Until", date_text(until) if until else ""),
    ]


def _original(recipient: str) -> str:
    """An ORCPT as the sender gave it; Postfix writes no space after the type."""
    address = recipient.rpartition(";")[2]
    if not address.isascii():
        return f"utf-8;{_in_ascii(address)}"
    return recipient if not recipient or ";" in recipient else f"rfc822;{recipient}"


def _typed(address: str) -> str:
    """An address with its type; one that is not ASCII is written in ASCII (RFC 6533 section 3)."""
    if address.isascii():
        return f"rfc822; {address}"
    return f"utf-8; {_in_ascii(address)}"


def _in_ascii(address: str) -> str:
    return "".join(c if c.isascii() else f"\\x{{{ord(c):X}}}" for c in address)


def _status_line(name: str, value: str) -> bytes:
    """A field of the status; what a server said may hold anything, and becomes ASCII here."""
    ascii_only = value.encode("ascii", "replace").decode("ascii")
    return field_line(name, "\r\n".join(_wrapped(ascii_only, taken=len(name) + 2)))


def _returned(reverse_path: str, original: bytes, wording: _Wording, *, whole: bool) -> bytes:
    """The mail, or its header alone, with the sender on top as the queue knew it."""
    octets = original if whole else header_block(original)
    body = with_crlf(prepend(octets, (return_path(reverse_path),)))
    described = (
        ("Content-Description", f"{wording.returned}{'' if whole else ' Headers'}"),
        ("Content-Type", "message/rfc822" if whole else "text/rfc822-headers"),
        ("Content-Transfer-Encoding", _encoding(body)),
    )
    return _part(described, body)


def _wrapped(text: str, taken: int = 0) -> list[str]:
    """Text on lines of 79, as Postfix wraps it; ``taken`` characters stand before the first."""
    lines = textwrap.wrap(
        _CONTROL.sub("?", text.strip()),
        width=_WIDTH,
        initial_indent=" " * taken,
        subsequent_indent=" " * 4,
        replace_whitespace=False,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [lines[0][taken:], *lines[1:]] if lines else [""]


def _encoding(octets: bytes) -> str:
    return "7bit" if octets.isascii() else "8bit"


def _age(arrival_date: datetime, date: datetime) -> str:
    """How long a mail has been waiting, in the largest unit that it fills."""
    seconds = int((date - arrival_date).total_seconds())
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= length:
            count = seconds // length
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return "less than a minute"
