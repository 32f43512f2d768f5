"""Thousands of recipients without a list: ``bcc = { count = 2000, domains = 40 }``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from simulator.scenario.defaults import DeclaredDomain
from simulator.scenario.section import Section, Written
from simulator.scenario.topology import domain_of

MOST_IN_A_CROWD = 10_000
_MOST_TOWNS = 500
_READER, _TOWN = "pembaca", "kota"


def is_crowd(section: Section, key: str) -> bool:
    """Whether a key says how many recipients there are, and not who they are."""
    return key in {"to", "cc", "bcc"} and isinstance(section.values.get(key), dict)


def read_crowd(section: Section, key: str) -> tuple[Written[str], ...]:
    """The addresses: ``pembaca1@kota1.example``, ``pembaca2@kota2.example`` and so on, in turn.

    Mistakes go to the section's list.
    """
    values = section.table(key) or {}
    path = (*section.path, key)
    table = Section("crowd", values, path, section.document, section.mistakes)
    table.require("count")
    count = table.whole("count", 1, MOST_IN_A_CROWD) or 1
    towns = table.whole("domains", 1, _MOST_TOWNS) or 1
    place = section.place(key)
    return tuple(Written(one, place) for one in _readers(count, towns))


def crowd_of(addresses: Sequence[str]) -> dict[str, int] | None:
    """How a file counts these addresses, or None where they are no crowd."""
    count, towns = len(addresses), len(set(map(domain_of, addresses)))
    if not count or tuple(addresses) != _readers(count, towns):
        return None
    return {"count": count, "domains": towns}


def _readers(count: int, towns: int) -> tuple[str, ...]:
    return tuple(
        f"{_READER}{number + 1}@{_TOWN}{number % towns + 1}.example" for number in range(count)
    )


def with_towns(
    declared: Sequence[DeclaredDomain], crowd: Iterable[str]
) -> tuple[DeclaredDomain, ...]:
    """The declared domains and those of a crowd's addresses; where none is declared, all come."""
    known = {domain.name for domain in declared}
    towns = dict.fromkeys(town for town in map(domain_of, crowd) if town not in known)
    return (*declared, *(DeclaredDomain(town) for town in towns if declared))
