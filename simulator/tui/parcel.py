"""What travels on a wire: a word in a block, or an envelope, as large as the map has room for.

Each kind differs by its shape or sign and not by colour only: a command is its verb, a reply its
code behind ✓ › ! or ✗, a mail is an envelope, a question has ``?`` and an answer ``=``; what is
sealed by TLS stands between ▓.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from rich.cells import cell_len

from simulator.scenario.model import Host
from simulator.trace.event import (
    Answer,
    Closed,
    Command,
    Connected,
    Content,
    Event,
    Query,
    Refused,
    Reply,
    Stored,
    Tls,
)
from simulator.tui.canvas import Canvas, centre, shorten
from simulator.tui.pace import PARKED
from simulator.tui.palette import Palette, ink
from simulator.tui.wiring import Route
from simulator.views.safe import safe

Rows: TypeAlias = tuple[str, ...]
"""Lines of equal width; ``▄`` and ``▀`` lines are drawn as half a row of the block."""

_EIGHTHS_FROM_LEFT = " ▏▎▍▌▋▊▉"
_SEAL = "▓"
_MARGINS = f" {_SEAL}▄▀╲"
_WORD_LIMIT = 40
_LONG_WIRE = 8
_ASIDE = 12
"""Cells that a parcel on an upright wire may take."""
_SHORTER_LIMIT = 26
_ENVELOPES = ((14, 5), (11, 4), (9, 3), (7, 3), (6, 2), (4, 1), (2, 1))
"""Widths and heights in cells."""
_GOOD, _GO_ON, _FOR_NOW, _NEVER = "✓", "›", "!", "✗"


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is to be drawn: its sizes from the largest to the smallest, and its two colours."""

    sizes: tuple[Rows, ...]
    fill: str
    text: str

    def fitting(self, route: Route) -> Rows:
        """The largest size that the route has room for."""
        height = route.room[1] - route.room[0] + 1
        if route.upright:
            fits = (rows for rows in self.sizes if len(rows) <= min(height, 2))
            return next((rows for rows in fits if cell_len(rows[0]) <= _ASIDE), self.sizes[-1])
        width = abs(route.run_end - route.run_start)
        if width >= _LONG_WIRE:
            width -= 2  # the wire and the head of its arrow are to be seen too
        for rows in self.sizes:
            if len(rows) <= height and cell_len(rows[0]) <= max(width, 3):
                return rows
        # Even the smallest is too wide: its middle is what can be seen.
        return self.sizes[-1]


@dataclass(frozen=True, slots=True)
class Placed:
    """A parcel at its place: ``left`` in eighths of a cell, so that it moves smoothly."""

    rows: Rows
    fill: str
    text: str
    top: int
    left: int
    first: int
    last: int
    """The cells between which it may be seen: first inclusive, last exclusive."""

    @property
    def cells(self) -> tuple[int, int]:
        """The columns that it touches: first inclusive, last exclusive."""
        left = self.left // 8
        right = -(-(self.left + 8 * cell_len(self.rows[0])) // 8)
        return max(left, self.first), min(right, self.last)

    def draw(self, canvas: Canvas, y: int, row: int) -> None:
        """Draw its line ``row`` upon line ``y`` of a sheet."""
        text = self.rows[row]
        width = cell_len(text)
        cell, part = divmod(self.left, 8)
        if text[0] not in _MARGINS:
            # No margin to give away: half a cell would hide the first character.
            cell, part = cell + (part >= 4), 0
        if text[0] in "▄▀":
            self._half(canvas, y, cell, width, text[0])
            return
        body = Canvas(width + 1, 1, ink(self.text, self.fill, bold=True))
        body.put(0, 0, text, body.blank)
        for offset in range(width + (1 if part else 0)):
            x = cell + offset
            if not self.first <= x < self.last or not 0 <= x < canvas.width:
                continue
            behind = canvas.style(x, y).bgcolor
            under = behind.name if behind is not None else self.text
            if part and offset == 0:
                # The block begins inside this cell: paint what is left of it over the block.
                canvas.put(x, y, _EIGHTHS_FROM_LEFT[part], ink(under, self.fill))
            elif part and offset == width:
                canvas.put(x, y, _EIGHTHS_FROM_LEFT[part], ink(self.fill, under))
            elif character := body.character(offset, 0):
                canvas.put(x, y, character, body.blank)

    def _half(self, canvas: Canvas, y: int, cell: int, width: int, sign: str) -> None:
        shift = 1 if self.left % 8 >= 4 else 0
        for x in range(cell + shift, cell + shift + width):
            if self.first <= x < self.last and 0 <= x < canvas.width:
                behind = canvas.style(x, y).bgcolor
                under = behind.name if behind is not None else self.text
                canvas.put(x, y, sign, ink(self.fill, under))


def place(parcel: Parcel, route: Route, phase: float, width: int) -> Placed:
    """The parcel on its way: ``phase`` 0 is at the speaker, 1 at the listener."""
    rows = parcel.fitting(route)
    size = cell_len(rows[0])
    if route.upright:
        return _climbing(parcel, rows, route, phase, width)
    low, high = sorted((route.run_start, route.run_end))
    done = Fraction(min(1.0, max(0.0, phase))).limit_denominator(4096)
    if route.between:
        begin, end = low - size, high
    else:
        begin, end = low - size // 2, high - size // 2
    if route.run_start > route.run_end:
        begin, end = end, begin
    left = int((begin + (end - begin) * done) * 8)
    if phase == PARKED:
        # At rest it stands upon whole cells, so that nothing of it is cut, and never goes back.
        left = 8 * (-(-left // 8) if end > begin else left // 8)
    first, last = (low, high) if route.between else (0, width)
    if not route.between:
        left = max(0, min(left, 8 * (width - size)))
    top = max(route.room[0], route.run_row - (len(rows) - 1) // 2)
    return Placed(rows, parcel.fill, parcel.text, top, left, first, last)


def _climbing(parcel: Parcel, rows: Rows, route: Route, phase: float, width: int) -> Placed:
    """On an upright wire it goes by whole rows, and never over the frame of the listener."""
    done = min(1.0, max(0.0, phase))
    begin, end = route.run_start - 1, route.run_end - len(rows)
    if route.run_start > route.run_end:
        begin, end = route.run_start + 2 - len(rows), route.run_end + 1
    top = round(begin + (end - begin) * done)
    left = max(0, min(route.run_row - cell_len(rows[0]) // 2, width - cell_len(rows[0])))
    return Placed(rows, parcel.fill, parcel.text, top, 8 * left, 0, width)


def parcel_of(event: Event, speaker: Host, palette: Palette, *, is_report: bool) -> Parcel | None:
    """What the event sends, or None where nothing goes over a wire."""
    role = palette.of_role(speaker.role)
    fact = event.fact
    match fact:
        case Content() | Stored():
            sealed = isinstance(fact, Content) and fact.secure
            return _envelope(palette, is_report=is_report, sealed=sealed)
        case Command() | Reply():
            return _of_dialogue(fact, role, palette)
        case Connected() | Refused() | Closed() | Tls():
            return _of_connection(fact, role, palette)
        case Query() | Answer():
            return _of_dns(fact, palette)
        case _:
            return None


def _of_dialogue(fact: Command | Reply, role: str, palette: Palette) -> Parcel:
    if isinstance(fact, Reply):
        sign, fill = _outcome(str(fact.code), palette)
        return _word(f"{sign} {fact.code}", fill, palette, sealed=fact.secure)
    verb = fact.line.split(" ", 1)[0].upper() or "·"
    return _word(verb, role, palette, sealed=fact.secure)


def _of_connection(fact: Connected | Refused | Closed | Tls, role: str, palette: Palette) -> Parcel:
    match fact:
        case Connected():
            return _word(f":{fact.port}", role, palette)
        case Refused():
            return _word(f"{_NEVER} :{fact.port}", palette.error, palette)
        case Tls():
            fill = palette.ok if fact.verified and not fact.reason else palette.error
            word = f"{_NEVER} TLS" if fact.reason else "TLS"
            return _word(word, fill, palette, sealed=not fact.reason)
        case _:
            cut = fact.reason != "quit"
            return _word(_NEVER if cut else "×", palette.error if cut else palette.dim, palette)


def _of_dns(fact: Query | Answer, palette: Palette) -> Parcel:
    if isinstance(fact, Query):
        return _word(f"? {fact.type}", palette.dns, palette, more=fact.name)
    if fact.rcode != "NOERROR":
        return _word(f"{_NEVER} {fact.rcode}", palette.error, palette, more=fact.name)
    told = fact.records[0].rsplit(" ", 1)[-1] if fact.records else ""
    return _word(f"= {len(fact.records)} {fact.type}", palette.dns, palette, more=told)


def _outcome(code: str, palette: Palette) -> tuple[str, str]:
    """The sign and the colour of a reply: by the first digit (RFC 5321 section 4.2.1)."""
    match code[:1]:
        case "2":
            return _GOOD, palette.ok
        case "3":
            return _GO_ON, palette.accent
        case "4":
            return _FOR_NOW, palette.accent
        case "5" | "-":
            return _NEVER, palette.error
        case _:
            return (_GOOD if code == "+OK" else _GO_ON), palette.ok


def _word(
    word: str, fill: str, palette: Palette, *, sealed: bool = False, more: str = ""
) -> Parcel:
    short = shorten(safe(word, limit=_WORD_LIMIT), 12)
    edge = _SEAL if sealed else " "
    texts = [f"{edge}{short}{edge}", short]
    if more:
        long = f" {short} {safe(more, limit=_WORD_LIMIT).rstrip('.')} "
        texts = [shorten(long, _WORD_LIMIT), shorten(long, _SHORTER_LIMIT), *texts]
    sizes: list[Rows] = []
    for text in texts:
        wide = f"{edge} {text.strip(edge)} {edge}"
        pad = " " * cell_len(wide)
        if not more:
            sizes.append((pad, wide, pad))
        sizes.append(("▄" * cell_len(text), text, "▀" * cell_len(text)))
        sizes.append((text,))
    sizes = [rows for rows in sizes if rows != ("▄" * len(short), short, "▀" * len(short))]
    return Parcel(tuple(sizes), fill, palette.on_fill)


def _envelope(palette: Palette, *, is_report: bool, sealed: bool) -> Parcel:
    """A mail; a report of failure (bounce) carries ``!`` and the colour of failure."""
    mark = "!" if is_report else ""
    sizes: list[Rows] = []
    for width, height in _ENVELOPES:
        inner = envelope(width, height, mark)
        if sealed:
            sizes.append(tuple(f"{_SEAL}{row}{_SEAL}" for row in inner))
        sizes.append(inner)
    sizes.sort(key=lambda rows: len(rows) * len(rows[0]), reverse=True)
    if is_report:
        return Parcel(tuple(sizes), palette.error, palette.on_fill)
    return Parcel(tuple(sizes), palette.paper, palette.seal)


def envelope(width: int, height: int, mark: str = "") -> Rows:
    """An envelope seen from behind: a flap of ``╲╱``, and below it the rest; ``mark`` on it."""
    flap = height - 1 if height > 2 else height
    rows = []
    for row in range(flap):
        inside = width - 2 * row - 2
        if row < flap - 1:
            middle = centre(mark if row == 0 else "", inside)
        else:
            middle = ("_" if flap > 1 else " ") * inside
        rows.append(centre(f"╲{middle}╱", width))
    return (*rows, *(" " * width for _ in range(height - flap)))
