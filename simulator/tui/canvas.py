"""A sheet of cells to draw boxes, wires and words on, cut into strips of an exact width.

Words may hold characters of two cells or none, so a cell is a string: a wide character stands in
its first cell and leaves the next one empty; combining marks share the cell of their base.
"""

from __future__ import annotations

from rich.cells import cell_len, get_character_cell_size, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

_MARKS_IN_A_CELL = 4
"""Combining marks kept on one base: enough for every script, too few to climb over other rows."""


def fit(text: str, width: int) -> str:
    """``text`` in exactly ``width`` cells: padded with spaces, or cut with ``…`` at the end."""
    if width <= 0:
        return ""
    if cell_len(text) <= width:
        return set_cell_size(text, width)
    return set_cell_size(set_cell_size(text, width - 1).rstrip() + "…", width)


def shorten(text: str, width: int) -> str:
    """``text`` in at most ``width`` cells, with ``…`` where something is missing."""
    return text if cell_len(text) <= width else fit(text, width).rstrip()


def centre(text: str, width: int) -> str:
    """``text`` in the middle of exactly ``width`` cells."""
    short = shorten(text, width)
    return fit(" " * ((width - cell_len(short)) // 2) + short, width)


class Canvas:
    """``height`` rows of ``width`` cells, all spaces in the style ``blank`` at first."""

    def __init__(self, width: int, height: int, blank: Style) -> None:
        self.width = width
        self.height = height
        self.blank = blank
        self._characters = [[" "] * width for _ in range(height)]
        self._styles = [[blank] * width for _ in range(height)]

    def copy_row(self, y: int) -> Canvas:
        """One row as a sheet of its own, to be drawn over without harm to this one."""
        row = Canvas(self.width, 1, self.blank)
        row._characters = [list(self._characters[y])]
        row._styles = [list(self._styles[y])]
        return row

    def put(self, x: int, y: int, text: str, style: Style) -> None:
        """Write one line of text; what falls off the sheet is left out."""
        if not 0 <= y < self.height:
            return
        for character in text:
            cells = get_character_cell_size(character)
            if cells == 0:
                self._mark(x - 1, y, character)
                continue
            if x >= 0 and x + cells <= self.width:
                self._set(x, y, character, style)
                if cells == 2:
                    self._set(x + 1, y, " ", style)
                    self._characters[y][x + 1] = ""
            x += cells

    def character(self, x: int, y: int) -> str:
        """What stands in a cell."""
        return self._characters[y][x]

    def style(self, x: int, y: int) -> Style:
        """The style of a cell."""
        return self._styles[y][x]

    def fill(self, x: int, y: int, width: int, height: int, style: Style) -> None:
        """Paint a block with spaces."""
        for row in range(y, y + height):
            self.put(x, row, " " * width, style)

    def strip(self, y: int) -> Strip:
        """A row as a strip of exactly ``width`` cells, neighbours of one style joined."""
        segments: list[Segment] = []
        characters, styles = self._characters[y], self._styles[y]
        start = 0
        for x in range(1, self.width + 1):
            if x == self.width or styles[x] is not styles[start]:
                segments.append(Segment("".join(characters[start:x]), styles[start]))
                start = x
        return Strip(segments, self.width)

    def _set(self, x: int, y: int, character: str, style: Style) -> None:
        row = self._characters[y]
        if row[x] == "" and x > 0:
            row[x - 1] = " "
        if x + 1 < self.width and row[x + 1] == "":
            row[x + 1] = " "
        row[x] = character
        self._styles[y][x] = style

    def _mark(self, x: int, y: int, mark: str) -> None:
        if not 0 <= x < self.width:
            return
        base = x - 1 if self._characters[y][x] == "" and x > 0 else x
        if len(self._characters[y][base]) <= _MARKS_IN_A_CELL:
            self._characters[y][base] += mark
