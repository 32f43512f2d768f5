"""Forks on the command line: a change after an event, and errors that teach."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.cli import main
from simulator.trace.event import Intervened
from simulator.trace.recording import read, write
from tests.fork.forked import moment
from tests.lessons_in_scenarios.played import play

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
    assert [one.after for one in recorded.header.scenario.interventions] == [RCPT]
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
        ("0=dns SERVFAIL", "event 0 asks no question"),
        ("5=explode", "is no change: begin with one of reply, say"),
        ("5=dns kantor.example A 10 mx.example", "is no data of a A record"),
    ],
)
def test_a_fork_that_cannot_be_is_explained(
    capsys: pytest.CaptureFixture[str], change: str, said: str
) -> None:
    status, out, err = run(capsys, "run", "two-domains", "--fork", change)
    assert (status, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1


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


def test_a_password_stays_out_of_a_recording_unless_it_is_wanted(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "run.jsonl"
    assert run(capsys, "run", "same-domain", "--record", str(file))[0] == 0
    assert b"rahasia" not in file.read_bytes()
    status, out, _ = run(capsys, "run", "same-domain", "--with-passwords", "--record", str(file))
    assert status == 0
    assert b"PASS rahasia" in file.read_bytes()
    assert "PASS rahasia" in out
    back = read(file)
    write(file, back.header, back.events)
    assert b"rahasia" not in file.read_bytes()
