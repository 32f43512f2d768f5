"""Opens what the library offers: an entry of its list, a file, a mail of one's own."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from simulator.lessons.language import Language, catalogue
from simulator.lessons.refusals import refusal_said
from simulator.scenario.model import Scenario
from simulator.tui.branching import BranchingApp
from simulator.tui.entry import LibraryEntry
from simulator.tui.opened import Run
from simulator.tui.progress import Progress
from simulator.tui.screens.asking import AskScreen
from simulator.tui.screens.compose import ComposeScreen
from simulator.tui.screens.library import LibraryScreen
from simulator.tui.screens.player import PlayerScreen
from simulator.views.safe import safe


class OpeningApp(BranchingApp):
    """An app with a library; what is asked of it comes as messages of its screens."""

    _language: Language
    _open: Callable[[str], Run] | None = None
    """Gives the run of an entry's name; may raise OSError or ValueError."""
    _check: Callable[[str, Language], str]
    """Says what is wrong with the path of a file, or nothing."""
    _progress: Progress

    def on_library_screen_chosen(self, message: LibraryScreen.Chosen) -> None:
        """Open a scenario."""
        self._begin_to_open(message.entry, message.language)

    def on_library_screen_file_wanted(self, message: LibraryScreen.FileWanted) -> None:
        """Ask for a file, and say while it is typed what is wrong with it."""
        words, language = catalogue(message.language), message.language

        def open_(path: str | None) -> None:
            if path:
                entry = LibraryEntry(name=path, words={}, minutes=0, chapter="")
                self._begin_to_open(entry, language)

        title, hint = words.say("ui.open.title"), words.say("ui.open.hint")
        check = partial(self._mistake_in, language)
        self.push_screen(AskScreen(title, hint, check), open_)

    def on_library_screen_composing(self, message: LibraryScreen.Composing) -> None:
        """Somebody wants to write a mail of their own."""
        self.push_screen(ComposeScreen(language=message.language))

    def on_compose_screen_play(self, message: ComposeScreen.Play) -> None:
        """Play what was composed; its form stays below."""
        self._play_scenario(message.language, message.scenario)

    def on_player_screen_finished(self, message: PlayerScreen.Finished) -> None:
        """Note that a scenario was seen to its end."""
        try:
            self._progress.add(message.scenario)
        except OSError as problem:
            words = catalogue(self._language)
            text = words.say("ui.library.not_noted", problem=refusal_said(problem, words))
            self.notify(safe(text), severity="warning", markup=False)

    def _play_scenario(self, language: Language, scenario: Scenario | None) -> None:
        if self._simulate is not None and scenario is not None:
            self.play(self._simulate(scenario), language, scenario.words)

    def _mistake_in(self, language: Language, path: str) -> str:
        return self._check(path, language)

    def _begin_to_open(self, entry: LibraryEntry, language: Language) -> None:
        """Its making may take a moment, so it is not done on the screen's own loop."""
        opening = partial(self._open_entry, entry, language)
        self.run_worker(opening, thread=True, exclusive=True, group="opening")

    def _open_entry(self, entry: LibraryEntry, language: Language) -> None:
        if self._open is None:
            return
        try:
            run = self._open(entry.name)
        except (OSError, ValueError) as problem:
            known = catalogue(language)
            text = known.say("ui.library.failed", problem=refusal_said(problem, known))
            self.call_from_thread(self.notify, safe(text), severity="error", markup=False)
            return
        is_listed = entry.kind == "scenario" and bool(entry.words)
        words, seen_as = (entry.words, entry.name) if is_listed else ({}, "")
        self.call_from_thread(self.play, run, language, words, seen_as)
