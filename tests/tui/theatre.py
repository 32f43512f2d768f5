"""A stage for tests: a run on a screen without a terminal, a clock that is set by hand."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path

from textual.pilot import Pilot
from textual.strip import Strip

from simulator.engine.simulate import simulate
from simulator.lessons.language import Language
from simulator.scenario.model import Host, Scenario
from simulator.scenario.topology import hosts_of
from simulator.trace.event import Event
from simulator.trace.margin import BLANK, Margin
from simulator.trace.steps import Depth
from simulator.tui.app import SmtpFlowApp
from simulator.tui.opened import Run
from simulator.tui.screens.player import PlayerScreen
from tests.shipped import events_of
from tests.shipped import scenario_of as scenario

SCENARIOS = Path(__file__).parents[2] / "scenarios"
SIZES = ((80, 24), (120, 40), (200, 60))
Play = Callable[["Theatre"], Awaitable[None]]


class Clock:
    """Seconds on the wall, as a test wants them."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Theatre:
    """The screen as a test sees it: keys go in, rows of text come out."""

    def __init__(self, app: SmtpFlowApp, pilot: Pilot[None], clock: Clock) -> None:
        self.app = app
        self.pilot = pilot
        self.clock = clock

    @property
    def screen(self) -> PlayerScreen:
        assert isinstance(self.app.screen, PlayerScreen)
        return self.app.screen

    @property
    def cursor(self) -> int:
        return self.screen.drive.player.cursor

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def seek(self, cursor: int) -> None:
        self.screen.drive.seek(cursor)
        self.screen.show()
        await self.pilot.pause()

    def wait(self, seconds: float) -> None:
        """Let wall time pass, and one frame be drawn."""
        self.clock.now += seconds
        self.screen.pulse()

    def strips(self) -> list[Strip]:
        """Every row as it goes to the terminal."""
        return self.app.screen._compositor.render_strips()

    def rows(self) -> list[str]:
        return [strip.text for strip in self.strips()]

    def text(self) -> str:
        return "\n".join(self.rows())


def play(
    act: Play,
    name: str = "two-domains",
    *,
    size: tuple[int, int] = (120, 40),
    language: Language = "en",
    depth: Depth = "commands",
    hosts: tuple[Host, ...] | None = None,
    events: Iterable[Event] | None = None,
    title: str | None = None,
    margin: Margin = BLANK,
    shown: Scenario | None = None,
) -> None:
    """Put a run (of ``shown``, or of the scenario of that name) on a screen of that size, and let
    ``act`` happen on it.
    """
    if shown is not None:
        events = list(simulate(shown))
    shown = shown or scenario(name)
    known = events_of(name) if events is None else events
    clock = Clock()
    app = SmtpFlowApp(
        run=Run(
            title or shown.words[language].title,
            hosts or hosts_of(shown),
            known,
            scenario=shown,
            margin=margin,
        ),
        simulate=lambda one: Run(one.name, hosts_of(one), simulate(one), scenario=one),
        language=language,
        depth=depth,
        words=None if title else shown.words,
        clock=clock,
    )

    async def happen() -> None:
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            await act(Theatre(app, pilot, clock))

    asyncio.run(happen())


def place_of(name: str, wanted: Callable[[Event], bool]) -> int:
    """The cursor at which the first wanted event has just happened."""
    return next(place for place, event in enumerate(events_of(name), 1) if wanted(event))
