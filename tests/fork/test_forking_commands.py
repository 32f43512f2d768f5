"""Forks on the command line: a change after an event, and errors that teach."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from simulator.cli import main
from simulator.lessons.language import LANGUAGES
from simulator.scenario.deed_words import VERBS
from simulator.scenario.library import library_folder
from simulator.trace.event import Intervened
from simulator.trace.margin import margin_of
from simulator.trace.recording import read, write
from tests.fork.forked import moment
from tests.lessons_in_scenarios.played import play

RECORDED = library_folder() / "recordings" / "greylisting.jsonl"
RCPT = moment(play("two-domains").events, "RCPT")


def run(capsys: pytest.CaptureFixture[str], *line: str) -> tuple[int, str, str]:
    status = main([*line, "--lang", "en"])
    said = capsys.readouterr()
    return status, said.out, said.err


def test_run_tells_the_fork_and_records_it(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "fork.jsonl"
    change = f"{RCPT}=reply 550 5.1.1 Nobody here"
    status, out, _ = run(
        capsys, "run", "two-domains", "--fork", change, "--record", str(file), "--depth", "story"
    )
    assert status == 0
    assert 'the server shall answer "550 5.1.1 Nobody here"' in " ".join(out.split())
    recorded = read(file)
    assert [one.after for one in recorded.header.scenario.forks] == [RCPT]
    assert isinstance(recorded.events[RCPT + 1].fact, Intervened)
    # What was forked can be shown, simulated again, and forked once more.
    assert run(capsys, "show", str(file), "--depth", "story")[1] == out
    assert run(capsys, "run", str(file), "--depth", "story")[1] == out
    assert run(capsys, "run", str(file), "--fork", f"{RCPT + 3}=drop")[0] == 0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("drop", "write the number of an event, =, and a change"),
        ("9999=drop", "this run has no event 9999: its events are 0 to 157"),
        ("0=drop", "event 0 is on no connection"),
        ("0=answer SERVFAIL", "event 0 asks no question"),
        ("5=explode", "is no change: begin with one of reply, answer"),
        ("54=answer 5", "'5' is no data of a MX record"),
        ("30=answer 5", "event 30 asks no question"),
        ("0=at mx9.kantor.example: down", 'unknown host "mx9.kantor.example"'),
        ("0=on RCTP: drop", '"RCTP" is no moment: after "on" write RCPT'),
        ("5=only kantor.example A: answer 10 mx.example", "is no data of a A record"),
    ],
)
def test_a_fork_that_cannot_be_is_explained(
    capsys: pytest.CaptureFixture[str], change: str, said: str
) -> None:
    status, out, err = run(capsys, "run", "two-domains", "--fork", change)
    assert (status, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ('after = 9999\ndo = "drop"', "this run has no event 9999: its events are 0 to"),
        ('after = 0\ndo = "drop"', "event 0 is on no connection"),
    ],
)
def test_what_a_scenario_changes_after_an_event_that_never_comes_is_found(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, change: str, said: str
) -> None:
    file = tmp_path / "sendiri.toml"
    mail = 'from = "ani@kampus.example"\nto = "citra@kantor.example"\nsubject = "Rapat"'
    file.write_text(f"[mail]\n{mail}\n[[change]]\n{change}\n")
    status, out, _ = run(capsys, "check", str(file))
    assert (status, f"{file}: {said}" in out) == (1, True)
    status, out, complaint = run(capsys, "run", str(file))
    assert (status, out, f"{file}: {said}" in complaint) == (2, "", True)


def test_a_change_before_another_one_is_refused_as_it_moves_the_event_of_that(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "fork.jsonl"
    later, earlier = f"{RCPT}=drop", f"{RCPT - 1}=wait 1 s"
    status, out, err = run(capsys, "run", "two-domains", "--fork", later, "--fork", earlier)
    assert (status, out) == (2, "")
    assert f"moves event {RCPT}, which has one: add the earlier first" in err
    assert run(capsys, "run", "two-domains", "--fork", later, "--record", str(file))[0] == 0
    assert run(capsys, "play", str(file), "--fork", earlier)[0] == 2
    anew = f"{RCPT + 1}=drop"
    assert run(capsys, "run", "two-domains", "--fork", earlier, "--fork", anew)[0] == 0


def test_a_recording_that_no_longer_comes_out_so_plays_but_is_not_forked_after_that(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "old.jsonl"
    assert run(capsys, "run", "two-domains", "--record", str(file))[0] == 0
    recorded = read(file)
    line = file.read_text("utf-8").replace("queued as", "put away as")
    file.write_text(line, "utf-8")
    first = next(e.seq for e in read(file).events if e not in recorded.events)
    assert run(capsys, "show", str(file))[0] == 0
    assert run(capsys, "run", str(file), "--fork", f"{first - 1}=wait 1 s")[0] == 0
    status, _, err = run(capsys, "run", str(file), "--fork", f"{first + 5}=wait 1 s")
    assert status == 2
    assert f"simulating it again gives another run from event {first} on" in err


def test_a_branch_of_a_recording_keeps_what_its_author_wrote_up_to_the_fork(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "branch.jsonl"
    whole = margin_of(read(RECORDED).header)
    asked = whole.stops[0].after
    fork = f"{asked}=wait 1 h"
    assert run(capsys, "run", "greylisting.jsonl", "--fork", fork, "--record", str(file))[0] == 0
    kept = margin_of(read(file).header)
    assert kept == whole.until(asked)
    assert kept.stops == whole.stops
    assert kept.notes == ()
    assert 0 < len(kept.chapters) < len(whole.chapters)


def test_a_recording_that_is_simulated_again_keeps_what_its_author_wrote_as_far_as_it_holds(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file, again = tmp_path / "told.jsonl", tmp_path / "again.jsonl"
    recorded = read(RECORDED)
    told = replace(recorded.header, title="Datang lagi nanti", author="Bu Guru")
    write(file, told, recorded.events)
    assert run(capsys, "run", str(file), "--record", str(again))[0] == 0
    assert margin_of(read(again).header) == margin_of(told)
    # The same by a program that once said something else in the middle of it.
    text = file.read_text("utf-8").replace("Greylisted", "Come again")
    file.write_text(text, "utf-8")
    assert run(capsys, "run", str(file), "--record", str(again), "--force")[0] == 0
    kept = margin_of(read(again).header)
    assert kept.stops == told.stops
    assert kept.notes == ()
    assert kept.title == "Datang lagi nanti"


def test_what_an_author_wrote_stands_in_the_transcript_where_it_belongs(
    capsys: pytest.CaptureFixture[str],
) -> None:
    told = run(capsys, "show", "greylisting.jsonl")[1].splitlines()
    places = [
        next(place for place, line in enumerate(told) if wanted in line)
        for wanted in (
            "--- From server to server",
            "question: The server does not know this sender.",
            "<** 450 4.2.0",
            "note: A 4 means: not now.",
            "Connection closed",
        )
    ]
    last = max(place for place, line in enumerate(told) if "Connection closed" in line)
    assert [*places[:-1], last] == sorted([*places[:-1], last])
    assert told[places[1] - 1] == told[places[1] + 1] == ""


def test_an_export_can_be_of_a_fork_and_of_another_mail(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    change = f"{RCPT}=reply 550 5.1.1 Nobody here"
    file = tmp_path / "way.mmd"
    to = ("--to", "mermaid", "-o", str(file))
    assert run(capsys, "export", "two-domains", "--fork", change, *to)[0] == 0
    assert "550 5.1.1 Nobody here" in file.read_text("utf-8")
    mail = tmp_path / "mail.eml"
    wanted = ("--subject", "Halo", "--from", "budi@kampus.example", "--seed", "7")
    assert run(capsys, "export", "two-domains", *wanted, "--to", "eml", "-o", str(mail))[0] == 0
    assert b"Subject: Halo\r\n" in mail.read_bytes()
    assert b"From: budi@kampus.example\r\n" in mail.read_bytes()


def test_a_recording_is_exported_as_it_is_and_forked_only_where_it_still_comes_out_so(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "old.jsonl"
    assert run(capsys, "run", "two-domains", "--record", str(file))[0] == 0
    file.write_text(file.read_text("utf-8").replace("queued as", "put away as"), "utf-8")
    target = ["--to", "mermaid", "-o", str(tmp_path / "way.mmd")]
    assert run(capsys, "export", str(file), *target)[0] == 0
    assert "put away as" in (tmp_path / "way.mmd").read_text("utf-8")
    status, _, err = run(capsys, "export", str(file), "--fork", "150=drop", *target, "--force")
    assert status == 2
    assert "so it can be played but not forked after that" in err


def test_a_scenario_is_compared_with_itself_with_another_mail(
    capsys: pytest.CaptureFixture[str],
) -> None:
    status, out, _ = run(capsys, "compare", "two-domains", "--to", "nobody@kantor.example")
    assert status == 0
    assert "mail m1 to nobody@kantor.example does not exist on the left" in " ".join(out.split())


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("run smtp-by-hand --subject x", "--subject: here mail is typed by hand"),
        ("export long-line --to eml --body x", "--body: here mail is typed by hand"),
        ("run greylisting.jsonl --to a@b.example", "--to is for scenarios"),
        ("export greylisting.jsonl --to eml --seed 3", "--seed is for scenarios"),
        ("play greylisting.jsonl --fork 3=drop --subject x", "--subject is for scenarios"),
        ("compare greylisting.jsonl --attach x", "--attach is for scenarios"),
        ("play --fork 3=drop", "--fork changes a run, and none is named"),
        ("compare two-domains --seed 1", "two-domains changes nothing in its run"),
    ],
)
def test_a_change_of_what_cannot_be_changed_is_refused_in_one_line(
    capsys: pytest.CaptureFixture[str], line: str, said: str
) -> None:
    status, out, err = run(capsys, *line.split())
    assert (status, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1


def test_a_password_stays_out_of_a_recording_unless_it_is_wanted(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "run.jsonl"
    assert run(capsys, "run", "same-domain", "--record", str(file))[0] == 0
    assert b"rahasia" not in file.read_bytes()
    wanted = ("--with-passwords", "--force", "--record", str(file))
    status, out, _ = run(capsys, "run", "same-domain", *wanted)
    assert status == 0
    assert b"PASS rahasia" in file.read_bytes()
    assert "PASS rahasia" in out
    back = read(file)
    write(file, back.header, back.events)
    assert b"rahasia" not in file.read_bytes()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_help_names_everything_that_can_be_done(
    capsys: pytest.CaptureFixture[str], language: str
) -> None:
    assert main(["run", "--help", "--lang", language]) == 0
    words = capsys.readouterr().out.replace(",", " ").split()
    assert set(VERBS) <= set(words)
