"""Many recipients: the counts at any moment are those of a plain recount."""

from __future__ import annotations

from collections import Counter

import pytest

from simulator.trace.event import Event
from simulator.views.crowd import ALL, STATES, Crowd
from tests.tui.theatre import events_of


def crowd_of(events: tuple[Event, ...]) -> Crowd:
    crowd = Crowd()
    crowd.extend(events[:7])
    crowd.extend(events[7:])
    return crowd


@pytest.mark.parametrize("name", ["some-refused", "five-days", "blind-copy", "lost-reply"])
def test_counts_at_every_cursor_are_those_of_a_recount(name: str) -> None:
    events = events_of(name)
    crowd = crowd_of(events)
    for cursor in range(len(events) + 1):
        recount = Counter(one.state(cursor) for one in crowd.recipients.values())
        for state in STATES:
            assert crowd.count(state, cursor) == recount[state]
            assert crowd.count(state, cursor) == sum(
                crowd.count(state, cursor, domain) for domain in crowd.domains()
            )


def test_one_refused_two_delivered() -> None:
    events = events_of("some-refused")
    crowd = crowd_of(events)
    end = len(events)
    assert [crowd.count(state, end) for state in STATES] == [0, 0, 2, 1]
    assert crowd.domains() == ["kantor.example"]
    assert {one.address: one.state(end) for one in crowd.recipients.values()} == {
        "citra@kantor.example": "delivered",
        "cita@kantor.example": "bounced",
        "dedi@kantor.example": "delivered",
    }


def test_a_mail_that_waits_is_deferred_until_it_is_given_up() -> None:
    events = events_of("five-days")
    crowd = crowd_of(events)
    (recipient,) = crowd.recipients.values()
    states = [state for _, state in recipient.moves]
    assert states[0] == "under_way"
    assert "deferred" in states
    assert states[-1] == "bounced"
    assert crowd.count("bounced", 0, ALL) == 0
