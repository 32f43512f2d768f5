"""The program on the screen: its themes, its first screen, its palette of commands."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from textual.app import SystemCommand
from textual.command import CommandPalette
from textual.filter import LineFilter
from textual.screen import Screen

from simulator.lessons.language import Language, catalogue
from simulator.scenario.model import Scenario, Words
from simulator.trace.position import Podium, Source
from simulator.trace.steps import Depth
from simulator.tui.ascii import AsciiFilter
from simulator.tui.entry import LibraryEntry
from simulator.tui.looks import Looks
from simulator.tui.opened import Run
from simulator.tui.opening import OpeningApp
from simulator.tui.palette import DARK, PALETTES
from simulator.tui.palette_entries import Commands, palette_entries
from simulator.tui.progress import Progress
from simulator.tui.screens.library import LibraryScreen
from simulator.tui.screens.player import PlayerScreen
from simulator.tui.screens.real_dns import Consult, offer


class SmtpFlowApp(OpeningApp):
    """One run on the screen, or the library, from which runs are opened and closed again."""

    TITLE = "SMTP Flow"
    COMMANDS = frozenset({Commands})  # type: ignore[assignment]
    CSS = """
    CommandPalette SearchIcon { display: none; }
    Input > .input--placeholder { color: $faint; text-style: italic; }
    """

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
        super().__init__(speed=speed, depth=depth, clock=clock, present=present)
        self._run_at_start = run
        self._entries = entries
        self._open = open_
        self._simulate = simulate
        self._language: Language = language
        self._words = words
        self._scenario = scenario
        self._progress = progress or Progress()
        self._check = check or (lambda _path, _language: "")
        self._consult = consult
        for palette in PALETTES.values():
            self.register_theme(palette.theme())
        self.theme = DARK.name
        for name in set(self.available_themes) - set(PALETTES):
            # Only the themes whose colours were measured.
            self.unregister_theme(name)

    @property
    def is_library_below(self) -> bool:
        """Whether one comes back to the library when a run is left."""
        return self._run_at_start is None

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

    def action_real_dns(self) -> None:
        """Show what the real DNS would be asked for this scenario; nothing is sent yet."""
        screen = self.screen
        if isinstance(screen, PlayerScreen):
            source, language = screen.branch.source, screen.language
            scenario = source.scenario if source is not None else None
            go_on = partial(self._play_scenario, language)
            offer(self, self._consult, scenario, language, go_on)

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
