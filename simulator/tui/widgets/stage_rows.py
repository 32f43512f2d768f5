"""Widgets of a few rows that draw the current stage: what title, steps, caption and keys share."""

from __future__ import annotations

from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from simulator.tui.canvas import Canvas
from simulator.tui.palette import Palette, ink
from simulator.tui.stage import Stage


class StageRows(Widget):
    """Draws itself anew on a sheet of its own size whenever another moment is shown."""

    can_focus = False

    def __init__(self, palette: Palette, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._palette = palette
        self._stage: Stage | None = None
        self._drawn: Canvas | None = None

    def show(self, stage: Stage, palette: Palette) -> None:
        """Draw another moment."""
        self._stage = stage
        self._palette = palette
        self._drawn = None
        self.refresh()

    def on_resize(self) -> None:
        """Draw for the new size."""
        self._drawn = None

    def render_line(self, y: int) -> Strip:
        """One row of what ``draw`` drew."""
        width, height = self.size
        if self._drawn is None or (self._drawn.width, self._drawn.height) != (width, height):
            self._drawn = Canvas(width, height, self.blank())
            if self._stage is not None:
                self.draw(self._drawn, self._stage, self._palette)
        if y >= self._drawn.height:
            return Strip.blank(width, self._drawn.blank)
        return self._drawn.strip(y)

    def blank(self) -> Style:
        """The style of cells on which nothing is drawn."""
        return ink(self._palette.text, self._palette.background)

    def draw(self, canvas: Canvas, stage: Stage, palette: Palette) -> None:
        """Draw the moment. To be given by each kind."""
        raise NotImplementedError
