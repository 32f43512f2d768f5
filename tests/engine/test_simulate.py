"""A run as a whole: what leaves it, also when it goes wrong or is given up."""

from __future__ import annotations

import gc
import warnings
from pathlib import Path

import pytest

from simulator.engine.simulate import simulate
from simulator.mail.reception import MailReception
from simulator.scenario.loader import loads
from simulator.scenario.model import Scenario

MAIL = """
[mail]
from = "ani@kampus.example"
to = "citra@kantor.example"
"""


def scenario(text: str) -> Scenario:
    return loads(text, file="test.toml", folder=Path())


def test_what_happened_before_a_bug_leaves_before_the_bug_does(monkeypatch: pytest.MonkeyPatch):
    def broken(*_: object) -> None:
        raise KeyError("a bug")

    monkeypatch.setattr(MailReception, "_received", broken)
    seen = []
    with pytest.raises(KeyError, match="a bug"):
        for event in simulate(scenario(MAIL)):
            seen.append(event.kind)  # noqa: PERF401 - as they come
    assert seen[0] == "composed"
    assert "content" in seen, "the message that the server could not take"


@pytest.mark.parametrize("taken", [1, 19, 22, 25, 60, 100])
def test_a_run_that_is_given_up_leaves_nothing_behind(taken: int):
    run = simulate(scenario(MAIL))
    for _ in range(taken):
        next(run)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        run.close()  # type: ignore[attr-defined]
        gc.collect()


def test_mail_that_comes_while_its_owner_is_fetching_is_fetched_too():
    events = list(
        simulate(
            scenario(
                """
                [[pickup]]
                mailbox = "citra@kantor.example"
                after = "0 s"
                [[mail]]
                from = "ani@kampus.example"
                to = "citra@kantor.example"
                [[mail]]
                from = "ani@kampus.example"
                to = "citra@kantor.example"
                at = "330 ms"
                """
            )
        )
    )
    kinds = [event.kind for event in events]
    assert kinds.count("stored") == kinds.count("read") == 2


def test_a_pick_up_that_is_refused_once_is_tried_again():
    refusal = '[[change]]\ndo = "at mail.kantor.example times 1: refuse"'
    kinds = [event.kind for event in simulate(scenario(MAIL + refusal))]
    assert kinds.count("refused") == 1
    assert kinds[-1] == "read"


def test_a_slow_world_is_slow_and_nothing_else():
    events = list(simulate(scenario('latency = "10 s"\n' + MAIL)))
    assert events[-1].kind == "read"
