"""What is counted of a run is exact for real runs, and small for long ones."""

from __future__ import annotations

import pytest

from simulator.scenario.topology import hosts_of
from simulator.trace.event import Command, Event, Reply
from simulator.trace.steps import DEPTHS, Depth
from simulator.tui.index import RunIndex
from simulator.tui.jumping import target
from simulator.tui.landmarks import is_failure
from simulator.tui.sieve import Sieve, following
from simulator.views.wire import roles_of, wire_lines
from tests.tui.theatre import Theatre, events_of, play, scenario

NAMES = ("two-domains", "some-refused", "attachment", "dns-trouble", "offline-three-days")


def index_of(name: str) -> RunIndex:
    index = RunIndex(hosts_of(scenario(name)), events_of(name))
    index.grow()
    return index


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("name", NAMES)
def test_every_line_is_counted_as_it_is_shown(name: str, depth: Depth) -> None:
    index, events = index_of(name), events_of(name)
    roles = roles_of(hosts_of(scenario(name)))
    line = 0
    for place, event in enumerate(events):
        first, count = index.lines_of_event(place, depth)
        assert first == line
        if count:
            shown = wire_lines(event, depth=depth, roles=roles)
            assert count == (len(shown) or 1)
            for part in range(count):
                assert index.event_of_line(line + part, depth) == (place, part)
        line += count
    assert index.line_count(depth) == line


def test_a_run_that_grows_is_counted_as_one_that_is_there() -> None:
    events = list(events_of("some-refused"))
    hosts = hosts_of(scenario("some-refused"))
    growing: list[Event] = []
    index = RunIndex(hosts, growing)
    for start in range(0, len(events), 7):
        growing += events[start : start + 7]
        index.grow()
        index.line_count("commands")
        index.told(len(growing), "story")
    whole = index_of("some-refused")
    assert index.line_count("commands") == whole.line_count("commands")
    for depth in DEPTHS:
        for cursor in range(0, len(events), 9):
            rows = whole.told(cursor, depth)
            assert index.told(cursor, depth) == rows
            places = [whole.telling(row, cursor, depth) for row in range(rows)]
            assert places == [index.telling(row, cursor, depth) for row in range(rows)]
            assert all(place < cursor for place in places)


def test_the_story_is_a_sentence_a_step_then_a_stop_then_every_act() -> None:
    index, end = index_of("two-domains"), len(events_of("two-domains"))
    story, commands, all_of_it = (index.told(end, depth) for depth in DEPTHS)
    assert story == 6
    steps = [events_of("two-domains")[index.telling(row, end, "story")].step for row in range(6)]
    assert steps == [1, 2, 3, 4, 5, 6]
    assert story < commands < all_of_it


@pytest.mark.parametrize("depth", DEPTHS)
def test_the_story_tells_and_the_transcript_shows_and_no_row_is_in_both(depth: Depth) -> None:
    async def act(stage: Theatre) -> None:
        for cursor in range(1, len(events_of("two-domains")), 31):
            await stage.seek(cursor)
            shown = []
            for name in ("story", "transcript"):
                view = stage.screen.query_one(f"#{name} LineView")
                rows = (view.render_line(y).text.strip(" ▶") for y in range(view.size.height))
                shown.append({row for row in rows if len(row) > 12})
            assert not shown[0] & shown[1]

    play(act, size=(200, 60), depth=depth)


def a_million() -> list[Event]:
    """Commands and replies of a newsletter without end, with one failure."""
    host, peer = "smtp.kampus.example", "mx1.kantor.example"
    command = Command(conn=1, peer=peer, line="RCPT TO:<citra@kantor.example>")
    good = Reply(
        conn=1, peer=host, code=250, enhanced=None, lines=("250-a", "250 b"), rule="rcpt.ok"
    )
    bad = Reply(conn=1, peer=host, code=550, enhanced=None, lines=("550 no",), rule="rcpt.unknown")
    ask, yes, no = (
        Event(seq=0, at=0, step=5, host=speaker, journey="m1", fact=fact)
        for speaker, fact in ((host, command), (peer, good), (peer, bad))
    )
    return [ask, yes] * 388_888 + [ask, no] + [ask, yes] * 111_111


def test_a_million_events_are_scrolled_without_a_number_for_each() -> None:
    events = a_million()
    assert len(events) == 1_000_000
    index = RunIndex(hosts_of(scenario("two-domains")), events)
    index.grow()
    lines = index.line_count("commands")
    assert lines == 1_500_000 - 1
    counted = index._lines["commands"]
    assert len(counted._before) == 1_000_000 // 256 + 1
    kept = len(index._ranks) + len(index._steps) + len(index.landmarks._codes)
    assert kept == 3 * len(events), "octets"
    for line in range(0, lines, lines // 300):
        place, part = index.event_of_line(line, "commands")
        first, count = index.lines_of_event(place, "commands")
        assert first + part == line
        assert part < count
    assert len(counted._blocks) <= 16
    assert index.landmarks.after("failure", 0) == 777_777
    assert index.landmarks.before("failure", 1_000_000) == 777_777
    assert index.landmarks.after("failure", 777_778) is None


def test_one_recipient_is_followed_past_what_concerns_only_the_others() -> None:
    name = "some-refused"
    index = index_of(name)
    sieve = following("m1", "citra@kantor.example", index.recipients, hosts_of(scenario(name)))
    kept = [event for event in events_of(name) if sieve.passes(event)]
    said = [event.fact.line for event in kept if isinstance(event.fact, Command)]
    assert [line for line in said if "RCPT TO:<citra@" in line]
    assert not [line for line in said if "RCPT TO:<dedi@" in line or "RCPT TO:<cita@" in line]
    assert {event.journey for event in kept} == {"m1"}
    assert [event.kind for event in kept].count("read") == 1
    assert not [event for event in kept if event.host == "pc-dedi.kantor.example"]


def test_a_sieve_lets_through_one_kind_or_one_host() -> None:
    events = events_of("some-refused")
    dns = [event for event in events if Sieve(topic="dns").passes(event)]
    assert {event.kind for event in dns} == {"query", "answer"}
    failures = [event for event in events if Sieve(topic="failures").passes(event)]
    assert failures == [event for event in events if is_failure(event)]
    assert any(isinstance(event.fact, Reply) and event.fact.code == 550 for event in failures)
    host = "mx1.kantor.example"
    mine = [event for event in events if Sieve(host=host).passes(event)]
    assert mine
    assert all(host in {event.host, getattr(event.fact, "peer", None)} for event in mine)
    parts = [Sieve(topic=topic) for topic in ("mail", "dns", "decisions")]  # type: ignore[arg-type]
    assert all(sum(part.passes(event) for part in parts) == 1 for event in events)


def test_one_goes_to_an_event_a_share_or_a_moment() -> None:
    events = events_of("two-domains")
    end = len(events)

    def at(moment: int) -> int:
        return sum(event.at <= moment for event in events)

    meant = {
        "98": 99,
        "0": 1,
        str(end - 1): end,
        "50%": end // 2,
        "100 %": end,
        "0.81 s": at(810_000),
        "0,81 s": at(810_000),
        "810ms": at(810_000),
        "0:00": at(0),
        "1:01": at(61_000_000),
        "5d 00:00:00": end,
        "2 h": end,
    }
    assert {text: target(text, events) for text in meant} == meant
    for nonsense in (str(end), "101%", "two", "", "-1", "٣", "1:2:3:4", "9" * 40):
        assert target(nonsense, events) is None, nonsense
