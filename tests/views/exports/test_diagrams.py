"""Diagrams as text: what could be syntax is written by its number."""

from __future__ import annotations

from dataclasses import replace

import pytest
import yaml

from simulator.scenario.library import shipped
from simulator.views.exports.mermaid import mermaid
from simulator.views.exports.order import ExportError
from simulator.views.exports.plantuml import plantuml
from simulator.views.exports.sequence import Heading, sequence
from simulator.views.safe import safe
from tests.views.exports.orders import HOSTILE, hostile_run, order_of


def test_a_story_reads_from_top_to_bottom() -> None:
    text = mermaid(order_of("two-domains", depth="story")).decode()
    shown = [line.strip() for line in text.splitlines()]
    assert shown[:5] == [
        "---",
        'title: "From one domain to another"',
        "---",
        "sequenceDiagram",
        "autonumber",
    ]
    assert "h7->>h9: (the message#58; 18 lines, 504 octets)" in shown


def test_a_finer_depth_draws_more_and_the_steps_stay() -> None:
    drawn = [sequence(order_of("two-domains", depth=d)) for d in ("story", "commands", "bytes")]
    assert len(drawn[0].lines) < len(drawn[1].lines) < len(drawn[2].lines)
    for one in drawn:
        steps = [line.step for line in one.lines if isinstance(line, Heading)]
        assert steps == sorted(steps)
        assert set(steps) == {1, 2, 3, 4, 5, 6}


def test_a_hostile_title_is_yaml_s_text_and_no_line_of_a_diagram_is_the_subject_s() -> None:
    order = replace(hostile_run(), depth="bytes")
    text = mermaid(order).decode()
    _, front, body = text.split("---\n", 2)
    assert yaml.safe_load(front)["title"] == safe(f"{HOSTILE}\u2028\x1b[2J", limit=100)
    for line in body.splitlines()[2:]:
        words = line.split()
        assert words[0] in {"participant", "Note"} or words[0].startswith("h"), line
        assert "<script" not in line
    assert "Subject" in body


def test_plantuml_sees_neither_its_markup_nor_its_preprocessor() -> None:
    text = plantuml(replace(hostile_run(), depth="bytes")).decode()
    assert text.startswith("@startuml\ntitle end<U+003B> alt <U+0023>1")
    assert not set("%$!{}[]|~*`&") & set(text.replace("<U+", ""))
    assert text.count("@startuml") == text.count("@enduml") == 1


def test_what_mermaid_would_not_draw_is_refused_in_words() -> None:
    with pytest.raises(ExportError) as found:
        mermaid(order_of("five-days", depth="bytes"))
    assert found.value.key == "too-long"


@pytest.mark.parametrize("name", [folder.name for folder in shipped()])
def test_every_scenario_s_story_can_be_drawn(name: str) -> None:
    assert mermaid(order_of(name, depth="story"))
    assert plantuml(order_of(name, depth="story"))
