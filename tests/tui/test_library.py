"""The library: chapters, what was seen, recordings, and files of one's own."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from simulator.commands.screen import mistake_in, recordings_in
from simulator.lessons.language import LANGUAGES, Language, catalogue
from simulator.scenario.model import Words
from simulator.scenario.topology import hosts_of
from simulator.trace.recording import Header, Writer
from simulator.tui.app import SmtpFlowApp
from simulator.tui.entry import LibraryEntry
from simulator.tui.keys import LIBRARY_KEYS
from simulator.tui.opened import Run
from simulator.tui.progress import Progress
from simulator.tui.screens.asking import AskScreen
from simulator.tui.screens.help import HelpScreen
from simulator.tui.screens.library import LibraryScreen
from simulator.tui.screens.player import PlayerScreen
from tests.tui.theatre import events_of, scenario


def entry(name: str, chapter: str) -> LibraryEntry:
    words = {"en": Words(title=name.title(), goal="Watch it."), "id": Words(title=name)}
    return LibraryEntry(name=name, words=words, minutes=5, chapter=chapter)


ENTRIES = (
    entry("two-domains", "basics"),
    entry("no-mx", "routing"),
    entry("same-domain", "basics"),
)


def shown(app: SmtpFlowApp) -> str:
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


def opened(name: str) -> Run:
    return Run(name, hosts_of(scenario("same-domain")), events_of("same-domain"))


def visit(
    act: Callable[[SmtpFlowApp, Pilot[None]], Awaitable[None]],
    *,
    progress: Progress | None = None,
    language: Language = "en",
    size: tuple[int, int] = (100, 30),
) -> None:
    app = SmtpFlowApp(
        entries=ENTRIES, open_=opened, progress=progress, check=mistake_in, language=language
    )

    async def happen() -> None:
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            await act(app, pilot)

    asyncio.run(happen())


async def until(app: SmtpFlowApp, pilot: Pilot[None], kind: type) -> None:
    while not isinstance(app.screen, kind):
        await pilot.pause(0.02)


def test_scenarios_stand_under_their_chapter_and_keys_go_from_chapter_to_chapter() -> None:
    async def act(app: SmtpFlowApp, pilot: Pilot[None]) -> None:
        rows = shown(app).splitlines()
        order = [
            next(n for n, row in enumerate(rows) if word in row)
            for word in ("─ Basics ─", "Two-Domains", "Same-Domain", "─ Finding the way ─", "No-Mx")
        ]
        assert order == sorted(order)
        await pilot.press("right_square_bracket")
        assert "▶ · No-Mx" in shown(app)
        await pilot.press("left_square_bracket")
        assert "▶ · Two-Domains" in shown(app)

    visit(act)


def test_a_scenario_seen_to_its_end_is_marked_and_stays_so(tmp_path: Path) -> None:
    file = tmp_path / "state" / "library.json"

    async def act(app: SmtpFlowApp, pilot: Pilot[None]) -> None:
        await pilot.press("enter")
        await until(app, pilot, PlayerScreen)
        await pilot.press("end", "escape")
        await until(app, pilot, LibraryScreen)
        await pilot.pause()
        assert "▶ ✓ Two-Domains" in shown(app)
        assert "seen 1 of 2" in shown(app)

    visit(act, progress=Progress(file))
    assert json.loads(file.read_text("utf-8")) == {"version": 1, "seen": ["two-domains"]}
    assert Progress(file).seen == {"two-domains"}


def test_a_scenario_that_was_only_begun_is_not_marked() -> None:
    progress = Progress()

    async def act(app: SmtpFlowApp, pilot: Pilot[None]) -> None:
        await pilot.press("enter")
        await until(app, pilot, PlayerScreen)
        await pilot.press("3", "escape")

    visit(act, progress=progress)
    assert progress.seen == set()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"seen": 3}', '{"seen": [1, null]}', "[" * 9999])
def test_a_broken_note_of_what_was_seen_is_no_reason_to_end(tmp_path: Path, text: str) -> None:
    file = tmp_path / "library.json"
    file.write_text(text, "utf-8")
    assert Progress(file).seen == set()


def test_where_it_cannot_be_noted_it_is_said_and_the_run_goes_on(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where a folder should be", "utf-8")

    async def act(app: SmtpFlowApp, pilot: Pilot[None]) -> None:
        await pilot.press("enter")
        await until(app, pilot, PlayerScreen)
        await pilot.press("end")
        await pilot.pause()
        said = [notice.message for notice in app._notifications]
        assert any("cannot be written down" in one for one in said)
        assert isinstance(app.screen, PlayerScreen)

    visit(act, progress=Progress(tmp_path / "state" / "library.json"))


def test_a_file_is_opened_by_its_path_which_is_checked_while_it_is_typed(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[mail]\nfrom = "ani@kampus.example"\nto = "citra@kantor.example"\n', "utf-8")
    bad = tmp_path / "bad.toml"
    bad.write_text('[mail]\nfrom = "ani"\n', "utf-8")

    async def act(app: SmtpFlowApp, pilot: Pilot[None]) -> None:
        await pilot.press("o")
        assert isinstance(app.screen, AskScreen)
        line = app.screen.query_one(Input)
        for typed in ("no-such.toml", str(bad), "no-such.jsonl", "\x1b[2J"):
            line.value = typed
            await pilot.press("enter")
            await pilot.pause()
            assert isinstance(app.screen, AskScreen), typed
            assert "\x1b" not in shown(app)
        line.value = str(own)
        await pilot.press("enter")
        await until(app, pilot, PlayerScreen)

    visit(act)


def test_recordings_in_a_folder_are_offered_and_other_files_are_not(tmp_path: Path) -> None:
    one = scenario("same-domain")
    with Writer(tmp_path / "run.jsonl", Header(scenario=one, hosts=hosts_of(one))) as out:
        for event in events_of("same-domain"):
            out.write(event)
    (tmp_path / "other.jsonl").write_text('{"a": 1}\n', "utf-8")
    found = recordings_in(tmp_path)
    assert [(one.words["en"].title, one.kind) for one in found] == [("run.jsonl", "recording")]
    assert mistake_in(str(tmp_path / "run.jsonl"), "en") == ""
    assert "there is no such file" in mistake_in(str(tmp_path / "none.jsonl"), "en")
    assert "~nobody-here is nobody's folder" in mistake_in("~nobody-here/run.jsonl", "en")
    assert mistake_in(" ", "en") == "write a path; esc opens nothing"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_of_the_library_has_a_word_a_place_in_help_and_in_the_palette(
    language: Language,
) -> None:
    words = catalogue(language)

    async def act(app: SmtpFlowApp, pilot: Pilot[None]) -> None:
        titles = {command.title.lower() for command in app.get_system_commands(app.screen)}
        await pilot.press("question_mark")
        assert isinstance(app.screen, HelpScreen)
        text = shown(app)
        await pilot.press("escape")
        for key in LIBRARY_KEYS:
            word = words.say(f"ui.key.{key.word}")
            assert word in text
            assert not key.is_bound or word.lower() in titles
            assert not key.is_bound or hasattr(app.screen, f"action_{key.action}")

    visit(act, language=language, size=(100, 50))


def test_a_click_on_a_key_of_the_library_does_what_the_key_does() -> None:
    async def act(app: SmtpFlowApp, pilot: Pilot[None]) -> None:
        column = shown(app).splitlines()[-1].index("open a file")
        await pilot.click("#keys", offset=(column, 0))
        await pilot.pause()
        assert isinstance(app.screen, AskScreen)

    visit(act)


def test_a_scenario_is_found_by_words_of_its_title_or_its_chapter() -> None:
    async def act(app: SmtpFlowApp, pilot: Pilot[None]) -> None:
        await pilot.press("slash", *"basics")
        await pilot.pause()
        assert "No-Mx" not in shown(app)
        assert "Same-Domain" in shown(app)
        await pilot.press("space", *"same", "enter")
        await pilot.pause()
        assert "Two-Domains" not in shown(app)
        assert "“basics same”: 1 of 3, esc shows all" in shown(app)
        await pilot.press("enter")
        await until(app, pilot, PlayerScreen)
        await pilot.press("escape")
        await until(app, pilot, LibraryScreen)
        await pilot.press("escape")
        await pilot.pause()
        assert "No-Mx" in shown(app)
        assert "Two-Domains" in shown(app)

    visit(act)


def test_words_that_no_scenario_has_are_told_and_leave_all_of_them() -> None:
    async def act(app: SmtpFlowApp, pilot: Pilot[None]) -> None:
        await pilot.press("slash", *"pigeon")
        await pilot.pause()
        assert "No scenario has these words." in shown(app)
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, AskScreen)
        await pilot.press("escape")
        await pilot.pause()
        assert "Two-Domains" in shown(app)

    visit(act)
