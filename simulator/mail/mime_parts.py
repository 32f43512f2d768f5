"""The parts of a message that someone attached, found and decoded again (RFC 2045 to 2049).

What describes a part is read by the standard ``email`` package. Cutting the body at its boundaries
is done here, because the package's parser goes through it line by line and in recursion: it takes
seconds for a large attachment, and a hostile message can exhaust its stack.
"""

from __future__ import annotations

import email.errors
import email.message
import email.parser
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass

from simulator.mail.header import fields_of, split_header
from simulator.scenario.model import Attachment

_DEEPEST = 20
"""Multiparts inside multiparts that are opened; nothing that people send has more."""
_MOST_PARTS = 1_000
_DESCRIBING = {"content-type", "content-disposition", "content-transfer-encoding"}
_LINE_BREAK = re.compile("[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")
_LONGEST_DESCRIPTION, _MOST_DESCRIPTION = 1_000, 50_000
"""Characters of one Content- field, and of all of a message: the package's parser grows slow
faster than its input does."""

# What the package's parsers are known to raise on broken fields; such a part has no name for us.
_UNREADABLE = (
    *(email.errors.MessageError, ValueError, LookupError, TypeError, AttributeError),
    RecursionError,  # comments within comments
)


@dataclass(frozen=True, slots=True)
class _Part:
    """What a part's Content- fields say of it."""

    message: email.message.EmailMessage
    media_type: str = "text/plain"
    boundary: str = ""
    name: str = ""
    is_attachment: bool = False


def attachments_of(octets: bytes) -> tuple[Attachment, ...]:
    """The attachments of a message in order, their octets decoded; never raises.

    An attachment is a part that says so or that has a file name. Names are bare: directories that
    a sender wrote into one are taken off. A message attached to a message is not opened.
    """
    found: list[Attachment] = []
    for part, body in _leaves(octets):
        if part.is_attachment or part.name:
            name = part.name or f"attachment-{len(found) + 1}"
            decoded = _decoded(part.message, body)
            found.append(Attachment(name=name, media_type=part.media_type, octets=decoded))
    return tuple(found)


def words_of(octets: bytes) -> str:
    """All that people read in a message's texts, decoded, its parts one below the other."""
    return "\n".join(
        _decoded(part.message, body).decode("utf-8", "replace")
        for part, body in _leaves(octets)
        if part.media_type.startswith("text/")
    )


def _leaves(octets: bytes) -> Iterator[tuple[_Part, bytes]]:
    """The parts that hold no others, or are not opened any more, in order, each with its body."""
    waiting = [(octets, 0)]
    opened = described = 0
    while waiting and opened < _MOST_PARTS and described < _MOST_DESCRIPTION:
        entity, depth = waiting.pop()
        body = split_header(entity)[1]
        description = _content_fields(entity)
        part = _described(description)
        opened, described = opened + 1, described + len(description)
        if part.boundary and depth < _DEEPEST:
            inner = list(cut_parts(body, part.boundary))
            waiting.extend((each, depth + 1) for each in reversed(inner))
        else:
            yield part, body


def text_of(octets: bytes) -> str | None:
    """The text of a message that is one plain text in UTF-8 or ASCII, decoded; else None."""
    part = _described(_content_fields(octets))
    if part.media_type != "text/plain" or part.is_attachment:
        return None
    charset = _parameter(part.message, "Content-Type", "charset").lower()
    if charset not in {"", "utf-8", "us-ascii"}:
        return None
    try:
        return _decoded(part.message, split_header(octets)[1]).decode("utf-8")
    except UnicodeDecodeError:
        return None


def boundary_of(entity: bytes) -> str:
    """What separates the parts of a multipart; nothing where it is none."""
    return _described(_content_fields(entity)).boundary


def media_type_of(entity: bytes) -> str:
    """The media type that an entity says it has, in lower case."""
    return _described(_content_fields(entity)).media_type


def _content_fields(entity: bytes) -> str:
    return "".join(
        f"{name}: {_LINE_BREAK.sub('', value)[:_LONGEST_DESCRIPTION]}\n"
        for name, value in fields_of(entity)
        if name.lower() in _DESCRIBING
    )


def _described(description: str) -> _Part:
    """What the fields say; they are read as text, since a file name may be plain UTF-8."""
    parser = email.parser.Parser(policy=email.policy.default)
    try:
        message = parser.parsestr(f"{description}\n", headersonly=True)
        multipart = message.get_content_maintype() == "multipart"
        return _Part(
            message,
            media_type=message.get_content_type(),
            boundary=(message.get_boundary() or "") if multipart else "",
            name=_bare(_parameter(message, "Content-Disposition", "filename"))
            or _bare(_parameter(message, "Content-Type", "name")),
            is_attachment=message.get_content_disposition() == "attachment",
        )
    except _UNREADABLE:
        return _Part(email.message.EmailMessage())


def _parameter(message: email.message.EmailMessage, field: str, name: str) -> str:
    """A field's parameter, decoded; ``get_filename`` would also take quotes off a name."""
    header = message[field]
    return str(header.params.get(name, "")) if header is not None else ""


def _bare(name: str) -> str:
    """A file's name alone, as Unicode that can be written down."""
    last = name.replace("\\", "/").rpartition("/")[2].strip()
    return "" if last in {".", ".."} else last.encode("utf-8", "replace").decode("utf-8")


def _decoded(described: email.message.EmailMessage, body: bytes) -> bytes:
    described.set_payload(body.decode("ascii", "surrogateescape"))
    payload = described.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else body


def cut_parts(body: bytes, boundary: str) -> Iterator[bytes]:
    """The parts between a multipart's delimiter lines (RFC 2046 section 5.1.1)."""
    dashes = re.escape(b"--" + boundary.encode("utf-8", "replace"))
    start = -1
    # Searching for the dashes, not for the line end before them, is what makes this quick.
    for delimiter in re.finditer(dashes + rb"(--)?+[ \t]*+(?=\r?\n|\Z)", body):
        at = delimiter.start()
        if at and body[at - 1 : at] != b"\n":
            continue
        if start >= 0:
            # The line end before the dashes belongs to them, not to the part.
            yield body[start:at].removesuffix(b"\n").removesuffix(b"\r")
        if delimiter[1]:
            return
        start = body.find(b"\n", delimiter.end()) + 1 or len(body)
    if start >= 0:
        yield body[start:]
