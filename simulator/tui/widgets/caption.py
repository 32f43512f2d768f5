"""The row below the map: who says what to whom, to be read from the last row of the room."""

from __future__ import annotations

from rich.cells import cell_len
from rich.style import Style

from simulator.trace.event import Answer, Command, Content, Query, Reply
from simulator.trace.steps import Depth
from simulator.tui.big_letters import HEIGHT, big
from simulator.tui.canvas import Canvas, shorten
from simulator.tui.palette import Palette, ink
from simulator.tui.stage import Stage
from simulator.tui.widgets.stage_rows import StageRows
from simulator.tui.wrapping import wrap
from simulator.views.safe import safe
from simulator.views.wire import wire_lines

_TEXT_LIMIT = 400
_SEALED = " ▓ TLS ▓ "
_BESIDE = 40
"""Cells that the words beside large letters need."""
_LONGEST_WORD = 12


class Caption(StageRows):
    """The speaker, the listener and the line; below it, where there is room, what it means."""

    def blank(self) -> Style:
        """The band stands out from the map and from the panels."""
        return ink(self._palette.text, self._palette.row)

    def draw(self, canvas: Canvas, stage: Stage, palette: Palette) -> None:
        """One to three rows, the line in the first and its meaning in the second."""
        event = stage.event
        if event is None:
            title = shorten(safe(stage.title, limit=_TEXT_LIMIT), canvas.width - 4)
            begin = ink(palette.accent, palette.row, bold=True)
            if canvas.height > 1:
                canvas.put(1, 0, title, ink(palette.text, palette.row, bold=True))
            canvas.put(1, canvas.height - 1, stage.say("nothing"), begin)
            return
        speaker, listener = stage.speaker, stage.listener
        fill = palette.of_role(speaker.role) if speaker is not None else palette.dim
        chip = f" {shorten(stage.name(speaker, event.host), 24)} "
        if listener is not None:
            chip += f"━━▶ {shorten(stage.name(listener), 24)} "
        canvas.put(0, 0, chip, ink(palette.on_fill, fill, bold=True))
        x = cell_len(chip)
        if stage.is_sealed:
            canvas.put(x, 0, _SEALED, ink(fill, palette.raised, bold=True))
            x += cell_len(_SEALED)
        if stage.questions:
            self._ask(canvas, stage, palette, x)
            return
        if canvas.height >= HEIGHT:
            self._draw_for_the_last_row(canvas, stage, palette, chip, fill)
            return
        said, meant = _said(stage), _meant(stage)
        bold = ink(palette.text, palette.row, bold=True)
        accent = ink(palette.accent, palette.row, bold=True)
        if not said:
            canvas.put(x + 1, 0, shorten(meant, canvas.width - x - 2), accent)
            if canvas.height > 1:
                canvas.put(1, 1, shorten(_sentence(stage), canvas.width - 2), canvas.blank)
            return
        canvas.put(x + 1, 0, shorten(said, canvas.width - x - 2), bold)
        if canvas.height > 1:
            canvas.put(1, 1, shorten(meant, canvas.width - 2), accent)
            x = cell_len(meant) + 3
            rest = shorten(_sentence(stage), max(0, canvas.width - x - 1))
            canvas.put(x, 1, rest, canvas.blank)

    @staticmethod
    def _draw_for_the_last_row(
        canvas: Canvas, stage: Stage, palette: Palette, chip: str, fill: str
    ) -> None:
        """The verb or the code in large letters, and beside it who says it and what it means."""
        canvas.fill(0, 0, canvas.width, 1, canvas.blank)
        letters = big(_word(stage))
        if letters and len(letters[0]) + _BESIDE > canvas.width:
            letters = ()
        x = len(letters[0]) + 6 if letters else 1
        for y, row in enumerate(letters):
            canvas.put(2, y, row, ink(_colour(stage, palette, fill), palette.row, bold=True))
        canvas.put(x, 0, chip, ink(palette.on_fill, fill, bold=True))
        if stage.is_sealed:
            canvas.put(x + cell_len(chip), 0, _SEALED, ink(fill, palette.raised, bold=True))
        room = canvas.width - x - 2
        strong = ink(palette.accent, palette.row, bold=True)
        bold = ink(palette.text, palette.row, bold=True)
        canvas.put(x, 1, shorten(_said(stage) or _meant(stage), room), strong)
        sentence = wrap(_sentence(stage), room)
        for y, line in enumerate(sentence[: HEIGHT - 2]):
            is_cut = y == HEIGHT - 3 and len(sentence) > HEIGHT - 2
            canvas.put(x, 2 + y, shorten(f"{line} …", room) if is_cut else line, bold)

    @staticmethod
    def _ask(canvas: Canvas, stage: Stage, palette: Palette, x: int) -> None:
        """The question that playing stopped for; where there is room, the line that led to it."""
        question = "? " + " ".join(safe(one, limit=_TEXT_LIMIT) for one in stage.questions)
        bold = ink(palette.accent, palette.row, bold=True)
        if canvas.height > 1:
            line = _said(stage) or _sentence(stage)
            canvas.put(x + 1, 0, shorten(line, canvas.width - x - 2), canvas.blank)
            x = 0
        row = min(1, canvas.height - 1)
        canvas.put(x + 1, row, shorten(question, canvas.width - x - 2), bold)


def _word(stage: Stage) -> str:
    """The word that tells most in short: a verb, a code, a record type; else empty."""
    fact = stage.event.fact if stage.event is not None else None
    match fact:
        case Command(line=line):
            return line.split(maxsplit=1)[0][:_LONGEST_WORD] if line.split() else ""
        case Reply(code=code):
            return str(code)
        case Query(type=rdtype):
            return rdtype
        case Answer(type=rdtype):
            return f"={rdtype}"
        case _:
            return ""


def _colour(stage: Stage, palette: Palette, fill: str) -> str:
    fact = stage.event.fact if stage.event is not None else None
    code = str(fact.code) if isinstance(fact, Reply) else ""
    if code.startswith(("4", "5", "-", "NO", "BAD")):
        return palette.error
    return palette.ok if code.startswith(("2", "+", "OK")) else fill


def _said(stage: Stage) -> str:
    """The first line on the wire, and how many follow; empty for what a host does by itself."""
    if stage.event is None or stage.listener is None:
        return ""
    fact = stage.event.fact
    if isinstance(fact, Query):
        return f"{safe(fact.type, limit=20)} ? {safe(fact.name, limit=_TEXT_LIMIT)}"
    depth: Depth = "story" if isinstance(fact, Content) else "commands"
    lines = wire_lines(stage.event, depth=depth, language=stage.language)
    if not lines:
        return ""
    more = f"  (+{len(lines) - 1})" if len(lines) > 1 else ""
    return safe(lines[0].text, limit=_TEXT_LIMIT) + more


def _meant(stage: Stage) -> str:
    return safe(stage.explanation.label, limit=60) if stage.explanation else ""


def _sentence(stage: Stage) -> str:
    return safe(stage.explanation.sentence, limit=_TEXT_LIMIT) if stage.explanation else ""
