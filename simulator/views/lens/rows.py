"""Rows of the lens: pieces of text with a tone, which whoever shows them turns into a style."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

from simulator.views.safe import safe

Tone: TypeAlias = Literal["plain", "strong", "dim", "head", "name", "new", "gone", "good", "bad"]
"""``new`` is what this host added, ``gone`` what it took away, ``name`` a field's name."""

TEXT_LIMIT = 2_000
"""Characters of one piece that are shown; what is cut ends in an ellipsis."""


class Piece(NamedTuple):
    """A run of text in one tone, safe to show."""

    text: str
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Row:
    """One line as it would stand in a window without end.

    ``indent`` is where it goes on when it is broken; a ``verbatim`` row keeps its spaces.
    """

    pieces: tuple[Piece, ...] = ()
    indent: int = 0
    verbatim: bool = False

    @property
    def text(self) -> str:
        """The row without its tones."""
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one tab shows: ``beside`` stands to the right of ``rows`` from ``width`` cells on."""

    rows: tuple[Row, ...]
    beside: tuple[Row, ...] = ()
    below: tuple[Row, ...] = ()
    width: int = 60


BLANK = Row()


def piece(text: str, tone: Tone = "plain") -> Piece:
    """A piece of text from anywhere, made safe."""
    return Piece(safe(text, limit=TEXT_LIMIT), tone)


def row(*pieces: Piece, indent: int = 0) -> Row:
    """A row that is broken at spaces."""
    return Row(pieces, indent)


def said(text: str, tone: Tone = "plain", indent: int = 0) -> Row:
    """A row of one piece."""
    return row(piece(text, tone), indent=indent)


def fact(name: str, value: str, tone: Tone = "plain", mark: str = "  ") -> Row:
    """A name and its value, which goes on below itself."""
    return row(Piece(mark, tone), piece(name, "name"), Piece(" "), piece(value, tone), indent=4)


def verbatim(*pieces: Piece) -> Row:
    """A row whose spaces stay, as a source or a dump needs it."""
    return Row(pieces, 0, verbatim=True)


def titled(title: str, rows: Sequence[Row], nothing: str) -> tuple[Row, ...]:
    """Rows below a title, or the word that there are none."""
    return (said(title, "head"), *(rows or (said(nothing, "dim"),)))
