"""The keys for a class: the dark screen, time to think, one panel at a time, a clicker."""

from __future__ import annotations

from collections.abc import Sequence

from textual.widget import Widget

from simulator.lessons.asking import question_before
from simulator.lessons.language import catalogue
from simulator.trace.position import Curtain, Podium
from simulator.tui.screens.curtain import BlackoutScreen, ThinkScreen, Thought
from simulator.tui.screens.taking import TakingScreen
from simulator.tui.widgets.panel import Panel

_MAP = "-map"


class PresentingScreen(TakingScreen):
    """What a teacher needs; where somebody presents, ``podium`` tells the notes where one is."""

    podium: Podium | None = None
    _coming: Sequence[Panel] = ()
    """Panels that are still to be shown alone."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Page up and page down belong to the clicker only while somebody presents."""
        if action == "clicker" and self.podium is None:
            return False
        return super().check_action(action, parameters)

    def tell_podium(self, curtain: Curtain = "") -> None:
        """Tell the notes where the presentation stands."""
        if self.podium is not None:
            self.podium.move(self.drive.player.cursor, self.language, curtain)

    def on_screen_resume(self) -> None:
        """The presentation is here again."""
        if self.podium is not None:
            self.podium.take()

    def on_unmount(self) -> None:
        """The presentation is over."""
        if self.podium is not None:
            self.podium.leave()

    def action_clicker(self, by: int) -> None:
        """A presenter's remote control sends page up and page down: an event back, or forward."""
        if by > 0:
            self.action_forward()
        else:
            self.action_back()

    def action_blackout(self) -> None:
        """Show nothing until a key is pressed."""
        self.drive.pause()
        self.tell_podium("blackout")
        self.app.push_screen(BlackoutScreen(), lambda _: self.show())

    def action_think(self) -> None:
        """Ask what happens next, and show it when the time is over."""
        self.drive.pause()
        words = catalogue(self.language)
        upcoming = self.drive.player.upcoming
        if upcoming is None:
            self._tell("say.think_nothing")
            return
        question = question_before(upcoming, self.drive.player.scene, words)
        self.tell_podium("think")
        self.app.push_screen(ThinkScreen(question, words, self.drive.clock), self._have_thought)

    def _have_thought(self, thought: Thought | None) -> None:
        if thought == "show":
            self.action_forward()
        else:
            self.show()

    def action_one_panel(self) -> None:
        """The map alone, then each panel alone, then all of them again."""
        if not self.has_class(_MAP) and self.maximized is None:
            # Which of them there is room for can be seen only while all are shown.
            self._coming = [panel for panel in self.query(Panel) if panel.size.area]
            self.add_class(_MAP)
            return
        self.remove_class(_MAP)
        self._show_alone(self._coming[0] if self._coming else None)
        self._coming = self._coming[1:]

    def _show_alone(self, panel: Widget | None) -> None:
        self.minimize()
        if panel is not None:
            self.maximize(panel, container=False)
