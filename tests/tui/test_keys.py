"""Every key does what the help says it does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from textual.screen import Screen

from simulator.lessons.language import LANGUAGES, Language, catalogue
from simulator.scenario.topology import hosts_of
from simulator.trace.steps import DEPTHS
from simulator.tui.app import SmtpFlowApp
from simulator.tui.keys import COMPOSE_KEYS, LIBRARY_KEYS, PLAYER_KEYS
from simulator.tui.opened import Run
from simulator.tui.palette import PALETTES
from simulator.tui.screens.compose import ComposeScreen
from simulator.tui.screens.help import HelpScreen
from simulator.tui.screens.player import PlayerScreen
from simulator.tui.widgets.key_bar import Entry, KeyBar
from simulator.tui.widgets.panel import Panel
from tests.tui.theatre import Theatre, events_of, place_of, play, scenario


def test_the_arrows_go_one_event_forward_and_back() -> None:
    async def act(stage: Theatre) -> None:
        await stage.press("right", "right", "right")
        assert stage.cursor == 3
        await stage.press("left")
        assert stage.cursor == 2

    play(act)


def test_home_and_end_go_before_everything_and_after_everything() -> None:
    async def act(stage: Theatre) -> None:
        await stage.press("end")
        assert stage.cursor == len(events_of("two-domains"))
        await stage.press("home")
        assert stage.cursor == 0

    play(act)


@pytest.mark.parametrize(
    ("forth", "back"),
    [("right_square_bracket", "left_square_bracket"), ("shift+right", "shift+left")],
)
def test_brackets_and_shifted_arrows_go_from_step_to_step(forth: str, back: str) -> None:
    async def act(stage: Theatre) -> None:
        steps = []
        for _ in range(6):
            await stage.press(forth)
            event = stage.screen.drive.event
            assert event is not None
            steps.append(event.step)
        assert steps[:4] == [1, 2, 3, 4]
        after = stage.cursor
        await stage.press(back)
        assert stage.cursor < after

    play(act)


@pytest.mark.parametrize("step", range(1, 7))
def test_a_digit_goes_to_the_first_event_of_that_step(step: int) -> None:
    async def act(stage: Theatre) -> None:
        await stage.press(str(step))
        first = next(n for n, e in enumerate(events_of("two-domains"), 1) if e.step == step)
        assert stage.cursor == first

    play(act)


def test_a_step_that_does_not_happen_is_said_and_nothing_moves() -> None:
    async def act(stage: Theatre) -> None:
        await stage.press("3")
        before = stage.cursor
        await stage.press("4")
        assert stage.cursor == before
        said = [notice.message for notice in stage.app._notifications]
        assert said == ["Step 4 does not happen in this run."]

    play(act, "same-domain")


def test_space_plays_and_pauses() -> None:
    async def act(stage: Theatre) -> None:
        await stage.press("space")
        assert "▶ PLAYING" in stage.rows()[0]
        stage.wait(60)
        assert stage.cursor == 1
        await stage.press("space")
        assert "‖ PAUSED" in stage.rows()[0]
        stage.wait(60)
        assert stage.cursor == 1

    play(act)


def test_playing_ends_at_the_end_and_space_begins_again() -> None:
    async def act(stage: Theatre) -> None:
        await stage.press("end", "left", "space")
        stage.wait(60)
        stage.wait(60)
        await stage.pilot.pause()
        assert "■ THE END" in stage.rows()[0]
        await stage.press("space")
        assert stage.cursor == 0
        assert "▶ PLAYING" in stage.rows()[0]

    play(act)


def test_plus_and_minus_change_the_speed_between_a_quarter_and_four() -> None:
    async def act(stage: Theatre) -> None:
        await stage.press("plus", "plus", "plus")
        assert " 4× " in stage.rows()[0]
        await stage.press("minus", "minus", "minus", "minus", "minus")
        assert " ¼× " in stage.rows()[0]

    play(act)


def test_twice_the_speed_takes_half_the_time() -> None:
    async def act(stage: Theatre) -> None:
        await stage.press("space")
        slow = stage.screen.drive._pace.dwell
        await stage.press("plus")
        assert stage.screen.drive._pace.dwell == slow / 2

    play(act)


def test_d_goes_round_the_three_depths() -> None:
    async def act(stage: Theatre) -> None:
        seen = []
        for _ in DEPTHS:
            await stage.press("d")
            seen.append(stage.screen.drive.depth)
        assert seen == ["bytes", "story", "commands"]

    play(act)


def test_a_coarser_depth_shows_fewer_lines_and_stops_less_often() -> None:
    async def act(stage: Theatre) -> None:
        index = stage.screen.drive.index
        story, commands, all_of_it = (index.line_count(depth) for depth in DEPTHS)
        assert story < commands < all_of_it
        await stage.press("right", "right")
        assert stage.screen.drive.event is not None
        assert stage.screen.drive.event.kind == "connected"

    play(act, depth="story")


def test_l_changes_the_language_while_it_runs() -> None:
    async def act(stage: Theatre) -> None:
        await stage.press("2")
        assert "What it means" in stage.text()
        await stage.press("l")
        assert "Artinya" in stage.text()
        assert "What it means" not in stage.text()
        assert "Dari satu domain ke domain lain" in stage.rows()[0]

    play(act)


def test_t_goes_round_the_themes() -> None:
    async def act(stage: Theatre) -> None:
        seen = [stage.app.theme]
        for _ in PALETTES:
            await stage.press("t")
            seen.append(stage.app.theme)
        assert seen == [*PALETTES, "smtpflow-dark"]

    play(act)


@pytest.mark.parametrize("key", ["m", "f10"])
def test_the_panel_with_the_focus_is_made_large_and_small_again(key: str) -> None:
    async def act(stage: Theatre) -> None:
        await stage.press("tab", key)
        panel = stage.screen.query_one("#transcript", Panel)
        assert stage.screen.maximized is panel
        assert panel.size.height > 30
        await stage.press(key)
        assert stage.screen.maximized is None

    play(act)


def test_without_a_focus_the_map_is_made_large_and_escape_brings_all_back() -> None:
    async def act(stage: Theatre) -> None:
        await stage.press("2", "m")
        assert stage.screen.query_one("#map").size.height > 25
        assert not stage.screen.query_one("#panels").display
        assert "MAIL FROM" in stage.text()
        await stage.press("escape")
        assert stage.screen.query_one("#map").size.height < 20
        assert stage.screen.query_one("#panels").display

    play(act)


@pytest.mark.parametrize("key", ["question_mark", "f1"])
def test_the_help_names_every_key_and_closes(key: str) -> None:
    async def act(stage: Theatre) -> None:
        await stage.press(key)
        assert isinstance(stage.app.screen, HelpScreen)
        shown = stage.text()
        for entry in PLAYER_KEYS:
            if not entry.number:
                assert entry.shown in shown
                assert catalogue("en").say(f"ui.key.{entry.word}") in shown
        await stage.press("escape")
        assert isinstance(stage.app.screen, PlayerScreen)

    play(act, size=(120, 80))


def test_tab_moves_the_focus_and_lists_do_not_eat_the_keys_that_move_the_story() -> None:
    async def act(stage: Theatre) -> None:
        await stage.press("tab")
        assert stage.app.focused is not None
        await stage.press("end")
        assert stage.cursor == len(events_of("two-domains"))
        await stage.press("home", "right")
        assert stage.cursor == 1

    play(act)


def test_the_palette_finds_every_action() -> None:
    async def act(stage: Theatre) -> None:
        names = {command.title for command in stage.app.get_system_commands(stage.screen)}
        words = catalogue("en")
        for entry in PLAYER_KEYS:
            if entry.is_bound:
                name = words.say(f"ui.key.{entry.word}", n=entry.number)
                assert name[:1].upper() + name[1:] in names
        await stage.press("ctrl+p")
        await stage.pilot.press(*"next step")
        await stage.pilot.pause(0.5)
        await stage.pilot.press("down", "enter")
        await stage.pilot.pause(0.2)
        assert stage.cursor == 1

    play(act)


def test_a_palette_in_which_nothing_fits_says_so_in_the_language_of_the_screen() -> None:
    async def act(stage: Theatre) -> None:
        await stage.press("ctrl+p")
        await stage.pilot.press(*"zzqx")
        while "zzqx" not in stage.text() or "cocok" not in stage.text():
            await stage.pilot.pause(0.01)
        assert "Tidak ada yang cocok" in stage.text()
        assert "No matches" not in stage.text()

    play(act, language="id")


def test_language_and_colours_change_in_the_help_too() -> None:
    async def act(stage: Theatre) -> None:
        await stage.press("question_mark", "l")
        assert "Bagaimana kalau, dan ikut serta" in stage.text()
        theme = stage.app.theme
        await stage.press("t")
        assert stage.app.theme != theme
        await stage.press("escape")
        assert stage.screen.language == "id"

    play(act, size=(120, 40))


def test_q_quits_with_status_0() -> None:
    seen = []

    async def act(stage: Theatre) -> None:
        await stage.press("q")
        seen.append(stage.app.return_code)

    play(act)
    assert seen == [0]


def test_a_click_on_a_step_a_box_or_a_line_goes_there() -> None:
    async def act(stage: Theatre) -> None:
        await stage.pilot.click("#steps", offset=(30, 0))
        await stage.pilot.pause()
        assert stage.screen.drive.event is not None
        assert stage.screen.drive.event.step == 2
        floor = stage.screen.query_one("#map")._floor  # type: ignore[attr-defined]
        box = floor.box_of("pc-citra.kantor.example")
        await stage.pilot.click("#map", offset=(box.x + 2, box.y + 2))
        await stage.pilot.pause()
        assert stage.screen.drive.event.host == "pc-citra.kantor.example"
        await stage.press("home")
        await stage.pilot.click("#transcript LineView", offset=(20, 1))
        await stage.pilot.pause()
        assert stage.cursor == 2

    play(act)


def footer(screen: Screen[Any]) -> list[Entry]:
    """What the last row of a screen shows."""
    bar = screen.query_one(KeyBar)
    return bar.entries(bar.size.width)


def show_a_run_of_the_library(app: SmtpFlowApp) -> None:
    one = scenario("two-domains")
    run = Run("t", hosts_of(one), events_of("two-domains"), scenario=one)
    app.play(run, "en").can_ask_real_dns = True


OPENERS: dict[str, Callable[[SmtpFlowApp], object]] = {
    "player": show_a_run_of_the_library,
    "library": lambda _: None,
    "compose": lambda app: app.push_screen(ComposeScreen()),
}


@pytest.mark.parametrize("name", OPENERS)
def test_every_key_of_every_footer_can_be_clicked(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each, in a window so wide that all of them are shown, does the action of its key."""

    async def act() -> None:
        app = SmtpFlowApp(entries=[])
        async with app.run_test(size=(300, 40)) as pilot:
            await pilot.pause()
            OPENERS[name](app)
            await pilot.pause()
            done: list[str] = []

            async def note(action: str) -> None:
                done.append(action)

            monkeypatch.setattr(app.screen, "run_action", note)
            shown = footer(app.screen)
            assert len(shown) == len([key for key in TABLES[name] if key.footer])
            for entry in shown:
                await pilot.click("#keys", offset=(entry.x, 0))
                await pilot.click("#keys", offset=(entry.x + entry.width - 1, 0))
                assert done == [entry.key.action] * 2
                done.clear()
            await pilot.click("#keys", offset=(0, 0))
            assert done == []

    asyncio.run(act())


TABLES = {"player": PLAYER_KEYS, "library": LIBRARY_KEYS, "compose": COMPOSE_KEYS}


def test_a_click_on_a_key_in_the_footer_does_what_the_key_does() -> None:
    async def act(stage: Theatre) -> None:
        column = stage.rows()[-1].index("← →")
        await stage.pilot.click("#keys", offset=(column, 0))
        await stage.pilot.pause()
        assert stage.cursor == 1

    play(act)


@pytest.mark.parametrize("language", LANGUAGES)
def test_at_80_columns_the_footer_shows_how_to_play_to_change_and_to_take_part(
    language: Language,
) -> None:
    async def act(stage: Theatre) -> None:
        words = catalogue(language)
        for shown, word in (
            ("space", "run"),
            ("← →", "move"),
            ("[ ]", "step_move"),
            ("f", "otherwise"),
            ("i", "join"),
            ("?", "help"),
        ):
            assert f"{shown} {words.say(f'ui.key.{word}')}" in stage.rows()[-1]

    play(act, size=(80, 24), language=language)


def test_where_something_can_be_done_at_this_moment_its_key_comes_first() -> None:
    async def act(stage: Theatre) -> None:
        decided = place_of("two-domains", lambda e: getattr(e.fact, "rule", "") == "route.mx")
        await stage.seek(decided)
        assert stage.rows()[-1].startswith(" i choose the way")
        await stage.seek(place_of("two-domains", lambda e: e.kind == "stored"))
        assert stage.rows()[-1].startswith(" i be the reader")
        await stage.press("home")
        assert stage.rows()[-1].startswith(" space play")

    play(act)


def test_the_footer_names_the_real_dns_where_it_can_be_asked() -> None:
    async def act(stage: Theatre) -> None:
        asks = place_of("two-domains", lambda e: getattr(e.fact, "type", "") == "MX")
        await stage.seek(asks)
        assert "real DNS" not in stage.rows()[-1]
        stage.screen.can_ask_real_dns = True
        await stage.seek(asks)
        assert stage.rows()[-1].startswith(" D real DNS")

    play(act)


def test_esc_is_in_the_footer_where_it_leads_back() -> None:
    async def act(stage: Theatre) -> None:
        assert "esc" not in stage.rows()[-1]
        await stage.press("ampersand", "down", "enter")
        assert "esc back" in stage.rows()[-1]
        await stage.press("escape")
        assert "esc" not in stage.rows()[-1]

    play(act)


@pytest.mark.parametrize("language", LANGUAGES)
def test_in_the_narrowest_window_the_footer_still_shows_the_help(language: Language) -> None:
    async def act(stage: Theatre) -> None:
        assert f"? {catalogue(language).say('ui.key.help')}" in stage.rows()[-1]

    play(act, size=(60, 20), language=language)


def test_the_end_of_a_run_that_still_grows_is_followed_until_one_goes_back() -> None:
    known = events_of("two-domains")

    async def act(stage: Theatre) -> None:
        screen = stage.screen
        screen.drive.is_growing = True
        await stage.press("end")
        assert "its end is followed" in " ".join(one.message for one in stage.app._notifications)
        screen.extend(known[50:90])
        assert stage.cursor == 90
        await stage.press("left")
        here = stage.cursor
        screen.extend(known[90:])
        assert stage.cursor == here

    play(act, events=list(known[:50]))
