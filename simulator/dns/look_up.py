"""Looking up mail domains in the real DNS, before a run: announced, shown, and within bounds.

Whatever is sent goes to a nameserver; nothing that an answer names is ever called. Who is asked
is behind ``Asker``: the system's or a named resolver (``stub_resolver``), or the servers from the
root down (``root_walk``).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from simulator.dns.wanted import first_questions, next_questions
from simulator.scenario.looking_up import Announced, Ended, Question, Told
from simulator.scenario.real_answers import LookedUp, RealAnswer

Tell: TypeAlias = Callable[[Told], None]
"""Hears everything as it happens, in the thread of the look-up."""


class Asker(Protocol):
    """Whoever puts questions to the real DNS."""

    @property
    def servers(self) -> tuple[str, ...]:
        """Who is asked, as ``address#port``, or as people would say it."""

    async def ask(self, name: str, rdtype: str) -> RealAnswer:
        """Put one question. Whatever comes of it is an answer; nothing is raised."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much may be asked: questions in all, and seconds of real time in all."""

    questions: int = 80
    seconds: float = 20.0


DEFAULT_BOUNDS = Bounds()

_NO_ANSWER = frozenset({"TIMEOUT", "UNREACHABLE", "CLOSED"})


async def look_up(
    domains: Iterable[str],
    asker: Asker,
    tell: Tell,
    *,
    selectors: Iterable[tuple[str, str]] = (),
    bounds: Bounds = DEFAULT_BOUNDS,
) -> LookedUp:
    """Ask for everything that a mail between these domains needs of the DNS.

    ``selectors`` are the domains and names of known DKIM keys. What lies beyond the bounds is
    not asked; what is not there is an answer too.
    """
    search = _LookUp(tuple(domains), asker, tell, bounds)
    try:
        async with asyncio.timeout(bounds.seconds):
            await search.run(first_questions(search.domains, selectors))
    except TimeoutError:
        tell(Ended("time", search.left))
    return LookedUp(domains=search.domains, answers=tuple(search.answers))


class _LookUp:
    """One look-up: what has been answered, and how much is left to ask."""

    def __init__(self, domains: tuple[str, ...], asker: Asker, tell: Tell, bounds: Bounds) -> None:
        self.domains = domains
        self.answers: list[RealAnswer] = []
        self.left = 0
        self._settled: set[Question] = set()
        self._asker, self._tell, self._bounds = asker, tell, bounds

    async def run(self, wave: tuple[Question, ...]) -> None:
        """Wave after wave, until nothing is left to ask, or no more may be."""
        is_first = True
        while wave:
            allowed = wave[: self._bounds.questions - len(self.answers)]
            if allowed:
                self._tell(Announced(allowed, self._asker.servers, is_first))
            if not await self._put(allowed):
                return
            if len(allowed) < len(wave):
                self._tell(Ended("number", len(wave) - len(allowed)))
                return
            further = next_questions(self.domains, self.answers)
            wave = tuple(question for question in further if question not in self._settled)
            is_first = False

    async def _put(self, questions: tuple[Question, ...]) -> bool:
        """Put a wave's questions one after the other; False where it is in vain to go on."""
        for number, (name, rdtype) in enumerate(questions):
            self.left = len(questions) - number
            self._settled.add((name, rdtype))
            if self._cannot_exist(name):
                continue
            answer = await self._asker.ask(name, rdtype)
            self.answers.append(answer)
            self._tell(answer)
            if all(one.rcode in _NO_ANSWER for one in self.answers):
                # Not one answer has come: no further name is given away to silence.
                self._tell(Ended("silence", self.left - 1))
                return False
        self.left = 0
        return True

    def _cannot_exist(self, name: str) -> bool:
        """Whether a name, or one that it lies below, was denied (RFC 8020)."""
        denied = {one.name for one in self.answers if one.rcode == "NXDOMAIN"}
        labels = name.split(".")
        return any(".".join(labels[place:]) in denied for place in range(len(labels)))
