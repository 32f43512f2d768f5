"""A commented scenario to begin with, and the reference of every key: both made from one table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from simulator.lessons.language import Catalogue
from simulator.scenario.change_words import CONDITIONS, EXAMPLES, WHOLE
from simulator.scenario.deed_words import VERBS
from simulator.scenario.keys import HEADERS, KEYS, Table
from simulator.scenario.moments import DEEDS

_WRITTEN: Final = {"mail": ("from", "to", "subject", "body")}
"""Keys that the new scenario has; the others stand in it as comments."""

_OTHER_FILES: Final = frozenset({"words", "library"})
"""Tables that belong to other files than scenario.toml."""


def tables() -> tuple[Table, ...]:
    """The tables of a scenario file, in the order of the file."""
    return tuple(table for table in KEYS if table not in _OTHER_FILES)


def new_scenario(words: Catalogue) -> str:
    """A scenario file in which every key stands with what it means; as it is, it can be played."""
    blocks = ("\n".join(_table(table, words)) for table in tables())
    return "\n\n".join((_opening(words), *blocks)) + "\n"


def reference(words: Catalogue) -> str:
    """The reference of the scenario file, as Markdown."""
    parts = [f"# {words.say('new.reference')}", words.say("new.about_reference")]
    for table in tables():
        head = HEADERS.get(table)
        title = words.say(f"key.table.{table}")
        parts.append(f"## {title}" + (f"\n\n`{head}`" if head else ""))
        rows = [
            f"| `{key}` | {_cell(words.say(f'key.{table}.{key}'))} | `{_cell(example)}` |"
            for key, example in KEYS[table].items()
        ]
        columns = [words.say(f"new.column.{name}") for name in ("key", "meaning", "example")]
        parts.append("\n".join((f"| {' | '.join(columns)} |", "|---|---|---|", *rows)))
    return "\n\n".join((*parts, *_changes(words))) + "\n"


def _changes(words: Catalogue) -> Iterator[str]:
    """How a change is written: its verbs, its conditions, and the moments that there are."""
    yield f"## {words.say('change.title')}"
    yield words.say("change.about")
    for column, examples in (("verb", VERBS), ("condition", CONDITIONS)):
        columns = [words.say(f"change.{column}"), words.say("new.column.meaning")]
        columns.append(words.say("new.column.example"))
        rows = [
            f"| `{word}` | {_cell(words.say(f'change.{column}s.{word}'))} | `{_cell(example)}` |"
            for word, example in examples.items()
        ]
        yield "\n".join((f"| {' | '.join(columns)} |", "|---|---|---|", *rows))
    moments = ", ".join(f"`{moment}`" for moment in DEEDS)
    yield words.say("change.moments", moments=moments)
    yield "\n".join(f"    {example}" for example in dict.fromkeys((WHOLE, *EXAMPLES.values())))


def _opening(words: Catalogue) -> str:
    return "\n".join(f"# {line}" for line in words.say("new.opening").splitlines())


def _table(table: Table, words: Catalogue) -> Iterator[str]:
    """A table: its header where anything in it is written, else all of it as comments."""
    yield f"# --- {words.say(f'key.table.{table}')}"
    header = HEADERS.get(table)
    if header is not None:
        yield header if table in _WRITTEN else f"#{header}"
    for key, example in KEYS[table].items():
        if example.startswith("["):
            continue  # a table of its own, which stands below
        yield f"# {words.say(f'key.{table}.{key}')}"
        yield example if key in _WRITTEN.get(table, ()) else f"#{example}"
    if table == "change":
        yield from (f"#   {example}" for example in EXAMPLES.values())


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
