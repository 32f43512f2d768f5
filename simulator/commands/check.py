"""smtpflow check: what is wrong with scenarios and recordings, and what to write instead."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from simulator.commands.forking import check_again, check_forks
from simulator.commands.opening import CommandError, is_recording, scenario_of
from simulator.lessons.language import Catalogue, Language, catalogue
from simulator.lessons.recordings import mistake_said, remark_said
from simulator.scenario import library
from simulator.scenario.errors import Place, ScenarioError
from simulator.scenario.loader import SCENARIO_FILE
from simulator.scenario.model import Scenario
from simulator.trace import recording
from simulator.trace.event import Event, Reply
from simulator.trace.margin import margin_of
from simulator.trace.recording import Recording, RecordingError
from simulator.views.safe import safe

_SOUND, _FAILED = 0, 1
_MOST_OVERRULED = 50
"""Replies of a person that are held against a standard server's: each needs a run of its own."""


def main(arguments: Namespace, language: Language) -> int:
    """Check every file named, all of them; 1 where any has a mistake.

    Raises CommandError for the first that does not exist, before anything is checked.
    """
    words = catalogue(language)
    paths = [path for name in arguments.files for path in _paths(name, words)]
    return max([_check(path, words) for path in paths])


def _paths(name: str, words: Catalogue) -> Iterator[Path]:
    """The one path of that name, or every scenario in a folder of scenarios."""
    if is_recording(name):
        if not Path(name).exists():
            mistake = RecordingError("missing", Path(name))
            raise CommandError(mistake_said(mistake, words.language))
        yield Path(name)
        return
    path = _found(name, words.language)
    if not path.is_dir() or (path / SCENARIO_FILE).exists():
        yield path
        return
    inside = sorted(file.parent for file in path.glob(f"*/{SCENARIO_FILE}"))
    if not inside:
        raise CommandError(words.say("cli.check.nothing", file=name))
    yield from inside


def _found(name: str, language: Language) -> Path:
    try:
        path = library.find(name)
    except ScenarioError as mistake:
        raise CommandError(f"{mistake.where()}: {mistake.sentence(language)}") from mistake
    if not path.exists():
        missing = ScenarioError("scenario.missing-file", name, None, {})
        raise CommandError(f"{missing.where()}: {missing.sentence(language)}")
    return path


def _check(path: Path, words: Catalogue) -> int:
    """Print what is wrong with one file, or that it is sound."""
    check = _recording if is_recording(str(path)) else _scenario
    mistakes, warnings = check(path, words.language)
    for sentence in (*mistakes, *warnings):
        sys.stdout.write(f"{safe(sentence)}\n")
    if not mistakes:
        sys.stdout.write(f"{safe(words.say('cli.check.sound', file=path))}\n")
    return _FAILED if mistakes else _SOUND


def _scenario(path: Path, language: Language) -> tuple[list[str], list[str]]:
    mistakes = [f"{one.where()}: {one.sentence(language)}" for one in library.check(path)]
    try:
        if not mistakes:
            check_forks(scenario_of(str(path), language), Place(str(path)), language)
    except CommandError as mistake:
        mistakes.append(str(mistake))
    return mistakes, []


def _recording(path: Path, language: Language) -> tuple[list[str], list[str]]:
    try:
        read = recording.read(path)
    except RecordingError as mistake:
        return [mistake_said(mistake, language)], []
    remarks = [f"{path}: {remark_said(remark, language)}" for remark in read.warnings]
    remarks += _astray(path, read, language)
    if read.header.scenario.forks:
        try:
            check_again(str(path), read, language)
            remarks += _overruled(path, read.header.scenario, language)
        except CommandError as mistake:
            return [str(mistake)], remarks
    return [], remarks


def _astray(path: Path, read: Recording, language: Language) -> Iterator[str]:
    """What its author says at an event that is not there, where nobody would ever see it."""
    margin, there = margin_of(read.header), {event.seq for event in read.events}
    for seq in sorted({note.after for note in margin.everything} - there):
        yield catalogue(language).say("fork.astray", file=path, event=seq)


def _overruled(path: Path, scenario: Scenario, language: Language) -> Iterator[str]:
    """Each reply that a person chose, beside what a standard server would have said."""
    from simulator.engine.taking_part import overruled  # noqa: PLC0415 - aiosmtpd, dnspython, TLS

    words = catalogue(language)
    for one in islice(overruled(scenario), _MOST_OVERRULED):
        about = {"file": path, "event": one.reply.seq, "host": one.reply.host}
        said = " / ".join(lines_of(one.reply))
        if one.standard is None:
            yield words.say("fork.overruled-nothing", said=said, **about)
        else:
            usual = " / ".join(lines_of(one.standard))
            yield words.say("fork.overruled", said=said, usual=usual, **about)


def lines_of(event: Event) -> tuple[str, ...]:
    """The lines of a reply."""
    return event.fact.lines if isinstance(event.fact, Reply) else ()
