"""Rows of the lens laid out in the lines of a panel: tones become styles, long rows are broken."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import zip_longest

from rich.cells import cell_len, get_character_cell_size
from rich.style import Style

from simulator.tui.palette import Palette, ink
from simulator.tui.widgets.text_view import Line
from simulator.views.lens.rows import Row, Sheet, Tone

_BETWEEN = 3
_GOES_ON = "↳ "
_WORDS = re.compile(r"\s+|\S+")
"""Words and the spaces between them, in turn."""


def lines_of(sheet: Sheet, width: int, palette: Palette) -> list[Line]:
    """The lines of a sheet at a width, in two columns where there is room."""
    lines: list[Line]
    if not sheet.beside:
        lines = _laid(sheet.rows, width, palette)
    elif width < sheet.width:
        lines = [*_laid(sheet.rows, width, palette), *_laid(sheet.beside, width, palette)]
    else:
        left = (width - _BETWEEN) // 2
        columns = (
            _laid(sheet.rows, left, palette),
            _laid(sheet.beside, width - _BETWEEN - left, palette),
        )
        rule = ink(palette.line, palette.background)
        lines = []
        for one, other in zip_longest(*columns, fillvalue=()):
            pad = " " * (left - sum(cell_len(text) for text, _ in one))
            lines.append((*one, (f"{pad} │ ", rule), *other))
    return [*lines, *_laid(sheet.below, width, palette)]


def style_of(tone: Tone, palette: Palette) -> Style:
    """The style of a tone. Colour is never the only sign: what is new also has a +."""
    colours: dict[Tone, str] = {
        "plain": palette.text,
        "strong": palette.text,
        "dim": palette.dim,
        "head": palette.accent,
        "name": palette.client,
        "new": palette.ok,
        "good": palette.ok,
        "gone": palette.error,
        "bad": palette.error,
    }
    return ink(colours[tone], palette.background, bold=tone not in {"plain", "dim"})


def _laid(rows: Iterable[Row], width: int, palette: Palette) -> list[Line]:
    lines: list[Line] = []
    for row in rows:
        pieces = [(piece.text, style_of(piece.tone, palette)) for piece in row.pieces]
        broken = (
            _cut(pieces, width, style_of("dim", palette))
            if row.verbatim
            else _wrapped(pieces, width, row.indent)
        )
        lines += broken or [()]
    return lines


def _wrapped(pieces: Sequence[tuple[str, Style]], width: int, indent: int) -> list[Line]:
    """Broken at spaces, else inside a long word; further lines begin ``indent`` cells in."""
    indent = min(indent, max(0, width - 8))
    lines: list[list[tuple[str, Style]]] = [[]]
    used = 0
    for text, style in pieces:
        for word in _WORDS.findall(text):
            rest = word
            while (fitting := _fitting(rest, width - used)) < len(rest):
                if rest.isspace():
                    rest = ""
                elif used > indent:
                    lines.append([(" " * indent, style)])
                    used = indent
                else:
                    lines[-1].append((rest[: max(1, fitting)], style))
                    rest = rest[max(1, fitting) :]
                    used = width
            lines[-1].append((rest, style))
            used += cell_len(rest)
    return [tuple(line) for line in lines]


def _cut(pieces: Sequence[tuple[str, Style]], width: int, dim: Style) -> list[Line]:
    """Broken wherever the line is full; spaces stay, and what goes on has a mark before it."""
    lines: list[list[tuple[str, Style]]] = [[]]
    used = 0
    for text, style in pieces:
        rest = text
        while (fitting := _fitting(rest, width - used)) < len(rest):
            # At least one character where a line is still empty.
            head = max(fitting, 0 if used > len(_GOES_ON) else 1)
            lines[-1].append((rest[:head], style))
            rest = rest[head:]
            lines.append([(_GOES_ON, dim)])
            used = cell_len(_GOES_ON)
        lines[-1].append((rest, style))
        used += cell_len(rest)
    return [tuple(line) for line in lines]


def _fitting(text: str, width: int) -> int:
    """How many characters from the beginning fit; what lies behind them is not looked at."""
    if len(text) <= width and cell_len(text) <= width:
        return len(text)
    cells = 0
    for place, character in enumerate(text):
        cells += get_character_cell_size(character)
        if cells > width:
            return place
    return len(text)
