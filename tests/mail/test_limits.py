"""Sending limits: units, windows, whose they are, and the moment that they are reached."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from simulator.mail.limits import SendingAllowance, latest_midnight
from simulator.scenario.domain import SendingLimit
from simulator.scenario.virtual_time import SECOND

HOUR = 3600 * SECOND
DAY = 24 * HOUR
ANI, BUDI = "ani@kampus.example", "budi@kampus.example"


class Day:
    """What one server lets its users send, asked one thing at a time."""

    def __init__(self, *limits: SendingLimit) -> None:
        self.allowance = SendingAllowance(limits)

    def refused(
        self, at: int = 0, *, user: str = ANI, unit: str = "message", midnight: int = 0
    ) -> str:
        """The refusal, or nothing."""
        spent = self.allowance.spend(user, unit, at, midnight)
        return next((one.refusal for one in spent if one.refusal), "")


def test_the_one_after_the_last_is_refused_in_the_provider_s_words():
    gmail = Day(SendingLimit(count=2, reply="550 5.4.5 Daily limit exceeded"))
    assert [gmail.refused(moment) for moment in (0, 1)] == ["", ""]
    assert gmail.refused(2) == "550 5.4.5 Daily limit exceeded"
    assert gmail.refused(2, user=BUDI) == "", "every user has an own day"


def test_a_web_host_counts_for_the_whole_domain():
    host = Day(SendingLimit(count=2, per="domain", period=HOUR))
    assert [host.refused(user=user) for user in (ANI, BUDI)] == ["", ""]
    assert host.refused(user="eka@kampus.example") != ""
    assert host.refused(HOUR, user=ANI) == ""


def test_only_what_a_limit_counts_counts():
    day = Day(SendingLimit(count=1, unit="recipient"))
    assert [day.refused(unit=unit) for unit in ("message", "transaction", "recipient")] == [""] * 3
    assert day.refused(unit="recipient") != ""


def test_of_several_limits_the_first_that_is_reached_refuses_and_nothing_is_counted():
    day = Day(SendingLimit(count=3), SendingLimit(count=1, period=HOUR, reply="432 4.3.2 Slowly"))
    assert day.refused(0) == ""
    assert [day.refused(moment) for moment in (1, 2, 3)] == ["432 4.3.2 Slowly"] * 3
    (most, _) = day.allowance.spend(ANI, "message", HOUR, 0)
    assert most.left == 1, "the three that were refused are not missing from the day"


def test_a_limit_of_one_mail_begins_anew_with_the_next():
    day = Day(SendingLimit(count=2, unit="recipient", window="mail"))
    for _ in range(3):
        day.allowance.begin_mail(ANI)
        assert [day.refused(unit="recipient") != "" for _ in range(3)] == [False, False, True]


def test_a_rolling_window_frees_one_when_the_first_is_a_day_old():
    day = Day(SendingLimit(count=1))
    assert day.refused(0) == ""
    assert day.refused(DAY - 1) != ""
    assert day.refused(DAY) == ""


def test_a_calendar_window_frees_all_at_midnight():
    day = Day(SendingLimit(count=1, window="calendar"))
    nine = datetime(2026, 11, 23, 9, tzinfo=UTC)  # the scenario starts at nine in the morning
    before, after = 15 * HOUR - 1, 15 * HOUR
    assert day.refused(0, midnight=latest_midnight(0, nine)) == ""
    assert day.refused(before, midnight=latest_midnight(before, nine)) != ""
    assert day.refused(after, midnight=latest_midnight(after, nine)) == ""


@given(
    moments=st.lists(st.integers(0, 3 * DAY), max_size=40).map(sorted),
    count=st.integers(1, 5),
)
def test_every_window_holds_as_many_as_the_limit_says_and_no_more(moments: list[int], count: int):
    day = Day(SendingLimit(count=count))
    taken: list[int] = []
    for moment in moments:
        within = sum(moment - DAY < other for other in taken)
        refused = day.refused(moment) != ""
        assert refused == (within == count)
        taken += [] if refused else [moment]
