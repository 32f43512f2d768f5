"""The lens: a panel with tabs that looks into the mail, the DNS, the queues and the mailboxes."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from simulator.tui.canvas import Canvas
from simulator.tui.landmarks import Landmarks
from simulator.tui.laying import lines_of
from simulator.tui.lens_tabs import OF_THE_MAIL, TABS, Tab, fitting, held_copy, holders, sheet_of
from simulator.tui.palette import Palette, ink
from simulator.tui.stage import Stage
from simulator.tui.tab_row import TabRow
from simulator.tui.widgets.panel import Panel
from simulator.tui.widgets.text_view import Line, TextView


class LensView(TextView):
    """What the present tab shows: by itself it turns to the tab that fits the event."""

    def __init__(self, landmarks: Landmarks, palette: Palette) -> None:
        super().__init__(palette)
        self._landmarks = landmarks
        self.pinned: Tab | None = None
        """The tab that stays whatever happens."""
        self.holder: str | None = None
        """The host whose copy is shown whatever happens."""

    def tab(self, stage: Stage) -> Tab:
        """The tab that is shown at this moment."""
        return self.pinned or fitting(stage.event)

    def write(self, stage: Stage, palette: Palette, width: int) -> list[Line]:
        """The sheet of the tab, laid out."""
        return lines_of(
            sheet_of(self.tab(stage), stage, self._landmarks, self.holder), width, palette
        )


class TabBar(Widget):
    """The names of the tabs in one row; a click on one chooses it."""

    can_focus = False

    class Chosen(Message):
        """The tab ``tab`` was clicked."""

        def __init__(self, tab: Tab) -> None:
            super().__init__()
            self.tab = tab

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        self._palette = palette
        self._row = TabRow((), 0)

    def show(self, stage: Stage, tab: Tab, palette: Palette) -> None:
        """Draw the names in the present language, ``tab`` marked."""
        self._palette = palette
        self._row = TabRow(tuple(stage.say(f"tab.{name}") for name in TABS), TABS.index(tab))
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """The one row."""
        palette = self._palette
        canvas = Canvas(self.size.width, 1, ink(palette.dim, palette.background))
        here = ink(palette.on_fill, palette.accent, bold=True)
        for x, text, place in self._row.laid(self.size.width):
            canvas.put(x, 0, text, here if place == self._row.chosen else canvas.blank)
        return canvas.strip(0)

    def on_click(self, event: events.Click) -> None:
        """Tell which tab is under the pointer."""
        place = self._row.at(event.x, self.size.width)
        if place is not None:
            self.post_message(self.Chosen(TABS[place]))


class Lens(Panel):
    """Heading, tabs and what the tab shows."""

    def __init__(self, landmarks: Landmarks, palette: Palette) -> None:
        self.view = LensView(landmarks, palette)
        super().__init__(self.view, palette, id="lens")
        self.bar = TabBar(palette)

    def compose(self) -> ComposeResult:
        """The tabs stand between the heading and the body."""
        yield self.heading
        yield self.bar
        yield self.body

    def show_lens(self, stage: Stage, palette: Palette) -> None:
        """Draw another moment."""
        tab = self.view.tab(stage)
        note = stage.say("lens.pinned" if self.view.pinned else "lens.follows")
        self.bar.show(stage, tab, palette)
        self.show(self._title(stage, tab), note, stage, palette)

    def choose(self, tab: Tab) -> None:
        """Stay with a tab; the one that is pinned already is let go."""
        self.view.pinned = None if self.view.pinned == tab else tab

    def turn(self, by: int, stage: Stage) -> None:
        """Stay with the next (1) or the previous (-1) tab."""
        place = TABS.index(self.view.tab(stage)) + by
        self.view.pinned = TABS[place % len(TABS)]

    def toggle_pin(self, stage: Stage) -> None:
        """Stay with the present tab, or follow what happens again."""
        self.view.pinned = None if self.view.pinned else self.view.tab(stage)

    def next_holder(self, stage: Stage) -> str | None:
        """Show the next host's copy of the mail; after the last one follow again (None)."""
        names = holders(stage)
        if self.view.holder is None:
            self.view.holder = names[0] if names else None
        else:
            later = names[names.index(self.view.holder) + 1 :] if self.view.holder in names else ()
            self.view.holder = later[0] if later else None
        if self.view.holder is not None and self.view.tab(stage) not in OF_THE_MAIL:
            self.view.pinned = "envelope"
        return self.view.holder

    def _title(self, stage: Stage, tab: Tab) -> str:
        held = held_copy(stage, self.view.holder)
        if tab not in OF_THE_MAIL or held is None:
            return stage.say("lens.title")
        host = stage.name(stage.hosts.get(held[0]), held[0])
        names = holders(stage)
        if self.view.holder is not None and held[0] in names:
            place = names.index(held[0]) + 1
            host = stage.say("lens.chosen", host=host, n=place, total=len(names))
        return stage.say("lens.holds", host=host)
