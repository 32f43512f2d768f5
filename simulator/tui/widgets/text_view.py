"""A panel of running text in several styles, broken to the width that there is."""

from __future__ import annotations

from typing import TypeAlias

from rich.cells import cell_len
from rich.style import Style

from simulator.tui.canvas import Canvas, shorten
from simulator.tui.palette import Palette
from simulator.tui.stage import Stage
from simulator.tui.widgets.line_view import LineView
from simulator.tui.wrapping import wrap

Line: TypeAlias = tuple[tuple[str, Style], ...]
"""Pieces of one row, each in its style."""


class TextView(LineView):
    """Draws the lines that ``write`` gives for a stage; every moment begins at the top."""

    def __init__(self, palette: Palette, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(palette, id=id)
        self._lines: list[Line] = []
        self._shown_at = -1

    def write(self, stage: Stage, palette: Palette, width: int) -> list[Line]:
        """The lines for a width. To be given by each kind."""
        raise NotImplementedError

    def show(self, stage: Stage, palette: Palette) -> None:
        """Draw another moment from its first line."""
        super().show(stage, palette)
        if stage.cursor != self._shown_at:
            self._shown_at = stage.cursor
            self.scroll_to(y=0, animate=False, force=True)

    def count(self, stage: Stage, width: int) -> int:
        """As many lines as the text has at this width."""
        self._lines = self.write(stage, self._palette, max(10, width - 2))
        return len(self._lines)

    def draw_line(self, canvas: Canvas, index: int, stage: Stage, palette: Palette) -> None:
        """One line, a cell away from the edge."""
        x = 1
        for text, style in self._lines[index]:
            canvas.put(x, 0, text, style)
            x += cell_len(text)


def paragraph(
    text: str, style: Style, width: int, *, head: str = "", bold: Style | None = None
) -> list[Line]:
    """``text`` in lines of ``width`` cells; ``head`` stands before it in its own style."""
    if not head or bold is None:
        return [((line, style),) for line in wrap(text, width)]
    head = shorten(head, width - 4)
    # The head is one word to the breaking of lines, whatever spaces it has.
    lines = wrap("_" * cell_len(head) + f" {text}", width)
    first = lines[0][cell_len(head) :]
    return [((head, bold), (first, style)), *(((line, style),) for line in lines[1:])]
