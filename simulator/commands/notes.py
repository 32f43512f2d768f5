"""smtpflow notes: the teacher's notes in a second terminal, following ``play --presenter``."""

from __future__ import annotations

import shutil
import sys
import time
from argparse import Namespace

from simulator.commands.opening import CommandError, recorded, recording_of, simulated
from simulator.commands.presentations import folder
from simulator.lessons.language import Language, catalogue
from simulator.scenario.model import Words
from simulator.trace.margin import BLANK
from simulator.trace.player import Player
from simulator.trace.position import Position, Source, latest
from simulator.views.notes import notes

_LOOKS_EVERY = 0.2
"""Seconds between two looks at where the presentation stands."""
_CLEAR = "\x1b[2J\x1b[H"
"""ECMA-48: erase in page, cursor to the top."""


def main(arguments: Namespace, language: Language) -> int:
    """Follow the presentation that moved last until it ends.

    Raises CommandError where there is none.
    """
    position = latest(folder())
    if position is None:
        raise CommandError(catalogue(language).say("notes.nobody"))
    following = _Following(arguments.lang is not None, language)
    shown = None
    while position is not None:
        if position != shown:
            following.show(position)
            shown = position
        if arguments.once:
            return 0
        time.sleep(_LOOKS_EVERY)
        position = latest(folder())
    sys.stdout.write(catalogue(following.language).say("notes.over") + "\n")
    return 0


class _Following:
    """Keeps the run that is presented, so that only the cursor must be read anew."""

    def __init__(self, keeps_language: bool, language: Language) -> None:
        self._keeps_language = keeps_language
        self.language = language
        self._source: Source | None = None
        self._player = Player(())
        self._words: dict[str, Words] = {}
        self._margin = BLANK

    def show(self, position: Position) -> None:
        """Write the notes for a position; on a terminal they replace those before."""
        if position.source != self._source:
            self._open(position.source)
        self._player.seek(position.cursor)
        if not self._keeps_language and position.language in {"en", "id"}:
            self.language = "id" if position.language == "id" else "en"
        width = min(100, shutil.get_terminal_size().columns)
        title = self._words.get(self.language) or Words(title="?")
        lines = [*notes(self._player, title, self.language, width, self._margin)]
        if position.curtain:
            lines.insert(2, catalogue(self.language).say(f"notes.{position.curtain}"))
        sys.stdout.write((_CLEAR if sys.stdout.isatty() else "") + "\n".join(lines) + "\n")
        sys.stdout.flush()

    def _open(self, source: Source) -> None:
        if source.scenario is not None:
            run = simulated(source.scenario)
        else:
            read = recording_of(source.recording, self.language)
            run = recorded(read, source.recording)
        self._source = source
        self._words = run.scenario.words
        self._margin = run.margin
        self._player = Player(run.hosts, run.events)
