"""The program as a whole: runs that are still being made, the library, and a real terminal."""

from __future__ import annotations

import asyncio
import os
import pty
import select
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from simulator.lessons.language import LANGUAGES, Language, catalogue
from simulator.scenario import library
from simulator.scenario.model import Words
from simulator.scenario.topology import hosts_of
from simulator.trace.event import Event
from simulator.tui.app import SmtpFlowApp
from simulator.tui.entry import LibraryEntry
from simulator.tui.feeding import feed
from simulator.tui.opened import Run
from simulator.tui.screens.library import LibraryScreen
from simulator.tui.screens.player import PlayerScreen
from tests.tui.theatre import SCENARIOS, Theatre, events_of, play, scenario

WORDS = {"en": Words(title="A [b]title[/]", goal="Go\x1b[2Jal"), "id": Words(title="Judul")}
ENTRIES = (
    LibraryEntry(name="two-domains", words=WORDS, minutes=5, chapter="basics"),
    LibraryEntry(name="same-domain", words={}, minutes=3, chapter="basics"),
)


def test_a_run_that_is_still_being_made_can_be_watched_meanwhile() -> None:
    go_on = threading.Event()
    events = events_of("two-domains")

    def made() -> Iterator[Event]:
        yield from events[:20]
        go_on.wait(10)
        yield from events[20:]

    async def act(stage: Theatre) -> None:
        await until(stage, lambda: len(stage.screen.drive.events) >= 1)
        assert stage.screen.drive.is_growing
        assert "…" in stage.rows()[0]
        await stage.press("right")
        assert stage.cursor == 1
        go_on.set()
        await until(stage, lambda: not stage.screen.drive.is_growing)
        assert len(stage.screen.drive.events) == len(events)
        assert stage.cursor == 1

    play(act, events=made())


def test_a_run_that_breaks_off_says_so_and_what_came_before_can_be_watched() -> None:
    def made() -> Iterator[Event]:
        yield from events_of("two-domains")[:5]
        raise ValueError("no \x1b[2Jmore")

    async def act(stage: Theatre) -> None:
        await until(stage, lambda: bool(stage.screen.problem))
        await stage.press("right")
        view = stage.screen.query_one("#explanation LineView")
        shown = " ".join(view.render_line(y).text.strip() for y in range(3))
        assert "The simulation broke off: ValueError: no ␛[2Jmore" in shown
        assert stage.cursor == 1
        assert isinstance(stage.app.broke_off, ValueError)

    play(act, events=made())


def test_events_are_handed_on_at_once_at_first_and_all_of_them() -> None:
    batches: list[list[Event]] = []
    feed(events_of("two-domains"), batches.append, lambda: False)
    assert len(batches[0]) == 1
    assert [event for batch in batches for event in batch] == list(events_of("two-domains"))


def test_a_run_that_nobody_watches_any_more_is_given_up() -> None:
    taken = []

    def endless() -> Iterator[Event]:
        for event in events_of("two-domains") * 1000:
            taken.append(event)
            yield event

    feed(endless(), lambda batch: None, lambda: len(taken) > 10)
    assert len(taken) == 11


def test_the_library_opens_a_scenario_and_escape_comes_back_to_it() -> None:
    opened: list[str] = []

    def open_(name: str) -> Run:
        opened.append(name)
        return Run(name, hosts_of(scenario(name)), iter(events_of(name)))

    app = SmtpFlowApp(entries=ENTRIES, open_=open_)

    async def happen() -> None:
        async with app.run_test(size=(100, 30)) as pilot:
            await pilot.pause()
            shown = "\n".join(strip.text for strip in app.screen._compositor.render_strips())
            assert "A [b]title[/]" in shown
            assert "Go␛[2Jal" in shown
            assert "Basics" in shown
            assert "seen 0 of 2" in shown
            await pilot.press("l")
            assert "Judul" in "\n".join(s.text for s in app.screen._compositor.render_strips())
            await pilot.press("down", "enter")
            while not isinstance(app.screen, PlayerScreen):
                await pilot.pause(0.02)
            assert opened == ["same-domain"]
            assert app.screen.language == "id"
            await pilot.press("escape")
            await pilot.pause()
            assert isinstance(app.screen, LibraryScreen)
            await pilot.press("q")
            assert app.return_code == 0

    asyncio.run(happen())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_chapter_of_every_shipped_scenario_has_words(language: Language) -> None:
    words = catalogue(language)
    chapters = {entry.chapter for entry in library.entries(language)}
    assert [one for one in chapters if f"ui.chapter.{one}" not in words] == []


def test_a_chapter_that_somebody_invents_is_shown_as_it_is() -> None:
    own = LibraryEntry(name="own", words=WORDS, minutes=1, chapter="fisika-2")
    app = SmtpFlowApp(entries=(*ENTRIES, own), open_=None, language="id")

    async def happen() -> None:
        async with app.run_test(size=(100, 30)) as pilot:
            await pilot.pause()
            shown = "\n".join(strip.text for strip in app.screen._compositor.render_strips())
            assert "─ Dasar ─" in shown
            assert "─ Fisika-2 ─" in shown
            assert "1 menit" in shown

    asyncio.run(happen())


def test_a_scenario_that_cannot_be_opened_is_told_and_the_library_stays() -> None:
    def open_(name: str) -> Run:
        raise ValueError(f"{name} is [broken]")

    app = SmtpFlowApp(entries=ENTRIES, open_=open_)

    async def happen() -> None:
        async with app.run_test(size=(100, 30)) as pilot:
            await pilot.press("enter")
            while not app._notifications:
                await pilot.pause(0.02)
            said = [notice.message for notice in app._notifications]
            assert said == ["This scenario cannot be opened: two-domains is [broken]"]
            assert isinstance(app.screen, LibraryScreen)

    asyncio.run(happen())


@pytest.mark.parametrize(
    "surroundings",
    [{}, {"NO_COLOR": "1"}, {"TEXTUAL_ANIMATIONS": "none"}, {"TEXTUAL_COLOR_SYSTEM": "standard"}],
    ids=["plain", "no-colour", "no-motion", "16-colours"],
)
def test_in_a_real_terminal_it_plays_and_quits_with_status_0(surroundings: dict[str, str]) -> None:
    output, status = in_terminal(["space", "right", "l", "q"], surroundings)
    assert status == 0, output[-2000:]
    assert "Traceback" not in output
    assert "ani" in output


KEYS = {"space": b" ", "right": b"\x1b[C", "l": b"l", "q": b"q"}
PROGRAM = """
import sys
from pathlib import Path
from simulator.engine.simulate import simulate
from simulator.scenario.loader import load
from simulator.scenario.topology import hosts_of
from simulator.tui.opened import Run
from simulator.tui.start import run_player
one = load(Path(sys.argv[1]))
sys.exit(run_player(Run("t", hosts_of(one), simulate(one)), words=one.words))
"""


def in_terminal(keys: list[str], surroundings: dict[str, str]) -> tuple[str, int]:
    """The screen on a pseudo terminal of 80x24: press keys, give what was drawn and the status."""
    keeper, terminal = pty.openpty()
    environ = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24"}
    program = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(SCENARIOS / "same-domain" / "scenario.toml")],
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        env={**environ, **surroundings},
        start_new_session=True,
    )
    os.close(terminal)
    drawn = bytearray()
    waiting = list(keys)
    due = time.monotonic() + 60
    while program.poll() is None and time.monotonic() < due:
        ready, _, _ = select.select([keeper], [], [], 0.3)
        if ready:
            try:
                drawn += os.read(keeper, 65536)
            except OSError:
                break
        elif drawn and waiting:
            # It is quiet: whatever was to be drawn, is drawn.
            os.write(keeper, KEYS[waiting.pop(0)])
        if waiting and waiting[0] != "space" and len(drawn) > 2_000_000:
            os.write(keeper, KEYS[waiting.pop(0)])
    program.wait(10)
    os.close(keeper)
    return drawn.decode("utf-8", "replace"), program.returncode


async def until(stage: Theatre, holds: Callable[[], bool]) -> None:
    for _ in range(500):
        if holds():
            await stage.pilot.pause()
            return
        await stage.pilot.pause(0.02)
    raise AssertionError("it never came")
