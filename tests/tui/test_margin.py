"""An author's notes and questions on the screen: marks, words, and a stop that is not passed."""

from __future__ import annotations

from simulator.trace.margin import Margin
from simulator.trace.recording import Note
from tests.tui.theatre import Theatre, play

ASKED = Note(after=53, text="What is asked first?", translations={"id": "Apa dulu?"})
MARGIN = Margin((Note(after=49, text="Mind \x1b[2J this."),), (ASKED,))


async def _played_until_it_rests(stage: Theatre) -> None:
    await stage.press("space")
    for _ in range(200):
        if not stage.screen.drive.is_playing:
            return
        stage.wait(60.0)
    raise AssertionError("it plays on and on")


def test_playing_stops_at_a_question_shows_it_and_goes_on_when_told() -> None:
    async def act(stage: Theatre) -> None:
        await stage.seek(40)
        await _played_until_it_rests(stage)
        await stage.pilot.pause()
        assert stage.screen.drive.event is not None
        assert stage.screen.drive.event.seq == 53
        assert "? What is asked first?" in stage.text()
        assert "Before you go on: What is asked first?" in stage.text()
        await _played_until_it_rests(stage)
        assert stage.cursor == len(stage.screen.drive.events)

    play(act, margin=MARGIN)


def test_no_depth_leads_past_a_question() -> None:
    async def act(stage: Theatre) -> None:
        await stage.seek(40)
        for _ in range(14):
            await stage.press("right")
            if stage.screen.stage().questions:
                break
        assert stage.cursor == 54
        await stage.press("right")
        assert stage.cursor > 54

    play(act, margin=MARGIN, depth="story")


def test_a_question_is_seen_in_a_small_window_and_in_the_language_of_the_screen() -> None:
    async def act(stage: Theatre) -> None:
        await stage.seek(54)
        assert "? Apa dulu?" in stage.text()

    play(act, margin=MARGIN, size=(80, 24), language="id")


def test_a_note_stands_in_the_explanation_at_its_event_and_both_on_the_time_line() -> None:
    async def act(stage: Theatre) -> None:
        await stage.seek(49)
        assert "Note: Mind" not in stage.text()
        line = stage.rows()[-2]
        assert 4 < line.index("i") < line.index("?")
        await stage.seek(50)
        assert "Note: Mind" in stage.text()
        assert "\x1b" not in stage.text()

    play(act, margin=MARGIN)


def test_a_margin_that_lies_behind_the_end_marks_nothing() -> None:
    async def act(stage: Theatre) -> None:
        assert "?" not in stage.rows()[-2]

    play(act, margin=Margin((), (Note(after=999_999, text="Never?"),)))


def test_what_would_answer_a_question_is_hidden_until_one_goes_past_it() -> None:
    async def act(stage: Theatre) -> None:
        answer = ";kantor.example. IN MX"
        for cursor in (53, 54):  # before the question one cannot read ahead either
            await stage.seek(cursor)
            assert answer not in stage.text()
            assert "? What follows is hidden until you go on." in stage.text()
        await stage.press("right")
        assert answer in stage.text()
        # Known is known, until it is played anew.
        await stage.press("left")
        assert answer in stage.text()
        await stage.press("end", "space", "space")
        await stage.seek(54)
        assert answer not in stage.text()

    play(act, margin=MARGIN)
