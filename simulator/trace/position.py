"""Where a presentation stands, in a file that another program can follow: ``smtpflow notes``.

The file is replaced as a whole, so whoever reads it never sees half of it. It holds the scenario,
not its events: the same scenario gives the same events there too (a recording is named instead).
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final, Literal, TypeAlias

import msgspec

from simulator.scenario.model import Scenario

Curtain: TypeAlias = Literal["", "blackout", "think"]
"""What hides the run from the class; empty: nothing does."""

_SUFFIX: Final = ".position"


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """What is presented: a scenario, or the path of a recording."""

    scenario: Scenario | None = None
    recording: str = ""


class Position(msgspec.Struct, frozen=True, kw_only=True):
    """A moment of a presentation; ``process`` is who presents, by its number.

    ``cursor`` is how many events have happened. ``curtain`` is what hides the run at the moment.
    """

    process: int
    source: Source
    cursor: int = 0
    language: str = "en"
    curtain: Curtain = ""

    @property
    def is_going_on(self) -> bool:
        """Whether the one who presents still runs; on Windows whether it has not said goodbye.

        There signal 0 is no question but Ctrl+C, so nobody is asked.
        """
        if sys.platform == "win32":
            return True
        try:
            os.kill(self.process, 0)
        except ProcessLookupError:
            return False
        except OSError:  # somebody else's, so it is there
            return True
        return True


class Podium:
    """Writes where one presentation stands. Raises OSError where the folder cannot be written."""

    def __init__(self, folder: Path, source: Source) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._path = folder / f"{os.getpid()}{_SUFFIX}"
        self._position = Position(process=os.getpid(), source=source)
        self._write()

    def move(self, cursor: int, language: str, curtain: Curtain = "") -> None:
        """The presentation stands elsewhere now."""
        moved = msgspec.structs.replace(
            self._position, cursor=cursor, language=language, curtain=curtain
        )
        if moved != self._position:
            self._position = moved
            self._write()

    def take(self) -> None:
        """The presentation comes back to this run from another one."""
        self._write()

    def leave(self) -> None:
        """The presentation is over, unless another run has taken the place."""
        if self._path.exists() and self._path.read_bytes() == self._written:
            self._path.unlink()

    def _write(self) -> None:
        unfinished = self._path.with_suffix(".writing")
        unfinished.write_bytes(self._written)
        unfinished.replace(self._path)

    @property
    def _written(self) -> bytes:
        return msgspec.json.encode(self._position)


def latest(folder: Path) -> Position | None:
    """Where the presentation stands that moved last, of those that still go on; None: none does.

    A file that cannot be read, or is not ours, is no presentation.
    """
    for path in sorted(folder.glob(f"*{_SUFFIX}"), key=_age, reverse=True):
        try:
            position = msgspec.json.decode(path.read_bytes(), type=Position)
        except (OSError, msgspec.DecodeError, UnicodeDecodeError):
            continue
        if position.is_going_on:
            return position
    return None


def _age(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
