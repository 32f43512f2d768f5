"""Prose and tables in so many columns; no name or address is ever broken."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from simulator.views.safe import safe

LONGEST = 600
"""Characters of a sentence that are shown: what it quotes comes from outside."""


def wrap(text: str, width: int, hanging: str = "") -> list[str]:
    """Prose in rows of ``width`` columns, the later ones after ``hanging``."""
    return textwrap.wrap(
        text,
        max(width, 20),
        subsequent_indent=hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )


def table(rows: Sequence[tuple[str, ...]], width: int) -> Iterator[str]:
    """Rows in columns within ``width``, the last one wrapped below itself."""
    if not rows:
        return
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]) - 1)]
    indent = 2 + sum(size + 2 for size in widths)
    for row in rows:
        cells = "".join(f"{cell:<{size}}  " for cell, size in zip(row, widths, strict=False))
        first, *rest = wrap(safe(row[-1], limit=LONGEST), width - indent) or [""]
        yield f"  {cells}{first}".rstrip()
        yield from (f"{' ' * indent}{line}" for line in rest)
