"""The mailing lists of a declared domain: addresses whose mail is sent on to members."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import TypeAlias

from simulator.scenario.addresses import read_addresses, read_user
from simulator.scenario.domain import MailingList
from simulator.scenario.section import Section, Written

_MOST_LISTS = 20
_PREFIX = re.compile(r"[ -~]{1,60}")
_LONGEST_FOOTER = 2_000


@dataclass(frozen=True, slots=True)
class WrittenList:
    """A mailing list whose members have their places."""

    members: tuple[Written[str], ...]
    subject_prefix: str
    footer: str
    rewrite_from: bool

    def plain(self) -> MailingList:
        """The same as the model has it."""
        return MailingList(
            members=tuple(member.value for member in self.members),
            subject_prefix=self.subject_prefix,
            footer=self.footer,
            rewrite_from=self.rewrite_from,
        )


Lists: TypeAlias = dict[str, WrittenList]


def read_lists(section: Section, taken: Collection[str]) -> Lists:
    """The table ``lists`` of a domain; mistakes go to the section's list.

    ``taken`` are names that are aliases already.
    """
    found: Lists = {}
    values = section.table("lists") or {}
    entries = tuple(Written(name, section.place("lists", name)) for name in values)
    for entry in section.at_most(_MOST_LISTS, "lists", entries):
        with section.mistakes.noted():
            name = read_user(entry, "lists")
            if name in found or name in taken:
                raise entry.place.mistake("scenario.alias-twice", found=entry.value)
            table = values[entry.value]
            if isinstance(table, dict):
                path = (*section.path, "lists", entry.value)
                found[name] = _read(
                    Section("list", table, path, section.document, section.mistakes)
                )
            else:
                section.wrong("lists", table, entry.value)
    return found


def _read(section: Section) -> WrittenList:
    section.require("members")
    entries = section.texts("members")
    if entries == ():
        section.wrong("members", [])
    prefix, footer = section.text("subject_prefix"), section.text("footer")
    if prefix is not None and not _PREFIX.fullmatch(prefix):
        section.wrong("subject_prefix", prefix)
    if footer is not None and len(footer) > _LONGEST_FOOTER:
        section.wrong("footer", footer)
    return WrittenList(
        members=read_addresses(section, "members", entries or ()),
        subject_prefix=prefix or "",
        footer=footer or "",
        rewrite_from=bool(section.flag("rewrite_from")),
    )
