"""A file that a command is to write: one that is there already is kept, unless it may go."""

from __future__ import annotations

from pathlib import Path

from simulator.commands.opening import CommandError
from simulator.lessons.language import Language, catalogue


def check_new(file: str | None, language: Language, *, force: bool) -> None:
    """Raise CommandError where a file of that name is there and may not be overwritten.

    To be asked before anything is simulated or typed: nobody's work is to end with this. What is
    no regular file, such as ``/dev/null``, holds nothing that could be lost.
    """
    if file is None or force:
        return
    try:
        is_there = Path(file).is_file()
    except ValueError:  # a NUL in the name: writing says so
        return
    if is_there:
        raise CommandError(catalogue(language).say("export.error.exists", file=file))
