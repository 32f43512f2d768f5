"""What is shown in a window that is too small for a map: one sentence that says what to do."""

from __future__ import annotations

from rich.cells import cell_len

from simulator.tui.canvas import Canvas
from simulator.tui.palette import Palette, ink
from simulator.tui.stage import Stage
from simulator.tui.widgets.stage_rows import StageRows
from simulator.tui.wrapping import wrap

LEAST_WIDTH, LEAST_HEIGHT = 60, 20


class TooSmall(StageRows):
    """The sentence, broken to whatever width there is."""

    def draw(self, canvas: Canvas, stage: Stage, palette: Palette) -> None:
        """As many lines as fit."""
        text = stage.say("small", width=LEAST_WIDTH, height=LEAST_HEIGHT)
        style = ink(palette.accent, palette.background, bold=True)
        lines = wrap(text, max(4, canvas.width - 2))
        top = max(0, (canvas.height - len(lines)) // 2)
        for row, line in enumerate(lines):
            canvas.put(max(0, (canvas.width - cell_len(line)) // 2), top + row, line, style)
