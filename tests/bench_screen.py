"""What the screen costs, for `make bench`: as ratios, and against an empty Textual app.

Measured on pseudo-terminals with the program as people start it, except for seeking, which needs
no screen.
"""

from __future__ import annotations

import fcntl
import os
import pty
import random
import select
import statistics
import struct
import subprocess
import sys
import termios
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from msgspec.structs import replace

from simulator.engine.simulate import simulate
from simulator.scenario.loader import load
from simulator.scenario.topology import hosts_of
from simulator.trace.event import Event
from simulator.trace.player import Player
from simulator.tui.index import RunIndex
from tests.tui.theatre import SCENARIOS

ROUNDS, SIZES = 5, ((80, 24), (120, 40), (200, 60))
PLAYED, FRAMES = 4.0, 30
"""Seconds for which it plays, and frames of a second."""
SEEKS, SHORT, LONG = 60, 1_000, 1_000_000

EMPTY = """
from textual.app import App
from textual.widgets import Static
class Empty(App):
    def compose(self):
        yield Static("SMTP Flow")
Empty().run()
"""
OURS = ("-m", "simulator", "--lang", "en", "play", "two-domains")


@contextmanager
def drawn(size: tuple[int, int], *arguments: str) -> Iterator[tuple[int, int, float]]:
    """A program once it has drawn: its pid, the terminal's other end, and how long it took."""
    keeper, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
    environ = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
    for name in ("COLUMNS", "LINES", "NO_COLOR", "TEXTUAL_ANIMATIONS"):
        environ.pop(name, None)
    started = time.perf_counter()
    program = subprocess.Popen(
        [sys.executable, *arguments],
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        env=environ,
        start_new_session=True,
    )
    os.close(terminal)
    seen = b""
    while b"SMTP Flow" not in seen:
        seen = seen[-20:] + os.read(keeper, 65536)
    try:
        yield program.pid, keeper, time.perf_counter() - started
    finally:
        program.kill()
        program.wait()
        os.close(keeper)


def drain(keeper: int, seconds: float) -> int:
    """Read what is drawn for so long; gives how many octets it was."""
    count, due = 0, time.monotonic() + seconds
    while (left := due - time.monotonic()) > 0:
        if select.select([keeper], [], [], left)[0]:
            count += len(os.read(keeper, 65536))
    return count


def processor_seconds(pid: int) -> float:
    """The processor time that a process has taken (Linux)."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:  # noqa: PTH123
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def first_paint() -> tuple[float, float]:
    """Seconds to the first paint, of an empty app and of ours; medians of rounds in turn."""
    empty, ours = [], []
    for _ in range(ROUNDS):
        with drawn((120, 40), "-c", EMPTY) as (_, _, took):
            empty.append(took)
        with drawn((120, 40), *OURS) as (_, _, took):
            ours.append(took)
    return statistics.median(empty), statistics.median(ours)


def frame(size: tuple[int, int]) -> tuple[float, float]:
    """Processor seconds and octets of a frame while it plays."""
    with drawn(size, *OURS) as (pid, keeper, _):
        drain(keeper, 2.0)
        os.write(keeper, b" ")
        before = processor_seconds(pid)
        octets = drain(keeper, PLAYED)
        took = processor_seconds(pid) - before
    return took / (PLAYED * FRAMES), octets / (PLAYED * FRAMES)


def long_run(count: int) -> list[Event]:
    """A real run, again and again until there are so many events, each time with other mails."""
    once = list(simulate(load(SCENARIOS / "two-domains")))
    span = once[-1].at + 1_000_000
    events: list[Event] = []
    while len(events) < count:
        turn = len(events) // len(once)
        events.extend(
            replace(
                event,
                seq=len(events) + place,
                at=event.at + turn * span,
                journey=f"{event.journey}-{turn}" if event.journey else "",
            )
            for place, event in enumerate(once)
        )
    return events[:count]


def seek_seconds(events: list[Event]) -> float:
    """The median of going to places at random, once every part of the run has been seen."""
    hosts = hosts_of(load(SCENARIOS / "two-domains"))
    player = Player(hosts, events)
    player.seek(len(events))
    _ = player.scene
    places = random.Random(1)
    taken = []
    for _ in range(SEEKS):
        player.seek(places.randrange(len(events)))
        started = time.perf_counter()
        _ = player.scene
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def memory_of_index(events: list[Event]) -> float:
    """Octets that the screen keeps of an event, beside the event itself."""
    hosts = hosts_of(load(SCENARIOS / "two-domains"))
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    index = RunIndex(hosts, events)
    index.grow()
    after = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return (after - before) / len(events)


def report(say: Callable[[str], object]) -> None:
    """Print the figures."""
    empty, ours = first_paint()
    say(f"time to the first paint, seconds   {ours:8.2f}")
    say(f"  ratio to an empty Textual app   {ours / empty:8.2f}")
    for width, height in SIZES:
        seconds, octets = frame((width, height))
        name = f"frame at {width}x{height}, processor ms"
        say(f"{name:<34}{1000 * seconds:8.2f}   ({octets:.0f} octets to the terminal)")
        say(f"  share of a thirtieth of a second{100 * seconds * FRAMES:8.1f} %")
    short, long = long_run(SHORT), long_run(LONG)
    ratio = seek_seconds(long) / seek_seconds(short)
    say(f"seek, a million to a thousand     {ratio:8.2f}")
    say(f"the screen's index, octets/event  {memory_of_index(long[:100_000]):8.0f}")
