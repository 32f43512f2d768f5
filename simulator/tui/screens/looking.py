"""The keys that change what one looks at: the lens and its tabs, the story, one panel, colours."""

from __future__ import annotations

from textual.widget import Widget

from simulator.lessons.language import catalogue
from simulator.tui.lens_tabs import Tab
from simulator.tui.palette import PALETTES
from simulator.tui.screens.driven import DrivenScreen
from simulator.tui.stage import Stage
from simulator.tui.widgets.lens import Lens, TabBar
from simulator.tui.widgets.lower_half import LowerHalf, View
from simulator.tui.widgets.panel import Panel


class LookingScreen(DrivenScreen):
    """Opens panels and turns the pages of the lens; the cursor stays where it is."""

    def stage(self) -> Stage:
        """The present moment. To be given by the screen."""
        raise NotImplementedError

    @property
    def lens(self) -> Lens:
        """The panel that looks inside."""
        return self.query_one(Lens)

    @property
    def view(self) -> View:
        """What is looked at: lens, page and host, story."""
        return self.query_one(LowerHalf).view

    def look(self, view: View) -> None:
        """Look at the same as on another screen."""
        self.query_one(LowerHalf).look(view)
        self.show()

    def action_lens(self) -> None:
        """Open the lens, or close it again."""
        self.query_one(LowerHalf).toggle(self.lens, "-lens")
        self.show()

    def action_story(self) -> None:
        """The story in the place of the transcript, or the transcript again."""
        self.query_one(LowerHalf).toggle(self.query_one("#story", Panel), "-story")
        self.show()

    def action_theme(self) -> None:
        """The next set of colours."""
        names = list(PALETTES)
        self.app.theme = names[(names.index(self.palette.name) + 1) % len(names)]

    def action_maximise(self) -> None:
        """The panel with the focus as large as the window (without a focus the map), or back."""
        if self.restores():
            return
        panel: Widget | None = self.focused
        while panel is not None and not isinstance(panel, Panel):
            panel = panel.parent if isinstance(panel.parent, Widget) else None
        if panel is not None:
            self.maximize(panel, container=False)
        else:
            # The map takes the place of the panels: title, steps, caption and keys stay.
            self.add_class("-map")

    def watch_maximized(self) -> None:
        """A panel's heading says whether it is alone."""
        self.show()

    def restores(self) -> bool:
        """All panels again; False where nothing was large."""
        if self.maximized is not None:
            self.minimize()
            return True
        was_large = self.has_class("-map")
        self.remove_class("-map")
        return was_large

    def action_next_tab(self) -> None:
        """The next tab of the lens."""
        self._turn(1)

    def action_previous_tab(self) -> None:
        """The tab before."""
        self._turn(-1)

    def action_tab(self, tab: Tab) -> None:
        """Open the lens at a tab."""
        self.lens.view.pinned = tab
        self._open()
        self.show()

    def action_pin(self) -> None:
        """Stay with this tab, or follow what happens."""
        self.lens.toggle_pin(self.stage())
        self._tell_pin()
        self._open()
        self.show()

    def action_next_holder(self) -> None:
        """The mail as the next host holds it."""
        stage = self.stage()
        holder = self.lens.next_holder(stage)
        if holder is None:
            self._tell("say.holder_follows")
        else:
            self._tell("say.holder", host=stage.name(stage.hosts.get(holder), holder))
        self._open()
        self.show()

    def on_tab_bar_chosen(self, message: TabBar.Chosen) -> None:
        """A click on a tab stays with it; a click on the pinned one follows again."""
        self.lens.choose(message.tab)
        self._tell_pin()
        self.show()

    def _turn(self, by: int) -> None:
        self.lens.turn(by, self.stage())
        self._open()
        self.show()

    def _open(self) -> None:
        half = self.query_one(LowerHalf)
        if not self.lens.display or self.lens.size.height == 0:
            half.add_class("-lens")

    def _tell_pin(self) -> None:
        pinned = self.lens.view.pinned
        if pinned is None:
            self._tell("say.unpinned")
        else:
            self._tell("say.pinned", tab=catalogue(self.language).say(f"ui.tab.{pinned}"))
