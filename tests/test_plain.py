"""Plain mode: lines that stay, no escape, no redraw; and a page as wide as the terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

from simulator.lessons.language import LANGUAGES, Language
from simulator.scenario.loader import load
from simulator.scenario.topology import hosts_of
from simulator.trace.steps import DEPTHS, Depth
from simulator.views.transcript import NARROWEST, narrate, narrate_by_event
from tests.tui.theatre import events_of

SCENARIOS = Path(__file__).parents[1] / "scenarios"


def in_terminal(arguments: list[str], answers: list[str], columns: int) -> str:
    """What the program writes to a terminal so wide, each answer given when it is quiet."""
    keeper, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    surroundings = {**os.environ, "TERM": "xterm", "PYTHONUNBUFFERED": "1"}
    surroundings.pop("COLUMNS", None)
    program = subprocess.Popen(
        [sys.executable, "-m", "simulator", "--lang", "en", *arguments],
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        env=surroundings,
        start_new_session=True,
    )
    os.close(terminal)
    written = bytearray()
    due = time.monotonic() + 60
    while time.monotonic() < due:
        ready, _, _ = select.select([keeper], [], [], 0.3)
        if ready:
            try:
                written += os.read(keeper, 65536)
            except OSError:
                break
        elif program.poll() is not None:
            break
        elif written and answers:
            os.write(keeper, answers.pop(0).encode() + b"\n")
    assert program.wait(10) == 0
    os.close(keeper)
    return written.decode()


def test_each_enter_tells_one_event_more_and_nothing_is_drawn_over() -> None:
    said = in_terminal(
        ["play", "same-domain", "--plain", "--depth", "story"], ["", "", "q"], columns=80
    )
    assert "\x1b" not in said
    assert "Enter: the next event." in said
    assert "Ani writes to budi@kampus.example and presses send." in said
    assert "What came of it" not in said
    assert all(len(line) < 80 for line in said.splitlines())


def test_a_tells_all_the_rest_as_run_does_at_the_width_of_the_terminal() -> None:
    told = in_terminal(["play", "same-domain", "--plain"], ["a"], columns=64)
    run = in_terminal(["run", "same-domain"], [], columns=64)
    lines = [line for line in run.splitlines() if line]
    assert lines == [line for line in told.splitlines() if line in lines]
    prose = [line for line in run.splitlines() if "·" in line or "Why:" in line]
    assert prose
    assert max(map(len, prose)) < 64


def test_a_stops_where_the_author_of_a_recording_asks_something() -> None:
    told = in_terminal(["play", "greylisting.jsonl", "--plain"], ["a", "q"], columns=80)
    assert told.rstrip().endswith("to RCPT?\r\n\r\nq")
    assert "450 4.2.0" not in told


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("depth", DEPTHS)
def test_the_pieces_are_the_transcript_at_every_width(language: Language, depth: Depth) -> None:
    scenario = load(SCENARIOS / "two-domains")
    title, hosts, events = (
        scenario.words[language].title,
        hosts_of(scenario),
        events_of("two-domains"),
    )
    for width in (1, 40, 72, 96, 500):
        whole = list(narrate(title, hosts, events, language=language, depth=depth, width=width))
        pieces = list(
            narrate_by_event(title, hosts, events, language=language, depth=depth, width=width)
        )
        assert [line for piece in pieces for line in piece.lines] == whole
        assert len(pieces) > 10
        assert all(len(line) < max(width, NARROWEST) + 40 for line in whole if "Why" in line)
