"""A message as IMAP's SEARCH looks at it: its header and its text, decoded for comparing."""

from __future__ import annotations

import email.policy
import email.utils
import re
from collections.abc import Iterator
from datetime import date
from functools import cached_property
from itertools import islice

from simulator.mail.folder import StoredMessage
from simulator.mail.imap.binary import decoded
from simulator.mail.imap.mime import Entity, raw_fields, read_entity

_MOST_FIELDS = 1_000
_LONGEST_FIELD = 4_000
"""Octets of a field that are decoded; the decoder's time grows faster than its input."""


class Candidate:
    """A message that may be found."""

    def __init__(
        self, place: int, message: StoredMessage, flags: frozenset[str], *, recent: bool
    ) -> None:
        self.place = place
        self.message = message
        self.flags = frozenset(flag.lower() for flag in flags)
        self.recent = recent

    @cached_property
    def entity(self) -> Entity:
        """Its parts."""
        return read_entity(self.message.octets)

    def fields(self, name: str) -> Iterator[str]:
        """The values of the fields of that name, decoded."""
        return (value for found, value in self._fields if found == name.lower())

    @cached_property
    def header(self) -> str:
        """Its whole header, decoded."""
        return "\n".join(f"{name}: {value}" for name, value in self._fields)

    @cached_property
    def headers(self) -> str:
        """The headers of all its parts, and its own."""
        parts = (_decoded_field(raw) for one in self.entity.within() for raw in _raw(one.header))
        return "\n".join((self.header, *(f"{name}: {value}" for name, value in parts))).casefold()

    @cached_property
    def body(self) -> str:
        """The text of its text parts, decoded."""
        leaves = (leaf for leaf in self.entity.leaves() if leaf.media_type == "text")
        return "\n".join(map(_text_of_part, leaves)).casefold()

    @cached_property
    def _fields(self) -> tuple[tuple[str, str], ...]:
        return tuple(map(_decoded_field, _raw(self.entity.header)))

    @property
    def sent(self) -> date | None:
        """The day in its Date field, in the zone of its author."""
        value = next(self.fields("date"), "")[:100]
        try:
            return email.utils.parsedate_to_datetime(value).date()
        except (ValueError, TypeError, IndexError, OverflowError):
            return None  # a field that is no date; the parser says so in several ways


def _raw(header: bytes) -> Iterator[bytes]:
    return islice(raw_fields(header), _MOST_FIELDS)


def _decoded_field(raw: bytes) -> tuple[str, str]:
    name, _, value = raw[:_LONGEST_FIELD].partition(b":")
    text = re.sub(r"\r?\n(?=[ \t])", "", value.decode("utf-8", "replace")).strip()
    written = str(email.policy.default.header_factory("Subject", re.sub(r"[\r\n\t]", " ", text)))
    return name.strip(b" \t").lower().decode("ascii", "replace"), written


def _text_of_part(part: Entity) -> str:
    octets = decoded(part)
    octets = part.body if octets is None else octets
    charset = dict(part.parameters).get("charset", "utf-8")
    try:
        return octets.decode("utf-8" if charset == "us-ascii" else charset, "replace")
    except (LookupError, ValueError):
        return octets.decode("utf-8", "replace")  # a charset that nobody knows
