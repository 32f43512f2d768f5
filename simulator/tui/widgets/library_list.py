"""The list of scenarios: what each is called, what it shows and how long it takes."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.style import Style
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from simulator.lessons.language import Catalogue
from simulator.tui.canvas import Canvas, shorten
from simulator.tui.entry import LibraryEntry
from simulator.tui.palette import Palette, ink
from simulator.views.safe import safe

_HEAD_ROWS = 3
_ROWS = 3
_TEXT_LIMIT = 400
_HERE = "▶"


class LibraryList(ScrollView, can_focus=True):
    """Three rows a scenario: title and minutes, what it shows, and a space."""

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
        first = _HEAD_ROWS + self._place * _ROWS
        if first < top + _HEAD_ROWS:
            self.scroll_to(y=max(0, first - _HEAD_ROWS), animate=False, force=True)
        elif first + _ROWS > top + height:
            self.scroll_to(y=first + _ROWS - height, animate=False, force=True)
        self.refresh()

    def pick(self, row: int) -> bool:
        """Put the mark where a row of the window was clicked; True where it was there already."""
        place = (row + self.scroll_offset.y - _HEAD_ROWS) // _ROWS
        if not 0 <= place < len(self._entries):
            return False
        if place == self._place:
            return True
        self.choose(place - self._place)
        return False

    def render_line(self, y: int) -> Strip:
        """One visible row."""
        palette = self._palette
        canvas = Canvas(self.size.width, 1, ink(palette.text, palette.background))
        if self._words is not None:
            self._draw(canvas, y + self.scroll_offset.y, self._words)
        return canvas.strip(0)

    def _measure(self) -> None:
        rows = _HEAD_ROWS + max(1, len(self._entries)) * _ROWS
        self.virtual_size = Size(self.scrollable_content_region.width, rows)
        self.refresh()

    def _draw(self, canvas: Canvas, row: int, words: Catalogue) -> None:
        palette = self._palette
        if row < _HEAD_ROWS:
            self._draw_head(canvas, row, words)
            return
        place, part = divmod(row - _HEAD_ROWS, _ROWS)
        if not self._entries:
            if row == _HEAD_ROWS:
                canvas.put(3, 0, words.say("ui.library.none"), canvas.blank)
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
            facts = f"{safe(entry.chapter, limit=40)} · {words.say('ui.library.minutes', n=entry.minutes)}"
            room = canvas.width - cell_len(facts) - 6
            title = shorten(safe(own.title, limit=_TEXT_LIMIT), room)
            canvas.put(3, 0, title, ink(palette.text, back, bold=True))
            canvas.put(canvas.width - cell_len(facts) - 2, 0, facts, ink(palette.dim, back))
        else:
            goal = shorten(safe(own.goal, limit=_TEXT_LIMIT), canvas.width - 6)
            canvas.put(3, 0, goal, ink(palette.text if here else palette.dim, back))

    def _draw_head(self, canvas: Canvas, row: int, words: Catalogue) -> None:
        palette = self._palette
        if row == 0:
            canvas.fill(0, 0, canvas.width, 1, ink(palette.text, palette.raised))
            name = f" {words.say('ui.name')} "
            canvas.put(0, 0, name, self._strong(palette.accent))
            canvas.put(
                cell_len(name) + 1, 0, words.say("ui.library.title"), self._strong(palette.text)
            )
        elif row == 1:
            text = shorten(words.say("ui.library.choose"), canvas.width - 4)
            canvas.put(3, 0, text, ink(palette.dim, palette.background))

    def _strong(self, colour: str) -> Style:
        return ink(colour, self._palette.raised, bold=True)
