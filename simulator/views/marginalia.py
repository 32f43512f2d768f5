"""What a run's author wrote beside its events, as words that stand below them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple, TypeAlias

from simulator.lessons.language import Language, catalogue
from simulator.trace.margin import Margin
from simulator.trace.recording_format import Note

Kind: TypeAlias = Literal["chapter", "note", "stop"]


class Aside(NamedTuple):
    """The title of a chapter that begins here, a note, or a question; not safe to print."""

    kind: Kind
    text: str


def asides(margin: Margin, language: Language) -> Mapping[int, tuple[Aside, ...]]:
    """What stands below each event, by its seq, and what is asked last."""
    words = catalogue(language)
    kinds: tuple[tuple[Kind, tuple[Note, ...]], ...] = (
        ("chapter", margin.chapters),
        ("note", margin.notes),
        ("stop", margin.stops),
    )
    found: dict[int, tuple[Aside, ...]] = {}
    for kind, notes in kinds:
        for note in notes:
            said = note.said(language)
            text = said if kind == "chapter" else words.say(f"fork.{kind}", text=said)
            found[note.after] = (*found.get(note.after, ()), Aside(kind, text))
    return found
