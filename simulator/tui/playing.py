"""Puts runs on the screen, and hands on the events of those that are still being made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from textual.app import App
from textual.worker import get_current_worker

from simulator.lessons.language import Language
from simulator.scenario.model import Words
from simulator.trace.event import Event
from simulator.trace.position import Podium, Source
from simulator.trace.steps import Depth
from simulator.tui.branches import Branch
from simulator.tui.drive import Drive
from simulator.tui.feeding import feed
from simulator.tui.opened import Run
from simulator.tui.screens.player import PlayerScreen
from simulator.tui.screens.real_dns import Consult
from simulator.views.safe import safe


class PlayingApp(App[None]):
    """An app that plays runs; ``clock`` gives seconds on the wall and never goes back.

    ``present`` gives the podium of a run where it is shown to a class.
    """

    def __init__(
        self,
        *,
        speed: float,
        depth: Depth,
        clock: Callable[[], float],
        present: Callable[[Source], Podium] | None,
    ) -> None:
        super().__init__()
        self._speed = speed
        self._depth: Depth = depth
        self._clock = clock
        self._present = present
        self.broke_off: Exception | None = None
        """Why the making of a run ended before its end."""

    _consult: Consult | None = None
    """Makes ready to ask the real DNS for a scenario, where that is possible."""

    @property
    def is_library_below(self) -> bool:
        """Whether one comes back to the library when a run is left. To be given by the app."""
        raise NotImplementedError

    def play(
        self,
        run: Run,
        language: Language,
        words: Mapping[str, Words] | None = None,
        scenario: str = "",
    ) -> PlayerScreen:
        """Put a run on the screen; one that is still being made is taken in as it comes."""
        branch = self.branch_of(run, words)
        screen = self.screen_of(branch, language, scenario)
        self.push_screen(screen)
        if not isinstance(run.events, Sequence):
            branch.drive.is_growing = True
            making = partial(self._feed, screen, run.events)
            # The first frame comes first: making the run loads the engine, and both want the CPU.
            screen.call_after_refresh(screen.run_worker, making, thread=True, exit_on_error=False)
        return screen

    def branch_of(self, run: Run, words: Mapping[str, Words] | None = None) -> Branch:
        """A run as a tree of one; of one that is still being made, without its events."""
        title, hosts, events, source, origin, margin = run
        known = list(events) if isinstance(events, Sequence) else []
        drive = Drive(
            hosts, known, self._clock, speed=self._speed, depth=self._depth, margin=margin
        )
        return Branch(title, title, drive, origin, source, words or {})

    def screen_of(self, branch: Branch, language: Language, scenario: str = "") -> PlayerScreen:
        """A screen that shows this branch; ``scenario`` is its name in the library."""
        source = branch.source
        screen = PlayerScreen(
            branch,
            language=language,
            is_from_library=self.is_library_below,
            podium=None if self._present is None or source is None else self._present(source),
            scenario=scenario,
        )
        is_scenario = source is not None and source.scenario is not None
        screen.can_ask_real_dns = is_scenario and self._consult is not None
        return screen

    def tell_trouble(self, problem: Exception) -> None:
        """Say why a run could not be made.

        A ValueError is a mistake of whoever asked for it; anything else is raised again when the
        screen is closed.
        """
        if isinstance(problem, ValueError):
            said = str(problem)
        else:
            self.broke_off = problem
            said = f"{type(problem).__name__}: {problem}"
        self.notify(safe(said), severity="error", markup=False)

    def _feed(self, screen: PlayerScreen, events: Iterable[Event]) -> None:
        """Runs in a thread of its own: the simulation owns a loop, and so does the screen."""
        worker = get_current_worker()

        def deliver(batch: list[Event]) -> None:
            if not worker.is_cancelled:
                self.call_from_thread(screen.extend, batch)

        try:
            feed(events, deliver, lambda: worker.is_cancelled)
        except Exception as problem:  # noqa: BLE001 - raised again when the screen is closed
            # What happened before the run broke off can still be looked at.
            self.broke_off = problem
            if not worker.is_cancelled:
                self.call_from_thread(screen.fail, f"{type(problem).__name__}: {problem}")
            return
        if not worker.is_cancelled:
            self.call_from_thread(screen.finish)
