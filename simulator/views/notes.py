"""The teacher's notes: what is on the screen now, why, and what comes next, as plain lines."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from simulator.lessons.explain import explain
from simulator.lessons.language import Catalogue, Language, catalogue
from simulator.scenario.model import Words
from simulator.trace.event import Event
from simulator.trace.margin import BLANK, Margin
from simulator.trace.player import Player
from simulator.views.clock import clock
from simulator.views.safe import safe

_LONGEST = 600
_COMING = 3
"""Events that are told before they happen."""


def notes(
    player: Player,
    words_of_run: Words,
    language: Language,
    width: int,
    margin: Margin = BLANK,
) -> Iterator[str]:
    """The notes for where the player stands, in lines of at most ``width`` characters, all safe.

    ``margin`` is what the run's author wrote beside it.
    What is ahead stands last, so that a class that sees this terminal by mistake sees it late.
    """
    words = catalogue(language)
    yield safe(words.say("notes.title", title=words_of_run.title), limit=width)
    yield safe(_where(player, words), limit=width)
    yield "─" * width
    if player.event is None:
        yield from _entry(words.say("notes.goal"), words_of_run.goal, width)
    else:
        for question in margin.questions_at(player.event.seq, language):
            yield from _entry(words.say("notes.question"), question, width)
        for note in margin.notes_at(player.event.seq, language):
            yield from _entry(words.say("notes.note"), note, width)
        yield from _about(player, player.event, words, width)
    coming = player.events[player.cursor : player.cursor + _COMING]
    if not coming:
        yield from _entry(words.say("notes.next"), words.say("notes.end"), width)
    for place, event in enumerate(coming):
        head = words.say("notes.next" if place == 0 else "notes.then")
        yield from _entry(head, explain(event, player.scene, language).sentence, width)


def _where(player: Player, words: Catalogue) -> str:
    event = player.event
    step = words.say(f"steps.{event.step}.title") if event is not None else "–"
    return words.say(
        "notes.where",
        n=event.seq if event is not None else "–",
        total=player.events[-1].seq if player.events else "–",
        step=step,
        time=clock(event.at if event is not None else 0, words),
    )


def _about(player: Player, event: Event, words: Catalogue, width: int) -> Iterator[str]:
    told = explain(event, player.scene, words.language)
    yield from _entry(words.say("notes.now"), told.sentence, width)
    yield from _entry(words.say("notes.why"), told.why, width)
    if told.textbook is not None:
        says, really = told.textbook
        yield from _entry(words.say("notes.textbook"), says, width)
        yield from _entry(words.say("notes.really"), really, width)
    if told.source:
        yield from _entry(words.say("notes.source"), told.source, width)


def _entry(head: str, text: str, width: int) -> Sequence[str]:
    """A heading on a row of its own, what it says below, and an empty row."""
    body = textwrap.wrap(safe(text, limit=_LONGEST), max(10, width - 2)) or ["–"]
    return (head.upper(), *(f"  {line}" for line in body), "")
