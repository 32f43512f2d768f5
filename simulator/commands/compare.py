"""smtpflow compare: two runs side by side, from where they part, and what came of it."""

from __future__ import annotations

import sys
from argparse import Namespace

from simulator.commands.forking import branch, changed
from simulator.commands.opening import (
    CommandError,
    Run,
    is_recording,
    recorded,
    recording_of,
    simulated,
)
from simulator.commands.telling import columns
from simulator.lessons.language import Language, catalogue
from simulator.trace.redaction import redacted
from simulator.views.comparison import BETWEEN, COLUMN, Side, compare


def main(arguments: Namespace, language: Language) -> int:
    """Compare them. Raises CommandError where one cannot be opened, or there is only one."""
    if arguments.other is not None:
        left = _side(_opened(arguments.one, language), arguments.one, language)
        right = _side(changed(arguments.other, arguments, language), arguments.other, language)
    else:
        left, right = _with_and_without(arguments, language)
    column = (columns() - BETWEEN) // 2 if sys.stdout.isatty() else COLUMN
    for line in compare(left, right, language=language, depth=arguments.depth, column=column):
        sys.stdout.write(f"{line}\n")
    return 0


def _with_and_without(arguments: Namespace, language: Language) -> tuple[Side, Side]:
    """One run against itself: with what the command line changes, or without what it changes
    itself."""
    words = catalogue(language)
    after = changed(arguments.one, arguments, language)
    before = _opened(arguments.one, language)
    if after.scenario == before.scenario:
        if not after.scenario.forks:
            raise CommandError(words.say("compare.nothing", file=arguments.one))
        before = simulated(after.scenario.without_forks())
    title = after.title(language)
    return (
        _titled(before, words.say("compare.without", title=title)),
        _titled(after, words.say("compare.with", title=title)),
    )


def _opened(name: str, language: Language) -> Run:
    if is_recording(name):
        return recorded(recording_of(name, language), name)
    return branch(name, (), language)


def _side(run: Run, name: str, language: Language) -> Side:
    return _titled(run, f"{run.title(language)} ({name})")


def _titled(run: Run, title: str) -> Side:
    return Side(title, run.hosts, tuple(redacted(run.events)))
