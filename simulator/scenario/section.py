"""One table of a scenario file: its values by key, each checked, each mistake with its line."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from pathlib import PurePath
from typing import Generic, TypeVar

from simulator.scenario.document import Document
from simulator.scenario.errors import Mistakes, Place, ScenarioError, nearest
from simulator.scenario.keys import HEADERS, KEYS, MEANT, Table, table_of
from simulator.scenario.lines import KeyPath
from simulator.scenario.virtual_time import SECOND

Value = TypeVar("Value")
Choice = TypeVar("Choice", bound=str | int)

LATEST = "30 d"
"""The longest wait that a scenario may ask for."""

_UNITS = {
    "ms": SECOND // 1000,
    "s": SECOND,
    "min": 60 * SECOND,
    "h": 3600 * SECOND,
    "d": 86_400 * SECOND,
}
_NOT_FOR_ONE_LINE = frozenset({"Cc", "Zl", "Zp", "Cs"})
"""Unicode categories: control characters, line and paragraph separators, lone surrogates."""

_MOST_REPORTED = 100
"""Unknown keys of one table that are reported; a table with more is no scenario's."""

_LONGEST_NUMBER = 256
"""Bits of a whole number that is shown in decimal digits."""

_DURATION = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,3})?) ?(ms|s|min|h|d)")


@dataclass(frozen=True, slots=True)
class Written(Generic[Value]):
    """A value, and where it is written."""

    value: Value
    place: Place


class Section:
    """Reads the keys of one table; None stands for a key left out, or written wrongly.

    What is wrong is added to ``mistakes``, unknown keys as soon as the section is made.
    """

    def __init__(
        self,
        table: Table,
        values: dict[str, object],
        path: KeyPath,
        document: Document,
        mistakes: Mistakes,
    ) -> None:
        self.values = values
        self.path = path
        self.document = document
        self.mistakes = mistakes
        self._table = table
        self._meant: set[str] = set()
        self._report_unknown_keys()

    def place(self, *path: str | int) -> Place:
        """Where the key at that path below this table is written."""
        return self.document.place((*self.path, *path))

    def add(self, rule: str, *path: str | int, **values: str) -> None:
        """Note a mistake at that path below this table."""
        self.mistakes.add(self.place(*path).mistake(rule, **values))

    def wrong(self, key: str, value: object, *below: str | int) -> None:
        """Note that a key has a value of the wrong kind, with an example of a right one."""
        self.add(
            "scenario.wrong-value",
            key,
            *below,
            key=key,
            found=written(value),
            example=KEYS[self._table][key],
        )

    def lacks(self, key: str) -> bool:
        """Whether a key is missing, and is not what a misspelt key was meant to be."""
        return key not in self.values and key not in self._meant

    def require(self, key: str) -> None:
        """A mistake where this key is missing."""
        if self.lacks(key):
            self.add(
                "scenario.missing-key",
                table=HEADERS[self._table] if self.path else PurePath(self.document.file).name,
                key=key,
                example=KEYS[self._table][key],
            )

    def text(self, key: str) -> str | None:
        """A text of any length and content."""
        value = self.values.get(key)
        if isinstance(value, str):
            return value
        if value is not None:
            self.wrong(key, value)
        return None

    def line(self, key: str) -> str | None:
        """A text in one line, without control characters."""
        value = self.text(key)
        if value is None or not has_control_character(value):
            return value
        self.add("scenario.control-character", key, key=key)
        return None

    def texts(self, key: str) -> tuple[Written[str], ...] | None:
        """A text or a list of texts, each with its own line."""
        value = self.values.get(key)
        return None if value is None else self._texts(value, key)

    def table(self, key: str) -> dict[str, object] | None:
        """The names and values of a table below this one."""
        value = self.values.get(key)
        if isinstance(value, dict):
            return value
        if value is not None:
            self.wrong(key, value)
        return None

    def texts_by_name(self, key: str) -> Iterator[tuple[Written[str], tuple[Written[str], ...]]]:
        """Each name of a table below this one, with its text or list of texts."""
        for name, value in (self.table(key) or {}).items():
            texts = self._texts(value, key, name)
            if texts is not None:
                yield Written(name, self.place(key, name)), texts

    def at_most(
        self, limit: int, key: str, entries: tuple[Written[Value], ...]
    ) -> tuple[Written[Value], ...]:
        """The first ``limit`` entries of a list, with a mistake where there are more."""
        if len(entries) > limit:
            values = {"key": key, "count": str(len(entries)), "limit": str(limit)}
            self.mistakes.add(entries[limit].place.mistake("scenario.too-many", **values))
        return entries[:limit]

    def whole(self, key: str, lowest: int, highest: int) -> int | None:
        """A whole number in that range."""
        value = self.values.get(key)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool):
            self.wrong(key, value)
            return None
        return self._within(
            key, value, written(value), (lowest, str(lowest)), (highest, str(highest))
        )

    def flag(self, key: str) -> bool | None:
        """``true`` or ``false``."""
        value = self.values.get(key)
        if isinstance(value, bool):
            return value
        if value is not None:
            self.wrong(key, value)
        return None

    def choice(self, key: str, choices: tuple[Choice, ...]) -> Choice | None:
        """One of a few words or numbers."""
        value = self.values.get(key)
        for choice in choices:
            if type(value) is type(choice) and value == choice:
                return choice
        if value is not None:
            found, example = written(value), offered(key, value, choices)
            self.add("scenario.wrong-value", key, key=key, found=found, example=example)
        return None

    def duration(self, key: str, lowest: str, highest: str) -> int | None:
        """A duration like ``10 ms``, ``90 s``, ``1 min``, ``2 h`` or ``3 d``, in microseconds."""
        value = self.values.get(key)
        if value is None:
            return None
        time = microseconds(value) if isinstance(value, str) else None
        if time is None:
            example = KEYS[self._table][key].partition(" = ")[2].strip('"')
            self.add("scenario.duration", key, key=key, found=written(value), example=example)
            return None
        low, high = microseconds(lowest) or 0, microseconds(highest) or 0
        return self._within(key, time, written(value), (low, lowest), (high, highest))

    def _texts(self, value: object, key: str, *below: str | int) -> tuple[Written[str], ...] | None:
        if isinstance(value, str):
            return (Written(value, self.place(key, *below)),)
        if not isinstance(value, list):
            self.wrong(key, value, *below)
            return None
        found: list[Written[str]] = []
        for index, entry in enumerate(value):
            if isinstance(entry, str):
                found.append(Written(entry, self.place(key, *below, index)))
            else:
                self.wrong(key, entry, *below, index)
        return tuple(found)

    def _within(
        self, key: str, value: int, found: str, lowest: tuple[int, str], highest: tuple[int, str]
    ) -> int | None:
        if lowest[0] <= value <= highest[0]:
            return value
        self.add(
            "scenario.out-of-range",
            key,
            key=key,
            found=found,
            lowest=lowest[1],
            highest=highest[1],
        )
        return None

    def _report_unknown_keys(self) -> None:
        unknown = (key for key in self.values if key not in KEYS[self._table])
        for key in islice(unknown, _MOST_REPORTED):
            self.mistakes.add(self._unknown(key))

    def _unknown(self, key: str) -> ScenarioError:
        place, known = self.place(key), KEYS[self._table]
        free = [name for name in known if name not in self.values]
        guess = MEANT.get(key) if MEANT.get(key) in free else None
        elsewhere = table_of(key) if guess is None else None
        if elsewhere == "top":
            return place.mistake("scenario.key-at-top", key=key)
        if elsewhere in HEADERS and self._table != "words":
            return place.mistake("scenario.key-elsewhere", key=key, table=HEADERS[elsewhere])
        guess = guess or nearest(key, free)
        if guess is None:
            return place.mistake("scenario.unknown-key", key=key, known=", ".join(known))
        self._meant.add(guess)
        return place.mistake("scenario.misspelt-key", key=key, nearest=guess)


def has_control_character(text: str) -> bool:
    """Whether a text has line breaks or other characters that are not for one plain line."""
    return any(unicodedata.category(sign) in _NOT_FOR_ONE_LINE for sign in text)


def microseconds(text: str) -> int | None:
    """A duration in virtual microseconds, or None where the text is none."""
    found = _DURATION.fullmatch(text)
    return int(Fraction(found[1]) * _UNITS[found[2]]) if found else None


def duration_text(time: int) -> str:
    """A duration in virtual microseconds as a file says it, in the largest unit that fits."""
    for name, unit in reversed(_UNITS.items()):
        if time % unit == 0:
            return f"{time // unit} {name}"
    return f"{time / _UNITS['ms']:.3f} ms"


def offered(key: str, found: object, choices: Iterable[str | int]) -> str:
    """How to write a key that takes one of these: the nearest to what was found, or each."""
    words = [choice for choice in choices if isinstance(choice, str)]
    guess = nearest(found, words) if isinstance(found, str) else None
    return " / ".join(f"{key} = {written(one)}" for one in (choices if guess is None else (guess,)))


def written(value: object) -> str:
    """A value of the file as one would write it in TOML, for a sentence."""
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "[…]" if value else "[]"
    if isinstance(value, dict):
        return "{…}" if value else "{}"
    if isinstance(value, int) and value.bit_length() > _LONGEST_NUMBER:
        return hex(value)  # decimal digits stop at 4300, and cost quadratic time before
    return str(value)
