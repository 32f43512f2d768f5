"""The door to the screen: the only module beside the TUI that loads it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from simulator.commands import real_dns
from simulator.commands.opening import (
    CommandError,
    Run,
    holds_recording,
    is_recording,
    recorded,
    scenario_of,
    simulated,
)
from simulator.commands.presentations import folder
from simulator.lessons.language import Language, catalogue
from simulator.lessons.recordings import mistake_said, remark_said
from simulator.lessons.refusals import refusal_said
from simulator.scenario import library as shipped
from simulator.scenario.errors import ScenarioError
from simulator.scenario.loader import load
from simulator.scenario.model import Scenario, Words
from simulator.scenario.writing import check_sound
from simulator.trace import recording
from simulator.trace.position import Podium, Source
from simulator.trace.recording import RecordingError
from simulator.trace.steps import Depth
from simulator.tui import start
from simulator.tui.entry import LibraryEntry
from simulator.tui.opened import Run as ScreenRun
from simulator.tui.typed_paths import NoSuchUserError, meant

_MOST_RECORDINGS = 100


def play(
    run: Run,
    language: Language,
    *,
    speed: float,
    depth: Depth,
    theme: str | None = None,
    is_ascii: bool = False,
    presents: bool,
) -> int:
    """Show one run until the viewer leaves; gives the exit status."""
    return start.run_player(
        _on_screen(run, language),
        language=language,
        speed=speed,
        depth=depth,
        words=run.scenario.words,
        present=_podium if presents else None,
        scenario=run.scenario.name,
        simulate=partial(_simulated_on_screen, language),
        consult=real_dns.consultation,
        theme=theme,
        is_ascii=is_ascii,
    )


def library(
    language: Language,
    *,
    speed: float,
    depth: Depth,
    theme: str | None = None,
    is_ascii: bool = False,
    presents: bool,
) -> int:
    """Show the library until the viewer leaves; gives the exit status."""

    def opened(name: str) -> ScreenRun:
        return _recorded(name, language) if is_recording(name) else _simulated(name, language)

    return start.run_library(
        (*_entries(), *recordings_in(Path())),
        opened,
        partial(_simulated_on_screen, language),
        mistake_in,
        language=language,
        speed=speed,
        depth=depth,
        present=_podium if presents else None,
        consult=real_dns.consultation,
        theme=theme,
        is_ascii=is_ascii,
    )


def _simulated_on_screen(language: Language, scenario: Scenario) -> ScreenRun:
    """A run for the screen, and a branch of a recording, whose header may say anything."""
    try:
        check_sound(scenario)
    except ScenarioError as mistake:
        raise CommandError(mistake.sentence(language)) from mistake
    return _on_screen(simulated(scenario), language)


def _on_screen(run: Run, language: Language) -> ScreenRun:
    """A run as the screen takes it, with what somebody who follows it makes it from."""
    source = Source(recording=run.recording)
    if not run.recording:
        source = Source(scenario=run.scenario)
    title = run.title(language)
    return ScreenRun(title, run.hosts, run.events, source, run.scenario, run.margin)


def _podium(source: Source) -> Podium:
    """Where a presentation tells the notes where it stands."""
    return Podium(folder(), source)


def mistake_in(path: str, language: Language) -> str:
    """What is wrong with a path that somebody types: one sentence, or nothing. Quick."""
    if not path.strip():
        return catalogue(language).say("ui.open.no_name")
    try:
        return _mistake_at(str(meant(path)), language)
    except NoSuchUserError as problem:
        return catalogue(language).say("ui.open.no_user", path=problem)


def _mistake_at(name: str, language: Language) -> str:
    if is_recording(name):
        is_there = Path(name).is_file()
        return "" if is_there else mistake_said(RecordingError("missing", Path(name)), language)
    try:
        found = shipped.find(name)
        if not found.exists():
            return ScenarioError("scenario.missing-file", name, None, {}).sentence(language)
        mistakes = shipped.check(found)
    except ScenarioError as mistake:
        return mistake.sentence(language)
    except (OSError, ValueError) as problem:  # ValueError: a NUL in the name
        return refusal_said(problem, catalogue(language))
    return f"{mistakes[0].where()}: {mistakes[0].sentence(language)}" if mistakes else ""


def recordings_in(folder: Path) -> tuple[LibraryEntry, ...]:
    """The recordings that lie in a folder, by name."""
    return tuple(
        LibraryEntry(
            name=str(path),
            words={"en": Words(title=path.name)},
            minutes=0,
            chapter="recordings",
            kind="recording",
        )
        for path in sorted(folder.glob("*.jsonl"))[:_MOST_RECORDINGS]
        if holds_recording(path)
    )


def _simulated(name: str, language: Language) -> ScreenRun:
    run = simulated(scenario_of(str(meant(name)), language))
    return _on_screen(run, language)


def _recorded(name: str, language: Language) -> ScreenRun:
    """A recording; what could not be read of it is said in its title, for all to see."""
    path = meant(name)
    try:
        read = recording.read(path)
    except RecordingError as mistake:
        raise CommandError(mistake_said(mistake, language)) from mistake
    run = _on_screen(recorded(read, str(path)), language)
    remarks = (remark_said(remark, language) for remark in read.warnings)
    return run._replace(title=" · ".join((run.title, *remarks)))


def _entries() -> tuple[LibraryEntry, ...]:
    scenarios = (load(folder) for folder in shipped.shipped())
    return tuple(
        LibraryEntry(
            name=scenario.name,
            words=scenario.words,
            minutes=scenario.minutes,
            chapter=scenario.chapter,
        )
        for scenario in scenarios
    )
