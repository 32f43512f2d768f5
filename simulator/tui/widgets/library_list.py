"""The list of scenarios: what each is called, what it shows and how long it takes."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from simulator.lessons.language import Catalogue
from simulator.tui.canvas import Canvas, shorten
from simulator.tui.entry import LibraryEntry
from simulator.tui.palette import Palette, ink
from simulator.tui.wrapping import wrap
from simulator.views.safe import safe

_TOP = 1
"""Empty rows above the first scenario."""

_ROWS = 4
_GOAL_ROWS = 2
_TEXT_LIMIT = 400
_HERE = "▶"


class LibraryList(ScrollView, can_focus=True):
    """Four rows a scenario: title and minutes, two of what it shows, and a space."""

    class Picked(Message):
        """The scenario under the mark was clicked."""

    def __init__(self, entries: Sequence[LibraryEntry], palette: Palette, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._entries = entries
        self._palette = palette
        self._words: Catalogue | None = None
        self._place = 0

    @property
    def chosen(self) -> LibraryEntry | None:
        """The scenario under the mark."""
        return self._entries[self._place] if self._entries else None

    def show_in(self, words: Catalogue, palette: Palette) -> None:
        """Draw in a language and colours."""
        self._words, self._palette = words, palette
        self._measure()

    def on_resize(self) -> None:
        """The list is as wide as the window."""
        self._measure()

    def choose(self, by: int) -> None:
        """Move the mark."""
        self._place = max(0, min(self._place + by, len(self._entries) - 1))
        top, height = self.scroll_offset.y, self.size.height
        first = _TOP + self._place * _ROWS
        if first < top + _TOP:
            self.scroll_to(y=max(0, first - _TOP), animate=False, force=True)
        elif first + _ROWS > top + height:
            self.scroll_to(y=first + _ROWS - height, animate=False, force=True)
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Put the mark where the click was; where it was there already, open."""
        place = (event.y + self.scroll_offset.y - _TOP) // _ROWS
        if place == self._place and self._entries:
            self.post_message(self.Picked())
        elif 0 <= place < len(self._entries):
            self.choose(place - self._place)

    def render_line(self, y: int) -> Strip:
        """One visible row."""
        palette = self._palette
        canvas = Canvas(self.size.width, 1, ink(palette.text, palette.background))
        if self._words is not None:
            self._draw(canvas, y + self.scroll_offset.y, self._words)
        return canvas.strip(0)

    def _measure(self) -> None:
        rows = _TOP + max(1, len(self._entries)) * _ROWS
        self.virtual_size = Size(self.scrollable_content_region.width, rows)
        self.refresh()

    def _draw(self, canvas: Canvas, row: int, words: Catalogue) -> None:
        palette = self._palette
        if not self._entries:
            if row == _TOP:
                canvas.put(3, 0, words.say("ui.library.none"), canvas.blank)
            return
        place, part = divmod(row - _TOP, _ROWS)
        if row < _TOP:
            return
        if place >= len(self._entries) or part == _ROWS - 1:
            return
        entry = self._entries[place]
        here = place == self._place
        back = palette.row if here else palette.background
        canvas.fill(0, 0, canvas.width, 1, ink(palette.text, back))
        own = entry.in_language(words.language)
        if part == 0:
            if here:
                canvas.put(1, 0, _HERE, ink(palette.accent, back, bold=True))
            minutes = words.say("ui.library.minutes", n=entry.minutes)
            facts = f"{_chapter(entry.chapter, words)} · {minutes}"
            room = canvas.width - cell_len(facts) - 6
            title = shorten(safe(own.title, limit=_TEXT_LIMIT), room)
            canvas.put(3, 0, title, ink(palette.text, back, bold=True))
            canvas.put(canvas.width - cell_len(facts) - 2, 0, facts, ink(palette.dim, back))
        else:
            goal = wrap(safe(own.goal, limit=_TEXT_LIMIT), canvas.width - 6)
            line = goal[part - 1] if part <= len(goal) else ""
            if part == _GOAL_ROWS < len(goal):
                line = shorten(f"{line} {goal[part]}", canvas.width - 6)
            canvas.put(3, 0, line, ink(palette.text if here else palette.dim, back))


def _chapter(name: str, words: Catalogue) -> str:
    """A chapter as people call it; one that a scenario of one's own invents, as it is."""
    key = f"ui.chapter.{name}"
    return words.say(key) if key in words else safe(name, limit=40)
