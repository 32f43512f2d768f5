"""smtpflow new: a scenario of one's own to begin with, every key explained."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path

from simulator.commands.opening import CommandError
from simulator.lessons.language import Language, catalogue
from simulator.lessons.refusals import refusal_said
from simulator.views.safe import safe
from simulator.views.scenario_template import new_scenario


def main(arguments: Namespace, language: Language) -> int:
    """Print it, or write it to a file that does not exist yet. Raises CommandError."""
    words = catalogue(language)
    text = new_scenario(words)
    if arguments.file is None:
        sys.stdout.write(text)
        return 0
    try:
        with Path(arguments.file).open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise CommandError(words.say("new.exists", file=arguments.file)) from None
    except (OSError, ValueError) as trouble:  # ValueError: a NUL in the name
        reason = refusal_said(trouble, words)
        said = words.say("new.failed", file=arguments.file, reason=reason)
        raise CommandError(said) from None
    sys.stderr.write(safe(words.say("new.written", file=arguments.file)) + "\n")
    return 0
