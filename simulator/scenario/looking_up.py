"""What is told while the real DNS is asked: what will be asked, what came back, what did not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from simulator.scenario.real_answers import LookedUp, RealAnswer

Question: TypeAlias = tuple[str, str]
"""A name without its final dot, and a type of record."""


@dataclass(frozen=True, slots=True)
class Announced:
    """These questions will be put next, to these servers; told before the first of them is."""

    questions: tuple[Question, ...]
    servers: tuple[str, ...]
    is_first: bool


@dataclass(frozen=True, slots=True)
class Ended:
    """The rest is not asked: ``time`` or ``number`` is used up, or nobody answers (``silence``)."""

    why: Literal["time", "number", "silence"]
    left: int


@dataclass(frozen=True, slots=True)
class Received:
    """One step of a walk from the root: who said what. ``took`` in microseconds."""

    server: str
    address: str
    port: int
    octets: int
    took: int
    lines: tuple[str, ...]


Told: TypeAlias = Announced | RealAnswer | Ended | Received


TroubleKind: TypeAlias = Literal[
    "timeout",
    "unreachable",
    "closed",
    "refused",
    "failure",
    "cut-off",
    "nxdomain",
    "nxdomain-bare",
]


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why the mail of a domain cannot be played with what the real DNS said."""

    kind: TroubleKind
    domain: str
    server: str
    rcode: str


_NO_ANSWER = frozenset({"TIMEOUT", "UNREACHABLE", "CLOSED"})


def troubles_of(looked_up: LookedUp) -> Iterator[Trouble]:
    """What stands in the way, for each domain whose exchangers are not known now."""
    for domain in looked_up.domains:
        answer = looked_up.answer(domain, "MX")
        if answer is None:
            # It was not asked, because of what came of the question before.
            last = looked_up.answers[-1] if looked_up.answers else None
            rcode = last.rcode if last is not None and last.rcode in _NO_ANSWER else "TIMEOUT"
            yield Trouble(_KINDS[rcode], domain, last.server if last is not None else "", rcode)
        elif answer.rcode != "NOERROR" or "tc" in answer.flags:
            yield Trouble(_kind(answer), domain, answer.server, answer.rcode)


_KINDS: Mapping[str, TroubleKind] = {
    "NOERROR": "cut-off",
    "TIMEOUT": "timeout",
    "UNREACHABLE": "unreachable",
    "CLOSED": "closed",
    "REFUSED": "refused",
}


def _kind(answer: RealAnswer) -> TroubleKind:
    if answer.rcode == "NXDOMAIN":
        # A real denial comes with the zone's SOA (RFC 2308 section 3).
        has_soa = any(line.split()[3:4] == ["SOA"] for line in answer.authority)
        return "nxdomain" if has_soa else "nxdomain-bare"
    return _KINDS.get(answer.rcode, "failure")
