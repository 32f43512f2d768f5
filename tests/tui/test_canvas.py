"""A sheet's strips are exactly as wide as the sheet, whatever is written on it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from simulator.tui.canvas import Canvas, centre, fit, shorten
from simulator.tui.palette import PALETTES, ink
from simulator.tui.parcel import envelope
from simulator.tui.wrapping import wrap
from simulator.views.safe import safe

BLANK = ink("#FFFFFF", "#000000")
OTHER = ink("#FF0000", "#000000")
TEXTS = st.text(max_size=40).map(safe) | st.sampled_from(["漢字", "e\u0301" * 9, "a漢b", "\u0301"])


@given(
    writings=st.lists(st.tuples(st.integers(-10, 30), TEXTS, st.booleans()), max_size=8),
    width=st.integers(1, 24),
)
def test_a_strip_has_the_width_of_its_sheet(
    writings: list[tuple[int, str, bool]], width: int
) -> None:
    canvas = Canvas(width, 1, BLANK)
    for x, text, other in writings:
        canvas.put(x, 0, text, OTHER if other else BLANK)
    strip = canvas.strip(0)
    assert strip.cell_length == width
    assert sum(cell_len(segment.text) for segment in strip) == width
    assert all(segment.style is not None for segment in strip)


@given(text=TEXTS, width=st.integers(0, 50))
def test_fitting_gives_the_width_and_a_cut_is_marked(text: str, width: int) -> None:
    assert cell_len(fit(text, width)) == width
    assert cell_len(centre(text, width)) == width
    short = shorten(text, width)
    assert cell_len(short) <= width
    if width and short != text:
        assert short.endswith("…")


@given(text=TEXTS, width=st.integers(2, 30))
def test_wrapped_lines_fit_and_no_word_is_lost(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert all(cell_len(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_an_envelope_is_a_rectangle_with_a_flap() -> None:
    for width, height in ((14, 5), (9, 3), (6, 2), (4, 1), (2, 1)):
        rows = envelope(width, height)
        assert [cell_len(row) for row in rows] == [width] * height
        assert rows[0].startswith("╲")
        assert rows[0].endswith("╱")


def test_every_text_colour_can_be_read_on_its_background() -> None:
    for palette in PALETTES.values():
        for foreground in (palette.text, palette.dim, palette.accent, palette.ok, palette.error):
            assert contrast(foreground, palette.background) >= 4.5, (palette.name, foreground)
        for fill in (palette.accent, palette.client, palette.sending, palette.mailbox, palette.dns):
            assert contrast(palette.on_fill, fill) >= 4.5, (palette.name, fill)


def contrast(one: str, other: str) -> float:
    """WCAG 2.2's contrast ratio."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
