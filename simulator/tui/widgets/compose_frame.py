"""What stands above and below the compose form: what it is for, and its keys."""

from __future__ import annotations

from rich.cells import cell_len

from simulator.lessons.language import Catalogue
from simulator.tui.canvas import Canvas, shorten
from simulator.tui.palette import Palette, ink
from simulator.tui.widgets.library_frame import LibraryFrame

COMPOSE_KEYS = (
    ("f5,ctrl+r", "F5", "play", "play"),
    ("ctrl+s", "ctrl+s", "save", "save"),
    ("f2", "F2", "language", "language"),
    ("escape", "esc", "leave", "leave"),
)
"""Keys as Textual names them, as people see them, the action, the word below ``compose.key``."""


class ComposeHead(LibraryFrame):
    """The name of the screen, and how one fills it in."""

    def draw(self, canvas: Canvas, words: Catalogue, palette: Palette) -> None:
        """In one row."""
        title = words.say("compose.title")
        canvas.put(1, 0, title, ink(palette.accent, palette.raised, bold=True))
        x = cell_len(title) + 3
        about = shorten(words.say("compose.about"), max(0, canvas.width - x - 1))
        canvas.put(x, 0, about, canvas.blank)


class ComposeKeys(LibraryFrame):
    """The keys of the form."""

    def draw(self, canvas: Canvas, words: Catalogue, palette: Palette) -> None:
        """As many as fit."""
        x = 1
        for _, shown, _, word in COMPOSE_KEYS:
            text = words.say(f"compose.key.{word}")
            if x + cell_len(shown) + cell_len(text) + 1 > canvas.width:
                break
            canvas.put(x, 0, shown, ink(palette.accent, palette.raised, bold=True))
            canvas.put(x + cell_len(shown) + 1, 0, text, canvas.blank)
            x += cell_len(shown) + cell_len(text) + 3
