"""What is said, line by line: what was said is bright, what will be said is dim."""

from __future__ import annotations

from rich.cells import cell_len
from rich.style import Style
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
_SIDE = _NAME_WIDTH + 4
"""Where the sign stands that tells client from server."""

_INDENT = 2
"""How much further in the server's lines begin."""

_HERE, _SEALED, _ALONE, _FROM_CLIENT, _FROM_SERVER = "▶", "▓", "·", "→", "←"


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

    def stay(self) -> None:
        """Keep the current event in view."""
        if self._stage is not None:
            first, count = self._index.lines_of_event(self._stage.cursor - 1, self._stage.depth)
            self.keep_in_view(first, first + max(0, count - 1))

    def count(self, stage: Stage, width: int) -> int:
        """All lines, past and future."""
        return self._index.line_count(stage.depth)

    def on_click(self, event: events.Click) -> None:
        """Tell which event was clicked."""
        line = event.y + self.scroll_offset.y
        if self._stage is not None and line < self._count:
            place = self._index.event_of_line(line, self._stage.depth)[0]
            if place < self._stage.curtain:
                self.post_message(self.Picked(place))

    def draw_line(self, canvas: Canvas, index: int, stage: Stage, palette: Palette) -> None:
        """The mark, the speaker, the seal and the line."""
        place, part = self._index.event_of_line(index, stage.depth)
        if place >= stage.curtain:
            self._draw_curtain(canvas, index, stage, palette)
            return
        event = stage.events[place]
        here, future = place == stage.cursor - 1, place >= stage.cursor
        back = palette.row if here else palette.background
        canvas.fill(0, 0, canvas.width, 1, ink(palette.text, back))
        if part == 0:
            self._draw_speaker(canvas, event, stage, here=here, future=future)
        lines = self._index.lines(place, stage.depth, stage.language)
        if not lines:
            self._draw_act(canvas, event, stage, here=here, future=future)
            return
        line = lines[part]
        dim = ink(palette.dim, back)
        if line.secure:
            canvas.put(_SIDE - 1, 0, _SEALED, dim)
        x = _SIDE + 2
        if line.hint.startswith("<"):
            canvas.put(_SIDE, 0, _FROM_SERVER if part == 0 else " ", dim)
            x += _INDENT
        elif line.hint.endswith(">"):
            canvas.put(_SIDE, 0, _FROM_CLIENT if part == 0 else " ", dim)
        text = shorten(safe(line.text, limit=_TEXT_LIMIT), canvas.width - x - 1)
        if future:
            canvas.put(x, 0, text, dim)
        else:
            head, rest = _head(event, text)
            canvas.put(x, 0, head, ink(_head_colour(event, palette), back, bold=True))
            rest_style = ink(palette.text, back, bold=here and part == 0)
            canvas.put(x + len(head), 0, rest, rest_style)
        mark_hits(canvas, x, text, stage.needle, ink(palette.on_fill, palette.accent, bold=True))
        if part == 0 and isinstance(event.fact, Reply):
            gloss = self._gloss(event, stage)
            start = canvas.width - cell_len(gloss) - 2
            if start >= x + cell_len(text) + 2:
                canvas.put(start, 0, gloss, dim)

    def _draw_curtain(self, canvas: Canvas, index: int, stage: Stage, palette: Palette) -> None:
        """Nothing of what would answer a question; in its first row a word about that."""
        above = self._index.event_of_line(index - 1, stage.depth)[0] if index else -1
        if above < stage.curtain:
            words = shorten(f"? {stage.say('panel.curtain')}", canvas.width - _SIDE - 1)
            canvas.put(_SIDE, 0, words, ink(palette.accent, palette.background))

    def _draw_speaker(
        self, canvas: Canvas, event: Event, stage: Stage, *, here: bool, future: bool
    ) -> None:
        palette = self._palette
        back = palette.row if here else palette.background
        host = stage.hosts.get(event.host)
        if here:
            canvas.put(0, 0, _HERE, ink(palette.accent, back, bold=True))
        colour = palette.of_role(host.role) if host is not None and not future else palette.dim
        name = shorten(stage.name(host, event.host), _NAME_WIDTH)
        canvas.put(2, 0, fit(name, _NAME_WIDTH), ink(colour, back, bold=not future))

    def _draw_act(
        self, canvas: Canvas, event: Event, stage: Stage, *, here: bool, future: bool
    ) -> None:
        """What a host does by itself: its name for it, and what it looked at."""
        palette = self._palette
        back = palette.row if here else palette.background
        label = safe(explain(event, stage.scene, stage.language).label, limit=80)
        canvas.put(_SIDE, 0, _ALONE, ink(palette.dim, back))
        style = ink(palette.dim if future else palette.accent, back, bold=here)
        text = shorten(label, canvas.width - _SIDE - 3)
        canvas.put(_SIDE + 2, 0, text, style)
        hit = ink(palette.on_fill, palette.accent, bold=True)
        mark_hits(canvas, _SIDE + 2, text, stage.needle, hit)

    def _gloss(self, event: Event, stage: Stage) -> str:
        """What a reply's code says, in words."""
        label = explain(event, stage.scene, stage.language).label
        code = str(event.fact.code) if isinstance(event.fact, Reply) else ""
        return safe(label.removeprefix(code).strip(), limit=80)


def mark_hits(canvas: Canvas, x: int, text: str, needle: str, style: Style) -> None:
    """Mark every place where ``needle`` stands in a text that was put at ``x``."""
    lowered, wanted = text.lower(), needle.lower()
    if not wanted or len(lowered) != len(text):
        return
    start = lowered.find(wanted)
    while start >= 0:
        end = start + len(wanted)
        canvas.put(x + cell_len(text[:start]), 0, text[start:end], style)
        start = lowered.find(wanted, end)


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
