"""What stands above the library's list: the program's name, and what it is for."""

from __future__ import annotations

from rich.cells import cell_len
from textual.strip import Strip
from textual.widget import Widget

from simulator.lessons.language import Catalogue
from simulator.tui.canvas import Canvas, shorten
from simulator.tui.palette import Palette, ink
from simulator.tui.parcel import envelope

_LOW = 2
"""Rows in which there is room for the name alone."""


class LibraryFrame(Widget):
    """Rows that are drawn anew in another language or in other colours."""

    can_focus = False

    def __init__(self, palette: Palette, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._palette = palette
        self._words: Catalogue | None = None

    def show_in(self, words: Catalogue, palette: Palette) -> None:
        """Draw in a language and colours."""
        self._words, self._palette = words, palette
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One row."""
        palette = self._palette
        canvas = Canvas(*self.size, ink(palette.text, palette.raised))
        if self._words is not None:
            self.draw(canvas, self._words, palette)
        return canvas.strip(min(y, max(0, canvas.height - 1)))

    def draw(self, canvas: Canvas, words: Catalogue, palette: Palette) -> None:
        """Draw all rows. To be given by each kind."""
        raise NotImplementedError


class LibraryHead(LibraryFrame):
    """An envelope, the name, and what the program is for, or what was looked for."""

    found = ""
    """What was looked for, and how much of it there is; empty where nothing was."""

    def draw(self, canvas: Canvas, words: Catalogue, palette: Palette) -> None:
        """The envelope at the left where there are rows for it, the words beside it."""
        x, y = 1, 0
        if canvas.height > _LOW:
            for row, text in enumerate(envelope(9, 3)):
                canvas.put(2, 1 + row, text, ink(palette.seal, palette.envelope, bold=True))
            x, y = 14, 1
        accent = ink(palette.accent, palette.raised, bold=True)
        name, library = words.say("ui.name"), words.say("ui.library.title")
        if self.found and canvas.height <= _LOW:
            library = shorten(self.found, canvas.width - x - cell_len(name) - 3)
        canvas.put(x, y, name, accent)
        canvas.put(x + cell_len(name) + 2, y, library, ink(palette.text, palette.raised, bold=True))
        if canvas.height > _LOW:
            about = shorten(self.found or words.say("ui.library.about"), canvas.width - x - 1)
            canvas.put(x, y + 1, about, canvas.blank)
