"""The library: the scenarios and recordings there are, one of which is opened."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.message import Message
from textual.screen import Screen

from simulator.lessons.language import LANGUAGES, Language, catalogue
from simulator.tui.entry import LibraryEntry
from simulator.tui.keys import LIBRARY_KEYS, bindings
from simulator.tui.palette import DARK, PALETTES, Palette
from simulator.tui.screens.asking import AskScreen
from simulator.tui.screens.help import HelpScreen
from simulator.tui.stage import nowhere
from simulator.tui.widgets.key_bar import KeyBar
from simulator.tui.widgets.library_frame import LibraryFrame, LibraryHead
from simulator.tui.widgets.library_list import LibraryList
from simulator.views.safe import safe

_LOW = 30


class LibraryScreen(Screen[None]):
    """A list of scenarios; ``enter`` opens the chosen one."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(LIBRARY_KEYS)
    CSS = """
    LibraryScreen { background: $background; }
    LibraryHead { height: 5; }
    LibraryScreen.-short LibraryHead { height: 1; }
    LibraryList { height: 1fr; scrollbar-size-vertical: 1; overflow-x: hidden; }
    """

    class Chosen(Message):
        """The scenario ``entry`` is to be opened."""

        def __init__(self, entry: LibraryEntry, language: Language) -> None:
            super().__init__()
            self.entry = entry
            self.language = language

    class FileWanted(Message):
        """Somebody wants to open a file."""

        def __init__(self, language: Language) -> None:
            super().__init__()
            self.language = language

    class Composing(Message):
        """Somebody wants to write a mail of their own."""

        def __init__(self, language: Language) -> None:
            super().__init__()
            self.language = language

    def __init__(
        self,
        entries: Sequence[LibraryEntry],
        *,
        language: Language = "en",
        seen: Collection[str] = (),
    ) -> None:
        super().__init__()
        self.entries = entries
        self._seen = seen
        self.language: Language = language
        self._needle = ""

    @property
    def palette(self) -> Palette:
        """The colours of the present theme."""
        return PALETTES.get(self.app.theme, DARK)

    def compose(self) -> ComposeResult:
        """The name, the list, the keys."""
        yield LibraryHead(self.palette, id="head")
        yield LibraryList(self.entries, self._seen, self.palette, id="library")
        yield KeyBar(LIBRARY_KEYS, self.palette)

    def on_mount(self) -> None:
        """Draw, and draw anew in other colours."""
        self.app.theme_changed_signal.subscribe(self, lambda _: self.show())
        self.show()

    def on_screen_resume(self) -> None:
        """What was seen meanwhile has its mark."""
        if self.is_mounted:
            self.show()

    def on_resize(self, event: events.Resize) -> None:
        """A low window has no rows for the envelope."""
        self.set_class(event.size.height < _LOW, "-short")

    def show(self) -> None:
        """Draw in the present language and colours."""
        words, palette = catalogue(self.language), self.palette
        self.query_one(LibraryList).show_in(words, palette)
        if self._needle:
            self._narrow(self._needle)
        for frame in self.query(LibraryFrame):
            frame.show_in(words, palette)
        self.query_one(KeyBar).show_in(words, palette)

    def action_up(self) -> None:
        """The scenario above."""
        self.query_one(LibraryList).choose(-1)

    def action_down(self) -> None:
        """The scenario below."""
        self.query_one(LibraryList).choose(1)

    def action_previous_chapter(self) -> None:
        """The first scenario of this chapter, or of the one above."""
        self.query_one(LibraryList).choose_chapter(-1)

    def action_next_chapter(self) -> None:
        """The first scenario of the chapter below."""
        self.query_one(LibraryList).choose_chapter(1)

    def action_find(self) -> None:
        """Show only what has some words in it."""
        words = catalogue(self.language)
        title, hint = words.say("ui.find.title"), words.say("ui.find.hint")

        def nothing_found(needle: str) -> str:
            return "" if self._narrow(needle) else words.say("ui.find.none")

        ask = AskScreen(title, hint, nothing_found, value=self._needle)
        self.app.push_screen(ask, lambda needle: self._keep(needle or ""))

    def action_widen(self) -> None:
        """Show all again."""
        self._keep("")

    def _keep(self, needle: str) -> None:
        self._needle = needle
        self._narrow(needle)

    def _narrow(self, needle: str) -> int:
        """Show what has these words; gives how many scenarios that are."""
        words, head = catalogue(self.language), self.query_one(LibraryHead)
        count = self.query_one(LibraryList).narrow(needle, words)
        total = len(self.entries)
        head.found = words.say("ui.find.found", needle=safe(needle, limit=40), n=count, total=total)
        if not needle.strip():
            head.found = ""
        head.refresh()
        return count

    def action_open_file(self) -> None:
        """Open a scenario or a recording of one's own."""
        self.post_message(self.FileWanted(self.language))

    def action_help(self) -> None:
        """Keys and signs."""
        self.app.push_screen(HelpScreen(lambda: nowhere(self.language), LIBRARY_KEYS))

    def action_open(self) -> None:
        """Open the chosen one."""
        entry = self.query_one(LibraryList).chosen
        if entry is not None:
            self.post_message(self.Chosen(entry, self.language))

    def action_compose(self) -> None:
        """Write a mail of one's own."""
        self.post_message(self.Composing(self.language))

    def action_language(self) -> None:
        """The other language."""
        self.language = LANGUAGES[(LANGUAGES.index(self.language) + 1) % len(LANGUAGES)]
        self.show()

    def action_theme(self) -> None:
        """The next set of colours."""
        names = list(PALETTES)
        self.app.theme = names[(names.index(self.palette.name) + 1) % len(names)]

    def action_quit(self) -> None:
        """Leave."""
        self.app.exit()

    def on_library_list_picked(self) -> None:
        """A click on the chosen scenario opens it."""
        self.action_open()
