"""What real Postfix, Dovecot and their clients did, and what ours do, differ only on purpose.

The facts of the captures are in captured/, every intended difference is a row of
differences.toml, what is not compared at all is a row of omitted.toml, and cases.py says how to
add a case.
"""

from __future__ import annotations

from functools import cache

import pytest

from tests.truth.captures import Capture
from tests.truth.cases import CASES, AnyCase
from tests.truth.table import Difference, Omitted, differences, intended, omitted

every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


@cache
def _played(case: AnyCase) -> Capture:
    return case.play()


@cache
def _found(case: AnyCase) -> dict[str, list[Difference]]:
    """Every difference of a case, by topic."""
    truth, ours = case.truth().topics(), _played(case).topics()
    return {
        topic: list(differences(truth.get(topic, []), ours.get(topic, [])))
        for topic in dict.fromkeys([*truth, *ours])
    }


@every_case
def test_ours_differ_from_the_captured_ones_only_as_the_table_says(case: AnyCase):
    truth = case.truth().topics()
    unexplained = [
        f"{topic}\n{one}"
        for topic, found in _found(case).items()
        for one in found
        if not any(
            row.difference == one and row.concerns(case.name, topic, truth.get(topic, []))
            for row in intended()
        )
    ]
    assert not unexplained, "\n".join([case.name, *unexplained])


@every_case
def test_every_difference_in_the_table_is_still_there(case: AnyCase):
    truth = case.truth().topics()
    gone = [
        f"{topic}: {row.reason}\n{row.difference}"
        for row in intended()
        for topic, found in _found(case).items()
        if row.concerns(case.name, topic, truth.get(topic, [])) and row.difference not in found
    ]
    assert not gone, "\n".join([case.name, *gone])


def test_every_row_of_the_table_is_about_a_case_and_gives_a_reason():
    compared = [
        (case.name, topic, case.truth().topics().get(topic, []))
        for case in CASES
        for topic in _found(case)
    ]
    for row in intended():
        assert any(row.concerns(*one) for one in compared), row
        assert row.reason, row


def test_what_was_captured_is_compared_or_omitted_by_name():
    left_out = _left_out()
    dropped = [
        f"{case}: {topic}"
        for case, topics in left_out.items()
        for topic in sorted(topics)
        if not any(row.concerns(case, topic) for row in omitted())
    ]
    assert not dropped, "\n".join(dropped)


@pytest.mark.parametrize("row", omitted(), ids=lambda row: row.reason)
def test_every_pattern_of_an_omitted_row_is_about_something_left_out(row: Omitted):
    found = [(case, topic) for case, topics in _left_out().items() for topic in topics]
    for one in row.cases:
        here = Omitted((one,), row.topics, row.reason)
        assert any(here.concerns(*pair) for pair in found), one
    for one in row.topics:
        here = Omitted(row.cases, (one,), row.reason)
        assert any(here.concerns(*pair) for pair in found), one
    assert row.reason


@cache
def _left_out() -> dict[str, set[str]]:
    """By capture, what none of its cases compares."""
    found: dict[str, set[str]] = {}
    for case in CASES:
        name = case.truth().name
        found[name] = found.get(name, case.left_out()) & case.left_out()
    return found


@every_case
def test_the_conversations_are_held_in_the_captured_order(case: AnyCase):
    def order(capture: Capture) -> list[str]:
        return [one.topic for one in capture.conversations]

    assert order(_played(case)) == order(case.truth())
