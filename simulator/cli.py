"""The command line: reads it, calls the command, and turns every end into an exit status."""

from __future__ import annotations

import importlib
import os
import sys
from argparse import Namespace
from collections.abc import Sequence
from io import TextIOWrapper

from simulator.arguments import complaint, language_of, parser_of
from simulator.lessons.language import Language, catalogue
from simulator.lessons.refusals import refusal_said

WRONG_USE = 2
INTERRUPTED = 130  # 128 + SIGINT, as shells give it
READER_GONE = 141  # 128 + SIGPIPE: what other programs end with in `smtpflow run x | head`


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out a command line (without the program's name) and give its exit status.

    0 done, also when a mail was not delivered; 1 a check failed; 2 wrong use or a bad file.
    """
    line = list(sys.argv[1:] if arguments is None else arguments)
    _write_whatever_comes()
    try:
        status = _carried_out(line, language_of(line, os.environ))
        sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _forget_standard_output()
        return READER_GONE
    except OSError as trouble:  # a full disk, say: whatever else files do, commands answer for
        _forget_standard_output()
        words = catalogue(language_of(line, os.environ))
        sys.stderr.write(complaint(words, refusal_said(trouble, words)))
        return WRONG_USE
    return status


def _carried_out(line: list[str], language: Language) -> int:
    try:
        parsed = parser_of(language).parse_args(line)
    except SystemExit as finished:  # after help, the version, or a complaint
        return finished.code if isinstance(finished.code, int) else 0
    return _commanded(parsed, language)


def _commanded(parsed: Namespace, language: Language) -> int:
    name = parsed.command
    module = importlib.import_module(f"simulator.commands.{name or 'play'}")
    opening = importlib.import_module("simulator.commands.opening")
    try:
        status: int = (module.main if name else module.library)(parsed, language)
    except opening.CommandError as mistake:
        sys.stdout.flush()
        sys.stderr.write(complaint(catalogue(language), str(mistake)))
        return WRONG_USE
    return status


def _write_whatever_comes() -> None:
    """A terminal that cannot show a sign gets its number instead; that is no reason to end."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _forget_standard_output() -> None:
    """Nobody reads on: what is still in the buffer must not fail again when Python ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


if __name__ == "__main__":
    sys.exit(main())
