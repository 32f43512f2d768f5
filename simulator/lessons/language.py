"""The words that people read, in each language: catalogues of TOML files, and who speaks which."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias, get_args

Language: TypeAlias = Literal["en", "id"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

_WORDS = Path(__file__).parent / "words"

_INDONESIAN = frozenset({"id", "in"})
"""ISO 639-1's code, and the one it had before 1989, which some systems still write."""


class CatalogueError(Exception):
    """Two catalogue files give the same key, or one holds something else than words."""


def from_locale(environ: Mapping[str, str]) -> Language:
    """The language that the environment asks for; the first variable that is set decides.

    The order is POSIX's (Base Definitions, section 8.2): LC_ALL, LC_MESSAGES, LANG.
    """
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = environ.get(variable, "")
        if value:
            spoken = value.replace("-", "_").partition("_")[0].partition(".")[0].lower()
            return "id" if spoken in _INDONESIAN else "en"
    return "en"


class Catalogue:
    """Every sentence of one language, by dotted key."""

    def __init__(self, language: Language, words: Mapping[str, str]) -> None:
        self.language: Language = language
        self._words = dict(words)

    def say(self, key: str, **values: object) -> str:
        """The words of ``key`` with its fields filled in.

        Values are put in as they are: whoever shows the result makes it safe. Raises KeyError,
        naming language and key, where the catalogue lacks the key or the call lacks a field.
        """
        template = self._words.get(key)
        if template is None:
            raise KeyError(f"the {self.language} catalogue has no words for {key!r}")
        try:
            return template.format_map(values)
        except KeyError as missing:
            raise KeyError(f"{self.language} {key!r} needs the field {missing}") from missing

    def say_count(self, key: str, count: int, **values: object) -> str:
        """As ``say``, in the form for ``count`` things: ``key.one`` or ``key.other``.

        A language without a plural has only ``.other``. ``{count}`` is a field of its own.
        """
        one = f"{key}.one"
        form = one if count == 1 and one in self._words else f"{key}.other"
        return self.say(form, count=self.number(count), **values)

    def number(self, value: int) -> str:
        """A whole number as people of this language write it."""
        return f"{value:,}".replace(",", self.say("number.thousands"))

    def __contains__(self, key: str) -> bool:
        return key in self._words

    def __iter__(self) -> Iterator[str]:
        return iter(self._words)

    def template(self, key: str) -> str:
        """The words of ``key`` with its fields unfilled. Raises KeyError as ``say`` does."""
        if key not in self._words:
            raise KeyError(f"the {self.language} catalogue has no words for {key!r}")
        return self._words[key]


@cache
def catalogue(language: Language) -> Catalogue:
    """The catalogue of a language: all TOML files in ``lessons/words/<language>``.

    Raises CatalogueError where two files give one key.
    """
    words: dict[str, str] = {}
    for source in sorted((_WORDS / language).glob("*.toml")):
        _add(words, source)
    return Catalogue(language, words)


def _add(words: dict[str, str], source: Path) -> None:
    for key, text in _flattened(tomllib.loads(source.read_text("utf-8")), ""):
        if key in words:
            raise CatalogueError(f"{source.name} gives {key!r} a second time")
        if not isinstance(text, str):
            raise CatalogueError(f"{source.name}: {key!r} is no text")
        words[key] = text


def _flattened(table: Mapping[str, object], prefix: str) -> Iterator[tuple[str, object]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flattened(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value
