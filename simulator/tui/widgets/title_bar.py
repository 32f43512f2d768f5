"""The first row: which scenario, playing or not, which event, what time it is there."""

from __future__ import annotations

from rich.cells import cell_len
from rich.style import Style

from simulator.tui.canvas import Canvas, shorten
from simulator.tui.moments import speed_text
from simulator.tui.palette import Palette, ink
from simulator.tui.stage import Stage
from simulator.tui.widgets.stage_rows import StageRows
from simulator.views.safe import safe

_TITLE_LIMIT = 200


class TitleBar(StageRows):
    """What is played and how; the title gives way where the row is short."""

    def blank(self) -> Style:
        """The bar is raised from the screen."""
        return ink(self._palette.text, self._palette.raised)

    def draw(self, canvas: Canvas, stage: Stage, palette: Palette) -> None:
        """Program and title at the left, the state of playing at the right."""
        key = "event_growing" if stage.growing else "event"
        facts = [
            stage.say(key, n=stage.number, total=stage.last_number),
            speed_text(stage.speed),
            stage.say("language"),
        ]
        right = " · ".join(facts) + " "
        state, fill = _state(stage, palette)
        width = canvas.width
        x = width - cell_len(right) - cell_len(state) - 1
        name = f" {stage.say('name')} "
        raised = palette.raised
        canvas.put(0, 0, name, ink(palette.accent, raised, bold=True))
        room = x - cell_len(name) - 2
        title = shorten(safe(stage.title, limit=_TITLE_LIMIT), max(0, room))
        canvas.put(cell_len(name) + 1, 0, title, ink(palette.text, raised, bold=True))
        canvas.put(x, 0, state, ink(palette.on_fill, fill, bold=True))
        canvas.put(x + cell_len(state) + 1, 0, right, canvas.blank)


def _state(stage: Stage, palette: Palette) -> tuple[str, str]:
    if stage.playing:
        return f" ▶ {stage.say('playing')} ", palette.ok
    if stage.stops_midway:
        return f" ■ {stage.say('stopped')} ", palette.error
    if stage.is_last:
        return f" ■ {stage.say('ended')} ", palette.accent
    return f" ‖ {stage.say('paused')} ", palette.dim
