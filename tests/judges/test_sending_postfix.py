"""Our sending server does with every reply what a real Postfix does with it.

Both are given the same mail and the same scripted servers; what they say, what becomes of each
recipient and what its sender is told are compared. Every intended difference is a row of
sending_differences.toml.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.judges.sending_case import Case
from tests.judges.sending_cases import CASES
from tests.judges.sending_ours import OurCourse
from tests.judges.sending_postfix import delivered_by_postfix
from tests.truth.table import Difference, differences, intended

pytestmark = pytest.mark.judge

TABLE = Path(__file__).with_name("sending_differences.toml")
Topics = dict[str, list[str]]


@pytest.fixture(scope="module")
def courses() -> dict[str, tuple[Topics, Topics]]:
    """By case what Postfix did, and what ours did."""
    domains = [f"kantor{number}.example" for number in range(len(CASES))]
    ours = [OurCourse(case, domain) for case, domain in zip(CASES, domains, strict=True)]
    theirs = delivered_by_postfix(CASES, domains, [one.submission() for one in ours])
    return {
        case.name: (truth.topics(), mine.course.topics())
        for case, truth, mine in zip(CASES, theirs, ours, strict=True)
    }


def _found(truth: Topics, ours: Topics) -> dict[str, list[Difference]]:
    return {
        topic: list(differences(truth.get(topic, []), ours.get(topic, [])))
        for topic in dict.fromkeys([*truth, *ours])
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_our_sending_server_does_what_postfix_does(
    case: Case, courses: dict[str, tuple[Topics, Topics]]
) -> None:
    truth, ours = courses[case.name]
    unexplained = [
        f"{topic}\n{one}"
        for topic, found in _found(truth, ours).items()
        for one in found
        if not any(
            row.difference == one and row.concerns(case.name, topic, truth.get(topic, []))
            for row in intended(TABLE)
        )
    ]
    assert not unexplained, "\n".join([case.name, *unexplained])


def test_every_difference_in_the_table_is_still_there(
    courses: dict[str, tuple[Topics, Topics]],
) -> None:
    found = {name: _found(*both) for name, both in courses.items()}
    for row in intended(TABLE):
        concerned = [
            (name, topic)
            for name, (truth, _) in courses.items()
            for topic in found[name]
            if row.concerns(name, topic, truth.get(topic, []))
        ]
        gone = [place for place in concerned if row.difference not in found[place[0]][place[1]]]
        assert concerned, f"no case has this: {row}"
        assert not gone, f"{row}\n{gone}"
        assert row.reason, row


def test_every_case_has_a_name_of_its_own() -> None:
    assert len({case.name for case in CASES}) == len(CASES)
