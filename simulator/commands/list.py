"""smtpflow list: the library, in the order in which it is learnt."""

from __future__ import annotations

import sys
import textwrap
from argparse import Namespace

from simulator.lessons.language import Language, catalogue
from simulator.scenario import library
from simulator.views.safe import safe

_WIDTH, _INDENT = 80, "    "


def main(_arguments: Namespace, language: Language) -> int:
    """Print each scenario's name, title and length, and below them what it shows."""
    words = catalogue(language)
    for number, entry in enumerate(library.entries(language)):
        if number:
            sys.stdout.write("\n")
        minutes = words.say_count("cli.minutes", entry.minutes)
        sys.stdout.write(f"{safe(entry.name)}: {safe(entry.title)} ({minutes})\n")
        for row in textwrap.wrap(safe(entry.goal), _WIDTH - len(_INDENT)):
            sys.stdout.write(f"{_INDENT}{row}\n")
    return 0
