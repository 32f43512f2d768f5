"""The story so far in plain sentences: one a step, one an event, by depth; never what was said."""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len
from textual import events
from textual.message import Message

from simulator.lessons.explain import explain
from simulator.tui.canvas import Canvas
from simulator.tui.index import RunIndex
from simulator.tui.palette import Palette, ink
from simulator.tui.stage import Stage
from simulator.tui.widgets.line_view import LineView
from simulator.tui.wrapping import wrap
from simulator.views.safe import safe

_TEXT = 3
"""Where the sentences begin: before them stands the number of the step."""

_LIMIT = 400
_MOST = 200
"""Sentences that one can scroll back to; of the earlier ones it is said how many they are."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A piece of a sentence; ``step`` is the number before it, ``place`` that of its event."""

    text: str
    place: int
    step: str = ""


class StoryView(LineView):
    """The last sentences, broken to the width; the very last one is where we are."""

    class Picked(Message):
        """A sentence was clicked: ``place`` is that of its event."""

        def __init__(self, place: int) -> None:
            super().__init__()
            self.place = place

    def __init__(self, index: RunIndex, palette: Palette, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(palette, id=id)
        self._index = index
        self._lines: list[_Line] = []

    def stay(self) -> None:
        """Show the present at the bottom."""
        self.scroll_to(y=max(0, self._count - self.size.height), animate=False, force=True)

    def count(self, stage: Stage, width: int) -> int:
        """The lines of the sentences so far."""
        told = self._index.told(stage.cursor, stage.depth)
        first = max(0, told - _MOST)
        self._lines = []
        if first:
            earlier = stage.say("story.earlier", n=stage.words.number(first))
            self._lines.append(_Line(earlier, self._place(first - 1, stage)))
        before = stage.events[self._place(first - 1, stage)].step if first else 0
        for number in range(first, told):
            place = self._place(number, stage)
            event = stage.events[place]
            sentence = safe(explain(event, stage.scene, stage.language).sentence, limit=_LIMIT)
            step = str(event.step) if event.step != before else ""
            before = event.step
            for text in wrap(sentence, max(8, width - _TEXT - 1)):
                self._lines.append(_Line(text, place, step))
                step = ""
        return len(self._lines)

    def on_click(self, event: events.Click) -> None:
        """Tell which sentence was clicked."""
        line = event.y + self.scroll_offset.y
        if line < len(self._lines):
            self.post_message(self.Picked(self._lines[line].place))

    def draw_line(self, canvas: Canvas, index: int, stage: Stage, palette: Palette) -> None:
        """The step where it is another, and the sentence; host names in their colours."""
        line = self._lines[index]
        is_last = line.place == self._lines[-1].place
        back = palette.row if is_last else palette.background
        canvas.fill(0, 0, canvas.width, 1, ink(palette.text, back))
        canvas.put(1, 0, line.step, ink(palette.accent, back, bold=True))
        canvas.put(_TEXT, 0, line.text, ink(palette.text, back, bold=is_last))
        for host in stage.scene.hosts:
            start = line.text.find(host.name)
            if start >= 0:
                colour = ink(palette.of_role(host.role), back, bold=True)
                canvas.put(_TEXT + cell_len(line.text[:start]), 0, host.name, colour)

    def _place(self, number: int, stage: Stage) -> int:
        return self._index.telling(number, stage.cursor, stage.depth)
