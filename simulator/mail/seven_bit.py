"""A message with eight-bit text as one that any server takes: rewritten in quoted-printable.

As Postfix does it where the next server has no 8BITMIME (RFC 6152 section 3): each part that says
that it is eight-bit is written anew, and messages inside messages too. What cannot be rewritten
(a header with such octets, a part that lies about itself) stays as it is.
"""

from __future__ import annotations

import binascii
import re

from simulator.mail.header import Field, field_line, fields_of, split_header
from simulator.mail.mime_parts import boundary_of, cut_parts, media_type_of
from simulator.mail.transparency import with_crlf

_DEEPEST = 20
_ENCODING = "content-transfer-encoding"
_EIGHT_BIT = re.compile(r"\s*(8bit|binary)\s*", re.IGNORECASE)


def to_seven_bit(octets: bytes) -> bytes:
    """The message in seven-bit octets as far as that is possible; never raises."""
    return octets if octets.isascii() else _entity(octets, 0)


def _entity(octets: bytes, depth: int) -> bytes:
    header, body = split_header(octets)
    if body.isascii() or depth > _DEEPEST:
        return octets
    boundary = boundary_of(octets)
    if boundary:
        return _relabelled(header, "7bit") + b"\r\n" + _multipart(body, boundary, depth)
    if media_type_of(octets) in {"message/rfc822", "message/global"}:
        return _relabelled(header, "7bit") + b"\r\n" + _entity(body, depth + 1)
    if not _says_eight_bit(header):
        return octets
    quoted = binascii.b2a_qp(body.replace(b"\r\n", b"\n"), istext=True)
    return _relabelled(header, "quoted-printable") + b"\r\n" + with_crlf(quoted)


def _multipart(body: bytes, boundary: str, depth: int) -> bytes:
    """Each part for itself; what stands before the first and after the last is kept."""
    place = 0
    pieces: list[bytes] = []
    for part in cut_parts(body, boundary):
        start = body.index(part, place)
        pieces += [body[place:start], _entity(part, depth + 1)]
        place = start + len(part)
    return b"".join((*pieces, body[place:]))


def _says_eight_bit(header: bytes) -> bool:
    return any(
        _is_encoding(field) and _EIGHT_BIT.fullmatch(field[1]) for field in fields_of(header)
    )


def _is_encoding(field: Field) -> bool:
    return field[0].lower() == _ENCODING


def _relabelled(header: bytes, encoding: str) -> bytes:
    """The header with another Content-Transfer-Encoding, where it has one that says eight-bit."""
    lines: list[bytes] = []
    place = 0
    for name, value in fields_of(header):
        end = _end_of_field(header, place)
        changed = _is_encoding((name, value)) and _EIGHT_BIT.fullmatch(value)
        lines.append(field_line(name, encoding) if changed else header[place:end])
        place = end
    return b"".join((*lines, header[place:]))


def _end_of_field(header: bytes, start: int) -> int:
    """Where the next field begins: after a line end that no white space follows."""
    found = re.compile(rb"\r?\n(?![ \t])").search(header, start)
    return len(header) if found is None else found.end()
