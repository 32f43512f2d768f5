"""A terminal that goes away ends the program: it neither spins for nobody nor stays for ever."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from simulator.tui.lost_terminal import HUNG_UP

ROOT = Path(__file__).parents[2]
DEADLINE = 30.0


@contextmanager
def playing(*, controls: bool) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """The program on a terminal of its own, and the terminal's other end, once it has drawn."""
    keeper, terminal = pty.openpty()

    def take() -> None:
        if controls:
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    program = subprocess.Popen(
        [sys.executable, "-m", "simulator", "--lang", "en", "play", "same-domain"],
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        cwd=ROOT,
        env={**os.environ, "TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24"},
        start_new_session=True,
        preexec_fn=take,  # noqa: PLW1509 - no thread runs here
    )
    os.close(terminal)
    drawn = bytearray()
    due = time.monotonic() + DEADLINE
    while b"SMTP Flow" not in drawn:
        assert time.monotonic() < due, drawn.decode("utf-8", "replace")
        if select.select([keeper], [], [], 0.2)[0]:
            drawn += os.read(keeper, 65536)
    try:
        yield program, keeper
    finally:
        program.kill()
        program.wait()


def test_the_hang_up_of_its_own_terminal_ends_it_as_any_program() -> None:
    with playing(controls=True) as (program, keeper):
        os.write(keeper, b" ")
        os.close(keeper)
        # The signal or the program's own watch, whichever is first: a shell says 129 of both.
        assert program.wait(DEADLINE) in {-signal.SIGHUP, HUNG_UP}


@pytest.mark.skipif(not hasattr(select, "poll"), reason="this system has no poll()")
def test_a_terminal_that_goes_without_a_signal_ends_it_too() -> None:
    with playing(controls=False) as (program, keeper):
        os.write(keeper, b" ")
        os.close(keeper)
        assert program.wait(DEADLINE) == HUNG_UP
