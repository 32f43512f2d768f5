"""The player: a cursor that goes anywhere, and the scene that belongs there."""

from __future__ import annotations

import math
from functools import reduce

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from simulator.scenario.virtual_time import SECOND
from simulator.trace import player as player_module
from simulator.trace.event import Event
from simulator.trace.player import DEPTHS, Checkpoints, Depth, Player
from simulator.trace.scene import Scene, fold, opening
from simulator.trace.steps import depth_of, resolvers_of
from tests.story import BUDI, Story
from tests.trace.random_events import many, runs
from tests.trace.stories import HOSTS, RESOLVER, SMTP, same_domain, two_domains

RESOLVERS = resolvers_of(HOSTS)


def a_player(depth: Depth = "commands") -> Player:
    return Player(HOSTS, two_domains(), depth=depth, beat=1.0)


class AnyWay(RuleBasedStateMachine):
    """Whatever way the cursor went, the scene is the one that folding from the start gives."""

    def __init__(self) -> None:
        super().__init__()
        self.player = Player(HOSTS)
        self.player._checkpoints = Checkpoints(opening(HOSTS), spacing=4, limit=3)

    @rule(events=runs(max_size=20))
    def more_happens(self, events: list[Event]) -> None:
        self.player.extend(events)

    @rule(cursor=st.integers(-5, 200))
    def seek(self, cursor: int) -> None:
        self.player.seek(cursor)
        assert self.player.cursor == min(max(cursor, 0), len(self.player.events))

    @rule(by=st.integers(-4, 4), depth=st.sampled_from(DEPTHS))
    def step(self, by: int, depth: Depth) -> None:
        before = self.player.cursor
        moved = self.player.step(by, depth)
        assert moved == (self.player.cursor != before)
        assert (self.player.cursor - before) * by >= 0

    @rule(seconds=st.floats(0, 30), speed=st.floats(0.1, 8))
    def tick(self, seconds: float, speed: float) -> None:
        before = self.player.cursor
        phase = self.player.tick(seconds, speed)
        assert 0 <= phase < 1
        assert self.player.cursor >= before

    @rule()
    def next_step(self) -> None:
        self.player.next_step()

    @rule()
    def previous_step(self) -> None:
        self.player.previous_step()

    @invariant()
    def the_scene_is_that_of_the_cursor(self) -> None:
        happened = self.player.events[: self.player.cursor]
        assert self.player.scene == reduce(fold, happened, opening(HOSTS))
        assert self.player.event == (happened[-1] if happened else None)


AnyWay.TestCase.settings = settings(max_examples=60, stateful_step_count=20)
test_any_way_to_a_moment_gives_the_same_scene = AnyWay.TestCase


# Seeking -----------------------------------------------------------------------------------------


def test_home_and_end_are_where_nothing_and_everything_has_happened() -> None:
    player = a_player()
    assert (player.cursor, player.event, player.at_end) == (0, None, False)
    player.end()
    assert player.at_end
    assert player.event == player.events[-1]
    assert player.upcoming is None
    player.home()
    assert player.scene == opening(HOSTS)


def test_a_seek_folds_no_more_events_than_lie_between_two_checkpoints(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    player = Player(HOSTS, many(20_000))
    player.end()
    assert player.scene.cursor == 20_000
    folded = 0

    def counted(scene: Scene, event: Event) -> Scene:
        nonlocal folded
        folded += 1
        return fold(scene, event)

    monkeypatch.setattr(player_module, "fold", counted)
    for cursor in (19_999, 3, 12_345, 511, 512, 513, 19_968):
        folded = 0
        player.seek(cursor)
        assert player.scene.cursor == cursor
        assert folded < 256


def test_checkpoints_are_thinned_when_there_are_many() -> None:
    scene = opening(HOSTS)
    checkpoints = Checkpoints(scene, spacing=2, limit=10)
    for event in many(500):
        scene = fold(scene, event)
        checkpoints.offer(scene)
    assert (len(checkpoints), checkpoints.spacing) == (8, 64)
    for cursor in range(0, 501, 7):
        assert 0 <= cursor - checkpoints.before(cursor).cursor < checkpoints.spacing
    assert checkpoints.before(501).cursor == 448


# Steps -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("depth", DEPTHS)
def test_stepping_stops_at_every_event_of_that_depth_and_no_other(depth: Depth) -> None:
    player = a_player()
    stops = [
        event.seq
        for event in player.events
        if DEPTHS.index(depth_of(event, RESOLVERS)) <= DEPTHS.index(depth)
    ]
    visited = []
    while player.step(1, depth):
        assert player.event is not None
        visited.append(player.event.seq)
    assert visited == stops
    backwards = []
    while player.step(-1, depth):
        backwards.append(player.event.seq if player.event else -1)
    assert backwards == [*reversed(stops[:-1]), -1]


def test_after_the_last_stop_comes_the_end() -> None:
    story = Story()
    story.compose(BUDI)
    story.ask(RESOLVER, SMTP, "a.example", "A")
    story.queue(SMTP, "q1", BUDI)
    player = Player(HOSTS, story.events, depth="story")
    assert player.step()
    assert player.cursor == 1
    assert player.upcoming == story.events[-1]
    assert player.step(5)
    assert player.at_end
    assert not player.step()
    assert player.step(-1)
    assert player.cursor == 1


def test_the_six_steps_can_be_walked_forwards_and_backwards() -> None:
    player = a_player()
    seen = []
    while player.next_step():
        assert player.event is not None
        seen.append(player.event.step)
    assert seen == [1, 2, 3, 4, 5, 6]
    back = []
    while player.previous_step():
        back.append(player.event.step if player.event else 0)
    assert back == [5, 4, 3, 2, 1, 0]


def test_going_back_a_step_from_within_it_goes_to_where_it_began() -> None:
    player = a_player()
    player.seek_step(2)
    began = player.cursor
    player.step(3)
    assert player.previous_step()
    assert player.cursor == began


def test_a_step_that_never_happens_cannot_be_gone_to() -> None:
    player = Player(HOSTS, same_domain())
    assert player.seek_step(6)
    cursor = player.cursor
    assert not player.seek_step(4)
    assert player.cursor == cursor


# Playing -----------------------------------------------------------------------------------------


def test_every_stop_gets_its_beat_and_its_way_there_is_a_phase() -> None:
    player = a_player("story")
    assert player.tick(0.25) == 0.25
    assert player.cursor == 0
    assert player.upcoming == player.events[0]
    assert player.tick(0.25, speed=2) == 0.75
    assert player.tick(0.25) == 0
    assert player.cursor == 1
    assert player.tick(1.5, speed=2) == 0  # three beats
    assert [depth_of(event, RESOLVERS) for event in player.events[1 : player.cursor]].count(
        "story"
    ) == 3


def test_a_long_wait_is_cut_short_and_a_short_one_takes_its_time() -> None:
    story = Story()
    story.compose(BUDI)
    story.judge(SMTP, "queue.schedule", "300")
    story.at += 3 * SECOND - 10_000
    story.judge(SMTP, "queue.schedule", "300")
    story.at += 4 * 3600 * SECOND
    story.judge(SMTP, "queue.schedule", "300")
    player = Player(HOSTS, story.events, beat=0.5)
    player.seek(2)
    assert player.tick(1.5, idle_cap=10) == 0.5  # three seconds
    assert player.tick(1.5, idle_cap=10) == 0
    assert player.tick(2.5, idle_cap=5) == 0.5  # four hours, cut to five seconds
    assert player.tick(2.5, idle_cap=5) == 0
    assert player.at_end


def test_at_the_end_playing_waits_for_more_events_and_goes_on_from_there() -> None:
    player = a_player()
    assert player.tick(10_000) == 0
    assert player.at_end
    assert player.tick(10_000) == 0
    more = Story(at=player.events[-1].at)
    more.judge(SMTP, "queue.schedule", "300")
    player.extend(more.events)
    assert player.tick(0.5) == 0.5
    assert player.upcoming == more.events[0]


def test_moving_the_cursor_by_hand_begins_a_new_beat() -> None:
    player = a_player()
    player.tick(0.75)
    player.step(1)
    assert player.tick(0.25) == 0.25


@given(st.lists(st.integers(0, 40), max_size=20))
def test_ticking_often_or_seldom_comes_to_the_same(quarters: list[int]) -> None:
    often, seldom = a_player(), a_player()
    for quarter in quarters:
        phase = often.tick(quarter / 4)
    if quarters:
        assert seldom.tick(sum(quarters) / 4) == phase
    assert seldom.cursor == often.cursor


@pytest.mark.parametrize(
    ("wall", "speed", "cap"),
    [
        (-1, 1, 1),
        (math.nan, 1, 1),
        (1, 0, 1),
        (1, -1, 1),
        (1, math.inf, 1),
        (1, math.nan, 1),
        (1, 1, -1),
        (1, 1, math.nan),
    ],
)
def test_a_pace_that_makes_no_sense_is_refused(wall: float, speed: float, cap: float) -> None:
    with pytest.raises(ValueError, match="cannot play"):
        a_player().tick(wall, speed, cap)
