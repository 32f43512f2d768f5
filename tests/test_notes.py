"""smtpflow notes, as a program beside one that presents."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from simulator.scenario.loader import load
from simulator.trace.position import Podium, Source

SCENARIO = load(Path(__file__).parents[1] / "scenarios" / "two-domains")


def notes(runtime: Path, *options: str) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "XDG_RUNTIME_DIR": str(runtime), "LANG": "C", "LC_ALL": "C.UTF-8"}
    command = [sys.executable, "-m", "simulator", "notes", *options]
    return subprocess.run(
        command, check=False, env=environ, capture_output=True, text=True, timeout=60
    )


@pytest.fixture
def runtime(tmp_path: Path) -> Path:
    tmp_path.chmod(0o700)
    return tmp_path


def test_where_nobody_presents_it_says_how_to_begin(runtime: Path) -> None:
    ended = notes(runtime)
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert "smtpflow play --presenter" in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_it_tells_where_the_presentation_stands_in_its_language(runtime: Path) -> None:
    Podium(runtime / "smtpflow", Source(scenario=SCENARIO)).move(5, "id", "blackout")
    ended = notes(runtime, "--once")
    assert ended.returncode == 0
    assert "CATATAN  Dari satu domain ke domain lain" in ended.stdout
    assert "peristiwa 4 dari 157" in ended.stdout
    assert "Layar sedang gelap" in ended.stdout
    assert "\x1b" not in ended.stdout


def test_a_language_of_its_own_can_be_chosen(runtime: Path) -> None:
    Podium(runtime / "smtpflow", Source(scenario=SCENARIO)).move(5, "id")
    assert "event 4 of 157" in notes(runtime, "--once", "--lang", "en").stdout


def test_what_a_recording_asks_is_told_to_the_teacher(runtime: Path) -> None:
    shipped = Path(__file__).parents[1] / "scenarios" / "recordings" / "two-domains.jsonl"
    Podium(runtime / "smtpflow", Source(recording=str(shipped))).move(54, "en")
    told = notes(runtime, "--once").stdout
    assert "ASK THE CLASS\n  What will the server ask the DNS first" in told
