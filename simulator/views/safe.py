"""The one sanitiser: text from outside, made harmless and visible for whatever shows it.

Mail, DNS, scenarios, recordings and arguments are written by others. On a terminal an escape
character can clear the screen, change the clipboard or forge a line; a bidi override can turn a
name round. Nothing is taken away: each such character is shown as a sign of its own.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

CUT = "…"
"""Stands at the end of a text that was longer than its limit."""

_TAB_WIDTH = 8
_HIDDEN_CATEGORIES = frozenset({"Cf", "Cs", "Co", "Zl", "Zp"})

# Characters that draw nothing although their category is a letter's, a mark's or none:
# Default_Ignorable_Code_Point in Unicode's DerivedCoreProperties.txt, and the blank of Braille.
_INVISIBLE_RANGES = (
    (0x034F, 0x034F),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x2065, 0x2065),
    (0x2800, 0x2800),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),
    (0xFFA0, 0xFFA0),
    (0xFFF0, 0xFFF8),
    (0xE0000, 0xE0FFF),
)

_LONGEST_FILE_NAME = 80
_DEVICES = frozenset(
    ("CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in range(1, 10)))
)
"""Names that Windows keeps for devices, whatever follows after a dot."""


def safe(text: str, *, limit: int | None = None) -> str:
    """One line of ``text`` with every control and format character made visible.

    ESC becomes ␛, CR LF ␍␊, a tab ␉, C1 controls ⟨9B⟩, bidi and zero-width characters, variation
    selectors and lone surrogates ⟨U+202E⟩. With ``limit`` the result has at most that many
    characters (at least 1), and ends in ``…`` where something is missing. Doing it twice changes
    nothing.
    """
    if limit is not None and limit < 1:
        raise ValueError(f"a limit of {limit} leaves no room for the mark of what is missing")
    head = text if limit is None else text[: limit + 1]
    if not (head.isascii() and head.isprintable()):
        head = "".join(map(_shown, head))
    if limit is not None and len(head) > limit:
        return head[: limit - 1] + CUT
    return head


def safe_lines(text: str, *, limit: int | None = None) -> tuple[str, ...]:
    """The lines of ``text`` (ended by LF or CRLF), each safe; tabs become spaces.

    ``limit`` is for each line. A line end at the very end opens no further line.
    """
    lines = text.replace("\r\n", "\n").split("\n")
    if lines[-1] == "":
        lines.pop()
    return tuple(safe(line.expandtabs(_TAB_WIDTH), limit=limit) for line in lines)


def safe_file_name(text: str) -> str:
    """``text`` as the name of a file on any system: no folder, no device, nothing hidden.

    Letters of ASCII, digits, ``.``, ``_`` and ``-`` stay, all else becomes ``-``.
    """
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", text)[:_LONGEST_FILE_NAME].strip(".-")
    if name.partition(".")[0].upper() in _DEVICES:
        return f"_{name}"
    return name or "_"


@lru_cache(maxsize=4096)
def _shown(character: str) -> str:
    """What stands for one character: itself, or its visible sign."""
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)  # Unicode's Control Pictures block
    if code == 0x7F:
        return "␡"
    if 0x80 <= code <= 0x9F:
        return f"⟨{code:02X}⟩"
    if unicodedata.category(character) in _HIDDEN_CATEGORIES or _is_invisible(code):
        return f"⟨U+{code:04X}⟩"
    return character


def _is_invisible(code: int) -> bool:
    return any(first <= code <= last for first, last in _INVISIBLE_RANGES)
