"""Where a presentation stands, written by one program and followed by another."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from simulator.scenario.loader import load
from simulator.trace.position import Podium, Position, Source, latest

SCENARIO = load(Path(__file__).parents[2] / "scenarios" / "two-domains")
SOURCE = Source(scenario=SCENARIO)


def test_nobody_presents_where_there_is_no_folder(tmp_path: Path) -> None:
    assert latest(tmp_path / "none") is None


def test_whoever_follows_sees_scenario_cursor_and_language(tmp_path: Path) -> None:
    podium = Podium(tmp_path / "stage", SOURCE)
    podium.move(17, "id", "think")
    position = latest(tmp_path / "stage")
    assert position == Position(
        process=os.getpid(), source=SOURCE, cursor=17, language="id", curtain="think"
    )


def test_a_presentation_that_is_left_is_gone(tmp_path: Path) -> None:
    podium = Podium(tmp_path, SOURCE)
    podium.leave()
    podium.leave()
    assert latest(tmp_path) is None
    assert list(tmp_path.iterdir()) == []


def test_one_whose_process_has_died_does_not_go_on(tmp_path: Path) -> None:
    child = os.fork()
    if child == 0:
        Podium(tmp_path, SOURCE)
        os._exit(0)
    os.waitpid(child, 0)
    assert len(list(tmp_path.iterdir())) == 1
    assert latest(tmp_path) is None


def test_on_windows_nobody_is_asked_by_a_signal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Podium(tmp_path, SOURCE)

    def kill(_process: int, _signal: int) -> None:
        pytest.fail("there that is Ctrl+C")

    monkeypatch.setattr(os, "kill", kill)
    monkeypatch.setattr(sys, "platform", "win32")
    assert latest(tmp_path) == Position(process=os.getpid(), source=SOURCE)


@pytest.mark.parametrize("octets", [b"", b"{", b"[1]", b"\xff\xfe", b'{"process": "x"}'])
def test_a_file_that_is_no_position_is_passed_over(tmp_path: Path, octets: bytes) -> None:
    (tmp_path / "1.position").write_bytes(octets)
    assert latest(tmp_path) is None
    Podium(tmp_path, SOURCE)
    assert latest(tmp_path) is not None


def test_others_may_not_look_into_the_folder(tmp_path: Path) -> None:
    Podium(tmp_path / "stage", SOURCE)
    assert (tmp_path / "stage").stat().st_mode & 0o077 == 0


def test_whoever_goes_takes_away_their_own_place_alone(tmp_path: Path) -> None:
    trunk = Podium(tmp_path, SOURCE)
    branch = Podium(tmp_path, Source(recording="branch.jsonl"))
    trunk.take()
    branch.leave()
    position = latest(tmp_path)
    assert position is not None
    assert position.source == SOURCE
    trunk.leave()
    assert latest(tmp_path) is None
