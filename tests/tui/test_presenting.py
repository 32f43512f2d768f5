"""Before a class: the dark screen, time to think, one panel at a time, notes that follow."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from simulator.scenario.topology import hosts_of
from simulator.trace.position import Podium, Position, Source, latest
from simulator.tui.app import SmtpFlowApp
from simulator.tui.opened import Run
from simulator.tui.screens.curtain import BlackoutScreen, ThinkScreen
from simulator.tui.screens.player import PlayerScreen
from simulator.tui.widgets.panel import Panel
from tests.tui.theatre import Clock, Theatre, events_of, play, scenario


def text(stage: Theatre) -> str:
    return "\n".join(strip.text for strip in stage.app.screen._compositor.render_strips())


def test_b_shows_nothing_and_any_key_shows_the_run_again() -> None:
    async def act(stage: Theatre) -> None:
        await stage.press("right", "b")
        assert isinstance(stage.app.screen, BlackoutScreen)
        assert text(stage).strip() == ""
        await stage.press("right")
        assert isinstance(stage.app.screen, PlayerScreen)
        assert stage.cursor == 1

    play(act)


def test_k_asks_what_comes_and_shows_it_when_the_time_is_over() -> None:
    async def act(stage: Theatre) -> None:
        await stage.press("2", "right", "k")
        before = stage.app.screen_stack[-2]
        assert isinstance(before, PlayerScreen)
        cursor = before.drive.player.cursor
        asking = stage.app.screen
        assert isinstance(asking, ThinkScreen)
        assert "THINK FIRST" in text(stage)
        assert asking.left == 30
        await stage.press("plus", "plus", "minus")
        assert asking.left == 40
        stage.clock.now += 39
        asking.pulse()
        assert asking.left == 1
        stage.clock.now += 1
        asking.pulse()
        await stage.pilot.pause()
        assert stage.cursor > cursor

    play(act)


def test_esc_while_thinking_changes_nothing() -> None:
    async def act(stage: Theatre) -> None:
        await stage.press("right", "k", "escape")
        assert stage.cursor == 1

    play(act)


def test_at_the_end_there_is_nothing_to_think_about() -> None:
    async def act(stage: Theatre) -> None:
        await stage.press("end", "k")
        assert isinstance(stage.app.screen, PlayerScreen)
        said = [notice.message for notice in stage.app._notifications]
        assert said == ["This is the end: nothing comes next."]

    play(act)


def test_u_shows_the_map_alone_then_each_panel_then_all_again() -> None:
    async def act(stage: Theatre) -> None:
        seen = []
        for _ in range(8):
            await stage.press("u")
            shown = stage.screen.maximized
            if stage.screen.has_class("-map"):
                seen.append("map")
            elif isinstance(shown, Panel):
                seen.append(str(shown.id))
            else:
                break
        assert seen[:3] == ["map", "transcript", "explanation"]
        assert stage.screen.maximized is None
        assert not stage.screen.has_class("-map")

    play(act)


def test_the_notes_follow_every_move_until_the_presentation_ends(tmp_path: Path) -> None:
    source = Source(scenario=scenario("two-domains"))
    run = Run("t", hosts_of(scenario("two-domains")), events_of("two-domains"), source)
    app = SmtpFlowApp(run=run, clock=Clock(), present=lambda source: Podium(tmp_path, source))

    def position() -> Position:
        found = latest(tmp_path)
        assert found is not None
        return found

    async def happen() -> None:
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.pause()
            assert position().source == source
            await pilot.press("pagedown", "pagedown", "pagedown", "pageup")
            assert position().cursor == 2
            await pilot.press("l", "b")
            await pilot.pause()
            assert (position().language, position().curtain) == ("id", "blackout")
            await pilot.press("x")
            await pilot.pause()
            assert position().curtain == ""

    asyncio.run(happen())
    assert latest(tmp_path) is None


def test_without_a_presentation_page_down_belongs_to_the_panels() -> None:
    async def act(stage: Theatre) -> None:
        await stage.press("pagedown")
        assert stage.cursor == 0

    play(act)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_a_panel_alone_is_as_wide_as_the_window_and_says_how_one_comes_back(
    size: tuple[int, int],
) -> None:
    async def act(stage: Theatre) -> None:
        await stage.press("2", "u", "u")
        panel = stage.screen.maximized
        assert panel is not None
        assert panel.size == size
        assert "esc: all panels" in stage.rows()[0]
        await stage.press("escape")
        assert "esc: all panels" not in stage.text()

    play(act, size=size)
