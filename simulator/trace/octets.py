"""A message's octets as facts carry them and as hosts hold them: dots, header fields, CRLF."""

from __future__ import annotations

import base64
from typing import Literal

from simulator.trace.event import Composed, Content, Stored

_LINE_END = b"\r\n"
_HEADER_END = b"\r\n\r\n"


def octets_to_text(octets: bytes) -> tuple[str, Literal["utf-8", "base64"]]:
    """Octets as a recording holds them: text where they are UTF-8, else base64."""
    try:
        return octets.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return base64.b64encode(octets).decode("ascii"), "base64"


def octets_of(fact: Composed | Content | Stored) -> bytes:
    """The octets that a fact carries. Raises ValueError where its base64 is broken."""
    return text_to_octets(fact.data, fact.encoding)


def text_to_octets(text: str, encoding: str) -> bytes:
    """What ``octets_to_text`` made text of. Raises ValueError where its base64 is broken."""
    return base64.b64decode(text, validate=True) if encoding == "base64" else text.encode("utf-8")


def octets_or_none(fact: Composed | Content | Stored) -> bytes | None:
    """The octets that a fact carries, or None where its base64 is broken."""
    try:
        return octets_of(fact)
    except ValueError:
        return None


def without_dots(sent: bytes) -> bytes:
    """The message of what was sent: the final dot line and the stuffing taken off.

    RFC 5321 section 4.5.2: a line that begins with a dot loses that dot.
    """
    line_starts = _LINE_END + sent
    if line_starts.endswith(b"\r\n.\r\n"):
        line_starts = line_starts[:-3]
    return line_starts.replace(b"\r\n.", _LINE_END)[len(_LINE_END) :]


def with_headers(
    octets: bytes, headers: tuple[tuple[str, str], ...], where: Literal["top", "bottom"]
) -> bytes:
    """The message with header fields before its first line, or after its last header field."""
    block = b"".join(f"{name}: {value}\r\n".encode("utf-8", "replace") for name, value in headers)
    if where == "top":
        return block + octets
    at = _header_length(octets)
    return octets[:at] + block + octets[at:]


def _header_length(octets: bytes) -> int:
    """Octets of the header fields, without the empty line that ends them."""
    if octets.startswith(_LINE_END):
        return 0
    end = octets.find(_HEADER_END)
    return end + len(_LINE_END) if end >= 0 else len(octets)
