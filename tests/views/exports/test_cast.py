"""Terminal recordings: pyte, a terminal in memory, plays them to the right last screen."""

from __future__ import annotations

import json
import re
from itertools import accumulate
from typing import Any

import pyte
import pytest

from simulator.views.exports.cast import COLUMNS, ROWS, cast_v2, cast_v3
from simulator.views.exports.order import Order
from simulator.views.transcript import narrate
from tests.views.exports.orders import hostile_run, order_of


def read(octets: bytes) -> tuple[dict[str, Any], list[list[Any]]]:
    header, *events = [json.loads(line) for line in octets.decode().splitlines()]
    return header, events


def played(events: list[list[Any]]) -> pyte.Screen:
    screen = pyte.Screen(COLUMNS, ROWS)
    stream = pyte.Stream(screen)
    for _, code, text in events:
        if code == "o":
            stream.feed(text)
    return screen


def last_rows(order: Order) -> list[str]:
    """The last rows of the transcript on a terminal that breaks lines at its edge."""
    told = narrate(
        order.title(), order.hosts, order.events, language=order.language, depth=order.depth
    )
    rows: list[str] = []
    for line in told:
        rows += [line[at : at + COLUMNS] for at in range(0, len(line), COLUMNS)] or [""]
    return [row.rstrip() for row in [*rows, ""][-ROWS:]]


# pyte takes a second for a run, so these stand for all.
@pytest.mark.parametrize("name", ["two-domains", "some-refused", "leave-on-server", "cut-wire"])
def test_it_plays_to_the_end_of_the_transcript(name: str) -> None:
    order = order_of(name)
    _, events = read(cast_v2(order))
    assert [row.rstrip() for row in played(events).display] == last_rows(order)


def test_a_marker_stands_at_each_of_the_six_steps() -> None:
    header, events = read(cast_v2(order_of("two-domains")))
    assert (header["version"], header["width"], header["height"]) == (2, COLUMNS, ROWS)
    markers = [(at, text) for at, code, text in events if code == "m"]
    assert [text for _, text in markers] == [
        "1 Compose and connect",
        "2 Submit",
        "3 Route",
        "4 Resolve",
        "5 Transfer",
        "6 Deliver and pick up",
    ]
    for at, text in markers:
        following = [said for when, code, said in events if code == "o" and when > at]
        assert text[2:] in "".join(following[:3])


def test_a_mail_within_one_domain_has_no_markers_for_the_steps_between() -> None:
    _, events = read(cast_v2(order_of("same-domain", language="id")))
    assert [text[0] for _, code, text in events if code == "m"] == ["1", "2", "3", "6"]


def test_version_3_says_the_same_with_intervals() -> None:
    order = order_of("server-down")
    _, absolute = read(cast_v2(order))
    header, (*relative, last) = read(cast_v3(order))
    assert header["version"] == 3
    assert header["term"] == {"cols": COLUMNS, "rows": ROWS, "type": "xterm-256color"}
    assert last[1:] == ["x", "0"]
    assert [event[1:] for event in relative] == [event[1:] for event in absolute]
    times = accumulate(round(event[0] * 1000) for event in relative)
    assert list(times) == [round(event[0] * 1000) for event in absolute]


def test_five_days_are_told_in_minutes() -> None:
    _, events = read(cast_v2(order_of("five-days", depth="story")))
    assert 30 < events[-1][0] < 600


def test_no_subject_gets_to_the_terminal_s_controls() -> None:
    _, events = read(cast_v2(hostile_run()))
    said = "".join(text for _, code, text in events if code == "o")
    assert "<script>alert(1)</script>" in said
    assert re.sub(r"\x1b\[\d*m|\r\n", "", said).isprintable()
    assert played(events).title == ""
