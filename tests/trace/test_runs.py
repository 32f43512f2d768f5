"""The fold against real runs: what the scene says that a host holds is what it then sends."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.engine.simulate import simulate
from simulator.scenario.library import shipped
from simulator.scenario.loader import load
from simulator.scenario.topology import hosts_of
from simulator.trace import recording
from simulator.trace.event import Composed, Content, Event, Fetched, Stored, octets_of
from simulator.trace.octets import without_dots
from simulator.trace.scene import Scene, fold, opening
from simulator.trace.steps import beginnings


def run(path: Path) -> tuple[Scene, list[Event]]:
    scenario = load(path)
    return opening(hosts_of(scenario)), list(simulate(scenario))


@pytest.mark.parametrize("path", shipped(), ids=lambda path: path.stem)
def test_a_host_sends_the_octets_that_the_scene_says_it_holds(path: Path) -> None:
    scene, events = run(path)
    handed_on = 0
    for event in events:
        match event.fact:
            case Content() as fact if event.host in {
                connection.client for connection in scene.connections.values()
            }:
                held = scene.copies[event.host, event.journey]
                assert without_dots(octets_of(fact)) == held.octets
                handed_on += 1
            case Stored() as fact if (event.host, event.journey) in scene.copies:
                assert octets_of(fact) == scene.copies[event.host, event.journey].octets
        scene = fold(scene, event)
    assert handed_on


@pytest.mark.parametrize("path", shipped(), ids=lambda path: path.stem)
def test_at_the_end_of_a_run_no_connection_is_open_and_no_reply_is_owed(path: Path) -> None:
    scene, events = run(path)
    for event in events:
        scene = fold(scene, event)
        if event.kind == "closed":
            continue
        for connection in scene.connections.values():
            assert len(connection.pending) <= 6
    assert not scene.connections
    composed = {
        (event.journey, recipient)
        for event in events
        if isinstance(event.fact, Composed)
        for recipient in event.fact.recipients
    }
    fetched = {event.host for event in events if isinstance(event.fact, Fetched)}
    for journey, recipient in composed & set(scene.custody):
        host = scene.custody[journey, recipient]
        assert host in fetched or scene.copies[host, journey]


@pytest.mark.parametrize("path", shipped(), ids=lambda path: path.stem)
def test_a_run_of_one_mail_has_each_step_begin_once(path: Path) -> None:
    scenario = load(path)
    events = list(simulate(scenario))
    if len(scenario.mails) > 1 or any(event.kind in {"retried", "bounced"} for event in events):
        pytest.skip("steps begin again for another mail or another attempt")
    steps = [events[index].step for index in beginnings(events)]
    assert steps == sorted(set(steps))


@pytest.mark.parametrize("path", shipped(), ids=lambda path: path.stem)
def test_a_run_comes_back_from_its_recording(path: Path, tmp_path: Path) -> None:
    scenario = load(path)
    events = tuple(simulate(scenario))
    header = recording.Header(scenario=scenario, hosts=hosts_of(scenario), program="test")
    recording.write(tmp_path / "run.jsonl", header, events)
    assert recording.read(tmp_path / "run.jsonl") == recording.Recording(header, events)
