"""What if, on the screen: a menu at the event, a branch above the run, both side by side."""

from __future__ import annotations

from textual.widgets import Input

from simulator.trace.event import Command, Intervened
from simulator.tui.screens.asking import AskScreen
from simulator.tui.screens.choosing import ChoiceScreen
from simulator.tui.screens.comparing import CompareScreen
from simulator.tui.screens.player import PlayerScreen
from tests.tui.theatre import Theatre, place_of, play

RCPT = place_of(
    "two-domains",
    lambda e: isinstance(e.fact, Command) and e.step == 5 and e.fact.line.startswith("RCPT"),
)


async def branch(stage: Theatre, *typed: str) -> None:
    """Choose the first thing that the typed letters leave, and wait for the branch."""
    await stage.press("f")
    assert isinstance(stage.app.screen, ChoiceScreen)
    await stage.press(*typed, "enter")
    await stage.app.workers.wait_for_complete()
    await stage.pilot.pause()


def test_a_choice_of_the_menu_grows_a_branch_that_is_left_and_compared() -> None:
    async def act(stage: Theatre) -> None:
        await stage.seek(RCPT)
        whole = tuple(stage.screen.drive.events)
        await branch(stage, *"busy")
        drive = stage.screen.drive
        assert isinstance(drive.event.fact, Intervened) if drive.event else False
        assert stage.cursor == RCPT + 1
        assert tuple(drive.events[:RCPT]) == whole[:RCPT]
        assert "You change the run here" in " ".join(stage.text().split())
        await stage.press("end")
        # Side by side with what it grew from, and back.
        await stage.press("F")
        assert isinstance(stage.app.screen, CompareScreen)
        assert "Both are the same up to event" in stage.text()
        assert "What came of it differs" in stage.text() or await _scrolled(stage)
        await stage.press("F")
        # Back to the run as it was, where it stood.
        await stage.press("escape")
        assert tuple(stage.screen.drive.events) == whole
        assert stage.cursor == RCPT

    play(act, size=(120, 40))


async def _scrolled(stage: Theatre) -> bool:
    await stage.press("end")
    return "What came of it differs" in stage.text()


def test_a_branch_of_a_branch_is_one_step_higher() -> None:
    async def act(stage: Theatre) -> None:
        await stage.seek(RCPT)
        await branch(stage, *"busy")
        await stage.press("right", "right")
        await branch(stage, *"cut")
        depth = len([one for one in stage.app.screen_stack if isinstance(one, PlayerScreen)])
        assert depth == 3
        await stage.press("escape", "escape")
        assert stage.cursor == RCPT
        await stage.press("F")
        assert isinstance(stage.app.screen, PlayerScreen)  # nothing to compare the trunk with

    play(act)


def test_any_other_change_is_typed_and_checked_while_it_is_typed() -> None:
    async def act(stage: Theatre) -> None:
        await stage.seek(RCPT)
        await stage.press("f", *"another", "enter")
        assert isinstance(stage.app.screen, AskScreen)
        line = stage.app.screen.query_one(Input)
        line.value = "explode"
        await stage.press("enter")
        assert isinstance(stage.app.screen, AskScreen)
        assert "is no change" in stage.text()
        line.value = "reply 552 5.2.2 Full"
        await stage.press("enter")
        await stage.app.workers.wait_for_complete()
        await stage.pilot.pause()
        fact = stage.screen.drive.event.fact if stage.screen.drive.event else None
        assert isinstance(fact, Intervened)
        assert fact.text == "552 5.2.2 Full"

    play(act)


def test_before_the_first_event_there_is_nothing_to_change() -> None:
    async def act(stage: Theatre) -> None:
        await stage.press("home", "f")
        assert isinstance(stage.app.screen, PlayerScreen)

    play(act, language="id")


def test_the_menu_and_the_comparison_fit_a_small_window() -> None:
    async def act(stage: Theatre) -> None:
        await stage.seek(RCPT)
        await stage.press("f")
        assert all(len(row) <= 80 for row in stage.rows())
        await stage.press(*"sibuk", "enter")
        await stage.app.workers.wait_for_complete()
        await stage.pilot.pause()
        await stage.press("F")
        assert "Berdampingan" in stage.text()

    play(act, size=(80, 24), language="id")
