"""The story so far: what happened, in one short line an event, under the names of the steps."""

from __future__ import annotations

from simulator.lessons.explain import explain
from simulator.tui.canvas import Canvas, fit, shorten
from simulator.tui.index import RunIndex
from simulator.tui.palette import Palette, ink
from simulator.tui.stage import Stage
from simulator.tui.widgets.line_view import LineView
from simulator.views.safe import safe

_NAME_WIDTH = 11
_LABEL_LIMIT = 80


class StoryView(LineView):
    """One line an event, of those at which the story stops; the last one is where we are."""

    def __init__(self, index: RunIndex, palette: Palette, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(palette, id=id)
        self._index = index

    def show(self, stage: Stage, palette: Palette) -> None:
        """Draw another moment, the present at the bottom."""
        super().show(stage, palette)
        self.scroll_to(y=max(0, self._count - self.size.height), animate=False, force=True)

    def count(self, stage: Stage, width: int) -> int:
        """As many lines as the story has had stops."""
        return self._index.told(stage.cursor)

    def draw_line(self, canvas: Canvas, index: int, stage: Stage, palette: Palette) -> None:
        """The step, who acts, and what happened."""
        place = self._index.stop(index)
        event = stage.events[place]
        back = palette.row if index == self._count - 1 else palette.background
        canvas.fill(0, 0, canvas.width, 1, ink(palette.text, back))
        before = stage.events[self._index.stop(index - 1)].step if index else 0
        if event.step != before:
            canvas.put(1, 0, str(event.step), ink(palette.accent, back, bold=True))
        host = stage.hosts.get(event.host)
        colour = palette.of_role(host.role) if host is not None else palette.dim
        name = shorten(stage.name(host, event.host), _NAME_WIDTH)
        canvas.put(3, 0, fit(name, _NAME_WIDTH), ink(colour, back, bold=True))
        label = safe(explain(event, stage.scene, stage.language).label, limit=_LABEL_LIMIT)
        x = _NAME_WIDTH + 4
        canvas.put(x, 0, shorten(label, canvas.width - x - 1), ink(palette.text, back))
