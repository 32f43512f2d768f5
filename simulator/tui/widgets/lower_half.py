"""The lower half of the screen: what is told, what is said, what it means, and the lens."""

from __future__ import annotations

from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import Container

from simulator.tui.index import RunIndex
from simulator.tui.lens_tabs import Tab
from simulator.tui.palette import Palette
from simulator.tui.stage import Stage
from simulator.tui.widgets.explanation import ExplanationView
from simulator.tui.widgets.lens import Lens
from simulator.tui.widgets.panel import Panel
from simulator.tui.widgets.story import StoryView
from simulator.tui.widgets.transcript import Transcript
from simulator.views.safe import safe

_LENS_ROWS = 8
"""Rows that the lens needs below the explanation, to be shown without being asked for."""

_ROOMY = 20
"""Rows of both together from which on paragraphs are parted."""


_WISHES = ("-lens", "-story")


@dataclass(frozen=True, slots=True)
class View:
    """What a person looks at here, whatever the run: the wishes, and the lens's page and host."""

    wishes: frozenset[str]
    tab: Tab | None
    holder: str | None


class LowerHalf(Container):
    """Four panels; the window's size and two wishes (lens, story) say which are seen.

    ``-lens`` and ``-story`` are the wishes; ``-room`` says that the lens fits below the
    explanation although nobody asked for it.
    """

    def __init__(self, index: RunIndex, palette: Palette) -> None:
        super().__init__(id="panels")
        self._index = index
        self._palette = palette
        self.explanation = ExplanationView(palette)
        self.explanation_panel = Panel(self.explanation, palette, id="explanation")
        self.transcript = Transcript(index, palette)
        self.story = StoryView(index, palette)
        self.lens = Lens(index.landmarks, palette)

    def compose(self) -> ComposeResult:
        """What is told, what is said, and beside them what it means and the lens."""
        yield Panel(self.story, self._palette, id="story")
        yield Panel(self.transcript, self._palette, id="transcript")
        with Container(id="aside"):
            yield self.explanation_panel
            yield self.lens

    @property
    def view(self) -> View:
        """What is looked at."""
        wishes = set(filter(self.has_class, _WISHES))
        if self.lens.display and self.lens.view.pinned:
            wishes.add("-lens")  # it has room here, and may have none elsewhere
        return View(frozenset(wishes), self.lens.view.pinned, self.lens.view.holder)

    def look(self, view: View) -> None:
        """Look at the same again."""
        for wish in _WISHES:
            self.set_class(wish in view.wishes, wish)
        self.lens.view.pinned, self.lens.view.holder = view.tab, view.holder

    def show(self, stage: Stage, palette: Palette) -> None:
        """Draw the present moment in every panel."""
        depth, only = stage.say(f"depth.{stage.depth}"), _only(stage)
        said = " · ".join(
            filter(None, (only, stage.needle and f"/{safe(stage.needle, limit=20)}", depth))
        )
        for name, note in (("story", only), ("transcript", said), ("explanation", "")):
            panel = self.query_one(f"#{name}", Panel)
            panel.show(stage.say(f"panel.{name}"), note, stage, palette)
        self.lens.show_lens(stage, palette)
        self.make_room()

    def make_room(self) -> None:
        """Show the lens below the explanation wherever the explanation leaves enough rows."""
        aside = self.query_one("#aside").size.height
        if self.explanation.is_roomy != (aside >= _ROOMY):
            self.explanation.is_roomy = aside >= _ROOMY
            self.explanation.measure_lines()
        rows = self.explanation.virtual_size.height
        self.set_class(aside - rows - 1 >= _LENS_ROWS, "-room")
        # Opened, the lens takes most of the rows; else the explanation gets what it needs.
        needed = min(rows + 1, max(4, aside // 3)) if self.has_class("-lens") else rows + 1
        self.explanation_panel.styles.height = needed if self.lens.display else "1fr"

    def toggle(self, panel: Panel, wish: str) -> bool:
        """Show a panel where it was not asked for, or take it away; gives whether it is shown."""
        self.toggle_class(wish)
        if self.has_class(wish):
            self.call_after_refresh(panel.body.focus)
        return self.has_class(wish)


def _only(stage: Stage) -> str:
    """What is shown where not everything is."""
    sieve = stage.sieve
    if sieve.is_open:
        return ""
    host = stage.hosts.get(sieve.host)
    what = sieve.recipient or sieve.journey or (stage.name(host, sieve.host) if host else "")
    return f"≡ {safe(what or stage.say(f'only.{sieve.topic}'), limit=40)}"
