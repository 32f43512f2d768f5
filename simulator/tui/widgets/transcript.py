"""What is said, line by line: what was said is bright, what will be said is dim."""

from __future__ import annotations

from textual import events
from textual.message import Message

from simulator.lessons.explain import explain
from simulator.trace.event import Command, Event, Reply
from simulator.tui.canvas import Canvas, fit, shorten
from simulator.tui.index import RunIndex
from simulator.tui.palette import Palette, ink
from simulator.tui.stage import Stage
from simulator.tui.widgets.line_view import LineView
from simulator.views.safe import safe

_TEXT_LIMIT = 1000
_NAME_WIDTH = 11
_HERE, _SEALED, _ALONE = "▶", "▓", "·"


class Transcript(LineView):
    """Every line of the run in the present depth; the current event is marked and kept in view."""

    class Picked(Message):
        """A line was clicked: ``place`` is that of its event."""

        def __init__(self, place: int) -> None:
            super().__init__()
            self.place = place

    def __init__(self, index: RunIndex, palette: Palette, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(palette, id=id)
        self._index = index

    def show(self, stage: Stage, palette: Palette) -> None:
        """Draw another moment, the current event in view."""
        super().show(stage, palette)
        first, count = self._index.lines_of_event(stage.cursor - 1, stage.depth)
        self.keep_in_view(first, first + max(0, count - 1))

    def count(self, stage: Stage, width: int) -> int:
        """All lines, past and future."""
        return self._index.line_count(stage.depth)

    def on_click(self, event: events.Click) -> None:
        """Tell which event was clicked."""
        line = event.y + self.scroll_offset.y
        if self._stage is not None and line < self._count:
            self.post_message(self.Picked(self._index.event_of_line(line, self._stage.depth)[0]))

    def draw_line(self, canvas: Canvas, index: int, stage: Stage, palette: Palette) -> None:
        """The mark, the speaker, the seal and the line."""
        place, part = self._index.event_of_line(index, stage.depth)
        event = stage.events[place]
        here, future = place == stage.cursor - 1, place >= stage.cursor
        back = palette.row if here else palette.background
        canvas.fill(0, 0, canvas.width, 1, ink(palette.text, back))
        dim = ink(palette.dim, back)
        host = stage.hosts.get(event.host)
        if part == 0:
            if here:
                canvas.put(0, 0, _HERE, ink(palette.accent, back, bold=True))
            colour = palette.of_role(host.role) if host is not None and not future else palette.dim
            name = shorten(stage.name(host, event.host), _NAME_WIDTH)
            canvas.put(2, 0, fit(name, _NAME_WIDTH), ink(colour, back, bold=not future))
        x = _NAME_WIDTH + 3
        lines = self._index.lines(place, stage.depth, stage.language)
        if not lines:
            label = safe(explain(event, stage.scene, stage.language).label, limit=80)
            canvas.put(x, 0, _ALONE, dim)
            style = dim if future else ink(palette.accent, back, bold=here)
            canvas.put(x + 2, 0, shorten(label, canvas.width - x - 3), style)
            return
        line = lines[part]
        if line.secure:
            canvas.put(x, 0, _SEALED, dim)
        text = shorten(safe(line.text, limit=_TEXT_LIMIT), canvas.width - x - 3)
        if future:
            canvas.put(x + 2, 0, text, dim)
            return
        head, rest = _head(event, text)
        head_style = ink(_head_colour(event, palette), back, bold=True)
        canvas.put(x + 2, 0, head, head_style)
        canvas.put(x + 2 + len(head), 0, rest, ink(palette.text, back, bold=here and part == 0))


def _head(event: Event, text: str) -> tuple[str, str]:
    """The verb or the code apart from the rest. Both are ASCII, so cells are characters."""
    if isinstance(event.fact, Reply):
        code = str(event.fact.code)
    elif isinstance(event.fact, Command):
        code = text.partition(" ")[0]
    else:
        code = ""
    if code.isascii() and text.startswith(code):
        return code, text[len(code) :]
    return "", text


def _head_colour(event: Event, palette: Palette) -> str:
    if not isinstance(event.fact, Reply):
        return palette.text
    match str(event.fact.code)[:1]:
        case "2" | "+":
            return palette.ok
        case "5" | "-":
            return palette.error
        case _:
            return palette.accent
