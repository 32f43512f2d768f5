"""smtpflow list: the library, in the order in which it is learnt; or what providers allow."""

from __future__ import annotations

import sys
import textwrap
from argparse import Namespace
from collections.abc import Iterator

from simulator.lessons.fields import allowed
from simulator.lessons.language import Catalogue, Language, catalogue
from simulator.scenario import library
from simulator.scenario.domain import SendingLimit
from simulator.scenario.sending_limits import providers
from simulator.scenario.virtual_time import SECOND
from simulator.views.safe import safe

_WIDTH, _INDENT = 80, "    "


def main(arguments: Namespace, language: Language) -> int:
    """Print the library; with ``--limits`` the sending limits that a scenario may name."""
    if not arguments.limits:
        return scenarios(language)
    sys.stdout.writelines(f"{row}\n" for row in _limits(catalogue(language)))
    return 0


def scenarios(language: Language) -> int:
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


def _limits(words: Catalogue) -> Iterator[str]:
    """Every known provider: its name in a scenario, its limits, and who says so since when."""
    yield from textwrap.wrap(words.say("cli.limits.about"), _WIDTH)
    for name, known in providers().items():
        yield ""
        yield f"{safe(name)}: {safe(known.name)}"
        yield from (f"{_INDENT}{_limit(one, words)}" for one in known.limits)
        source = words.say(
            f"cli.limits.{known.confidence}", source=safe(known.source), date=safe(known.as_of)
        )
        reply = "" if known.reply_known else f" {words.say('cli.limits.own-reply')}"
        yield from textwrap.wrap(
            source + reply,
            _WIDTH,
            initial_indent=_INDENT,
            subsequent_indent=_INDENT,
            break_on_hyphens=False,
        )


def _limit(limit: SendingLimit, words: Catalogue) -> str:
    values = {
        "limit": str(limit.count),
        "unit": limit.unit,
        "window": limit.window,
        "period": str(limit.period // SECOND),
    }
    whose = words.say(f"cli.limits.per.{limit.per}")
    return f"{allowed(values, words)}, {whose}: {safe(limit.reply)}"
