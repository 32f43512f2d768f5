"""The fork law: whatever is changed after an event, the run up to that event stays as it was."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from simulator.engine.simulate import simulate
from simulator.scenario.changes import Change
from simulator.scenario.model import Scenario
from simulator.trace.event import Event, Intervened
from tests.fork.any_change import changes
from tests.shipped import NAMES, events_of, scenario_of

BUSY = settings(
    deadline=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def fork(scenario: Scenario, *forks: Change) -> tuple[Event, ...]:
    return tuple(simulate(scenario.changed(*forks)))


@BUSY
@given(st.data())
def test_a_fork_keeps_every_event_up_to_it_and_says_what_was_changed(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(NAMES))
    before = events_of(name)
    after = data.draw(st.integers(0, len(before) - 1))
    change = data.draw(changes(scenario_of(name)))
    forked = fork(scenario_of(name), replace(change, after=after))
    assert forked[: after + 1] == before[: after + 1]
    assert isinstance(forked[after + 1].fact, Intervened)
    assert [event.seq for event in forked] == list(range(len(forked)))


@BUSY
@given(st.data())
def test_a_fork_of_a_fork_keeps_the_first_and_gives_the_same_each_time(data: st.DataObject) -> None:
    scenario = scenario_of(data.draw(st.sampled_from(NAMES)))
    length = len(events_of(scenario.name))
    event = data.draw(st.integers(0, length - 1))
    first = replace(data.draw(changes(scenario)), after=event)
    branch = fork(scenario, first)
    after = data.draw(st.integers(0, len(branch) - 1))
    second = replace(data.draw(changes(scenario)), after=after)
    twig = fork(scenario, first, second)
    if after > event:
        assert twig[: after + 1] == branch[: after + 1]
    else:
        assert twig[: after + 1] == events_of(scenario.name)[: after + 1]
    assert fork(scenario, first, second) == twig
