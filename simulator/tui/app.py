"""The program on the screen: its themes, its screens, and how runs are opened and closed."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from textual.app import SystemCommand
from textual.command import CommandPalette
from textual.filter import LineFilter
from textual.screen import Screen
from textual.worker import get_current_worker

from simulator.lessons.language import Language, catalogue
from simulator.scenario.model import Scenario, Words
from simulator.trace.event import Event
from simulator.trace.position import Podium, Source
from simulator.trace.steps import Depth
from simulator.tui.ascii import AsciiFilter
from simulator.tui.branching import BranchingApp
from simulator.tui.drive import Drive
from simulator.tui.entry import LibraryEntry
from simulator.tui.feeding import feed
from simulator.tui.looks import Looks, looks_of
from simulator.tui.lost_terminal import HUNG_UP, watch
from simulator.tui.opened import Run
from simulator.tui.palette import DARK, PALETTES
from simulator.tui.palette_entries import palette_entries
from simulator.tui.progress import Progress
from simulator.tui.screens.asking import AskScreen
from simulator.tui.screens.compose import ComposeScreen
from simulator.tui.screens.library import LibraryScreen
from simulator.tui.screens.player import PlayerScreen
from simulator.tui.screens.real_dns import Consult, offer
from simulator.views.safe import safe

__all__ = ["Run", "SmtpFlowApp", "run_library", "run_player"]


class SmtpFlowApp(BranchingApp):
    """One run on the screen, or the library, from which runs are opened and closed again."""

    TITLE = "SMTP Flow"
    CSS = "CommandPalette SearchIcon { display: none; }"

    def __init__(
        self,
        *,
        run: Run | None = None,
        entries: Sequence[LibraryEntry] = (),
        open_: Callable[[str], Run] | None = None,
        simulate: Callable[[Scenario], Run] | None = None,
        language: Language = "en",
        speed: float = 1.0,
        depth: Depth = "commands",
        words: Mapping[str, Words] | None = None,
        scenario: str = "",
        progress: Progress | None = None,
        check: Callable[[str, Language], str] | None = None,
        clock: Callable[[], float] = time.monotonic,
        present: Callable[[Source], Podium] | None = None,
        consult: Consult | None = None,
    ) -> None:
        self._signs = AsciiFilter(enabled=False)
        super().__init__()
        self._run_at_start = run
        self._entries = entries
        self._open = open_
        self._simulate = simulate
        self._language: Language = language
        self._speed = speed
        self._depth: Depth = depth
        self._words = words
        self._scenario = scenario
        self._progress = progress or Progress()
        self._check = check or (lambda _path, _language: "")
        self._clock = clock
        self._present = present
        self._consult = consult
        self._sources: dict[PlayerScreen, Source] = {}
        self.broke_off: Exception | None = None
        """Why the making of a run ended before its end."""
        for palette in PALETTES.values():
            self.register_theme(palette.theme())
        self.theme = DARK.name
        for name in set(self.available_themes) - set(PALETTES):
            # Only the themes whose colours were measured.
            self.unregister_theme(name)

    def dress(self, looks: Looks) -> None:
        """Look so from now on."""
        self.theme = looks.theme
        self._signs = AsciiFilter(enabled=looks.is_ascii)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """What every line goes through on its way to the terminal."""
        filters = super().get_line_filters()
        return [*filters, self._signs] if self._signs.enabled else filters

    def on_mount(self) -> None:
        """Begin with the run, or with the library."""
        if self._run_at_start is not None:
            self.play(self._run_at_start, self._language, self._words, self._scenario)
        else:
            seen = self._progress.seen
            self.push_screen(LibraryScreen(self._entries, language=self._language, seen=seen))

    def play(
        self,
        run: Run,
        language: Language,
        words: Mapping[str, Words] | None = None,
        scenario: str = "",
    ) -> PlayerScreen:
        """Put a run on the screen; one that is still being made is taken in as it comes."""
        title, hosts, events, source, origin, margin = run
        known = list(events) if isinstance(events, Sequence) else []
        drive = Drive(
            hosts, known, self._clock, speed=self._speed, depth=self._depth, margin=margin
        )
        is_from_library = self._run_at_start is None
        screen = PlayerScreen(
            title,
            drive,
            language=language,
            words=words,
            is_from_library=is_from_library,
            podium=None if self._present is None or source is None else self._present(source),
            scenario=scenario,
        )
        if source is not None:
            self._sources[screen] = source
        screen.origin = origin
        self.push_screen(screen)
        if not isinstance(events, Sequence):
            drive.is_growing = True
            making = partial(self._feed, screen, events)
            # The first frame comes first: making the run loads the engine, and both want the CPU.
            screen.call_after_refresh(screen.run_worker, making, thread=True, exit_on_error=False)
        return screen

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

    def on_library_screen_chosen(self, message: LibraryScreen.Chosen) -> None:
        """Open a scenario: its making may take a moment, so not on the screen's own loop."""
        opening = partial(self._open_entry, message.entry, message.language)
        self.run_worker(opening, thread=True, exclusive=True, group="opening")

    def on_library_screen_file_wanted(self, message: LibraryScreen.FileWanted) -> None:
        """Ask for a file, and say while it is typed what is wrong with it."""
        words, language = catalogue(message.language), message.language

        def check(path: str) -> str:
            return self._check(path, language)

        def open_(path: str | None) -> None:
            if path:
                entry = LibraryEntry(name=path, words={}, minutes=0, chapter="")
                opening = partial(self._open_entry, entry, language)
                self.run_worker(opening, thread=True, exclusive=True, group="opening")

        title, hint = words.say("ui.open.title"), words.say("ui.open.hint")
        self.push_screen(AskScreen(title, hint, check), open_)

    def on_player_screen_finished(self, message: PlayerScreen.Finished) -> None:
        """Note that a scenario was seen to its end."""
        try:
            self._progress.add(message.scenario)
        except OSError as problem:
            reason = problem.strerror or str(problem)
            text = catalogue(self._language).say("ui.library.not_noted", problem=reason)
            self.notify(safe(text), severity="warning", markup=False)

    def on_library_screen_composing(self, message: LibraryScreen.Composing) -> None:
        """Somebody wants to write a mail of their own."""
        self.push_screen(ComposeScreen(language=message.language))

    def on_compose_screen_play(self, message: ComposeScreen.Play) -> None:
        """Play what was composed; its form stays below."""
        self._play_scenario(message.language, message.scenario)

    def _play_scenario(self, language: Language, scenario: Scenario | None) -> None:
        if self._simulate is not None and scenario is not None:
            self.play(self._simulate(scenario), language, scenario.words)

    def action_real_dns(self) -> None:
        """Show what the real DNS would be asked for this scenario; nothing is sent yet."""
        screen = self.screen
        if isinstance(screen, PlayerScreen):
            source, language = self._sources.get(screen), screen.language
            scenario = source.scenario if source is not None else None
            go_on = partial(self._play_scenario, language)
            offer(self, self._consult, scenario, language, go_on)

    def _open_entry(self, entry: LibraryEntry, language: Language) -> None:
        if self._open is None:
            return
        try:
            run = self._open(entry.name)
        except (OSError, ValueError) as problem:
            text = catalogue(language).say("ui.library.failed", problem=problem)
            self.call_from_thread(self.notify, safe(text), severity="error", markup=False)
            return
        is_listed = entry.kind == "scenario" and bool(entry.words)
        words, seen_as = (entry.words, entry.name) if is_listed else ({}, "")
        self.call_from_thread(self.play, run, language, words, seen_as)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Everything a key does, by name; and the sets of colours."""
        if isinstance(screen, PlayerScreen | LibraryScreen):
            yield from palette_entries(screen, self)

    def action_command_palette(self) -> None:
        """Open the palette, its prompt in the language of the screen."""
        screen = self.screen
        if isinstance(screen, PlayerScreen | LibraryScreen):
            prompt = catalogue(screen.language).say("ui.palette.prompt")
            self.push_screen(CommandPalette(placeholder=prompt, id="--command-palette"))


def run_player(
    run: Run,
    *,
    language: Language = "en",
    speed: float = 1.0,
    depth: Depth = "commands",
    words: Mapping[str, Words] | None = None,
    scenario: str = "",
    present: Callable[[Source], Podium] | None = None,
    simulate: Callable[[Scenario], Run] | None = None,
    consult: Consult | None = None,
    theme: str | None = None,
    is_ascii: bool = False,
) -> int:
    """Show one run until the viewer leaves. The exit status: 0, or 1 where the screen failed.

    Raises what the making of the events raised, once the viewer has left. The run's events are a
    list, or an iterator that is consumed in a thread while the first events are seen already.
    ``words`` are the scenario's own, so that its title changes with the language. ``present``
    gives the podium of a run where it is shown to a class, ``simulate`` a branch. ``scenario`` is
    its name in the library, where it is from there: seen to its end, it is noted. With ``consult``
    and ``simulate`` the real DNS can be asked for a scenario. ``theme`` is a palette's name without
    its prefix; with ``is_ascii`` no other sign is drawn.
    """
    app = SmtpFlowApp(
        run=run,
        language=language,
        speed=speed,
        depth=depth,
        words=words,
        present=present,
        scenario=scenario,
        progress=Progress.of_the_user(),
        simulate=simulate,
        consult=consult,
    )
    return _shown(app, theme, is_ascii=is_ascii)


def run_library(
    entries: Sequence[LibraryEntry],
    open_: Callable[[str], Run],
    simulate: Callable[[Scenario], Run],
    check: Callable[[str, Language], str],
    *,
    language: Language = "en",
    speed: float = 1.0,
    depth: Depth = "commands",
    present: Callable[[Source], Podium] | None = None,
    consult: Consult | None = None,
    theme: str | None = None,
    is_ascii: bool = False,
) -> int:
    """Show the library; ``open_`` gives the run of an entry's name, and may raise ValueError.

    It is called in a thread. ``simulate`` gives the run of a scenario that was composed on the
    screen; ``check`` says what is wrong with the path of a file, or nothing. The exit status is
    that of ``run_player``.
    """
    app = SmtpFlowApp(
        entries=entries,
        open_=open_,
        simulate=simulate,
        check=check,
        progress=Progress.of_the_user(),
        language=language,
        speed=speed,
        depth=depth,
        present=present,
        consult=consult,
    )
    return _shown(app, theme, is_ascii=is_ascii)


def _shown(app: SmtpFlowApp, theme: str | None, *, is_ascii: bool) -> int:
    app.dress(
        looks_of(
            theme=theme,
            is_ascii=is_ascii,
            environ=os.environ,
            encoding=getattr(sys.__stderr__, "encoding", None),  # where Textual draws
            color_system=app.console.color_system,
        )
    )
    if sys.__stdin__ is not None:
        leave = partial(app.call_from_thread, app.exit, None, HUNG_UP)
        watch(sys.__stdin__.fileno(), leave)
    app.run()
    if app.broke_off is not None:
        raise app.broke_off
    return app.return_code or 0
