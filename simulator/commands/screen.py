"""The door to the screen: the only module beside the TUI that loads it."""

from __future__ import annotations

from simulator.commands.opening import CommandError, Run, scenario_of, simulated
from simulator.lessons.language import Language
from simulator.scenario import library as shipped
from simulator.scenario.loader import load
from simulator.scenario.model import Scenario
from simulator.trace.steps import Depth
from simulator.tui import app
from simulator.tui.entry import LibraryEntry


def play(run: Run, language: Language, *, speed: float, depth: Depth) -> int:
    """Show one run until the viewer leaves; gives the exit status."""
    return app.run_player(
        run.title(language),
        run.hosts,
        run.events,
        language=language,
        speed=speed,
        depth=depth,
        words=run.scenario.words,
    )


def library(language: Language, *, speed: float, depth: Depth) -> int:
    """Show the library until the viewer leaves; gives the exit status."""

    def opened(name: str) -> app.Run:
        try:
            run = simulated(scenario_of(name, language))
        except CommandError as mistake:
            # What the screen expects of whoever opens a run for it.
            raise ValueError(str(mistake)) from mistake
        return run.title(language), run.hosts, run.events

    def composed(scenario: Scenario) -> app.Run:
        run = simulated(scenario)
        return run.title(language), run.hosts, run.events

    return app.run_library(
        _entries(), opened, composed, language=language, speed=speed, depth=depth
    )


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
