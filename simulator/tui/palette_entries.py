"""The entries of the command palette: all that keys do, the lens's pages, the sets of colours."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from textual.app import App, SystemCommand
from textual.command import Hit, Hits
from textual.system_commands import SystemCommandsProvider

from simulator.lessons.language import catalogue
from simulator.tui.keys import LIBRARY_KEYS, PLAYER_KEYS
from simulator.tui.lens_tabs import TABS
from simulator.tui.palette import PALETTES
from simulator.tui.screens.library import LibraryScreen
from simulator.tui.screens.player import PlayerScreen
from simulator.tui.widgets.branch_tree import label

_LEAST = 0.01
"""The score of an entry below all others."""


class Commands(SystemCommandsProvider):
    """All that can be done; where nothing fits what is typed, it says so in the screen's language.

    Textual itself would say it in English.
    """

    async def search(self, query: str) -> Hits:
        """What fits, or one entry that does nothing."""
        is_fruitless = True
        async for hit in super().search(query):
            is_fruitless = False
            yield hit
        screen = self.screen
        if is_fruitless and isinstance(screen, PlayerScreen | LibraryScreen):
            yield Hit(_LEAST, catalogue(screen.language).say("ui.palette.nothing"), _nothing)


def _nothing() -> None:
    """What happens when nobody chose anything."""


def palette_entries(
    screen: PlayerScreen | LibraryScreen, app: App[None]
) -> Iterator[SystemCommand]:
    """What can be done on a screen, in its language."""
    words = catalogue(screen.language)
    keys = PLAYER_KEYS if isinstance(screen, PlayerScreen) else LIBRARY_KEYS
    for key in keys:
        if key.is_bound:
            name = words.say(f"ui.key.{key.word}", n=key.number)
            run = partial(screen.run_action, key.action)
            yield SystemCommand(_capital(name), key.shown, run)
    if isinstance(screen, PlayerScreen):
        stage = screen.stage()
        for branch in screen.branch.trunk.rows:
            if branch is not screen.branch:
                title = words.say("ui.branches.go_to", name=label(branch, stage))
                yield SystemCommand(title, "B", partial(screen.go_to, branch))
        for tab in TABS:
            title = words.say("ui.lens.page", tab=words.say(f"ui.tab.{tab}"))
            yield SystemCommand(title, "", partial(screen.action_tab, tab))
    for name in PALETTES:
        title = words.say(f"ui.theme.{name.removeprefix('smtpflow-')}")
        yield SystemCommand(title, name, partial(setattr, app, "theme", name))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
