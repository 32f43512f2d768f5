"""smtpflow play: watch a run on the screen, or read it where there is no screen."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from dataclasses import replace

from simulator.commands import list as listing
from simulator.commands import plain, real_dns
from simulator.commands.forking import (
    changed,
    check_nothing_to_change,
    forked,
    overrides_of,
)
from simulator.commands.opening import Run, is_recording, simulated
from simulator.commands.telling import tell
from simulator.lessons.language import Language
from simulator.trace.redaction import redacted


def main(arguments: Namespace, language: Language) -> int:
    """Play it. Raises CommandError where it cannot be opened."""
    if arguments.source is None:
        real_dns.check_not_wanted(arguments, language, "real.no-scenario")
        check_nothing_to_change(arguments, language)
        return library(arguments, language)
    run = _opened(arguments, language)
    if arguments.plain or not there_is_a_screen():
        told = replace(run, events=redacted(run.events))
        (plain.play if arguments.plain else tell)(told, language, arguments.depth)
        return 0
    from simulator.commands import screen  # noqa: PLC0415 - textual, only where it is used

    return screen.play(
        run,
        language,
        speed=arguments.speed,
        depth=arguments.depth,
        presents=arguments.presenter,
        theme=arguments.theme,
        is_ascii=arguments.ascii,
    )


def library(arguments: Namespace, language: Language) -> int:
    """Choose from the library on the screen; without one, the library as a list."""
    if getattr(arguments, "plain", False) or not there_is_a_screen():
        return listing.scenarios(language)
    from simulator.commands import screen  # noqa: PLC0415

    return screen.library(
        language,
        speed=getattr(arguments, "speed", 1.0),
        depth=getattr(arguments, "depth", "commands"),
        presents=getattr(arguments, "presenter", False),
        theme=getattr(arguments, "theme", None),
        is_ascii=getattr(arguments, "ascii", False),
    )


def there_is_a_screen() -> bool:
    """Whether a person sits at a terminal that can show more than lines.

    The screen is drawn on standard error and read from standard input, so all three count.
    """
    streams = (sys.stdin, sys.stdout, sys.stderr)
    return all(stream.isatty() for stream in streams) and os.environ.get("TERM") != "dumb"


def _opened(arguments: Namespace, language: Language) -> Run:
    source = arguments.source
    if is_recording(source) or arguments.dns != "real":
        real_dns.check_not_wanted(arguments, language)
        return changed(source, arguments, language)
    real = real_dns.scenario_of(source, language, arguments, overrides_of(arguments))
    return simulated(forked(real, arguments.fork or (), language))
