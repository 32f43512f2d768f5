"""The menu at an event: what it offers makes sense there, can be written down, and can be done."""

from __future__ import annotations

import pytest
from hypothesis import given
from msgspec.structs import replace

from simulator.engine.simulate import simulate
from simulator.lessons.choices import label_of
from simulator.lessons.language import LANGUAGES
from simulator.scenario.change_tables import check_change
from simulator.scenario.change_words import read_change, write_change
from simulator.scenario.errors import Place
from simulator.scenario.topology import hosts_of
from simulator.trace.event import Event
from simulator.trace.scene import Scene, fold, opening
from simulator.trace.what_if import Choice, what_makes_sense
from tests.fork.forked import moment
from tests.lessons_in_scenarios.played import Run, play
from tests.trace.random_events import runs
from tests.trace.stories import HOSTS


def menu(run: Run, seq: int) -> tuple[Choice, ...]:
    scene = opening(hosts_of(run.scenario))
    for event in run.events[: seq + 1]:
        scene = fold(scene, event)
    return what_makes_sense(run.events[seq], scene)


def rules(run: Run, seq: int) -> set[str]:
    return {choice.rule for choice in menu(run, seq)}


@pytest.mark.parametrize(
    ("after", "offered", "not_offered"),
    [
        ("RCPT", {"reply.busy", "silence", "delay", "drop", "policy.greylist"}, {"reply.spam"}),
        ("MAIL", {"reply.no-space", "drop", "down"}, {"reply.unknown-user"}),
        ("EHLO", {"reply.unknown-command"}, {"dns.servfail"}),
        (
            "content",
            {"reply.spam", "drop", "lost-reply", "silence"},
            {"reply.busy"},
        ),
        (
            "? MX",
            {"dns.null-mx", "dns.other-mx", "dns.silence", "dns.delay"},
            {"drop"},
        ),
        ("? A", {"dns.nxdomain"}, {"dns.null-mx"}),
        ("queued", {"down", "down-and-up", "policy.quota-full", "wait"}, {"drop", "up"}),
        ("read", set(), {"drop", "wait"}),
    ],
)
def test_the_menu_offers_what_can_happen_there(
    after: str, offered: set[str], not_offered: set[str]
) -> None:
    run = play("two-domains")
    found = rules(run, moment(run.events, after))
    assert offered <= found
    assert not found & not_offered


def test_one_can_be_the_router() -> None:
    run = play("two-domains")
    seq = next(
        event.seq for event in run.events if getattr(event.fact, "rule", "") == "route.destination"
    )
    ways = [write_change(choice.change) for choice in menu(run, seq)]
    assert "only kantor.example: route mx2.kantor.example" in ways


@pytest.mark.parametrize("name", ["two-domains", "stripped-tls", "mta-sts"])
def test_every_choice_of_a_run_has_words_can_be_written_and_can_be_done(name: str) -> None:
    run = play(name)
    scene: Scene = opening(hosts_of(run.scenario))
    seen: set[str] = set()
    for event in run.events:
        scene = fold(scene, event)
        for choice in what_makes_sense(event, scene):
            written = read_change(write_change(choice.change), Place("menu"), after=event.seq)
            assert written == replace(choice.change, after=event.seq)
            check_change(written, run.scenario, Place("menu"))
            assert all(label_of(choice, language) for language in LANGUAGES)
            if choice.rule not in seen:
                seen.add(choice.rule)
                forked = tuple(simulate(run.scenario.changed(written)))
                assert forked[: event.seq + 1] == run.events[: event.seq + 1]
    assert len(seen) > 15


@given(runs())
def test_any_event_has_a_menu(events: list[Event]) -> None:
    scene = opening(HOSTS)
    for event in events:
        scene = fold(scene, event)
        for choice in what_makes_sense(event, scene):
            assert label_of(choice, "id")


def test_an_answer_that_is_in_is_no_longer_changed_and_every_decision_has_a_menu() -> None:
    run = play("two-domains")
    for event in run.events:
        if event.kind in {"answer", "judged"}:
            found = rules(run, event.seq)
            assert found
            assert not any(rule.startswith("dns.") for rule in found)


def test_a_host_comes_back_only_where_one_was_missed() -> None:
    run = play("primary-down")
    for event in run.events:
        assert ("up" in rules(run, event.seq)) <= (event.kind in {"refused", "retried"})
    assert any("up" in rules(run, event.seq) for event in run.events)
