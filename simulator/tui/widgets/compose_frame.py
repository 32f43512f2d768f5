"""What stands above the compose form: its name, and how one fills it in."""

from __future__ import annotations

from rich.cells import cell_len

from simulator.lessons.language import Catalogue
from simulator.tui.canvas import Canvas, shorten
from simulator.tui.palette import Palette, ink
from simulator.tui.widgets.library_frame import LibraryFrame


class ComposeHead(LibraryFrame):
    """The name of the screen, and how one fills it in."""

    def draw(self, canvas: Canvas, words: Catalogue, palette: Palette) -> None:
        """In one row."""
        title = words.say("compose.title")
        canvas.put(1, 0, title, ink(palette.accent, palette.raised, bold=True))
        x = cell_len(title) + 3
        about = shorten(words.say("compose.about"), max(0, canvas.width - x - 1))
        canvas.put(x, 0, about, canvas.blank)
