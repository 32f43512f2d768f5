"""A run told in lines that stay where they are: for screen readers, and for taking one's time."""

from __future__ import annotations

import sys

from simulator.commands.opening import Run
from simulator.commands.telling import pieces_of, tell
from simulator.lessons.language import Language, catalogue
from simulator.trace.steps import Depth


def play(run: Run, language: Language, depth: Depth) -> None:
    """Print one event after another, each when Enter is pressed; all at once where nobody can
    press it.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        tell(run, language, depth)
        return
    words = catalogue(language)
    sys.stderr.write(f"{words.say('cli.plain.how')}\n")
    waits = True
    for piece in pieces_of(run, language, depth):
        sys.stdout.write("".join(f"{line}\n" for line in piece.lines))
        sys.stdout.flush()
        if not (waits or piece.asks):
            continue
        answer = sys.stdin.readline()
        wish = answer.strip().lower()
        if not answer or wish == "q":  # an empty line is Enter; nothing at all is the end of input
            return
        waits = wish != "a"
