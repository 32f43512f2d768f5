"""What stands on the screen, in three sizes and two languages, at the moments that matter."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from simulator.lessons.language import LANGUAGES, Language, catalogue
from simulator.trace.event import Content, Event, Judged, Query
from simulator.tui.widgets.net_map import NetMap
from tests.tui.theatre import SIZES, Theatre, events_of, place_of, play, scenario


def kind(name: str) -> Callable[[Event], bool]:
    return lambda event: event.kind == name


def submits(event: Event) -> bool:
    return event.step == 2 and isinstance(event.fact, Content)


MOMENTS = {
    "compose": kind("composed"),
    "submit": lambda event: event.step == 2,
    "content": submits,
    "question": lambda event: event.step == 4 and isinstance(event.fact, Query),
    "transfer": lambda event: event.step == 5 and isinstance(event.fact, Content),
    "store": kind("stored"),
    "fetch": kind("fetched"),
    "read": kind("read"),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", ["two-domains", "same-domain", "two-relays"])
def test_every_row_has_the_width_of_the_window_and_the_essentials_are_there(
    name: str, size: tuple[int, int], language: Language
) -> None:
    words = catalogue(language)

    async def act(stage: Theatre) -> None:
        for moment, wanted in MOMENTS.items():
            if not any(map(wanted, events_of(name))):
                assert name == "same-domain"
                assert moment in {"question", "transfer"}
                continue
            cursor = place_of(name, wanted)
            await stage.seek(cursor)
            rows = stage.strips()
            assert [strip.cell_length for strip in rows] == [size[0]] * size[1]
            text = stage.text()
            assert f"{cursor - 1}/{len(events_of(name)) - 1}" in text.splitlines()[0]
            for step in range(1, 7):
                names = {words.say(f"ui.{key}.{step}") for key in ("step", "step_long")}
                assert any(name in text for name in names)
            for panel in ("transcript", "explanation"):
                assert words.say(f"ui.panel.{panel}") in text
            assert f"? {words.say('ui.key.help')}" in text.splitlines()[-1]
            assert text.count("▶ ") >= 1

    play(act, name, size=size, language=language)


def test_the_caption_names_who_speaks_to_whom_and_what_is_said() -> None:
    async def act(stage: Theatre) -> None:
        await stage.seek(place_of("two-domains", lambda event: event.step == 2))
        assert " ani ━━▶ smtp.kampus  ▓ TLS ▓  MAIL FROM:<ani@kampus.example>" in stage.text()

    play(act)


def test_the_mark_of_custody_moves_with_the_250_and_not_before() -> None:
    events = events_of("two-domains")
    content = place_of("two-domains", submits)
    accepted = next(
        place for place, event in enumerate(events, 1) if place > content and event.kind == "reply"
    )

    async def act(stage: Theatre) -> None:
        await stage.seek(accepted - 1)
        assert stage.screen.stage().answerable == {"pc-ani.kampus.example"}
        assert mark_column(stage) < 20
        await stage.seek(accepted)
        assert stage.screen.stage().answerable == {"smtp.kampus.example"}
        assert mark_column(stage) > 20

    def mark_column(stage: Theatre) -> int:
        badge = next(row for row in stage.rows()[12:19] if "╲_____╱" in row)
        return badge.index("╲_____╱")

    play(act)


def test_skipped_steps_are_shown_as_skipped_with_the_reason() -> None:
    async def act(stage: Theatre) -> None:
        await stage.press("6")
        assert "↷ Resolve: skipped" in stage.text()
        assert "↷ Transfer: skipped" in stage.text()
        explained = " ".join(stage.text().split())
        assert "↷ Skipped: 4 Resolve, 5 Transfer." in explained
        assert "the server's own domain" in str(stage.screen.query_one("#steps").tooltip)

    play(act, "same-domain")


def test_a_mail_that_stays_on_its_machine_crosses_to_the_mailbox_all_the_same() -> None:
    async def act(stage: Theatre) -> None:
        await stage.seek(place_of("same-domain", kind("stored")))
        stage.wait(5)
        assert stage.screen.query_one("#map")._placed is not None  # type: ignore[attr-defined]

    play(act, "same-domain")


def test_a_report_goes_down_into_the_mailbox_of_the_senders_own_domain() -> None:
    async def act(stage: Theatre) -> None:
        await stage.seek(place_of("unknown-user", kind("stored")))
        net_map = stage.screen.query_one(NetMap)
        tops = []
        for _ in range(12):
            stage.wait(0.1)
            assert net_map._placed is not None
            tops.append(net_map._placed.top)
        assert tops == sorted(tops)
        assert net_map._floor is not None
        server, mailbox = map(net_map._floor.box_of, ("smtp.kampus.example", "mail.kampus.example"))
        assert server is not None
        assert mailbox is not None
        assert server.x == mailbox.x
        assert server.y < tops[0] <= tops[-1] <= mailbox.y

    play(act, "unknown-user")


@pytest.mark.parametrize("language", LANGUAGES)
def test_of_two_skipped_steps_both_say_so_or_neither(language: Language) -> None:
    said = catalogue(language).say("ui.step_state.skipped")

    async def act(stage: Theatre) -> None:
        await stage.press("6")
        strip = next(row for row in stage.rows() if row.count("↷") == 2)
        assert strip.count(f": {said}") in {0, 2}

    for width in range(60, 200, 10):
        play(act, "same-domain", size=(width, 40), language=language)


def test_a_name_too_long_for_its_box_stands_in_two_rows_and_none_is_cut() -> None:
    async def act(stage: Theatre) -> None:
        await stage.seek(1)
        rows = stage.rows()
        names = next(row for row in rows if "relay1" in row and "mx1" in row)
        below = rows[rows.index(names) + 1]
        assert {"smtp", "mx1", "mail"} < set(names.replace("│", " ").split())
        assert below.replace("│", " ").split().count("kantor") == 2
        assert "kampus" in below

    play(act, "two-relays")


@pytest.mark.parametrize("size", SIZES)
def test_a_mail_at_rest_is_seen_whole(size: tuple[int, int]) -> None:
    async def act(stage: Theatre) -> None:
        wanted = kind("content")
        await stage.seek(place_of("two-relays", lambda e: e.host.startswith("relay") and wanted(e)))
        stage.wait(5)
        placed = stage.screen.query_one("#map")._placed  # type: ignore[attr-defined]
        assert placed.left % 8 == 0
        assert placed.cells == (placed.left // 8, placed.left // 8 + len(placed.rows[0]))

    play(act, "two-relays", size=size)


def test_at_200x60_no_panel_is_empty_once_the_mail_is_under_way() -> None:
    async def act(stage: Theatre) -> None:
        await stage.seek(place_of("two-domains", submits) + 20)
        for panel in ("transcript", "explanation", "lens", "story"):
            view = stage.screen.query_one(f"#{panel} LineView")
            assert view.size.height > 5
            rows = [view.render_line(y).text.strip() for y in range(view.size.height)]
            assert any(rows), panel

    play(act, size=(200, 60))


def test_the_past_is_bright_the_present_is_marked_and_the_future_is_dim() -> None:
    async def act(stage: Theatre) -> None:
        await stage.seek(place_of("two-domains", lambda event: event.step == 2))
        view = stage.screen.query_one("#transcript LineView")
        strips = [view.render_line(y) for y in range(view.size.height)]
        here = next(n for n, strip in enumerate(strips) if strip.text.startswith("▶"))
        palette = stage.screen.palette
        after = strips[here + 1]
        colours = {
            s.style.color.name for s in after if s.text.strip() and s.style and s.style.color
        }
        assert colours == {palette.dim.lower()}
        before = {s.style.color.name for s in strips[here - 1] if s.style and s.style.color}
        assert palette.ok.lower() in before

    play(act)


def test_a_window_that_is_too_small_says_so_and_comes_back() -> None:
    async def act(stage: Theatre) -> None:
        await stage.press("2")
        for width, height in ((59, 24), (80, 19), (20, 5), (8, 2)):
            await stage.pilot.resize_terminal(width, height)
            await stage.pilot.pause()
            assert [strip.cell_length for strip in stage.strips()] == [width] * height
            await stage.press("right")
        await stage.pilot.resize_terminal(59, 24)
        await stage.pilot.pause()
        assert "smtpflow play --plain" in " ".join(stage.text().split())
        await stage.pilot.resize_terminal(120, 40)
        await stage.pilot.pause()
        assert "What is said" in stage.text()
        assert "MAIL" in stage.text()

    play(act)


def test_before_the_first_event_it_says_what_the_scenario_shows_and_which_key_begins() -> None:
    async def act(stage: Theatre) -> None:
        view = stage.screen.query_one("#explanation LineView")
        rows = (view.render_line(y).text.strip() for y in range(view.size.height))
        shown = " ".join(filter(None, rows))
        assert shown == scenario("two-domains").words["en"].goal
        assert "Press space to play" in stage.text()

    play(act)


def test_a_decision_shows_its_verdict_at_the_box_that_decides() -> None:
    def decides(event: Event) -> bool:
        return isinstance(event.fact, Judged) and event.fact.rule == "route.destination"

    async def act(stage: Theatre) -> None:
        await stage.seek(place_of("two-domains", decides))
        assert any("━ elsewhere ━" in row for row in stage.rows()[10:22])

    play(act)


@pytest.mark.parametrize("size", [(60, 20), (80, 24)])
@pytest.mark.parametrize("name", ["two-relays", "stripped-tls"])
def test_a_name_leaves_its_box_both_sides(name: str, size: tuple[int, int]) -> None:
    async def act(theatre: Theatre) -> None:
        names = next(row for row in theatre.rows() if "kampus│" in row)
        boxes = theatre.rows()[theatre.rows().index(names) - 1].count("╭")
        assert names.count("│") == 2 * boxes
        assert "kantor" in names

    play(act, name, size=size)


def test_at_the_end_every_step_of_a_run_is_done() -> None:
    async def act(theatre: Theatre) -> None:
        await theatre.press("end")
        assert "✓ Deliver" in theatre.rows()[1]
        assert "THE END" in theatre.rows()[0]

    play(act, size=(80, 24))


def test_a_recording_that_was_cut_short_does_not_look_finished() -> None:
    async def act(theatre: Theatre) -> None:
        await theatre.press("end")
        assert "STOPS HERE" in theatre.rows()[0]
        assert "what follows was not recorded" in theatre.text()
        assert "5 Transfer" in theatre.rows()[1]

    play(act, size=(80, 24), events=events_of("two-domains")[:100])


@pytest.mark.parametrize("language", LANGUAGES)
def test_how_many_take_no_part_is_said_in_both_languages(language: Language) -> None:
    async def act(theatre: Theatre) -> None:
        words = {"en": "idle: 2", "id": "tidak ikut: 2"}
        assert words[language] in theatre.rows()[2]

    play(act, size=(80, 24), language=language)
