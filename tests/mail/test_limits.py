"""Daily sending limits: units, windows, and the moment that the day is used up."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from simulator.mail.limits import SendingAllowance, latest_midnight
from simulator.scenario.model import SECOND, SendingLimit

HOUR = 3600 * SECOND
DAY = 24 * HOUR
ANI = "ani@kampus.example"


def test_the_one_after_the_last_is_refused_in_the_provider_s_words():
    gmail = SendingAllowance(SendingLimit(count=2, reply="550 5.4.5 Daily limit exceeded"))
    assert [gmail.spend(ANI, moment, 0) for moment in (0, 1)] == [None, None]
    assert gmail.spend(ANI, 2, 0) == "550 5.4.5 Daily limit exceeded"
    assert gmail.spend("budi@kampus.example", 2, 0) is None, "every user has an own day"


def test_a_rolling_window_frees_one_when_the_first_is_a_day_old():
    allowance = SendingAllowance(SendingLimit(count=1))
    assert allowance.spend(ANI, 0, 0) is None
    assert allowance.spend(ANI, DAY - 1, 0) is not None
    assert allowance.spend(ANI, DAY, 0) is None


def test_a_calendar_window_frees_all_at_midnight():
    allowance = SendingAllowance(SendingLimit(count=1, window="calendar"))
    nine = 9 * HOUR  # the scenario starts at nine in the morning
    before, after = 15 * HOUR - 1, 15 * HOUR
    assert allowance.spend(ANI, 0, latest_midnight(0, nine)) is None
    assert allowance.spend(ANI, before, latest_midnight(before, nine)) is not None
    assert allowance.spend(ANI, after, latest_midnight(after, nine)) is None


@given(
    moments=st.lists(st.integers(0, 3 * DAY), max_size=40).map(sorted),
    count=st.integers(1, 5),
)
def test_no_window_ever_holds_more_than_the_limit(moments: list[int], count: int):
    allowance = SendingAllowance(SendingLimit(count=count))
    taken = [moment for moment in moments if allowance.spend(ANI, moment, 0) is None]
    for moment in taken:
        assert sum(moment - DAY < other <= moment for other in taken) <= count
