"""The teacher's notes: what is on the screen, why, and what comes next."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.engine.simulate import simulate
from simulator.lessons.asking import question_before
from simulator.lessons.language import LANGUAGES, Language, catalogue
from simulator.scenario.loader import load
from simulator.scenario.model import Words
from simulator.scenario.topology import hosts_of
from simulator.trace.event import Reply
from simulator.trace.margin import Margin
from simulator.trace.player import Player
from simulator.trace.recording import Note
from simulator.views.notes import notes

SCENARIO = load(Path(__file__).parents[2] / "scenarios" / "two-domains")
EVENTS = tuple(simulate(SCENARIO))


def told(cursor: int, language: Language = "en", width: int = 80) -> str:
    player = Player(hosts_of(SCENARIO), EVENTS)
    player.seek(cursor)
    return "\n".join(notes(player, SCENARIO.words[language], language, width))


def test_before_the_first_event_they_say_what_the_run_is_for() -> None:
    text = told(0)
    assert text.startswith("NOTES  From one domain to another\nevent – of 157")
    assert "WHAT THIS SHOWS" in text
    assert "Ani" in text.partition("NEXT")[2]


def test_at_an_event_they_say_what_why_and_what_comes() -> None:
    cursor = next(n for n, e in enumerate(EVENTS, 1) if getattr(e.fact, "code", 0) == 354)
    text = told(cursor)
    now, _, coming = text.partition("NEXT")
    assert "ON THE SCREEN" in now
    assert "WHY" in now
    assert "RFC 5321" in now
    assert coming.count("THEN") == 2


def test_at_the_end_there_is_nothing_more() -> None:
    assert told(len(EVENTS)).rstrip().endswith("Nothing more: this is the end of the run.")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [40, 80, 100])
def test_every_line_fits_at_every_event(language: Language, width: int) -> None:
    player = Player(hosts_of(SCENARIO), EVENTS)
    for cursor in range(0, len(EVENTS) + 1, 7):
        player.seek(cursor)
        lines = notes(player, SCENARIO.words[language], language, width)
        assert max(map(len, lines)) <= width


def test_nothing_in_them_acts_on_a_terminal() -> None:
    player = Player(hosts_of(SCENARIO), EVENTS)
    text = "\n".join(notes(player, Words(title="a\x1b[2J", goal="b\x9b\u202e"), "en", 80))
    assert "a␛[2J" in text
    assert not set(text) & set("\x1b\x9b\u202e")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_question_never_gives_the_answer_away(language: Language) -> None:
    player = Player(hosts_of(SCENARIO), EVENTS)
    for event in EVENTS:
        question = question_before(event, player.scene, catalogue(language))
        assert question.endswith("?")
        if isinstance(event.fact, Reply):
            assert str(event.fact.code) not in question


def test_what_the_author_asks_and_notes_comes_first() -> None:
    player = Player(hosts_of(SCENARIO), EVENTS)
    player.seek(10)
    seq = EVENTS[9].seq
    margin = Margin((Note(after=seq, text="Mind this."),), (Note(after=seq, text="And now?"),))
    text = "\n".join(notes(player, SCENARIO.words["en"], "en", 80, margin))
    assert text.index("ASK THE CLASS\n  And now?") < text.index("Mind this.")
    assert text.index("NOTE OF THE AUTHOR\n  Mind this.") < text.index("ON THE SCREEN")
