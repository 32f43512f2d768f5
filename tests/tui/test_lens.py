"""The lens on the screen: it follows what happens, stays where one pins it, and has room."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from simulator.lessons.language import LANGUAGES, Language, catalogue
from simulator.trace.event import Event
from simulator.tui.lens_tabs import TABS
from simulator.tui.tab_row import TabRow
from simulator.tui.widgets.lens import Lens
from simulator.tui.widgets.panel import Panel
from tests.tui.theatre import SIZES, Theatre, place_of, play


def kind(name: str) -> Callable[[Event], bool]:
    return lambda event: event.kind == name


def test_the_lens_turns_to_what_the_event_is_about() -> None:
    seen = {}

    async def act(stage: Theatre) -> None:
        lens = stage.screen.query_one(Lens)
        for name in ("composed", "query", "tls", "content", "queued", "stored"):
            await stage.seek(place_of("two-domains", kind(name)))
            seen[name] = lens.view.tab(stage.screen.stage())

    play(act)
    assert seen == {
        "composed": "envelope",
        "query": "dns",
        "tls": "tls",
        "content": "header",
        "queued": "queue",
        "stored": "mailbox",
    }


def test_a_page_that_is_chosen_stays_until_it_is_let_go() -> None:
    async def act(stage: Theatre) -> None:
        lens = stage.screen.query_one(Lens)
        await stage.seek(place_of("two-domains", kind("queued")))
        await stage.press("full_stop")
        assert lens.view.pinned == "mailbox"
        await stage.press("right", "right", "comma")
        assert lens.view.pinned == "queue"
        await stage.press("p")
        assert lens.view.pinned is None
        await stage.press("p", "end")
        assert lens.view.pinned is not None

    play(act)


def test_a_click_on_a_page_chooses_it_and_a_second_click_lets_it_go() -> None:
    async def act(stage: Theatre) -> None:
        lens = stage.screen.query_one(Lens)
        await stage.seek(place_of("two-domains", kind("queued")))
        row = next(text for text in stage.rows() if " Envelope " in text and " TLS " in text)
        column = row.index("Source") - lens.region.x
        await stage.pilot.click("TabBar", offset=(column, 0))
        await stage.pilot.pause()
        assert lens.view.pinned == "source"
        assert "1 + Received: from" in stage.text()
        await stage.pilot.click("TabBar", offset=(column, 0))
        assert lens.view.pinned is None

    play(act, size=(200, 60))


def test_one_can_look_at_the_mail_in_every_hand_that_holds_it() -> None:
    async def act(stage: Theatre) -> None:
        await stage.seek(place_of("two-domains", kind("stored")))
        seen = []
        for _ in range(3):
            await stage.press("o")
            seen += [row for row in stage.rows() if "The mail, as " in row]
        assert "The mail, as ani holds it" not in "".join(seen)
        assert "The mail, as ani (1 of 3) holds it" in seen[0]
        assert "The mail, as mx1.kantor (2 of 3) holds it" in seen[1]
        await stage.press("o")
        assert stage.screen.query_one(Lens).view.holder is None

    play(act, size=(200, 60))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
def test_opened_the_lens_has_room_for_eight_lines_at_every_size(
    size: tuple[int, int], language: Language
) -> None:
    async def act(stage: Theatre) -> None:
        await stage.seek(place_of("two-domains", kind("content")))
        await stage.press("v")
        lens = stage.screen.query_one(Lens)
        assert lens.view.size.height >= 8
        assert catalogue(language).say("lens.changed.written")[:30] in stage.text()
        for tab in TABS:
            stage.screen.action_tab(tab)
            await stage.pilot.pause()
            assert f" {catalogue(language).say(f'ui.tab.{tab}')} " in stage.text()
            assert [strip.cell_length for strip in stage.strips()] == [size[0]] * size[1]
        await stage.press("v")
        assert catalogue(language).say("ui.panel.explanation") in stage.text()

    play(act, size=size, language=language)


def test_in_a_short_window_the_lens_is_the_one_panel() -> None:
    async def act(stage: Theatre) -> None:
        await stage.press("2", "v")
        assert not stage.screen.query_one("#transcript").display
        assert not stage.screen.query_one("#explanation").display
        await stage.press("v")
        assert stage.screen.query_one("#transcript").display

    play(act, size=(80, 24))


def test_the_page_stays_when_the_language_changes() -> None:
    async def act(stage: Theatre) -> None:
        await stage.seek(place_of("two-domains", kind("queued")))
        await stage.press("v", "p", "l")
        assert "Antrean smtp.kampus (1)" in stage.text()
        assert stage.cursor == place_of("two-domains", kind("queued"))

    play(act)


@pytest.mark.parametrize("width", [1, 5, 12, 30, 47, 60, 200])
def test_the_chosen_page_is_always_among_those_that_are_seen(width: int) -> None:
    names = tuple(catalogue("id").say(f"ui.tab.{tab}") for tab in TABS)
    for chosen in range(len(names)):
        row = TabRow(names, chosen)
        laid = row.laid(width)
        assert chosen in [place for _, _, place in laid]
        for x, _, place in laid:
            if place is not None:
                assert row.at(x, width) == place
    assert len([place for _, _, place in TabRow(names, 0).laid(200) if place is not None]) == 8


def test_a_click_on_a_heading_gives_the_focus_and_a_second_one_makes_the_panel_large() -> None:
    async def act(stage: Theatre) -> None:
        panel = stage.screen.query_one("#transcript", Panel)
        await stage.pilot.click("#transcript Heading", offset=(5, 0))
        await stage.pilot.pause()
        assert panel.body.has_focus
        await stage.pilot.click("#transcript Heading", offset=(5, 0))
        await stage.pilot.pause()
        assert stage.screen.maximized is panel
        await stage.pilot.click("#transcript Heading", offset=(5, 0))
        await stage.pilot.pause()
        assert stage.screen.maximized is None

    play(act)


def test_a_wide_window_shows_envelope_and_header_beside_each_other() -> None:
    async def act(stage: Theatre) -> None:
        await stage.seek(place_of("blind-copy", kind("queued")))
        await stage.press("v")
        stage.screen.action_tab("envelope")
        await stage.pilot.pause()
        assert any("Envelope: what" in row and "│ Header: what" in row for row in stage.rows())
        assert "◂" in stage.text()

    play(act, "blind-copy", size=(200, 60))


def test_a_line_of_the_source_that_is_too_long_goes_on_behind_a_mark() -> None:
    async def act(theatre: Theatre) -> None:
        theatre.screen.action_tab("source")
        await theatre.press("end")
        long = [row for row in theatre.rows() if " ↳ " in row]
        assert long, "no line goes on"
        assert all(row.startswith(" ↳ ") for row in long)

    play(act, "trust-proved", size=(60, 20))
