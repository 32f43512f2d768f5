"""What a mail's author writes into its header: another From, and fields of their own."""

from __future__ import annotations

import re

from simulator.scenario.addresses import read_address
from simulator.scenario.errors import Place
from simulator.scenario.keys import KEYS
from simulator.scenario.section import Section, Written, written

_LONGEST_NAME = 78
"""Characters of a display name: enough for people, and for a line of the header."""

_NAMED = re.compile(r"(?P<name>[^<>\"\\\\]*[^<>\"\\\\ ]) *<(?P<address>[^<>]+)>")


_MOST_FIELDS = 20
_LONGEST_VALUE = 900
"""Characters of a value, so that with its name it fits into a line of 998 (section 2.1.1)."""
_FIELD = re.compile(rf"[!-9;-~]{{1,76}}: [ -~]{{1,{_LONGEST_VALUE}}}")
"""A header field on one line (RFC 5322 section 2.2)."""
_WRITTEN_ANYWAY = frozenset(
    {"from", "to", "cc", "bcc", "subject", "date", "message-id", "mime-version"}
    | {"content-type", "content-transfer-encoding", "content-disposition"}
)
"""What the mail client writes by itself, or never (Bcc)."""


def read_author(section: Section) -> Written[str] | None:
    """``header_from``: an address, or a name and an address in angle brackets."""
    text, place = section.line("header_from"), section.place("header_from")
    if text is not None:
        with section.mistakes.noted():
            return Written(_author(text, place), place)
    return None


def _author(text: str, place: Place) -> str:
    """The author, the domain in lower case; raises ScenarioError where it is none."""
    named = _NAMED.fullmatch(text)
    if named is None:
        return read_address(Written(text, place), "header_from")
    name, address = named["name"], Written(named["address"], place)
    if len(name) > _LONGEST_NAME:
        values = {"key": "header_from", "found": written(text)}
        raise place.mistake("scenario.wrong-value", example=KEYS["mail"]["header_from"], **values)
    return f"{name} <{read_address(address, 'header_from')}>"


def address_in(author: str) -> str:
    """The address of a From field as the scenario has it."""
    named = _NAMED.fullmatch(author)
    return named["address"] if named else author


def read_headers(section: Section) -> tuple[tuple[str, str], ...]:
    """``headers``: header fields as ``Name: value``, in printable ASCII, one line each."""
    found: list[tuple[str, str]] = []
    entries = section.at_most(_MOST_FIELDS, "headers", section.texts("headers") or ())
    for entry in entries:
        with section.mistakes.noted():
            found.append(_field(entry))
    return tuple(found)


def _field(entry: Written[str]) -> tuple[str, str]:
    """Name and value; raises ScenarioError that says why they cannot be."""
    text = entry.value
    name, _, value = text.partition(": ")
    if name.lower() in _WRITTEN_ANYWAY:
        raise entry.place.mistake("scenario.header-own", found=name)
    if len(value) > _LONGEST_VALUE:
        count, limit = str(len(value)), str(_LONGEST_VALUE)
        raise entry.place.mistake("scenario.header-long", count=count, limit=limit)
    if _FIELD.fullmatch(text) is None:
        values = {"key": "headers", "found": written(text)}
        raise entry.place.mistake("scenario.wrong-value", example=KEYS["mail"]["headers"], **values)
    return name, value
