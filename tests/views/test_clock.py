"""Moments are as exact as they matter."""

from __future__ import annotations

import pytest

from simulator.lessons.language import catalogue
from simulator.scenario.virtual_time import SECOND
from simulator.views.clock import clock


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        (0, "0.000 s"),
        (709_999, "0.709 s"),
        (60 * SECOND - 1, "59.999 s"),
        (60 * SECOND, "1:00.000"),
        (62 * SECOND + 500_000, "1:02.500"),
        (3600 * SECOND, "1:00:00"),
        (86_399 * SECOND, "23:59:59"),
        (5 * 86_400 * SECOND + 7_500 * SECOND, "5d 02:05:00"),
    ],
)
def test_a_moment_is_shown(moment: int, shown: str) -> None:
    assert clock(moment, catalogue("en")) == shown


def test_each_language_has_its_own_point() -> None:
    assert clock(709_999, catalogue("id")) == "0,709 s"
    assert clock(62 * SECOND + 500_000, catalogue("id")) == "1:02,500"
