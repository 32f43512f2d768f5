"""The fold against real runs: what the scene says that a host holds is what it then sends."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.trace import recording
from simulator.trace.event import Content, Event, Judged, Stored
from simulator.trace.octets import octets_of, without_dots
from simulator.trace.scene import Scene, fold, opening
from simulator.trace.steps import beginnings
from tests.shipped import NAMES, run_of, scenario_of


def run(name: str) -> tuple[Scene, tuple[Event, ...]]:
    hosts, events = run_of(name)
    return opening(hosts), events


@pytest.mark.parametrize("name", NAMES)
def test_a_host_sends_the_octets_that_the_scene_says_it_holds(name: str) -> None:
    scene, events = run(name)
    handed_on = 0
    rewritten: set[tuple[str, str]] = set()
    kept = typed = False
    for event in events:
        match event.fact:
            case Judged(verdict="converted" | "folded"):
                rewritten.add((event.host, event.journey))
            case Judged(rule="submission.refused" | "submission.kept"):
                kept = True
            case Content() if (event.host, event.journey) in rewritten:
                rewritten.remove((event.host, event.journey))
            case Content() as fact if event.host in {
                connection.client for connection in scene.connections.values()
            }:
                held = scene.copies.get((event.host, event.journey))
                if held is None:  # a person types it, or somebody on the wire passes it on
                    typed, scene = True, fold(scene, event)
                    continue
                assert without_dots(octets_of(fact)) == held.octets
                handed_on += 1
            case Stored() as fact if (event.host, event.journey) in scene.copies:
                assert octets_of(fact) == scene.copies[event.host, event.journey].octets
        scene = fold(scene, event)
    assert handed_on or kept or typed


@pytest.mark.parametrize("name", NAMES)
def test_whoever_answers_for_a_message_has_it(name: str) -> None:
    scene, events = run(name)
    for event in events:
        scene = fold(scene, event)
        for (journey, recipient), host in scene.custody.items():
            assert (host, journey) in scene.copies, (event.seq, recipient)


@pytest.mark.parametrize("name", NAMES)
def test_at_the_end_of_a_run_no_connection_is_open(name: str) -> None:
    scene, events = run(name)
    for event in events:
        scene = fold(scene, event)
    assert not scene.connections


@pytest.mark.parametrize("name", ["two-domains", "two-relays", "same-domain", "attachment"])
def test_in_a_run_of_one_mail_to_one_person_each_step_begins_once(name: str) -> None:
    _, events = run(name)
    steps = [events[index].step for index in beginnings(events)]
    assert steps == ([1, 2, 3, 6] if name == "same-domain" else [1, 2, 3, 4, 5, 6])


def test_after_a_refusal_for_now_the_steps_from_routing_on_begin_again() -> None:
    _, events = run("greylisting")
    retried = next(event.seq for event in events if event.kind == "retried")
    again = [events[index].step for index in beginnings(events) if index > retried]
    assert again == [3, 4, 5, 6]


@pytest.mark.parametrize("name", NAMES)
def test_a_run_comes_back_from_its_recording(name: str, tmp_path: Path) -> None:
    hosts, events = run_of(name)
    header = recording.Header(scenario=scenario_of(name), hosts=hosts, program="test")
    recording.write(tmp_path / "run.jsonl", header, events, passwords=True)
    assert recording.read(tmp_path / "run.jsonl") == recording.Recording(header, events)
