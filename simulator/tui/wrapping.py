"""Running text broken into lines by the cells it takes, not by its characters."""

from __future__ import annotations

from rich.cells import cell_len, get_character_cell_size


def wrap(text: str, width: int) -> list[str]:
    """``text`` in lines of at most ``width`` cells, broken at spaces, else inside a long word."""
    width = max(2, width)
    lines: list[str] = []
    line = ""
    for word in text.split():
        if line and cell_len(line) + 1 + cell_len(word) <= width:
            line = f"{line} {word}"
            continue
        if line:
            lines.append(line)
        *full, line = _pieces(word, width)
        lines.extend(full)
    if line:
        lines.append(line)
    return lines


def _pieces(word: str, width: int) -> list[str]:
    if cell_len(word) <= width:
        return [word]
    pieces, piece, cells = [], "", 0
    for character in word:
        size = get_character_cell_size(character)
        if cells + size > width:
            pieces.append(piece)
            piece, cells = "", 0
        piece += character
        cells += size
    return [*pieces, piece]
