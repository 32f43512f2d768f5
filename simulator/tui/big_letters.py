"""Letters five rows high, for what must be read from the last row of a room."""

from __future__ import annotations

from typing import Final

HEIGHT: Final = 5
"""Rows of a letter."""

_SHAPES: Final = {
    "A": "010 101 111 101 101",
    "B": "110 101 110 101 110",
    "C": "011 100 100 100 011",
    "D": "110 101 101 101 110",
    "E": "111 100 110 100 111",
    "F": "111 100 110 100 100",
    "G": "011 100 101 101 011",
    "H": "101 101 111 101 101",
    "I": "111 010 010 010 111",
    "J": "001 001 001 101 010",
    "K": "101 101 110 101 101",
    "L": "100 100 100 100 111",
    "M": "10001 11011 10101 10001 10001",
    "N": "1001 1101 1011 1001 1001",
    "O": "010 101 101 101 010",
    "P": "110 101 110 100 100",
    "Q": "010 101 101 111 011",
    "R": "110 101 110 101 101",
    "S": "011 100 010 001 110",
    "T": "111 010 010 010 010",
    "U": "101 101 101 101 111",
    "V": "101 101 101 101 010",
    "W": "10001 10001 10101 11011 10001",
    "X": "101 101 010 101 101",
    "Y": "101 101 010 010 010",
    "Z": "111 001 010 100 111",
    "0": "010 101 101 101 010",
    "1": "010 110 010 010 111",
    "2": "110 001 010 100 111",
    "3": "110 001 010 001 110",
    "4": "101 101 111 001 001",
    "5": "111 100 110 001 110",
    "6": "011 100 110 101 010",
    "7": "111 001 010 010 010",
    "8": "010 101 010 101 010",
    "9": "010 101 011 001 110",
    "+": "000 010 111 010 000",
    "-": "000 000 111 000 000",
    "=": "000 111 000 111 000",
}
"""The dots of each letter, row by row."""

_DOT, _NONE, _GAP = "██", "  ", "  "
"""A cell is twice as high as it is wide, so a dot takes two."""


def big(text: str) -> tuple[str, ...]:
    """The rows of a word, all of one width; empty where it has a letter that is not known."""
    letters = text.upper()
    if not letters or not set(letters) <= _SHAPES.keys():
        return ()
    shapes = [_SHAPES[letter].split() for letter in letters]
    return tuple(_GAP.join(_drawn(shape[row]) for shape in shapes) for row in range(HEIGHT))


def _drawn(dots: str) -> str:
    return "".join(_DOT if dot == "1" else _NONE for dot in dots)
