"""Two branches side by side, above the player."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from simulator.tui.palette import Palette, ink
from simulator.tui.screens.above import AboveScreen
from simulator.tui.stage import Stage
from simulator.tui.widgets.panel import Panel
from simulator.tui.widgets.text_view import Line, TextView, paragraph
from simulator.views.comparison import MARKS, Side, compare

_TITLES = 2
"""Rows at the top that name both sides."""
_BETWEEN = 5
"""Cells of a row that belong to neither side."""


class CompareView(TextView):
    """The rows of a comparison."""

    def __init__(self, left: Side, right: Side, palette: Palette) -> None:
        super().__init__(palette)
        self._left, self._right = left, right

    def write(self, stage: Stage, palette: Palette, width: int) -> list[Line]:
        """What both did is quiet, what only one did stands out; then what came of it."""
        plain = ink(palette.text, palette.background)
        dim = ink(palette.dim, palette.background)
        strong = ink(palette.accent, palette.background, bold=True)
        column = max((width - _BETWEEN) // 2, 10)
        lines: list[Line] = []
        rows = compare(
            self._left, self._right, language=stage.language, depth=stage.depth, column=column
        )
        for number, row in enumerate(rows):
            if number >= _TITLES and row[:1] in MARKS:
                lines.append(((row, dim if row[0] == "=" else plain),))
            else:
                lines += paragraph(row, strong, width) if row else [()]
        return lines


class CompareScreen(AboveScreen):
    """Closed by escape or by the key that opened it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("F", "close", "close", show=False, priority=True)
    ]
    CSS = """
    CompareScreen { align: center middle; background: $background 60%; }
    CompareScreen > Panel {
        width: 96%; max-width: 150; height: 92%; background: $background; border: round $accent;
    }
    CompareScreen Heading { height: 1; }
    CompareScreen LineView { height: 1fr; scrollbar-size-vertical: 1; overflow-x: hidden; }
    """

    def __init__(self, left: Side, right: Side, stage: Callable[[], Stage]) -> None:
        super().__init__(stage)
        self._left, self._right = left, right

    def compose(self) -> ComposeResult:
        """One panel."""
        body = CompareView(self._left, self._right, self.palette)
        yield Panel(body, self.palette, id="compare")

    def draw(self) -> None:
        """Both sides in the present language."""
        panel, stage = self.query_one(Panel), self._stage()
        panel.show(stage.say("compare.title"), stage.say("panel.close"), stage, self.palette)
        panel.body.focus()
