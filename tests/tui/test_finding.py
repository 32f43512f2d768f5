"""Going to what one looks for, leaving out what one does not want, and taking things along."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Input

from simulator.lessons.language import catalogue
from simulator.tui.keys import GROUPS, LIBRARY_KEYS, PLAYER_KEYS
from simulator.tui.screens.asking import AskScreen
from simulator.tui.screens.choosing import ChoiceScreen
from simulator.tui.screens.player import PlayerScreen
from tests.tui.theatre import Theatre, events_of, play

WORDS = catalogue("en")


def notices(stage: Theatre) -> list[str]:
    return [notice.message for notice in stage.app._notifications]


async def typed(stage: Theatre, text: str, *more: str) -> None:
    stage.app.screen.query_one(Input).value = text
    await stage.pilot.pause()
    await stage.press(*more)
    await stage.app.workers.wait_for_complete()
    await stage.pilot.pause()


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_g_goes_to_an_event_and_says_what_it_does_not_understand() -> None:
    async def act(stage: Theatre) -> None:
        await stage.press("g")
        assert isinstance(stage.app.screen, AskScreen)
        await typed(stage, "soon", "enter")
        assert isinstance(stage.app.screen, AskScreen)
        assert "Write an event from 0 to 157" in stage.text()
        await typed(stage, "98", "enter")
        assert stage.cursor == 99
        assert "event 98/157" in stage.rows()[0]
        await stage.press("g", "escape")
        assert isinstance(stage.app.screen, PlayerScreen)
        assert stage.cursor == 99

    play(act)


def test_a_text_is_searched_marked_and_found_again_in_both_directions() -> None:
    async def act(stage: Theatre) -> None:
        await stage.press("slash")
        await typed(stage, "ok: QUEUED", "enter")
        first = stage.cursor
        assert "Ok: queued as" in stage.text()
        accent = stage.screen.palette.accent.lower()
        marked = {
            segment.text
            for strip in stage.strips()
            for segment in strip
            if segment.style and segment.style.bgcolor and segment.style.bgcolor.name == accent
        }
        assert "Ok: queued" in marked
        await typed_keys(stage, "n")
        assert stage.cursor > first
        await typed_keys(stage, "N")
        assert stage.cursor == first
        await typed_keys(stage, "N")
        assert WORDS.say("ui.say.search_wrapped") in notices(stage)
        await stage.press("escape")
        assert stage.screen.needle == ""

    play(act)


async def typed_keys(stage: Theatre, *keys: str) -> None:
    await stage.press(*keys)
    await stage.app.workers.wait_for_complete()
    await stage.pilot.pause()


def test_what_stands_nowhere_is_said_and_nothing_moves() -> None:
    async def act(stage: Theatre) -> None:
        await stage.press("2")
        before = stage.cursor
        await stage.press("slash")
        await typed(stage, "no [b]such[/] \x1b[2Jtext", "enter")
        assert stage.cursor == before
        assert notices(stage)[-1].endswith("no [b]such[/] ␛[2Jtext")

    play(act)


@pytest.mark.parametrize("key", ["n", "N"])
def test_without_a_search_n_says_how_to_begin_one(key: str) -> None:
    async def act(stage: Theatre) -> None:
        await stage.press(key)
        assert stage.cursor == 0
        assert notices(stage) == ["Search for something first: /"]

    play(act)


def test_what_a_key_said_goes_when_another_key_says_something() -> None:
    async def act(stage: Theatre) -> None:
        await stage.press("plus", "plus", "plus", "n", "minus")
        assert len(notices(stage)) == 1
        assert "speed" in notices(stage)[0].lower()

    play(act)


def test_no_failure_among_what_is_shown_is_not_no_failure_at_all() -> None:
    async def act(stage: Theatre) -> None:
        await stage.press("r")
        await typed(stage, "citra@kantor.example", "enter")
        await stage.press("end", "e")
        assert "in what is shown; esc shows everything again" in notices(stage)[-1]
        await stage.press("escape", "end", "e")
        assert notices(stage)[-1] == "No failure that way."

    play(act, "some-refused")


def test_e_goes_from_failure_to_failure_and_h_from_host_to_host() -> None:
    events = events_of("some-refused")

    async def act(stage: Theatre) -> None:
        await stage.press("e")
        first = stage.cursor
        assert "550" in str(events[first - 1].fact) or "unknown" in str(events[first - 1].fact)
        await stage.press("e")
        assert stage.cursor > first
        await stage.press("E")
        assert stage.cursor == first
        await stage.press("home", "E")
        assert WORDS.say("ui.say.no_failure") in notices(stage)
        await stage.press("2", "h")
        host = events[stage.cursor - 1].host
        await stage.press("h")
        assert events[stage.cursor - 1].host != host
        await stage.press("H")
        assert events[stage.cursor - 1].host == host

    play(act, "some-refused")


def test_one_recipient_is_followed_and_escape_shows_everything_again() -> None:
    async def act(stage: Theatre) -> None:
        whole = stage.screen.drive.index.line_count("commands")
        await stage.press("r")
        assert isinstance(stage.app.screen, ChoiceScreen)
        await typed(stage, "dedi", "enter")
        index = stage.screen.drive.index
        assert index.sieve.recipient == "dedi@kantor.example"
        assert index.line_count("commands") < whole
        assert "≡ dedi@kantor.example" in stage.text()
        await stage.press("5", "right", "right")
        event = stage.screen.drive.event
        assert event is not None
        assert index.sieve.passes(event)
        await stage.press("escape")
        assert index.line_count("commands") == whole

    play(act, "some-refused")


def test_only_one_kind_is_shown_and_stepped_through() -> None:
    async def act(stage: Theatre) -> None:
        await stage.press("ampersand", "down", "down", "enter")
        await stage.pilot.pause()
        assert stage.screen.drive.index.sieve.topic == "dns"
        for _ in range(5):
            await stage.press("right")
            event = stage.screen.drive.event
            assert event is not None
            assert event.kind in {"query", "answer"}

    play(act)


def test_a_click_takes_a_choice() -> None:
    async def act(stage: Theatre) -> None:
        await stage.press("ampersand")
        await stage.pilot.click("ChoiceList", offset=(5, 4))
        await stage.pilot.pause()
        assert stage.screen.drive.index.sieve.topic == "failures"

    play(act)


def test_the_line_goes_to_the_clipboard_and_it_is_said_where_it_went() -> None:
    async def act(stage: Theatre) -> None:
        await stage.press("y")
        assert WORDS.say("ui.say.nothing_to_copy") in notices(stage)
        await stage.seek(98)
        await stage.press("y")
        assert stage.app.clipboard.startswith("Received: from pc-ani")
        assert "Sent to the terminal" in notices(stage)[-1]

    play(act)


def test_a_picture_is_saved_and_none_is_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    async def act(stage: Theatre) -> None:
        await stage.seek(98)
        await stage.press("ctrl+s")
        await stage.press("ctrl+s")
        assert files_in(tmp_path) == ["smtpflow-98-2.svg", "smtpflow-98.svg"]
        assert "<svg" in (tmp_path / "smtpflow-98.svg").read_text("utf-8")
        assert "Picture saved: " in notices(stage)[-1]
        monkeypatch.chdir("/proc")
        await stage.press("ctrl+s")
        assert "cannot be saved" in notices(stage)[-1]

    play(act)


def test_every_action_has_a_key_a_word_and_a_place_in_help_and_palette() -> None:
    async def act(stage: Theatre) -> None:
        screen = stage.screen
        commands = {command.title.lower() for command in stage.app.get_system_commands(screen)}
        bound = {
            (binding.key, binding.action)
            for bindings in screen._bindings.key_to_bindings.values()
            for binding in bindings
        }
        for key in PLAYER_KEYS:
            assert key.group in GROUPS
            if not key.is_bound:
                continue
            name = key.action.partition("(")[0]
            owner = stage.app if name.startswith("app.") else screen
            assert hasattr(owner, f"action_{name.removeprefix('app.')}"), key.action
            assert all((one, key.action) in bound for one in key.keys.split(","))
            assert WORDS.say(f"ui.key.{key.word}", n=key.number).lower() in commands
        own = {
            name
            for kind in type(screen).__mro__
            if kind.__module__.startswith("simulator.")
            for name in vars(kind)
            if name.startswith("action_")
        }
        reachable = {key.action.partition("(")[0] for key in PLAYER_KEYS} | {"tab"}
        assert {name.removeprefix("action_") for name in own} <= reachable

    play(act)


def test_every_key_can_be_pressed_at_the_beginning_and_at_the_end() -> None:
    async def act(stage: Theatre) -> None:
        for key in PLAYER_KEYS:
            if not key.is_bound or key.action in {"quit", "picture"}:
                continue
            for place in ("home", "end"):
                await stage.press(place, *key.keys.split(","))
                while not isinstance(stage.app.screen, PlayerScreen):
                    await stage.press("escape")
            assert [strip.cell_length for strip in stage.strips()] == [80] * 24

    play(act, size=(80, 24))


def test_no_key_does_two_things() -> None:
    for keys in (PLAYER_KEYS, LIBRARY_KEYS):
        every = [one for key in keys for one in key.keys.split(",")]
        assert len(every) == len(set(every))
