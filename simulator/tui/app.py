"""The program on the screen: its themes, its screens, and the entries of the command palette."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from textual.app import App, SystemCommand
from textual.command import CommandPalette
from textual.screen import Screen
from textual.theme import Theme

from simulator.lessons.language import Language, catalogue
from simulator.scenario.model import Host, Words
from simulator.trace.event import Event
from simulator.trace.player import Depth
from simulator.tui.drive import Drive
from simulator.tui.entry import LibraryEntry
from simulator.tui.feeding import feed
from simulator.tui.keys import PLAYER_KEYS
from simulator.tui.palette import DARK, PALETTES
from simulator.tui.screens.library import LibraryScreen
from simulator.tui.screens.player import PlayerScreen

Run: TypeAlias = tuple[str, tuple[Host, ...], Iterable[Event]]
"""A run as it is opened: its title, its hosts, and its events (all of them, or as they come)."""


class SmtpFlowApp(App[None]):
    """One run on the screen, or the library, from which runs are opened and closed again."""

    TITLE = "SMTP Flow"
    ENABLE_COMMAND_PALETTE = True

    def __init__(
        self,
        *,
        run: Run | None = None,
        entries: Sequence[LibraryEntry] = (),
        open_: Callable[[str], Run] | None = None,
        language: Language = "en",
        speed: float = 1.0,
        depth: Depth = "commands",
        words: Mapping[str, Words] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__()
        self._run_at_start = run
        self._entries = entries
        self._open = open_
        self._language: Language = language
        self._speed = speed
        self._depth: Depth = depth
        self._words = words
        self._clock = clock
        for palette in PALETTES.values():
            self.register_theme(palette.theme())
        self.theme = DARK.name

    @property
    def available_themes(self) -> dict[str, Theme]:
        """Only the themes whose colours were measured."""
        return {name: theme for name, theme in super().available_themes.items() if name in PALETTES}
