"""Mistakes in a scenario: what is wrong, where, and what to write instead, in each language."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal, TypeAlias

from simulator.scenario.sentences import SENTENCES

Language: TypeAlias = Literal["en", "id"]
LANGUAGES: tuple[Language, ...] = ("en", "id")

_LONGEST_VALUE = 160
"""Characters of a value that a sentence repeats; what is longer is cut with an ellipsis."""

_LONGEST_LIST = 500
"""Characters of a list of what is known here, which is our own and worth reading whole."""

_LONGEST_GUESS = 80
"""Characters up to which a word is compared with the known ones (difflib is quadratic)."""


class ScenarioError(Exception):
    """One mistake in a scenario: the file, the line (or None), the rule broken and its values.

    ``rule`` is a key of ``SENTENCES``; ``values`` fill that sentence's gaps, as the scenario has
    them. ``str()`` is ``file:line: sentence`` in English, always one line without control
    characters.
    """

    def __init__(self, rule: str, file: str, line: int | None, values: Mapping[str, str]) -> None:
        super().__init__(rule, file, line, values)
        self.rule = rule
        self.file = file
        self.line = line
        self.values = dict(values)

    def sentence(self, language: Language = "en") -> str:
        """What is wrong and what to write instead, in one line of that language."""
        gaps = {
            name: shown(value, _LONGEST_LIST if name == "known" else _LONGEST_VALUE)
            for name, value in self.values.items()
        }
        return SENTENCES[self.rule][language].format_map(gaps)

    def where(self) -> str:
        """``file:line``, or the file alone where no line can be named."""
        file = shown(self.file)
        return file if self.line is None else f"{file}:{self.line}"

    def __str__(self) -> str:
        return f"{self.where()}: {self.sentence()}"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is written: a file (or an option such as ``--to``) and its line."""

    file: str
    line: int | None = None

    def mistake(self, rule: str, **values: str) -> ScenarioError:
        """The error that says that ``rule`` is broken here."""
        return ScenarioError(rule, self.file, self.line, values)


class Mistakes:
    """The mistakes found so far; reading goes on after each, so that a check can name them all."""

    def __init__(self) -> None:
        self.found: list[ScenarioError] = []

    def add(self, mistake: ScenarioError) -> None:
        """Remember one mistake."""
        self.found.append(mistake)

    @contextmanager
    def noted(self) -> Iterator[None]:
        """Remember the mistake that ends this block, and go on after the block."""
        try:
            yield
        except ScenarioError as mistake:
            self.add(mistake)

    def in_order(self, first_file: str) -> tuple[ScenarioError, ...]:
        """All of them, those of ``first_file`` first, each file's by line."""
        return tuple(
            sorted(self.found, key=lambda one: (one.file != first_file, one.file, one.line or 0))
        )


def shown(text: str, longest: int | None = None) -> str:
    """The text with every unprintable character escaped, cut after ``longest`` characters."""
    if longest is not None and len(text) > longest:
        text = text[: longest - 1] + "…"
    return "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape").decode("ascii")
        for sign in text
    )


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant, or None where none is close."""
    if len(word) > _LONGEST_GUESS:
        return None
    by_lower_case = {name.lower(): name for name in known}
    close = difflib.get_close_matches(word.lower(), by_lower_case, n=1)
    return by_lower_case[close[0]] if close else None
