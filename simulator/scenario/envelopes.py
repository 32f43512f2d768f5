"""A mail's envelope as its author wrote it: where it is unlike the header, and what to report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from simulator.scenario.addresses import read_address, read_addresses
from simulator.scenario.section import Section, Written, offered, written

Notify: TypeAlias = Literal["never", "success", "failure", "delay"]
Returned: TypeAlias = Literal["full", "hdrs"]

_NOTIFY: tuple[Notify, ...] = ("never", "success", "failure", "delay")
_RETURNED: tuple[Returned, ...] = ("full", "hdrs")

_LONGEST_ENVELOPE_ID = 100
"""Octets of an ENVID (RFC 3461 section 4.4)."""

_PLAIN = frozenset(map(chr, range(0x21, 0x7F))) - {"+", "="}
"""Characters that stand for themselves in an xtext (RFC 3461 section 4)."""


@dataclass(frozen=True, slots=True)
class WrittenEnvelope:
    """An envelope with the place of each of its addresses; what is left out is the header's."""

    sender: Written[str] | None = None
    """The reverse-path, empty for the null one; None: the author's address."""
    recipients: tuple[Written[str], ...] = ()
    notify: tuple[Notify, ...] = ()
    returned: Returned | Literal[""] = ""
    identity: str = ""

    @property
    def reverse_path(self) -> str | None:
        """The sender alone."""
        return None if self.sender is None else self.sender.value

    @property
    def addresses(self) -> tuple[Written[str], ...]:
        """Every address on it, with its place."""
        sender = () if self.sender is None or not self.sender.value else (self.sender,)
        return (*sender, *self.recipients)


def read_envelope(section: Section) -> WrittenEnvelope:
    """Read the envelope's keys of one mail; mistakes go to the section's list."""
    return WrittenEnvelope(
        sender=_sender(section),
        recipients=_recipients(section),
        notify=_notify(section),
        returned=section.choice("return", _RETURNED) or "",
        identity=_identity(section),
    )


def _sender(section: Section) -> Written[str] | None:
    text, place = section.text("envelope_from"), section.place("envelope_from")
    if text:
        with section.mistakes.noted():
            return Written(read_address(Written(text, place), "envelope_from"), place)
    return None if text is None else Written("", place)


def _recipients(section: Section) -> tuple[Written[str], ...]:
    entries = section.texts("envelope_to")
    if entries == ():
        section.wrong("envelope_to", [])
    return read_addresses(section, "envelope_to", entries or ())


def _notify(section: Section) -> tuple[Notify, ...]:
    """Some of the words; never stands alone (RFC 3461 section 4.1)."""
    found: dict[Notify, None] = {}
    for entry in section.texts("notify") or ():
        word = next((word for word in _NOTIFY if word == entry.value), None)
        if word is None:
            example = offered("notify", entry.value, _NOTIFY)
            values = {"key": "notify", "found": written(entry.value), "example": example}
            section.mistakes.add(entry.place.mistake("scenario.wrong-value", **values))
        else:
            found[word] = None
    if "never" in found and len(found) > 1:
        section.add("scenario.never-not-alone", "notify")
    return tuple(found)


def _identity(section: Section) -> str:
    identity = section.text("envelope_id") or ""
    if not _PLAIN.issuperset(identity) or len(identity) > _LONGEST_ENVELOPE_ID:
        section.add("scenario.envelope-id", "envelope_id", limit=str(_LONGEST_ENVELOPE_ID))
    return identity
