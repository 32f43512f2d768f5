"""Thousands of recipients who are counted and not listed."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.scenario.errors import ScenarioError
from simulator.scenario.loader import Overrides, loads
from simulator.scenario.model import Scenario

LETTER = """
[mail]
from = "redaksi@kampus.example"
to = "redaksi@kampus.example"
bcc = { count = 7, domains = 3 }
"""


def read(text: str, overrides: Overrides | None = None) -> Scenario:
    return loads(text, file="letter.toml", folder=Path("surat"), overrides=overrides)


@pytest.mark.parametrize("more", ["", '[domains."kampus.example"]\nusers = ["redaksi"]\n'])
def test_a_crowd_is_spread_over_its_towns_and_lives_there(more: str) -> None:
    scenario = read(LETTER + more)
    (mail,) = scenario.mails
    assert mail.bcc[:4] == (
        "pembaca1@kota1.example",
        "pembaca2@kota2.example",
        "pembaca3@kota3.example",
        "pembaca4@kota1.example",
    )
    assert {domain.name: len(domain.users) for domain in scenario.domains} == {
        "kampus.example": 1,
        "kota1.example": 3,
        "kota2.example": 2,
        "kota3.example": 2,
    }


def test_of_a_crowd_only_those_pick_up_who_are_named() -> None:
    scenario = read(LETTER + '[[pickup]]\nmailbox = "pembaca2@kota2.example"\n')
    assert [one.mailbox for one in scenario.pickups] == [
        "pembaca2@kota2.example",
        "redaksi@kampus.example",
    ]


def test_the_command_line_replaces_a_crowd() -> None:
    scenario = read(LETTER, Overrides(bcc=("citra@kantor.example",)))
    assert scenario.mails[0].bcc == ("citra@kantor.example",)
    assert len(scenario.domains) == 2


@pytest.mark.parametrize(
    ("crowd", "sentence"),
    [
        ("{ domains = 3 }", 'has no "count": write count = 2000'),
        ("{ count = 0 }", "count"),
        ("{ count = 10_001 }", "10000"),
        ("{ count = 3, towns = 3 }", 'unknown key "towns"'),
    ],
)
def test_crowds_that_cannot_be(crowd: str, sentence: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        read(LETTER.replace("{ count = 7, domains = 3 }", crowd))
    assert sentence in caught.value.sentence("en")
