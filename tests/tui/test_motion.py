"""The mail on the wire: where it is follows from the clock, and only its cells are painted."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.geometry import Region

from simulator.scenario.topology import hosts_of
from simulator.trace.event import Content, Event, Judged, Query, Reply
from simulator.trace.steps import Depth, resolvers_of
from simulator.tui.pace import PARKED, pace, parked, resumed
from simulator.tui.widgets.net_map import NetMap
from tests.tui.theatre import Theatre, events_of, place_of, play, scenario


def transfer() -> int:
    return place_of("two-domains", lambda e: e.step == 5 and isinstance(e.fact, Content))


def test_after_a_step_the_mail_flies_to_the_middle_of_its_wire_and_rests_there() -> None:
    async def act(stage: Theatre) -> None:
        await stage.seek(transfer())
        net_map = stage.screen.query_one(NetMap)
        seen = []
        for _ in range(10):
            stage.wait(0.1)
            assert net_map._placed is not None
            seen.append(net_map._placed.left)
        assert seen == sorted(seen)
        assert seen[0] < seen[5] < seen[6] + 1
        assert seen[-1] == seen[-2]
        assert stage.screen.drive.phase(is_still=False) == PARKED

    play(act)


def test_while_playing_it_goes_the_whole_way_and_then_the_next_event_comes() -> None:
    async def act(stage: Theatre) -> None:
        await stage.seek(transfer())
        await stage.press("space")
        first = stage.screen.drive.phase(is_still=False)
        stage.wait(1.0)
        assert stage.screen.drive.phase(is_still=False) > first
        stage.wait(5.0)
        assert stage.cursor > transfer()

    play(act)


def test_one_frame_paints_only_the_cells_that_the_mail_leaves_and_enters(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def act(stage: Theatre) -> None:
        await stage.seek(transfer())
        net_map = stage.screen.query_one(NetMap)
        painted: list[Region] = []
        monkeypatch.setattr(net_map, "refresh", lambda *regions: painted.extend(regions))
        stage.wait(0.1)
        assert painted
        assert sum(region.area for region in painted) < 80

    play(act)


def test_nothing_moves_and_no_frame_is_drawn_while_it_rests() -> None:
    async def act(stage: Theatre) -> None:
        await stage.seek(transfer())
        stage.wait(2)
        assert stage.screen.drive.is_resting()
        assert not stage.screen._timer._active.is_set()  # type: ignore[union-attr]
        await stage.press("right")
        assert stage.screen._timer._active.is_set()  # type: ignore[union-attr]

    play(act)


def test_without_motion_the_mail_stands_in_the_middle_and_playing_still_goes_on() -> None:
    async def act(stage: Theatre) -> None:
        stage.app.animation_level = "none"
        await stage.seek(transfer())
        net_map = stage.screen.query_one(NetMap)
        stage.wait(0.01)
        first = net_map._placed
        await stage.press("space")
        stage.wait(0.5)
        assert net_map._placed == first
        stage.wait(5)
        assert stage.cursor > transfer()

    play(act)


def test_the_pace_follows_from_the_clock_alone() -> None:
    event = events_of("two-domains")[0]
    begun = pace(event, "commands", 1.0, 100.0)
    assert begun.phase(100.0, playing=True) == 0
    assert begun.phase(101.0 + begun.dwell, playing=True) == 1
    assert not begun.is_over(100.0 + begun.dwell * 0.99)
    assert begun.is_over(100.0 + begun.dwell + 1e-6)
    resting = parked(begun, 200.0)
    assert resting.phase(200.0, playing=False) == PARKED
    assert resumed(resting, 300.0).phase(300.0, playing=True) == pytest.approx(PARKED)


@pytest.mark.parametrize(
    ("depth", "seconds"), [("story", (45, 80)), ("commands", (120, 180)), ("bytes", (150, 220))]
)
def test_a_class_watches_the_story_in_about_a_minute_and_the_commands_in_two_to_three(
    depth: Depth, seconds: tuple[int, int]
) -> None:
    async def act(stage: Theatre) -> None:
        drive = stage.screen.drive
        drive.toggle()
        while drive.is_playing:
            stage.clock.now += 1 / 30
            drive.tick()
        assert seconds[0] < stage.clock.now < seconds[1]

    play(act, depth=depth)


def test_what_a_resolver_asks_on_its_own_is_shown_more_quickly_than_a_decision() -> None:
    resolvers = resolvers_of(hosts_of(scenario("two-domains")))
    events = events_of("two-domains")

    def longest(wanted: Callable[[Event], bool]) -> float:
        dwells = [pace(e, "bytes", 1.0, 0.0, resolvers).dwell for e in events if wanted(e)]
        return max(dwells)

    iteration = longest(lambda e: isinstance(e.fact, Query) and e.host in resolvers)
    listing = longest(lambda e: isinstance(e.fact, Reply) and len(e.fact.lines) > 1)
    assert iteration < listing < longest(lambda e: isinstance(e.fact, Judged))
    assert listing < longest(lambda e: isinstance(e.fact, Content))


def test_each_kind_of_thing_on_the_wire_differs_by_its_shape_and_not_by_colour_only() -> None:
    from simulator.tui.palette import DARK
    from simulator.tui.parcel import parcel_of

    hosts = {host.name: host for host in hosts_of(scenario("two-domains"))}
    shapes: dict[str, set[str]] = {}
    for event in events_of("two-domains"):
        parcel = parcel_of(event, hosts[event.host], DARK, is_report=False)
        if parcel is not None:
            shapes.setdefault(event.kind, set()).add("".join(parcel.sizes[-1]).strip()[:1])
    assert shapes["content"] == {"╲"}
    assert shapes["query"] == {"?"}
    assert shapes["answer"] == {"="}
    assert shapes["reply"] == {"✓", "›"}
    assert shapes["connected"] == {":"}
    assert all(sign.isalpha() for sign in shapes["command"])
