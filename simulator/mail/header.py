"""The header of a message: its fields as octets, found, read and written.

Whatever comes in may be hostile, so nothing here fails on it; what is written is checked.
"""

from __future__ import annotations

import email.policy
import re
from collections.abc import Collection, Iterable, Iterator
from typing import TypeAlias

Field: TypeAlias = tuple[str, str]
"""A header field: its name, and its value without the CRLF at the end (folding is kept)."""

_NAME = re.compile(rb"[!-9;-~]++[ \t]*+:")
# RFC 5322 section 2.2: printable US-ASCII without the colon; section 4.5: white space before it.
_NAME_TO_WRITE = re.compile(r"[!-9;-~]+")
_BREAK_IN_VALUE = re.compile(r"\r\n(?![ \t])|\r(?!\n)|(?<!\r)\n")
_FOLD = re.compile(r"\r?\n(?=[ \t])")
_LONGEST_SUBJECT = 4_000
"""Characters of a Subject that are decoded for display; the decoder's time grows faster."""


def split_header(octets: bytes) -> tuple[bytes, bytes]:
    """The header and the body of a message, without the empty line between them.

    As most mail software does, a line that can be no field ends the header even where the empty
    line is missing.
    """
    end = max((end for _, end in _field_spans(octets)), default=0)
    if octets.startswith(b"\r\n", end):
        return octets[:end], octets[end + 2 :]
    if octets.startswith(b"\n", end):
        return octets[:end], octets[end + 1 :]
    return octets[:end], octets[end:]


def header_block(octets: bytes) -> bytes:
    """The header of a message as octets, without the empty line that ends it."""
    return split_header(octets)[0]


def fields_of(octets: bytes) -> tuple[Field, ...]:
    """The header fields of a message in order, folding kept; never raises.

    A value is UTF-8 where it can be, and else one character for each octet.
    """
    return tuple(_read_field(octets[start:end]) for start, end in _field_spans(octets))


def field_line(name: str, value: str) -> bytes:
    """One header field as octets with its CRLF.

    Raises ValueError where the name is no field name, or where a line break in the value is not
    folding (RFC 5322 section 2.2): this is what keeps a field from becoming two.
    """
    if not _NAME_TO_WRITE.fullmatch(name):
        raise ValueError(f"{name!r} is not the name of a header field")
    if _BREAK_IN_VALUE.search(value):
        raise ValueError(f"{name}: a line break in a header field must be followed by white space")
    return f"{name}: {value}\r\n".encode()


def prepend(octets: bytes, fields: Iterable[Field]) -> bytes:
    """A message with the fields at its top, in the order given (RFC 5321 section 4.4).

    Where the message has no header, an empty line keeps its body from becoming one. Raises
    ValueError as ``field_line`` does.
    """
    top = b"".join(field_line(name, value) for name, value in fields)
    has_header = not octets or octets.startswith((b"\r\n", b"\n")) or _NAME.match(octets)
    return top + (b"" if has_header or not top else b"\r\n") + octets


def writable(value: str) -> str:
    """A value from outside with every line break that is no folding made a space."""
    return _BREAK_IN_VALUE.sub(" ", value)


def without_fields(header: bytes, names: Collection[str]) -> bytes:
    """A header less the fields of these names, given in lower case."""
    spans = (header[start:end] for start, end in _field_spans(header))
    return b"".join(span for span in spans if _read_field(span)[0].lower() not in names)


def rewritten(octets: bytes, fields: Iterable[Field]) -> bytes:
    """A message in which each field takes the place of those of its name, or stands at the end.

    All other fields keep their octets. Raises ValueError as ``field_line`` does.
    """
    lines = {name.lower(): field_line(name, value) for name, value in fields}
    kept = []
    replaced: set[str] = set()
    for start, end in _field_spans(octets):
        name = _read_field(octets[start:end])[0].lower()
        if name not in lines:
            kept.append(octets[start:end])
        elif name not in replaced:
            kept.append(lines[name])
            replaced.add(name)
    added = [line for name, line in lines.items() if name not in replaced]
    return b"".join((*kept, *added, b"\r\n", split_header(octets)[1]))


def subject_of(octets: bytes) -> str:
    """The Subject on one line with its encoded words decoded, or "" where there is none.

    The result may hold any character that its author chose, escape characters too: whoever shows
    it makes it safe for their medium.
    """
    raw = next((value for name, value in fields_of(octets) if name.lower() == "subject"), "")
    unfolded = _FOLD.sub("", raw)[:_LONGEST_SUBJECT]
    decoded = str(email.policy.default.header_factory("Subject", unfolded))
    # Octets that are no text of their charset come as lone surrogates, which nothing can write.
    written = decoded.encode("utf-8", "replace").decode("utf-8")
    return " ".join(written.splitlines())


def _field_spans(octets: bytes) -> Iterator[tuple[int, int]]:
    """Where each field starts and ends, its continuation lines and line end included."""
    start = 0
    while _NAME.match(octets, start):
        end = _after_line(octets, start)
        while octets.startswith((b" ", b"\t"), end):
            end = _after_line(octets, end)
        yield start, end
        start = end


def _after_line(octets: bytes, start: int) -> int:
    """Where the line after the one at ``start`` begins."""
    return octets.find(b"\n", start) + 1 or len(octets)


def _read_field(octets: bytes) -> Field:
    name, _, value = octets.removesuffix(b"\n").removesuffix(b"\r").partition(b":")
    return name.decode("ascii").rstrip(" \t"), _text(value.removeprefix(b" "))


def _text(octets: bytes) -> str:
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        return octets.decode("latin-1")
