"""A host's box drawn: its role, its name, what it holds, and the envelope where it is answerable.

Who acts has a thick frame, whoever speaks has a filled name, and everyone else recedes. A box is
no taller than what stands in it; the one that is answerable for a mail grows by the envelope.
"""

from __future__ import annotations

from rich.cells import cell_len
from rich.style import Style

from simulator.scenario.model import Host
from simulator.trace.event import Judged
from simulator.tui.canvas import Canvas, centre, shorten
from simulator.tui.contents import Custody
from simulator.tui.floor import Box, Floor
from simulator.tui.labels import home_of, name_of, role_of, states_of
from simulator.tui.palette import Palette, ink
from simulator.tui.parcel import envelope
from simulator.tui.stage import Stage
from simulator.tui.verdicts import verdict_text

_THIN = "╭─╮│╰╯"
_THICK = "┏━┓┃┗┛"
_BADGE = " ╲╱ "
_BADGE_ROWS, _LEAST_BADGE = 4, 2
_SMALLEST_BADGE = 5
"""Rows of a box with room for no more of the envelope than a sign."""


class _Drawing:
    """One box at one moment."""

    def __init__(self, canvas: Canvas, box: Box, floor: Floor, stage: Stage, palette: Palette):
        self.canvas, self.box, self.floor, self.stage, self.palette = (
            canvas,
            box,
            floor,
            stage,
            palette,
        )
        actors = (stage.speaker, stage.listener)
        acting = next((host for host in actors if host is not None and host in box.hosts), None)
        self.acts = acting is not None
        self.host: Host = acting or box.hosts[0]
        self.speaks = self.acts and stage.speaker == self.host
        self.recedes = not self.acts and stage.event is not None
        self.states = states_of(box, stage)
        held = [stage.contents.custody[one.name] for one in box.hosts if self._holds(one)]
        self.custody = Custody(
            sum(one.recipients for one in held), any(one.has_report for one in held)
        )
        colour = palette.of_role(self.host.role)
        self.colour = palette.recede(colour) if self.recedes else colour

    def _holds(self, host: Host) -> bool:
        return host.name in self.stage.contents.custody

    def put(self, row: int, text: str, style: Style) -> None:
        """A line in the middle of the box."""
        width = self.box.width - 2
        self.canvas.put(self.box.x + 1, self.box.y + row, centre(text, width), style)

    def on_border(self, row: int, text: str, style: Style) -> None:
        """Words upon the frame; left out where there are none."""
        if not text:
            return
        room = self.box.width - 2
        spaced = f" {text} " if cell_len(text) + 2 <= room else shorten(text, room)
        x = self.box.x + 1 + (room - cell_len(spaced)) // 2
        self.canvas.put(x, self.box.y + row, spaced, style)


def draw_box(canvas: Canvas, box: Box, floor: Floor, stage: Stage, palette: Palette) -> None:
    """Draw ``box`` as it is at this moment."""
    it = _Drawing(canvas, box, floor, stage, palette)
    if box.height < 3:
        _tag(it)
        return
    home = _fitted(it)
    height = _height(it, home)
    border = ink(it.colour, palette.background, bold=it.acts)
    _frame(canvas, box, height, border, _THICK if it.acts else _THIN)
    said = ink(palette.dim, palette.background) if it.recedes else border
    it.on_border(0, role_of(box, it.host, floor, stage), said)
    _name_row(it)
    if box.height == 3:
        _lowest(it, said)
    elif box.height == 4:
        _one_row(it)
    else:
        _rows(it, home, height)
    _bottom(it, height)


def _fitted(it: _Drawing) -> str:
    """Whose it is, if there is a row for it; where rows are few, the last state alone stays."""
    room = it.box.height - 3
    badge = _LEAST_BADGE if it.custody.recipients else 0
    if len(it.states) + badge > room:
        it.states = it.states[-1:]
    if it.box.height < 5 or len(it.states) + badge >= room:
        return ""
    return home_of(it.box, it.host, it.stage)


def _height(it: _Drawing, home: str) -> int:
    """Rows that the box needs now; what the floor has for it is the most."""
    if it.box.height < 5 or it.box.is_dns:
        return it.box.height
    rows = 3 + bool(home) + len(it.states)
    if it.custody.recipients:
        rows += max(1, min(_BADGE_ROWS, it.box.height - rows))
    return max(4, min(rows, it.box.height))


def _frame(canvas: Canvas, box: Box, height: int, style: Style, signs: str) -> None:
    across = signs[1] * (box.width - 2)
    bottom = box.y + height - 1
    canvas.fill(box.x, box.y, box.width, height, canvas.blank)
    canvas.put(box.x, box.y, signs[0] + across + signs[2], style)
    canvas.put(box.x, bottom, signs[4] + across + signs[5], style)
    for y in range(box.y + 1, bottom):
        canvas.put(box.x, y, signs[3], style)
        canvas.put(box.x + box.width - 1, y, signs[3], style)


def _name_row(it: _Drawing) -> None:
    name = name_of(it.box, it.host, it.floor, it.stage, acts=it.acts)
    palette = it.palette
    if it.speaks:
        style = ink(palette.on_fill, it.colour, bold=True)
    else:
        style = ink(palette.text, palette.background, bold=not it.recedes)
    it.put(1, name, style)


def _rows(it: _Drawing, home: str, height: int) -> None:
    """Under the name: where it lives, what lies there, and the envelope of custody."""
    row = 2
    palette = it.palette
    if home:
        it.put(row, home, ink(palette.dim, palette.background))
        row += 1
    badge = height - 1 - row - len(it.states) if it.custody.recipients else 0
    if it.custody.recipients and badge < 1:
        # No row is left for it: it stands beside the first state.
        _beside_state(it, row, it.states[0] if it.states else "")
        return
    for state in it.states[: height - 1 - row]:
        it.put(row, state, ink(palette.text, palette.background))
        row += 1
    _badge(it, row, badge)


def _badge(it: _Drawing, row: int, height: int) -> None:
    room = it.box.width - 2
    if height > 1:
        drawn = envelope(min(3 + 2 * height, room), height, _mark(it.custody))
    elif height == 1:
        drawn = (_small_badge(it.custody),)
    else:
        return
    for number, text in enumerate(drawn):
        x = it.box.x + 1 + (room - cell_len(text)) // 2
        it.canvas.put(x, it.box.y + row + number, text, _badge_style(it))


def _badge_style(it: _Drawing) -> Style:
    palette = it.palette
    if it.custody.has_report:
        return ink(palette.on_fill, palette.error, bold=True)
    return ink(palette.seal, palette.envelope, bold=True)


def _mark(custody: Custody) -> str:
    """What stands on the envelope: ``!`` on a report, else how many recipients if not one."""
    if custody.has_report:
        return "!"
    return str(custody.recipients) if custody.recipients > 1 else ""


def _small_badge(custody: Custody) -> str:
    mark = _mark(custody)
    return f" ╲╱ {mark} " if mark else _BADGE


def _one_row(it: _Drawing) -> None:
    """The envelope and the state beside each other; the envelope is the more important."""
    state = it.states[-1] if it.states else ""
    if it.custody.recipients:
        _beside_state(it, 2, state)
        return
    it.put(2, state, ink(it.palette.text, it.palette.background))


def _beside_state(it: _Drawing, row: int, state: str) -> None:
    room, badge = it.box.width - 2, _small_badge(it.custody)
    text = f" {state}" if state and cell_len(state) + 1 + len(badge) <= room else ""
    x, y = it.box.x + 1 + (room - len(badge) - cell_len(text)) // 2, it.box.y + row
    it.canvas.put(x, y, badge, _badge_style(it))
    it.canvas.put(x + len(badge), y, text, ink(it.palette.text, it.palette.background))


def _lowest(it: _Drawing, border: Style) -> None:
    """In a box of three rows the state, or the envelope, stands on the frame."""
    if it.custody.recipients:
        state = f" {it.states[-1]}" if it.states else ""
        text = _small_badge(it.custody).strip() + state
        room = it.box.width - 4
        text = text if cell_len(text) <= room else _small_badge(it.custody).strip()
        it.on_border(2, text, _badge_style(it))
    elif it.states:
        it.on_border(2, it.states[-1], border)


def _bottom(it: _Drawing, height: int) -> None:
    """What the lower frame says: a verdict, or that this host is answerable."""
    palette, fact = it.palette, it.stage.event.fact if it.stage.event is not None else None
    if it.speaks and isinstance(fact, Judged):
        style = ink(palette.on_fill, palette.accent, bold=True)
        it.on_border(height - 1, verdict_text(fact, it.stage, it.box.width - 4), style)
    elif it.custody.recipients and it.box.height > _SMALLEST_BADGE:
        words = it.stage.say("answerable")
        if cell_len(words) + 2 <= it.box.width - 2:
            it.on_border(height - 1, words, _badge_style(it))


def _tag(it: _Drawing) -> None:
    palette, width = it.palette, it.box.width
    name = name_of(it.box, it.host, it.floor, it.stage, acts=it.acts)
    if it.speaks:
        style = ink(palette.on_fill, it.colour, bold=True)
    elif it.acts:
        style = ink(palette.background, palette.text, bold=True)
    else:
        style = ink(it.colour, palette.background)
    text = f"[{centre(name, width - 2)}]" if it.acts else centre(name, width)
    it.canvas.put(it.box.x, it.box.y, text, style)
