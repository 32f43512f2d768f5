"""The door to the screen: the only module beside the TUI that loads it."""

from __future__ import annotations

from simulator.commands.opening import CommandError, Run, scenario_of, simulated
from simulator.commands.presentations import folder
from simulator.lessons.language import Language
from simulator.scenario import library as shipped
from simulator.scenario.loader import load
from simulator.trace.position import Podium, Source
from simulator.trace.steps import Depth
from simulator.tui import app
from simulator.tui.entry import LibraryEntry


def play(run: Run, language: Language, *, speed: float, depth: Depth, presents: bool) -> int:
    """Show one run until the viewer leaves; gives the exit status."""
    return app.run_player(
        _on_screen(run, language),
        language=language,
        speed=speed,
        depth=depth,
        words=run.scenario.words,
        present=_podium if presents else None,
    )


def library(language: Language, *, speed: float, depth: Depth, presents: bool) -> int:
    """Show the library until the viewer leaves; gives the exit status."""

    def opened(name: str) -> app.Run:
        try:
            return _on_screen(simulated(scenario_of(name, language)), language)
        except CommandError as mistake:
            # What the screen expects of whoever opens a run for it.
            raise ValueError(str(mistake)) from mistake

    return app.run_library(
        _entries(),
        opened,
        lambda scenario: _on_screen(simulated(scenario), language),
        language=language,
        speed=speed,
        depth=depth,
        present=_podium if presents else None,
    )


def _on_screen(run: Run, language: Language) -> app.Run:
    """A run as the screen takes it, with what somebody who follows it makes it from."""
    source = Source(recording=run.recording)
    if not run.recording:
        source = Source(scenario=run.scenario)
    return app.Run(run.title(language), run.hosts, run.events, source)


def _podium(source: Source) -> Podium:
    """Where a presentation tells the notes where it stands."""
    return Podium(folder(), source)


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
