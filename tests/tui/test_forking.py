"""What if, on the screen: a menu at the event, a branch above the run, both side by side."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Input

from simulator.engine.simulate import simulate
from simulator.scenario.change_words import read_change
from simulator.scenario.errors import Place
from simulator.scenario.loader import load
from simulator.scenario.model import Scenario
from simulator.trace import recording
from simulator.trace.asked import asked_at
from simulator.trace.event import Command, Intervened, Query
from simulator.trace.margin import Margin, margin_of
from simulator.trace.recording import Note
from simulator.trace.redaction import redacted
from simulator.tui.opened import Run
from simulator.tui.screens.asking import AskScreen
from simulator.tui.screens.choosing import ChoiceScreen
from simulator.tui.screens.comparing import CompareScreen
from simulator.tui.screens.player import PlayerScreen
from tests.tui.theatre import Theatre, events_of, place_of, play, scenario

RCPT = place_of(
    "two-domains",
    lambda e: isinstance(e.fact, Command) and e.step == 5 and e.fact.line.startswith("RCPT"),
)

QUESTION = place_of(
    "two-domains", lambda e: isinstance(e.fact, Query) and e.fact.type == "MX" and e.step == 4
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

    play(act)


def test_one_goes_from_branch_to_branch_by_key_by_click_and_by_the_palette() -> None:
    async def act(stage: Theatre) -> None:
        await stage.press("B", "F")
        assert isinstance(stage.app.screen, PlayerScreen)  # no branch yet: nowhere to go
        await stage.seek(RCPT)
        await branch(stage, *"busy")
        await stage.seek(100)
        await stage.press("escape")
        # The branch is not gone: it stands on the time line, and one finds it as one left it.
        assert "╰─○ after 90, not saved: reply 450" in stage.text()
        await stage.press("B", "enter")
        assert (stage.cursor, stage.screen.branch.name[:9]) == (100, "reply 450")
        # Another one from an event before: it grows from the trunk, and the first one stays.
        await stage.seek(QUESTION)
        await branch(stage, *"nxdomain")
        assert stage.screen.branch.path == (stage.screen.branch.trunk, stage.screen.branch)
        made_from = [one.scenario for one in stage.screen.branch.trunk.rows if one.scenario]
        assert [len(one.forks) for one in made_from] == [0, 1, 1]
        assert f"╰─● after {QUESTION - 1}, not saved: answer NXDOMAIN" in stage.text()
        # The two beside each other.
        await stage.press("F", *"reply", "enter")
        assert isinstance(stage.app.screen, CompareScreen)
        await stage.press("F")
        row = next(y for y, text in enumerate(stage.rows()) if "○ after 90" in text)
        await stage.pilot.click(offset=(stage.rows()[row].index("○"), row))
        await stage.pilot.pause()
        assert (stage.cursor, stage.screen.branch.name[:9]) == (QUESTION, "reply 450")
        names = [one.title for one in stage.app.get_system_commands(stage.screen)]
        assert f"Go to the branch after {QUESTION - 1}, not saved: answer NXDOMAIN" in names

    play(act)


def test_no_branch_is_lost_without_a_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    async def act(stage: Theatre) -> None:
        await stage.seek(RCPT)
        await branch(stage, *"busy")
        await stage.press("escape", "q")
        assert "Not saved: 1. What leaves now is gone." in stage.text()
        await stage.press("enter")
        assert isinstance(stage.app.screen, PlayerScreen)
        await stage.press("q", "down", "enter")
        assert stage.screen.branch.name.startswith("reply 450")
        await stage.press("w", "enter", "q")
        await stage.pilot.pause()
        assert stage.app._exit

    play(act)


def test_a_change_before_the_one_of_a_recording_takes_the_place_of_that_and_says_so() -> None:
    cut = read_change("drop", Place("test"), after=RCPT - 1)
    changed = scenario("two-domains").changed(cut)

    async def act(stage: Theatre) -> None:
        assert stage.screen.origin == changed
        await stage.seek(QUESTION)
        await branch(stage, *"servfail")
        told = [one.message for one in stage.app._notifications]
        assert (
            f"Not in the new branch, as it was changed after a later event: {RCPT - 1}=drop" in told
        )
        assert [one.after for one in stage.screen.branch.scenario.forks] == [QUESTION - 1]
        made = [e.fact.change for e in stage.screen.drive.events if isinstance(e.fact, Intervened)]
        assert made == ["answer"]

    play(act, shown=changed)


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


@pytest.mark.parametrize(
    ("problem", "told"),
    [(ValueError("No [b]such"), "No [b]such"), (KeyError("m1"), "KeyError: 'm1'")],
)
def test_a_branch_that_cannot_be_made_says_why_and_a_bug_is_not_forgotten(
    problem: Exception, told: str
) -> None:
    def breaks(_: Scenario) -> Run:
        raise problem

    async def act(stage: Theatre) -> None:
        stage.app._simulate = breaks
        await stage.seek(RCPT)
        await branch(stage, *"busy")
        assert [one.message for one in stage.app._notifications] == [told]
        assert stage.screen.branch.grown_from is None
        assert stage.app.broke_off is (None if isinstance(problem, ValueError) else problem)

    play(act)


def test_before_the_first_event_there_is_nothing_to_change() -> None:
    async def act(stage: Theatre) -> None:
        await stage.press("home", "f")
        assert isinstance(stage.app.screen, PlayerScreen)
        said = [notice.message for notice in stage.app._notifications]
        assert said[-1].startswith("Maju satu peristiwa dulu")

    play(act, language="id")


def test_the_menu_and_the_comparison_fit_a_small_window() -> None:
    async def act(stage: Theatre) -> None:
        await stage.seek(RCPT)
        await stage.press("f")
        assert "▶ Kotak surat sibuk" in stage.text()
        assert "Perubahan lain, diketik sendiri" in stage.text()
        await stage.press(*"sibuk", "enter")
        await stage.app.workers.wait_for_complete()
        await stage.pilot.pause()
        await stage.press("F")
        assert "Berdampingan" in stage.text()

    play(act, size=(80, 24), language="id")


def test_where_a_branch_parts_is_marked_on_both_time_lines() -> None:
    async def act(stage: Theatre) -> None:
        await stage.seek(RCPT)
        assert "Y" not in stage.rows()[-2]
        await branch(stage, *"busy")
        await stage.press("end")
        mark = stage.rows()[-4].index("Y")
        await stage.press("escape", "end")
        line, trunk, grown = stage.rows()[-4:-1]
        assert abs(line.index("Y") - mark) < 20
        assert trunk.startswith("    ● From one domain to another")
        assert grown.index("╰") == line.index("Y")

    play(act)


def test_a_branch_is_renamed_and_saved_and_plays_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    async def act(stage: Theatre) -> None:
        await stage.press("R")
        assert isinstance(stage.app.screen, PlayerScreen)  # no branch: nothing to rename
        await stage.seek(RCPT)
        await branch(stage, *"busy")
        events = tuple(stage.screen.drive.events)
        await stage.press("R")
        stage.app.screen.query_one(Input).value = "Sibuk"
        await stage.press("enter")
        assert "Sibuk" in stage.rows()[0]
        await stage.press("w", "enter")
        told = [one.message for one in stage.app._notifications]
        assert f"Saved: {tmp_path / 'two-domains-1.jsonl'} (smtpflow play plays it)" in told
        read = recording.read(tmp_path / "two-domains-1.jsonl")
        assert read.header.title == "Sibuk"
        assert read.events == tuple(redacted(events))
        # Or a scenario that one can go on writing.
        await stage.press("w")
        stage.app.screen.query_one(Input).value = "sibuk.toml"
        await stage.press("enter")
        assert (tmp_path / "sibuk.toml").read_text("utf-8").startswith("# Sibuk\n")

    play(act)
    read = recording.read(tmp_path / "two-domains-1.jsonl")
    assert tuple(redacted(simulate(read.header.scenario))) == read.events
    assert tuple(redacted(simulate(load(tmp_path / "sibuk.toml")))) == read.events


def test_a_branch_of_a_recording_keeps_what_its_author_wrote_up_to_the_fork(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    fork = RCPT - 1  # that many events have happened before it
    margin = Margin(
        notes=(Note(after=fork, text="Mind this."), Note(after=fork + 1, text="No more.")),
        stops=(Note(after=3, text="Who is it for?"), Note(after=150, text="And now?")),
        chapters=(Note(after=0, text="Written"),),
        title="Surel pertama",
        author="Bu Guru",
    )

    async def act(stage: Theatre) -> None:
        assert "Surel pertama" in stage.rows()[0]
        await stage.seek(RCPT)
        await branch(stage, *"busy")
        assert "Surel pertama · reply 450" in stage.rows()[0]
        assert stage.screen.drive.margin == margin.until(fork)
        await stage.press("left")
        assert "Mind this." in stage.text()
        await stage.press("w", "enter")

    play(act, title="Surel pertama", margin=margin)
    kept = margin_of(recording.read(tmp_path / "two-domains-1.jsonl").header)
    assert kept.title.startswith("Surel pertama · reply 450")
    assert (kept.author, kept.chapters) == ("Bu Guru", margin.chapters)
    assert [note.text for note in kept.notes] == ["Mind this."]
    assert [stop.text for stop in kept.stops] == ["Who is it for?"]


def test_no_file_is_overwritten_and_a_missing_folder_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.jsonl").write_text("mine")

    async def act(stage: Theatre) -> None:
        await stage.seek(RCPT)
        await branch(stage, *"busy")
        await stage.press("w")
        line = stage.app.screen.query_one(Input)
        for name, said in (("mine", "there is mine.jsonl already"), ("a/b", "no folder a")):
            line.value = name
            await stage.press("enter")
            assert isinstance(stage.app.screen, AskScreen)
            assert said in stage.text()

    play(act)
    assert (tmp_path / "mine.jsonl").read_text() == "mine"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("/", "/ is a folder: write the name of a file in it"),
        (".", ". is a folder"),
        ("..", ".. is a folder"),
        ("mine/", "mine/ is a folder"),
        ("~", "~ is a folder"),
        ("~nobody-here/x", "~nobody-here is nobody's folder here"),
        ("", "write a name for the file"),
        ("a" * 300, "the name is too long"),
    ],
)
def test_what_cannot_be_the_name_of_a_file_is_said_below_it(
    typed: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))

    async def act(stage: Theatre) -> None:
        await stage.seek(RCPT)
        await branch(stage, *"busy")
        await stage.press("w")
        stage.app.screen.query_one(Input).value = typed
        await stage.press("enter")
        assert isinstance(stage.app.screen, AskScreen)
        assert said in stage.text()

    play(act)
    assert not list(tmp_path.iterdir())


def test_a_branch_keeps_its_name_where_none_is_written() -> None:
    async def act(stage: Theatre) -> None:
        await stage.seek(RCPT)
        await branch(stage, *"busy")
        title = stage.screen.branch.title
        await stage.press("R", "ctrl+u", "enter")
        assert "write a name; esc leaves the old one" in stage.text()
        await stage.press("escape")
        assert stage.screen.branch.title == title

    play(act)


@pytest.mark.parametrize("key", ["w", "S"])
def test_a_run_that_is_no_branch_is_saved_too(
    key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    async def act(stage: Theatre) -> None:
        await stage.press(key, "enter", key)
        stage.app.screen.query_one(Input).value = "mine.toml"
        await stage.press("enter")

    play(act)
    read = recording.read(tmp_path / "two-domains-1.jsonl")
    assert read.header.title == "From one domain to another"
    assert read.events == tuple(redacted(events_of("two-domains")))
    assert tuple(simulate(load(tmp_path / "mine.toml"))) == events_of("two-domains")


def test_a_run_that_is_still_being_made_is_saved_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    async def act(stage: Theatre) -> None:
        stage.screen.drive.is_growing = True
        await stage.press("w")
        assert isinstance(stage.app.screen, PlayerScreen)
        told = [one.message for one in stage.app._notifications]
        assert any("not complete yet" in one for one in told)

    play(act)


def test_a_change_that_is_typed_into_the_menu_is_taken_over() -> None:
    async def act(stage: Theatre) -> None:
        await stage.seek(RCPT)
        await stage.press("f", *"wait 3 h", "enter")
        assert isinstance(stage.app.screen, AskScreen)
        assert stage.app.screen.query_one(Input).value == "wait 3 h"
        await stage.press("enter")
        await stage.app.workers.wait_for_complete()
        await stage.pilot.pause()
        assert stage.screen.branch.name == "wait 3 h"
        # What was typed to find the entry is no change.
        await stage.press("f", *"typed", "enter")
        assert stage.app.screen.query_one(Input).value == ""

    play(act)


def test_a_change_that_its_event_has_no_use_for_is_refused_while_it_is_typed() -> None:
    async def act(stage: Theatre) -> None:
        await stage.seek(QUESTION)
        await stage.press("f", *"typed", "enter")
        stage.app.screen.query_one(Input).value = "drop"
        await stage.pilot.pause()
        assert "is on no connection" in stage.text()

    play(act)


def test_from_an_answer_one_is_led_to_where_another_one_can_be_chosen() -> None:
    async def act(stage: Theatre) -> None:
        await stage.press("f")  # at the end nothing was asked
        assert "Another answer" not in stage.text()
        await stage.press("escape")
        events = stage.screen.drive.events
        for asked in (QUESTION, RCPT):
            answer = next(
                place for place in range(asked, len(events)) if asked_at(events, place) == asked - 1
            )
            await stage.seek(answer + 1)
            await stage.press("f", *"asked for", "enter")
            assert isinstance(stage.app.screen, ChoiceScreen)
            await stage.press("escape")
            assert stage.cursor == asked

    play(act)
