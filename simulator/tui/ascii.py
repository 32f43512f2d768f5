"""For terminals without our signs: every sign that we draw, as one of ASCII, one cell for one.

A sign of a text from outside (a name in Greek, a subject in Chinese) is left as it is.
"""

from __future__ import annotations

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

_SIGNS = {
    "+": "╭╮╰╯┌┐└┘├┤┬┴┼┏┓┗┛┣┫┳┻╋╔╗╚╝╠╣╦╩╬✓",
    "|": "│┃║┆┊▏▎",
    "-": "─━┄╌▔▁▂▃▄–—−",
    "=": "═▀▅▆▇‖",
    ":": "▒",
    "#": "█▓■",
    "x": "✗✕╳×",
    ">": "▶→›⟩»",
    "<": "◀←‹⟨«",
    "^": "▲↑",
    "v": "▼↓",
    "O": "●",
    "o": "○",
    "@": "↻",
    "/": "╱↷",
    "\\": "╲↳",
    "~": "…",
    ".": "·",
    " ": "▍▌▋▊▉",
    "*": "•◆",
}
TABLE = {ord(sign): plain for plain, signs in _SIGNS.items() for sign in signs}
"""For ``str.translate``."""
# What the sanitiser writes for control characters.
TABLE |= dict.fromkeys(range(0x2400, 0x2422), "?")


class AsciiFilter(LineFilter):
    """Turns every line of the screen into signs of ASCII, its colours as they were."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The segments with other signs."""
        return [Segment(text.translate(TABLE), style, control) for text, style, control in segments]
