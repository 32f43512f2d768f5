"""The branches below the time line: each on a row, from the place on where it parts."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.style import Style
from textual import events
from textual.message import Message

from simulator.tui.branches import Branch
from simulator.tui.canvas import Canvas, shorten
from simulator.tui.palette import Palette, ink
from simulator.tui.stage import Stage
from simulator.tui.time_marks import place_of
from simulator.tui.widgets.stage_rows import StageRows
from simulator.views.safe import safe

_LEFT = 4
_STEP = 2
"""A branch stands at least so many cells further in than what it grew from."""
_ROOM = 30
"""Cells that a name has at the least, however late its branch parts."""
_MOST_ROWS, _MOST_SHORT = 6, 3
_HERE, _ELSEWHERE = "●", "○"


class BranchTree(StageRows):
    """Nothing where there is the trunk alone; of a large tree the rows around the present branch.

    ``column`` gives the cell of an event's place on the time line.
    """

    class Chosen(Message):
        """A row was clicked."""

        def __init__(self, branch: Branch) -> None:
            super().__init__()
            self.branch = branch

    def __init__(self, column: Callable[[int], int], palette: Palette) -> None:
        super().__init__(palette, id="tree")
        self._column = column
        self._rows: Sequence[Branch] = ()
        self._here: Branch | None = None

    def show_tree(self, here: Branch, stage: Stage, palette: Palette, *, is_short: bool) -> None:
        """Draw the tree that this branch is in."""
        self._rows, self._here = here.trunk.rows, here
        is_bare = len(self._rows) == 1
        most = _MOST_SHORT if is_short else _MOST_ROWS
        self.styles.height = 0 if is_bare else min(len(self._rows), most)
        self.set_class(is_bare, "-bare")
        self.show(stage, palette)

    def draw(self, canvas: Canvas, stage: Stage, palette: Palette) -> None:
        """The lines from each branch to what it grew from, then the names."""
        columns = self._columns(stage, canvas.width)
        first = self._first(canvas.height)
        line = ink(palette.line, palette.background)
        for (x, y), sign in _lines(self._rows, columns).items():
            if 0 <= y - first < canvas.height:
                canvas.put(x, y - first, sign, line)
        for y in range(first, min(first + canvas.height, len(self._rows))):
            self._put_name(canvas, y - first, columns[y], self._rows[y], stage)

    def _put_name(self, canvas: Canvas, y: int, x: int, branch: Branch, stage: Stage) -> None:
        palette, is_here = self._palette, branch is self._here
        x += 0 if branch.grown_from is None else 2
        colour = palette.accent if is_here else palette.text
        sign = _HERE if is_here else _ELSEWHERE
        name = f"{sign} {label(branch, stage)}"
        name = shorten(name, max(0, canvas.width - x - 1))
        canvas.put(x, y, name, ink(colour, palette.background, bold=is_here))

    def _columns(self, stage: Stage, width: int) -> list[int]:
        """The cell of each row's corner."""
        found: dict[Branch, int] = {}
        for branch in self._rows:
            if branch.grown_from is None:
                found[branch] = _LEFT
                continue
            place = place_of(stage.events, branch.after)
            column = min(self._column(place + 1), width - _ROOM)
            found[branch] = max(column, found[branch.grown_from] + _STEP)
        return list(found.values())

    def _first(self, height: int) -> int:
        """The first row that is seen: the present branch is among them."""
        here = next((y for y, one in enumerate(self._rows) if one is self._here), 0)
        return max(0, min(here - height // 2, len(self._rows) - height))

    def blank(self) -> Style:
        """The screen's own colour."""
        return ink(self._palette.text, self._palette.background)

    def on_click(self, event: events.Click) -> None:
        """Tell which branch was clicked."""
        row = event.y + self._first(self.size.height)
        if row < len(self._rows):
            self.post_message(self.Chosen(self._rows[row]))


def label(branch: Branch, stage: Stage) -> str:
    """A branch as lists call it: after which event it parts, its name, whether it is saved."""
    if branch.grown_from is None:
        return safe(branch.titled(stage.language), limit=200)
    key = "branches.grown" if branch.is_kept else "branches.unkept"
    return stage.say(key, n=branch.after, name=safe(branch.name, limit=200))


def _lines(rows: Sequence[Branch], columns: Sequence[int]) -> dict[tuple[int, int], str]:
    """The signs of the lines, by column and row."""
    signs: dict[tuple[int, int], str] = {}
    for y, branch in enumerate(rows):
        if branch.grown_from is None:
            continue
        x = columns[y]
        for above in range(rows.index(branch.grown_from) + 1, y):
            signs[x, above] = "├" if signs.get((x, above)) in {"╰", "├"} else "│"
        signs[x, y] = "╰"
        signs[x + 1, y] = "─"
    return signs
