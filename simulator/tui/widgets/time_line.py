"""The time line: the whole run on one line, where we are in it, and what stands out in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

from rich.cells import cell_len
from rich.style import Style
from textual import events
from textual.message import Message

from simulator.tui.canvas import Canvas
from simulator.tui.index import RunIndex
from simulator.tui.line_plan import LinePlan
from simulator.tui.moments import since_text, span_text
from simulator.tui.palette import Palette, ink
from simulator.tui.run_marks import Wait
from simulator.tui.stage import Stage
from simulator.tui.widgets.stage_rows import StageRows

Mark: TypeAlias = Literal["question", "note", "fork"]
"""What others may put on the line, at the place of an event."""

_SIGNS: dict[Mark, str] = {"question": "?", "note": "i", "fork": "Y"}
_FAILED, _HERE = "✗", "●"
_PAST, _FUTURE, _WAIT = "━", "─", "╌"
_LEFT = 4


class TimeLine(StageRows):
    """One row with the line; with a second row above it, the numbers of the steps and the waits."""

    class Sought(Message):
        """A place was clicked, or dragged to: ``cursor`` events are to have happened."""

        def __init__(self, cursor: int) -> None:
            super().__init__()
            self.cursor = cursor

    class Toggled(Message):
        """The sign of playing was clicked."""

    def __init__(self, index: RunIndex, palette: Palette, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(palette, id=id)
        self._index = index
        self._plan = LinePlan(index, 0, 1, lambda _: "")
        self._made_for = (-1, -1, "")
        self._marks: tuple[tuple[int, Mark], ...] = ()
        self._is_held = False

    def column(self, place: int) -> int:
        """The cell in which ``place`` events have happened."""
        return _LEFT + self._plan.axis.column(place)

    def mark(self, marks: Sequence[tuple[int, Mark]]) -> None:
        """Put signs on the line: each at the place of an event, the later over the earlier."""
        self._marks = tuple(marks)
        self._drawn = None
        self.refresh()

    def draw(self, canvas: Canvas, stage: Stage, palette: Palette) -> None:
        """The state of playing, the line with its marks, and the virtual clock."""
        row = canvas.height - 1
        clock = self._clock(canvas, stage, palette)
        self._measure(stage, max(1, canvas.width - _LEFT - clock - 1))
        self._state(canvas, row, stage, palette)
        self._line(canvas, row, stage, palette)
        self._waits(canvas, row, stage, palette)
        self._steps(canvas, stage, palette)
        self._failures(canvas, row, stage, palette)
        signs = ink(palette.on_fill, palette.accent, bold=True)
        for place, kind in self._marks:
            canvas.put(_LEFT + self._plan.axis.column(place + 1), row, _SIGNS[kind], signs)
        here = ink(palette.accent, palette.background, bold=True)
        canvas.put(_LEFT + self._plan.axis.column(stage.cursor), row, _HERE, here)

    def _measure(self, stage: Stage, width: int) -> None:
        """Find the cell of everything; once for a run, a width and a language."""
        made_for = (len(stage.events), width, stage.language)
        if made_for != self._made_for:
            self._made_for = made_for
            self._plan = LinePlan(
                self._index, len(stage.events), width, lambda wait: _length(stage, wait)
            )

    @staticmethod
    def _state(canvas: Canvas, row: int, stage: Stage, palette: Palette) -> None:
        sign = "▶" if stage.playing else "‖"
        canvas.put(1, row, sign, ink(palette.accent, palette.background, bold=True))

    def _clock(self, canvas: Canvas, stage: Stage, palette: Palette) -> int:
        """The clock at the right end, above it how long the run is; gives the cells it takes."""
        now = since_text(stage.words, stage.scene.at)
        whole = stage.say("of_time", time=since_text(stage.words, self._index.marks.end)[1:])
        width = max(cell_len(since_text(stage.words, self._index.marks.end)), cell_len(now)) + 1
        if canvas.height > 1:
            width = max(width, cell_len(whole) + 1)
            x = canvas.width - cell_len(whole) - 1
            canvas.put(x, 0, whole, ink(palette.dim, palette.background))
        bold = ink(palette.text, palette.background, bold=True)
        canvas.put(canvas.width - cell_len(now) - 1, canvas.height - 1, now, bold)
        return width + 1

    def _line(self, canvas: Canvas, row: int, stage: Stage, palette: Palette) -> None:
        here, end = self._plan.axis.column(stage.cursor), self._plan.axis.column(len(stage.events))
        past = ink(palette.accent, palette.background, bold=True)
        canvas.put(_LEFT, row, _FUTURE * (end + 1), ink(palette.line, palette.background))
        canvas.put(_LEFT, row, _PAST * here, past)

    def _waits(self, canvas: Canvas, row: int, stage: Stage, palette: Palette) -> None:
        for gap in self._plan.axis.gaps:
            is_past = stage.cursor > gap.wait.place
            colour = palette.accent if is_past else palette.dim
            x, style = _LEFT + gap.column, ink(colour, palette.background)
            words = _length(stage, gap.wait)
            if canvas.height > 1:
                canvas.put(x, row, _WAIT * gap.width, style)
                canvas.put(x + 1, 0, words, style)
            else:
                canvas.put(x, row, f"{_WAIT}{words}{_WAIT}", style)

    def _steps(self, canvas: Canvas, stage: Stage, palette: Palette) -> None:
        """The number of each step where it begins."""
        if canvas.height < 2:
            return
        here = self._plan.axis.column(stage.cursor)
        for column, step in self._plan.steps.items():
            colour = palette.accent if column <= here else palette.dim
            style = ink(colour, palette.background, bold=True)
            canvas.put(_LEFT + column, 0, str(step), style)

    def _failures(self, canvas: Canvas, row: int, stage: Stage, palette: Palette) -> None:
        """A cross in each cell in which something failed; none behind a question."""
        style = ink(palette.error, palette.background, bold=True)
        last = self._plan.axis.column(min(stage.curtain, len(stage.events)))
        for column in self._plan.failures:
            if column > last:
                continue
            canvas.put(_LEFT + column, row, _FAILED, style)

    def blank(self) -> Style:
        """The screen's own colour."""
        return ink(self._palette.text, self._palette.background)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take hold of the line, or play and pause by the sign before it."""
        if event.x < _LEFT - 1:
            self.post_message(self.Toggled())
            return
        self._is_held = True
        self.capture_mouse()
        self._seek(event.x)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Follow the pointer while it is held."""
        if self._is_held:
            self._seek(event.x)

    def on_mouse_up(self) -> None:
        """Let go."""
        if self._is_held:
            self._is_held = False
            self.release_mouse()

    def _seek(self, x: int) -> None:
        """Go to that cell; where something failed in it, right after that."""
        cursor = self._plan.cursor(max(0, x - _LEFT))
        self.post_message(self.Sought(cursor))


def _length(stage: Stage, wait: Wait) -> str:
    """How long a wait is, in its largest unit."""
    return span_text(stage.words, wait.span, units=1)
