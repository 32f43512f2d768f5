"""The program as people start it, in a terminal that is not ours: tmux reads the screen back."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from simulator.lessons.language import catalogue
from tests.judges.programs import program

_DEADLINE = 30.0
_POLL = 0.1
_ROOT = Path(__file__).parents[2]
_EVENT = re.compile(r"(?:event|peristiwa) (\d+)/(\d+)(…?) ")


class Terminal:
    """A tmux server of its own with one window of 100x30."""

    def __init__(self, socket: Path) -> None:
        self._tmux = (program("tmux"), "-S", str(socket), "-f", "/dev/null")

    def start(self, command: str) -> None:
        self._do("new-session", "-d", "-s", "play", "-x", "100", "-y", "30", command)

    def press(self, *keys: str) -> None:
        self._do("send-keys", "-t", "play", *keys)

    def shown(self) -> str:
        """What is on the screen; nothing where the program has ended."""
        return self._do("capture-pane", "-p", "-t", "play", may_fail=True)

    def kill(self) -> None:
        self._do("kill-server", may_fail=True)

    def until(self, holds: Callable[[str], object]) -> str:
        """Wait for a screen of which something holds, and give it."""
        due = time.monotonic() + _DEADLINE
        shown = self.shown()
        while not holds(shown):
            assert time.monotonic() < due, f"it never came:\n{shown}"
            time.sleep(_POLL)
            shown = self.shown()
        return shown

    def _do(self, *arguments: str, may_fail: bool = False) -> str:
        done = subprocess.run(
            (*self._tmux, *arguments), capture_output=True, text=True, timeout=30, check=False
        )
        assert may_fail or done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    one = Terminal(tmp_path / "tmux")
    yield one
    one.kill()


def event_of(shown: str) -> int:
    """Which event the title names, or -1 where there is no title."""
    found = _EVENT.search(shown)
    return int(found[1]) if found else -1


@pytest.mark.judge
def test_a_run_is_played_stopped_stepped_through_and_left(
    terminal: Terminal, tmp_path: Path
) -> None:
    english, indonesian = catalogue("en"), catalogue("id")
    status = tmp_path / "status"
    play = shlex.join([sys.executable, "-m", "simulator", "--lang", "en", "play", "two-domains"])
    terminal.start(
        f"cd {shlex.quote(str(_ROOT))}; unset COLUMNS LINES; export TERM=screen-256color; {play};"
        f" echo $? > {shlex.quote(str(status))}"
    )
    frame = ("From one domain to another", *map(english.say, ("ui.paused", "ui.nothing")))
    terminal.until(lambda shown: all(words in shown for words in frame))
    terminal.until(lambda shown: "/157 " in shown)

    terminal.press("Space")
    terminal.until(lambda shown: english.say("ui.playing") in shown and event_of(shown) >= 1)
    terminal.press("Space")
    stopped = event_of(terminal.until(lambda shown: english.say("ui.paused") in shown))

    terminal.press("Right")
    here = event_of(terminal.until(lambda shown: event_of(shown) > stopped))
    terminal.press("Left")
    terminal.until(lambda shown: event_of(shown) < here)

    terminal.press("]")
    terminal.until(lambda shown: f"✓ {english.say('ui.step.1')}" in shown)

    terminal.press("l")
    terminal.until(lambda shown: indonesian.say("ui.panel.explanation") in shown)
    terminal.until(lambda shown: "Dari satu domain ke domain lain" in shown)

    terminal.press("v")
    pages = [f" {indonesian.say(f'ui.tab.{tab}')} " for tab in ("envelope", "header", "source")]
    terminal.until(lambda shown: all(page in shown for page in pages))
    terminal.press(".", ".", ".")
    terminal.until(lambda shown: indonesian.say("ui.lens.pinned") in shown)
    terminal.press("l")
    terminal.until(lambda shown: english.say("ui.lens.pinned") in shown)
    terminal.press("l", "v")
    terminal.until(lambda shown: indonesian.say("ui.panel.explanation") in shown)

    terminal.press("/")
    terminal.until(lambda shown: indonesian.say("ui.search.title") in shown)
    terminal.press("R", "C", "P", "T", "Enter")
    terminal.until(lambda shown: "/RCPT" in shown and "RCPT TO:<citra@" in shown)
    terminal.press("Escape")
    terminal.until(lambda shown: "/RCPT" not in shown)

    terminal.press("?")
    chapter = indonesian.say("ui.help.group.move")
    terminal.until(lambda shown: chapter in shown and indonesian.say("ui.key.first") in shown)
    terminal.press("Escape")
    terminal.until(lambda shown: chapter not in shown)

    terminal.press("q")
    terminal.until(lambda _: status.exists() and status.read_text("ascii").strip())
    assert status.read_text("ascii").strip() == "0"
