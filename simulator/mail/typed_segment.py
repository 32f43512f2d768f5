"""A segment that a person sends, cut into what it holds: command lines, messages, and chunks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from simulator.mail.smtp.chunks import chunk_size
from simulator.mail.transparency import FINAL_DOT

_END = b"\r\n" + FINAL_DOT


class Piece(NamedTuple):
    """A command line without its CRLF, or a message up to and with its final dot line.

    Or a chunk, which is answered together with the BDAT that announced it.
    """

    octets: bytes
    is_content: bool
    is_answered: bool = True


def pieces_of(segment: bytes, *, is_content: bool) -> Iterator[Piece]:
    """The pieces of a segment; ``is_content``: it begins within a message.

    After DATA the rest is meant as a message, whatever the server will say of it. Only CRLF ends
    a line (RFC 5321 section 2.3.8), so that a bare CR or LF stays to be seen.
    """
    while segment:
        if is_content:
            message, segment = _message(segment)
            yield Piece(message, is_content=True)
            is_content = False
        else:
            words, _, segment = segment.partition(b"\r\n")
            chunk = segment[: _announced(words)]
            segment = segment[len(chunk) :]
            yield Piece(words, is_content=False)
            if chunk:
                yield Piece(chunk, is_content=True, is_answered=False)
            is_content = words.strip().upper() == b"DATA"


def _announced(words: bytes) -> int:
    """How many octets a BDAT says will come."""
    verb, _, argument = words.decode("ascii", "replace").partition(" ")
    size = chunk_size(argument) if verb.upper() == "BDAT" else None
    return size.octets if size else 0


def has_ended(message: bytes) -> bool:
    """Whether there is a final dot line in a message."""
    return message.startswith(FINAL_DOT) or _END in message


def _message(segment: bytes) -> tuple[bytes, bytes]:
    """A message up to its final dot line, and what follows; all of it where there is none."""
    if segment.startswith(FINAL_DOT):
        return FINAL_DOT, segment[len(FINAL_DOT) :]
    before, end, after = segment.partition(_END)
    return before + end, after
