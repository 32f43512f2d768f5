"""The header fields of a message as they stand in it, and what a host changed in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from email.errors import MessageError
from email.header import decode_header, make_header
from email.utils import getaddresses
from typing import Literal, TypeAlias

from simulator.trace.scene import Copy

Change: TypeAlias = Literal["same", "new", "gone"]

_ADDRESSES = ("to", "cc", "bcc")
_MOST_FIELDS = 400


@dataclass(frozen=True, slots=True)
class Field:
    """One header field: its name, its value as it stands there (folded lines joined by LF)."""

    name: str
    value: str
    change: Change = "same"


def fields_of(octets: bytes) -> tuple[Field, ...]:
    """The header fields of a message, from the top, 400 at most; other lines are left out."""
    head = b"" if octets.startswith(b"\r\n") else octets.partition(b"\r\n\r\n")[0]
    found: list[list[str]] = []
    for line in head.decode("utf-8", "backslashreplace").split("\r\n"):
        name, colon, value = line.partition(":")
        if line[:1] in {" ", "\t"} and found:
            found[-1][1] += f"\n{line}"
        elif colon:
            if len(found) == _MOST_FIELDS:
                break
            found.append([name, value.removeprefix(" ")])
    return tuple(Field(name, value) for name, value in found)


def changed_by(copy: Copy) -> tuple[Field, ...]:
    """The fields as this host has them: what it wrote is ``new``; what it took away is ``gone``
    and stands at the end.
    """
    before = Counter(map(_signature, fields_of(copy.received)))
    own = Counter(name.lower() for name, _ in copy.added)
    now = []
    for field in fields_of(copy.octets):
        key = _signature(field)
        # What a host wrote is above what it received, so the first of a name is its own.
        wrote = own[field.name.lower()] > 0 and (before[key] == 0 or not _came_in(copy))
        if wrote:
            own[field.name.lower()] -= 1
        elif before[key]:
            before[key] -= 1
        now.append(Field(field.name, field.value, "new" if wrote else "same"))
    gone = []
    for field in fields_of(copy.received):
        if before[_signature(field)] and _came_in(copy):
            before[_signature(field)] -= 1
            gone.append(Field(field.name, field.value, "gone"))
    return (*now, *gone)


def changes(copy: Copy) -> tuple[Field, ...]:
    """Only what this host changed."""
    return tuple(field for field in changed_by(copy) if field.change != "same")


def addresses_in(fields: Iterable[Field]) -> tuple[str, ...]:
    """Every address that To, Cc and Bcc name, as far as they can be read."""
    values = [_unfolded(field) for field in fields if field.name.lower() in _ADDRESSES]
    return tuple(address for _, address in getaddresses(values) if address)


def value_of(fields: Sequence[Field], name: str) -> str | None:
    """The value of the first field of that name as people read it, or None."""
    for field in fields:
        if field.name.lower() == name.lower():
            return decoded(field)
    return None


def decoded(field: Field) -> str:
    """A field's value unfolded, its encoded words (RFC 2047) decoded; else as it stands."""
    plain = _unfolded(field)
    try:
        return str(make_header(decode_header(plain)))
    except (MessageError, ValueError, LookupError):
        return plain  # broken encoding, or a character set that nobody knows: what stands there


def _unfolded(field: Field) -> str:
    return " ".join(field.value.split())


def _signature(field: Field) -> tuple[str, str]:
    return field.name.lower(), _unfolded(field)


def _came_in(copy: Copy) -> bool:
    """Whether the message came from elsewhere, so that it can be compared with what came."""
    return copy.received != copy.octets
