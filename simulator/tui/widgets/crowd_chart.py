"""The chart of many mails: how many are delivered, deferred and bounced, over virtual time.

Time runs by powers of ten: most mails arrive in the first seconds, and the last of the others may
be given up after five days.
"""

from __future__ import annotations

import math
from bisect import bisect_right

from rich.cells import cell_len

from simulator.scenario.virtual_time import SECOND
from simulator.tui.canvas import Canvas, fit, shorten
from simulator.tui.index import RunIndex
from simulator.tui.moments import span_text
from simulator.tui.palette import Palette, ink
from simulator.tui.stage import Stage
from simulator.tui.widgets.stage_rows import StageRows
from simulator.views.crowd import State

SHOWN: tuple[State, ...] = ("delivered", "deferred", "bounced")
SIGNS: dict[State, str] = {"under_way": "›", "delivered": "✓", "deferred": "↻", "bounced": "✗"}
_EIGHTHS = " ▁▂▃▄▅▆▇█"
_LEAST = SECOND // 10
"""The earliest time at which the axis may begin."""
_TICKS = tuple(n * SECOND for n in (1, 10, 60, 600, 3600, 36_000, 86_400, 432_000))
_HERE = "▼"


def state_colour(state: State, palette: Palette) -> str:
    """The colour of a state."""
    match state:
        case "delivered":
            return palette.ok
        case "deferred":
            return palette.accent
        case "bounced":
            return palette.error
        case "under_way":
            return palette.dim


class CrowdChart(StageRows):
    """Three bands, one a state, each with the number it has now; below them the time."""

    def __init__(self, index: RunIndex, palette: Palette, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(palette, id=id)
        self._index = index
        self._cursors: list[int] = []
        self._made_for = (-1, -1)
        self._first = _LEAST

    def draw(self, canvas: Canvas, stage: Stage, palette: Palette) -> None:
        """A heading, the bands, the axis."""
        crowd = self._index.crowd
        total = len(crowd.recipients)
        bold = ink(palette.text, palette.background, bold=True)
        heading = stage.words.say_count("ui.crowd.heading", total, domains=len(crowd.by_domain))
        heading = shorten(heading, canvas.width - 2)
        canvas.put(1, 0, heading, bold)
        names = {state: f"{SIGNS[state]} {stage.say(f'crowd.{state}')}" for state in SHOWN}
        number = len(stage.words.number(total))
        left = max(map(cell_len, names.values())) + number + 4
        width = canvas.width - left - 2
        band = max(1, (canvas.height - 3) // len(SHOWN))
        if width < 8:
            return
        self._measure(stage, width)
        top = 1 if canvas.height < 7 else 2
        for place, state in enumerate(SHOWN):
            bottom = top + (place + 1) * band - 1
            colour = state_colour(state, palette)
            count = stage.words.number(crowd.count(state, stage.cursor))
            style = ink(colour, palette.background, bold=True)
            canvas.put(1, bottom, names[state], style)
            canvas.put(left - 1 - len(count), bottom, count, bold)
            self._band(canvas, (left, bottom, band), state, stage, palette)
        self._ticks(canvas, left, top + len(SHOWN) * band, stage, palette)
        if top > 1:
            here = ink(palette.accent, palette.background, bold=True)
            canvas.put(left + self._column(stage.scene.at), 1, _HERE, here)

    def _measure(self, stage: Stage, width: int) -> None:
        """The cursor of each column; once for a run and a width."""
        if self._made_for == (len(stage.events), width):
            return
        self._made_for = (len(stage.events), width)
        first = self._index.crowd.first_settled
        # A little before anything is settled, so that one sees it begin.
        self._first = max(_LEAST, stage.events[first].at // 2) if first is not None else _LEAST
        self._cursors = [
            bisect_right(stage.events, self._moment(column), key=lambda event: event.at)
            for column in range(width)
        ]

    @property
    def _scale(self) -> float:
        return math.log(max(self._index.marks.end, 10 * self._first) / self._first)

    def _moment(self, column: int) -> int:
        """The virtual time at the end of a column."""
        width = max(2, self._made_for[1])
        return math.ceil(self._first * math.exp(self._scale * column / (width - 1)))

    def _column(self, moment: int) -> int:
        share = math.log(max(moment, self._first) / self._first) / self._scale
        return min(self._made_for[1] - 1, round(share * (self._made_for[1] - 1)))

    def _band(
        self,
        canvas: Canvas,
        place: tuple[int, int, int],
        state: State,
        stage: Stage,
        palette: Palette,
    ) -> None:
        """One state: as high as its share of all recipients; what is to come is dim."""
        left, bottom, height = place
        total = max(1, len(self._index.crowd.recipients))
        bright = ink(state_colour(state, palette), palette.background)
        dim = ink(palette.line, palette.background)
        canvas.put(left, bottom, "▁" * len(self._cursors), dim)
        for column, cursor in enumerate(self._cursors):
            count = self._index.crowd.count(state, cursor)
            eighths = math.ceil(count * height * 8 / total)
            style = bright if cursor <= stage.cursor else dim
            for row in range(height):
                part = min(8, max(0, eighths - 8 * row))
                if part:
                    canvas.put(left + column, bottom - row, _EIGHTHS[part], style)

    def _ticks(self, canvas: Canvas, left: int, row: int, stage: Stage, palette: Palette) -> None:
        """The times below."""
        dim = ink(palette.dim, palette.background)
        free = left
        for moment in _TICKS:
            x = left + self._column(moment)
            label = f"│{span_text(stage.words, moment)} "
            if not self._first <= moment <= self._moment(self._made_for[1] - 1) or x < free:
                continue
            canvas.put(x, row, fit(label, min(cell_len(label), canvas.width - x)), dim)
            free = x + cell_len(label)
