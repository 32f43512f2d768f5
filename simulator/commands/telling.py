"""Puts a run on standard output: as a transcript, or as the recording that it is."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator

from simulator.commands.opening import Run
from simulator.lessons.language import Language
from simulator.trace.recording_format import header_line, line_of
from simulator.trace.steps import Depth
from simulator.views.one_line import numbered
from simulator.views.transcript import WIDTH, Piece, narrate_by_event


def tell(run: Run, language: Language, depth: Depth) -> None:
    """Print the transcript, each line as soon as its event is known."""
    for piece in pieces_of(run, language, depth):
        sys.stdout.write("".join(f"{line}\n" for line in piece.lines))


def pieces_of(run: Run, language: Language, depth: Depth) -> Iterator[Piece]:
    """The transcript by event, with what the run's author wrote, as wide as there is room."""
    return narrate_by_event(
        run.title(language),
        run.hosts,
        run.events,
        language=language,
        depth=depth,
        width=columns(),
        margin=run.margin,
    )


def columns() -> int:
    """How wide prose may be: as the terminal is, or as a page where there is none."""
    return shutil.get_terminal_size().columns - 1 if sys.stdout.isatty() else WIDTH


def tell_by_number(run: Run, language: Language, depth: Depth) -> None:
    """Print every event in one line, with the number by which ``--fork`` names it."""
    for line in numbered(run.hosts, run.events, language=language, depth=depth, margin=run.margin):
        sys.stdout.write(f"{line}\n")


def tell_as_jsonl(run: Run) -> None:
    """Print exactly what a recording of the run holds."""
    out = sys.stdout.buffer
    out.write(header_line(run.header))
    for event in run.events:
        out.write(line_of(event))


def tell_in(form: str, run: Run, language: Language, depth: Depth) -> None:
    """Print the run in a format of ``--format``: ``text``, ``events`` or ``jsonl``."""
    match form:
        case "jsonl":
            tell_as_jsonl(run)
        case "events":
            tell_by_number(run, language, depth)
        case _:
            tell(run, language, depth)
