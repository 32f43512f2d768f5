"""A DNS message cut into its sections where they stand in the octets (RFC 1035 section 4.1)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

Section: TypeAlias = Literal["header", "question", "answer", "authority", "additional", "rest"]

_RECORDS: tuple[Section, ...] = ("answer", "authority", "additional")
_HEADER = 12
_FIXED_OF_QUESTION, _FIXED_OF_RECORD = 4, 10
_POINTER = 0xC0
"""The two high bits that make a length octet a pointer (RFC 1035 section 4.1.4)."""


@dataclass(frozen=True, slots=True)
class Run:
    """Octets that belong together: their section, and where they begin and end."""

    section: Section
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Flags:
    """The header's second 16 bits and its four counts."""

    id: int
    bits: int
    counts: tuple[int, int, int, int]


def flags_of(octets: bytes) -> Flags | None:
    """What the header says; None where there is none."""
    if len(octets) < _HEADER:
        return None
    number, bits, *counts = (int.from_bytes(octets[at : at + 2]) for at in range(0, _HEADER, 2))
    return Flags(number, bits, (counts[0], counts[1], counts[2], counts[3]))


def runs(octets: bytes) -> tuple[Run, ...]:
    """The message cut at header, question and every record; what cannot be read is ``rest``."""
    found = list(_runs(octets))
    end = found[-1].end if found else 0
    if end < len(octets):
        found.append(Run("rest", end, len(octets)))
    return tuple(found)


def _runs(octets: bytes) -> Iterator[Run]:
    flags = flags_of(octets)
    if flags is None:
        return
    yield Run("header", 0, _HEADER)
    at = _HEADER
    for _ in range(flags.counts[0]):
        end = _name_end(octets, at)
        if end is None or end + _FIXED_OF_QUESTION > len(octets):
            return
        yield Run("question", at, end + _FIXED_OF_QUESTION)
        at = end + _FIXED_OF_QUESTION
    for section, count in zip(_RECORDS, flags.counts[1:], strict=True):
        for _ in range(count):
            end = _record_end(octets, at)
            if end is None:
                return
            yield Run(section, at, end)
            at = end


def _record_end(octets: bytes, at: int) -> int | None:
    end = _name_end(octets, at)
    if end is None or end + _FIXED_OF_RECORD > len(octets):
        return None
    end += _FIXED_OF_RECORD
    end += int.from_bytes(octets[end - 2 : end])
    return end if end <= len(octets) else None


def _name_end(octets: bytes, at: int) -> int | None:
    while at < len(octets):
        length = octets[at]
        if length >= _POINTER:
            return at + 2
        at += 1 + length
        if length == 0:
            return at
    return None
