"""What holds in every shipped scenario; and what each says, word for word.

``UPDATE_GOLDEN=1`` writes the conversations anew, to be looked at before they are committed.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from simulator.scenario.library import shipped
from simulator.trace.event import Bounced, Judged, Queued, Removed, Retried, Stored
from tests.lessons_in_scenarios.played import play

HERE = Path(__file__).parent
GOLDEN = HERE / "golden"
NAMES = [folder.name for folder in shipped()]


@pytest.mark.parametrize("name", NAMES)
def test_the_conversation_is_the_committed_one(name: str) -> None:
    said, file = str(play(name)), GOLDEN / f"{name}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        file.write_text(said, encoding="utf-8")
    assert said == file.read_text(encoding="utf-8")


def test_every_conversation_belongs_to_a_scenario() -> None:
    assert sorted(file.stem for file in GOLDEN.iterdir()) == sorted(NAMES)


def test_every_scenario_has_its_lesson() -> None:
    tests = "".join(file.read_text(encoding="utf-8") for file in HERE.glob("test_*.py"))
    assert set(re.findall(r'play\("([a-z0-9-]+)"', tests)) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_nobody_gets_a_report_of_a_report(name: str) -> None:
    run = play(name)
    reports = {report.journey for report in run.reports()}
    for event in run.events:
        if isinstance(event.fact, Bounced) and event.journey in reports:
            assert event.fact.bounce == ""
    assert all(report.to != ("",) for report in run.reports())


@pytest.mark.parametrize("name", NAMES)
def test_whoever_takes_a_mail_sees_it_through(name: str) -> None:
    """A queue is empty at the end, and for every recipient something has come of the mail."""
    run = play(name)
    facts = [event.fact for event in run.events]
    taken = {fact.queue_id for fact in facts if isinstance(fact, Queued)}
    done = {fact.queue_id for fact in facts if isinstance(fact, Removed)}
    waiting = {fact.queue_id for fact in facts if isinstance(fact, Retried)}
    assert taken == done
    assert waiting <= taken
    stored = {fact.mailbox for fact in facts if isinstance(fact, Stored)}
    given_up = {one for fact in facts if isinstance(fact, Bounced) for one in fact.recipients}
    told = {
        fact.inputs["recipient"]
        for fact in facts
        if isinstance(fact, Judged) and fact.rule.startswith("submission.")
    }
    groups = {
        f"{name}@{domain.name}"
        for domain in run.scenario.domains
        for name in (*domain.aliases, *domain.lists)
    }
    for mail in run.scenario.mails:
        assert set(mail.recipients) <= stored | given_up | told | groups
