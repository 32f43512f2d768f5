"""BINARY: a part with its transfer encoding undone (RFC 3516, and in RFC 9051 section 6.4.5)."""

from __future__ import annotations

import binascii
import quopri
import re

from simulator.mail.imap.answer import Literal, RefusedError
from simulator.mail.imap.fetch_item import Item, Opened
from simulator.mail.imap.mime import Entity, part_of
from simulator.mail.imap.syntax import SyntaxRefusedError

_SECTION = re.compile(
    r"BINARY(?P<how>\.PEEK|\.SIZE)?\[(?P<number>(?:[1-9][0-9]{0,8}(?:\.[1-9][0-9]{0,8})*)?)\]"
    r"(?:<(?P<start>[0-9]{1,10})\.(?P<length>[1-9][0-9]{0,9})>)?",
    re.IGNORECASE | re.ASCII,
)
_AS_IT_IS = frozenset({b"", b"7bit", b"8bit", b"binary"})


def binary_item(name: str) -> Item:
    """The item that is written so. Raises SyntaxRefusedError where there is none."""
    section = _SECTION.fullmatch(name)
    how = (section["how"] or "").upper() if section else ""
    if section is None or (how == ".SIZE" and section["start"]):
        raise SyntaxRefusedError("Invalid BINARY[..] section")
    number = section["number"]
    path = tuple(map(int, number.split("."))) if number else ()
    if how == ".SIZE":
        size = f"BINARY.SIZE[{number}]"
        return Item(size, lambda opened: (str(len(_content(opened, path))),))
    start = None if section["start"] is None else int(section["start"])
    end = None if start is None else start + int(section["length"])
    label = f"BINARY[{number}]{'' if start is None else f'<{start}>'}"
    return Item(
        label,
        lambda opened: (Literal(_content(opened, path)[start:end], binary=True),),
        sees=how != ".PEEK",
    )


def decoded(part: Entity) -> bytes | None:
    """A part's body as it was before it was encoded; None where nobody knows the encoding.

    What is no sound base64 stays as it is.
    """
    encoding = part.transfer_encoding.lower()
    if encoding == b"quoted-printable":
        return quopri.decodestring(part.body)
    if encoding == b"base64":
        try:
            return binascii.a2b_base64(part.body)
        except binascii.Error:
            return part.body
    return part.body if encoding in _AS_IT_IS else None


def _content(opened: Opened, path: tuple[int, ...]) -> bytes:
    """Nothing where there is no such part; the whole message is encoded by nobody."""
    if not path:
        return opened.message.octets
    part = part_of(opened.entity, path)
    octets = b"" if part is None else decoded(part)
    if octets is None:
        raise RefusedError("[UNKNOWN-CTE] This encoding is not known here.")
    return octets
