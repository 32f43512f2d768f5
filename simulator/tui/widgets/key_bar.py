"""The last row: the keys that matter most, as many as fit, ``?`` always among them."""

from __future__ import annotations

from rich.cells import cell_len
from rich.style import Style
from textual import events

from simulator.tui.canvas import Canvas
from simulator.tui.keys import FOOTER_SHOWN, Key
from simulator.tui.palette import Palette, ink
from simulator.tui.stage import Stage
from simulator.tui.widgets.stage_rows import StageRows

_AT_LEAST = 5


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
        """The first five keys, and further ones while there is room."""
        self._spans = []
        x = 1
        for number, key in enumerate(self._keys):
            shown = FOOTER_SHOWN.get(key.action, key.shown)
            word = stage.say(f"key.{key.footer_word or key.word}")
            width = cell_len(shown) + cell_len(word) + 1
            if x + width > canvas.width or (number >= _AT_LEAST and canvas.width < 100):
                break
            canvas.put(x, 0, shown, ink(palette.accent, palette.raised, bold=True))
            canvas.put(x + cell_len(shown) + 1, 0, word, canvas.blank)
            self._spans.append((x, x + width, key.action))
            x += width + 2

    async def on_click(self, event: events.Click) -> None:
        """Do what the key under the pointer does."""
        for first, last, action in self._spans:
            if first <= event.x < last:
                await self.screen.run_action(action)
