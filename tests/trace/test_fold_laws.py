"""Laws of the fold that hold for any events, also such as no run would give."""

from __future__ import annotations

import copy
from functools import reduce

from hypothesis import given

from simulator.trace.event import Event
from simulator.trace.scene import fold, opening
from simulator.trace.state import Scene
from simulator.trace.steps import DEPTHS, beginnings, depth_of
from tests.trace.random_events import runs
from tests.trace.stories import HOSTS


def scenes_of(events: list[Event]) -> list[Scene]:
    scenes = [opening(HOSTS)]
    for event in events:
        scenes.append(fold(scenes[-1], event))
    return scenes


@given(runs())
def test_any_events_fold_and_give_the_same_scene_each_time(events: list[Event]) -> None:
    assert reduce(fold, events, opening(HOSTS)) == reduce(fold, events, opening(HOSTS))


@given(runs(max_size=30))
def test_a_fold_never_changes_what_it_is_given(events: list[Event]) -> None:
    scenes = [opening(HOSTS)]
    pictures = [repr(scenes[0])]
    untouched = copy.deepcopy(events)
    for event in events:
        scenes.append(fold(scenes[-1], event))
        pictures.append(repr(scenes[-1]))
    assert [repr(scene) for scene in scenes] == pictures
    assert events == untouched


@given(runs())
def test_at_most_one_step_is_now_and_it_is_that_of_the_last_event(events: list[Event]) -> None:
    for scene, event in zip(scenes_of(events)[1:], events, strict=True):
        assert [step for step, state in scene.steps.items() if state == "now"] == [event.step]
        assert scene.step == event.step


@given(runs())
def test_caches_hold_nothing_that_has_expired(events: list[Event]) -> None:
    for scene in scenes_of(events):
        expiries = [entry.expires_at for cache in scene.caches.values() for entry in cache.values()]
        assert all(expiry > scene.at for expiry in expiries)
        assert scene.next_expiry == min(expiries, default=None)


@given(runs())
def test_nothing_is_kept_under_a_name_that_is_not_its_own(events: list[Event]) -> None:
    for scene in scenes_of(events):
        for conn, connection in scene.connections.items():
            assert connection.conn == conn
        for (_, journey), held in scene.copies.items():
            assert held.journey == journey
        for queue in scene.queues.values():
            assert queue
            assert all(entry.queue_id == queue_id for queue_id, entry in queue.items())
        for mailbox in scene.mailboxes.values():
            assert len({mail.uid for mail in mailbox}) == len(mailbox)


@given(runs())
def test_every_event_has_a_depth_and_a_step_begins_with_the_first(events: list[Event]) -> None:
    assert all(depth_of(event) in DEPTHS for event in events)
    starts = beginnings(events)
    assert starts == sorted(set(starts))
    assert not events or starts[0] == 0
