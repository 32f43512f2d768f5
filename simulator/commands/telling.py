"""Puts a run on standard output: as a transcript, or as the recording that it is."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable

from simulator.commands.opening import Run
from simulator.lessons.language import Language
from simulator.trace.event import Event
from simulator.trace.recording import Header
from simulator.trace.recording_format import header_line, line_of
from simulator.trace.steps import Depth
from simulator.views.one_line import numbered
from simulator.views.transcript import WIDTH, narrate


def tell(run: Run, language: Language, depth: Depth) -> None:
    """Print the transcript, each line as soon as its event is known."""
    lines = narrate(
        run.title(language), run.hosts, run.events, language=language, depth=depth, width=columns()
    )
    for line in lines:
        sys.stdout.write(f"{line}\n")


def columns() -> int:
    """How wide prose may be: as the terminal is, or as a page where there is none."""
    return shutil.get_terminal_size().columns - 1 if sys.stdout.isatty() else WIDTH


def tell_by_number(run: Run, language: Language, depth: Depth) -> None:
    """Print every event in one line, with the number by which ``--fork`` names it."""
    words_at = run.words_at(language)
    for line in numbered(run.hosts, run.events, language=language, depth=depth, words_at=words_at):
        sys.stdout.write(f"{line}\n")


def tell_as_jsonl(header: Header, events: Iterable[Event]) -> None:
    """Print exactly what a recording of the run holds."""
    out = sys.stdout.buffer
    out.write(header_line(header))
    for event in events:
        out.write(line_of(event))
