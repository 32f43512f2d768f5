"""`make pictures`: the pictures of the README, drawn from the cells that go to the terminal.

A terminal has no gaps between its rows, so box lines join; Textual's own screenshot has gaps. So
the cells are drawn here, one row as high as the font, and rsvg-convert makes a PNG of them.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from simulator.lessons.language import Language
from simulator.trace.event import Event
from tests.judges.programs import program
from tests.tui.test_crowd import place, run
from tests.tui.theatre import Theatre, place_of, play

FONT, SIZE = "DejaVu Sans Mono", 16
CELL_WIDTH, CELL_HEIGHT, BASELINE = 9.633, 18.625, 14.85
"""The font's advance, its height, and where its letters stand, at that size."""


def svg(strips: list[Strip]) -> str:
    """Rows of cells as a drawing."""
    width = max(strip.cell_length for strip in strips) * CELL_WIDTH
    height = len(strips) * CELL_HEIGHT
    body = "".join(piece for row, strip in enumerate(strips) for piece in _row(strip, row))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}">'
        f'<g font-family="{FONT}" font-size="{SIZE}" xml:space="preserve" '
        f'shape-rendering="crispEdges">{body}</g></svg>'
    )


def _row(strip: Strip, row: int) -> Iterator[str]:
    top, x = row * CELL_HEIGHT, 0
    pieces: list[tuple[int, Segment]] = []
    for segment in strip:
        pieces.append((x, segment))
        x += cell_len(segment.text)
    for x, segment in pieces:
        back = _colour(segment, front=False)
        wide = cell_len(segment.text) * CELL_WIDTH + 0.5
        yield (
            f'<rect x="{x * CELL_WIDTH:.2f}" y="{top:.2f}" width="{wide:.2f}" '
            f'height="{CELL_HEIGHT + 0.5:.2f}" fill="{back}"/>'
        )
    for x, segment in pieces:
        if segment.text.strip():
            bold = ' font-weight="bold"' if segment.style and segment.style.bold else ""
            front = _colour(segment, front=True)
            cells = " ".join(f"{(x + n) * CELL_WIDTH:.2f}" for n in _starts(segment.text))
            text = escape(segment.text)
            yield f'<text x="{cells}" y="{top + BASELINE:.2f}" fill="{front}"{bold}>{text}</text>'


def _starts(text: str) -> Iterator[int]:
    x = 0
    for character in text:
        yield x
        x += cell_len(character)


def _colour(segment: Segment, *, front: bool) -> str:
    style = segment.style
    colour = (style.color if front else style.bgcolor) if style is not None else None
    if colour is None or colour.is_default:
        return "#E6EDF3" if front else "#0E141B"
    return colour.get_truecolor().hex


def save(stage: Theatre, path: Path) -> None:
    """The screen as a PNG at ``path``."""
    drawn = svg(stage.strips()).encode("utf-8", "replace")
    subprocess.run([program("rsvg-convert"), "-o", str(path)], input=drawn, check=True)


def moment(name: str, wanted: Callable[[Event], bool], language: Language, path: Path) -> None:
    """A picture of a scenario at the first event that is wanted."""

    async def act(stage: Theatre) -> None:
        await stage.seek(place_of(name, wanted))
        stage.wait(5)
        await stage.pilot.pause()
        save(stage, path)

    play(act, name, language=language)


def main() -> None:
    """Draw the pictures of the README into ``assets/``."""
    assets = Path(__file__).parents[1] / "assets"

    def passes_on(event: Event) -> bool:
        return event.step == 5 and event.kind == "content"

    moment("two-domains", passes_on, "en", assets / "screen.png")
    moment("primary-down", lambda event: event.kind == "refused", "en", assets / "refused.png")

    async def many(stage: Theatre) -> None:
        await stage.seek(place(stage))
        save(stage, assets / "many-mails.png")

    hosts, events = run()
    play(many, hosts=hosts, events=events, title="A newsletter")


if __name__ == "__main__":
    main()
