"""The last row: the keys that matter most, ``?`` always among them, and more where they fit."""

from __future__ import annotations

from rich.cells import cell_len
from rich.style import Style
from textual import events

from simulator.tui.canvas import Canvas
from simulator.tui.keys import FOOTER_SHOWN, Key
from simulator.tui.palette import Palette, ink
from simulator.tui.stage import Stage
from simulator.tui.widgets.stage_rows import StageRows

_WIDE, _GAP = 100, 2
_AT_LEAST = 6
"""The five most needed keys and ``?``, which fit into the narrowest window."""


class KeyBar(StageRows):
    """Keys and their words; a click on one does what the key does."""

    def __init__(self, keys: tuple[Key, ...], palette: Palette) -> None:
        super().__init__(palette, id="keys")
        self._keys = sorted((key for key in keys if key.footer), key=lambda key: key.footer)
        self._spans: list[tuple[int, int, str]] = []

    def blank(self) -> Style:
        """The bar is raised from the screen."""
        return ink(self._palette.text, self._palette.raised)

    def draw(self, canvas: Canvas, stage: Stage, palette: Palette) -> None:
        """The first six keys, and further ones while there is room."""
        self._spans = []
        entries = [(key.action, *_entry(key, stage)) for key in self._keys]
        if canvas.width < _WIDE:
            del entries[_AT_LEAST:]
        while sum(map(_width, entries)) > canvas.width and len(entries) > 1:
            # The last one gives way, but never the help, which tells all the others.
            entries.pop(-2 if entries[-1][0] == "help" else -1)
        x = 1
        for action, shown, word in entries:
            canvas.put(x, 0, shown, ink(palette.accent, palette.raised, bold=True))
            canvas.put(x + cell_len(shown) + 1, 0, word, canvas.blank)
            end = x + cell_len(shown) + 1 + cell_len(word)
            self._spans.append((x, end, action))
            x = end + _GAP

    async def on_click(self, event: events.Click) -> None:
        """Do what the key under the pointer does."""
        for first, last, action in self._spans:
            if first <= event.x < last:
                await self.screen.run_action(action)


def _entry(key: Key, stage: Stage) -> tuple[str, str]:
    """A key as the footer shows it, and its word."""
    shown = FOOTER_SHOWN.get(key.action, key.shown)
    return shown, stage.say(f"key.{key.footer_word or key.word}")


def _width(entry: tuple[str, str, str]) -> int:
    _, shown, word = entry
    return cell_len(shown) + 1 + cell_len(word) + _GAP
