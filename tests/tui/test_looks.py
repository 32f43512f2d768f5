"""How the screen looks where terminals and eyes differ: colours told apart, and plain signs."""

from __future__ import annotations

from itertools import combinations

import pytest

from simulator.tui.big_letters import HEIGHT, big
from simulator.tui.looks import looks_of
from simulator.tui.palette import CONTRAST, DARK, LIGHT, PALETTES, PROJECTOR, SIXTEEN, Palette
from tests.tui.colour_vision import KINDS, difference, seen
from tests.tui.theatre import Theatre, place_of, play

ROLES = ("client", "sending", "relay", "receiving", "mailbox", "dns", "error")
STANDARD = {0, 85, 170, 255}


def test_the_measure_of_difference_gives_what_its_authors_published() -> None:
    assert difference((50, 2.6772, -79.7751), (50, 0, -82.7485)) == pytest.approx(2.0425, abs=1e-4)
    assert difference((50, 2.5, 0), (73, 25, -18)) == pytest.approx(27.1492, abs=1e-4)
    assert difference((50, 2.5, 0), (61, -5, 29)) == pytest.approx(22.8977, abs=1e-4)


@pytest.mark.parametrize("palette", [DARK, LIGHT, PROJECTOR], ids=lambda palette: palette.name)
@pytest.mark.parametrize("kind", KINDS)
def test_roles_and_failures_differ_for_every_kind_of_eye(palette: Palette, kind: str) -> None:
    colours = {role: seen(getattr(palette, role), kind) for role in ROLES}
    apart = {
        (one, other): difference(colours[one], colours[other])
        for one, other in combinations(ROLES, 2)
    }
    assert min(apart.values()) >= 12, min(apart, key=lambda pair: apart[pair])


def test_the_theme_for_sixteen_colours_has_no_others() -> None:
    for name in Palette.__dataclass_fields__:
        value = getattr(SIXTEEN, name)
        if isinstance(value, str) and value.startswith("#"):
            assert {int(value[n : n + 2], 16) for n in (1, 3, 5)} <= STANDARD, name


@pytest.mark.parametrize(
    ("wish", "environ", "encoding", "colours", "theme", "is_ascii"),
    [
        (None, {}, "utf-8", "truecolor", DARK, False),
        (None, {}, "utf-8", "standard", SIXTEEN, False),
        ("light", {}, "utf-8", "standard", LIGHT, False),
        (None, {"SMTPFLOW_THEME": "contrast"}, "utf-8", "256", CONTRAST, False),
        (None, {"SMTPFLOW_THEME": "no such"}, "utf-8", "256", DARK, False),
        (None, {"SMTPFLOW_ASCII": "1"}, "utf-8", "256", DARK, True),
        (None, {}, "ascii", "256", DARK, True),
    ],
)
def test_what_was_asked_for_comes_first_then_what_the_terminal_can(
    wish: str | None,
    environ: dict[str, str],
    encoding: str,
    colours: str,
    theme: Palette,
    is_ascii: bool,
) -> None:
    looks = looks_of(
        theme=wish, is_ascii=False, environ=environ, encoding=encoding, color_system=colours
    )
    assert (looks.theme, looks.is_ascii) == (theme.name, is_ascii)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
def test_with_plain_signs_nothing_but_ascii_reaches_the_terminal(size: tuple[int, int]) -> None:
    async def act(stage: Theatre) -> None:
        stage.app.dress(
            looks_of(theme=None, is_ascii=True, environ={}, encoding=None, color_system=None)
        )
        stage.screen.drive.speed = 1.0
        for kind in ("query", "content", "stored", "read"):
            await stage.seek(place_of("two-domains", lambda event, kind=kind: event.kind == kind))
            stage.wait(5)
            await stage.pilot.pause()
            assert [strip.cell_length for strip in stage.strips()] == [size[0]] * size[1]
            odd = {sign for sign in stage.text() if ord(sign) > 126}
            assert not odd, (kind, odd)
        await stage.press("question_mark")
        assert not {sign for sign in stage.text() if ord(sign) > 126}

    play(act, size=size)


@pytest.mark.parametrize("palette", PALETTES)
def test_every_theme_draws_every_row_in_full(palette: str) -> None:
    async def act(stage: Theatre) -> None:
        stage.app.theme = palette
        for size in ((60, 20), (80, 24), (120, 40), (200, 60)):
            await stage.pilot.resize_terminal(*size)
            await stage.seek(100)
            assert [strip.cell_length for strip in stage.strips()] == [size[0]] * size[1]
            assert stage.screen.query_one("#map").size.height >= 6
            assert stage.screen.query_one("#explanation").size.height >= 3

    play(act)


def test_on_a_projector_the_verb_and_the_code_stand_in_letters_five_rows_high() -> None:
    async def act(stage: Theatre) -> None:
        stage.app.theme = PROJECTOR.name
        for kind, word in (("command", "EHLO"), ("reply", "220"), ("query", "A")):
            await stage.seek(place_of("two-domains", lambda event, kind=kind: event.kind == kind))
            top = stage.screen.query_one("#caption").region.y
            rows = stage.rows()[top : top + HEIGHT]
            for row, letters in zip(rows, big(word), strict=True):
                assert row[2:].startswith(letters)
        await stage.pilot.resize_terminal(80, 24)
        await stage.seek(1)
        assert stage.screen.query_one("#caption").size.height == 1

    play(act)


def test_a_word_with_a_letter_that_is_not_known_is_not_written_large() -> None:
    assert big("RCPT")
    assert len({len(row) for row in big("WMX+OK=0123456789-")}) == 1
    assert big("\u202e") == big("") == big("A B") == ()
