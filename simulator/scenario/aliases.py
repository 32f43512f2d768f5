"""The aliases of a declared domain: names whose mail goes to other addresses instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from simulator.scenario.addresses import read_addresses, read_user
from simulator.scenario.section import Section, Written

Aliases: TypeAlias = dict[str, tuple[Written[str], ...]]
"""Name to the addresses that it stands for, each with its place."""

_MOST_ALIASES = 100


def read_aliases(section: Section, domain: str) -> Aliases:
    """The table ``aliases`` of a domain; mistakes go to the section's list."""
    found: Aliases = {}
    names: dict[str, Written[str]] = {}
    entries = dict(section.texts_by_name("aliases"))
    for entry in section.at_most(_MOST_ALIASES, "aliases", tuple(entries)):
        with section.mistakes.noted():
            name = read_user(entry, "aliases")
            if name in found:
                raise entry.place.mistake("scenario.alias-twice", found=entry.value)
            if not entries[entry]:
                section.wrong("aliases", [], entry.value)
            found[name] = read_addresses(section, "aliases", entries[entry])
            names[name] = entry
    for name in _leading_back(found, domain):
        entry = names[name]
        section.mistakes.add(entry.place.mistake("scenario.alias-loop", found=entry.value))
    return found


def plain(aliases: Aliases) -> dict[str, tuple[str, ...]] | None:
    """The same without places, as the model has them; None where there are none."""
    return {name: tuple(one.value for one in to) for name, to in aliases.items()} or None


def reached(addresses: Sequence[str], aliases: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Every address that mail for those goes to: each alias (a whole address) is followed once."""
    found: dict[str, None] = {}
    followed: set[str] = set()
    waiting = list(reversed(addresses))
    while waiting:
        address = waiting.pop()
        targets = aliases.get(address.lower())
        if targets is None:
            found[address] = None
        elif address.lower() not in followed:
            followed.add(address.lower())
            waiting.extend(reversed(targets))
    return tuple(found)


def _leading_back(aliases: Aliases, domain: str) -> list[str]:
    """The names that stand, perhaps by way of others, for themselves: their mail would be lost."""
    own = {
        name: [
            local.lower()
            for local, _, where in (one.value.rpartition("@") for one in to)
            if where == domain and local.lower() in aliases
        ]
        for name, to in aliases.items()
    }
    return [name for name in own if name in _from(own[name], own)]


def _from(names: Sequence[str], links: Mapping[str, Sequence[str]]) -> set[str]:
    """Every name that can be come to from those."""
    seen: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting.extend(links[name])
    return seen
