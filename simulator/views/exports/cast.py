"""A run as a terminal recording that asciinema and its web player play: asciicast, v2 and v3.

What is played is the transcript, as fast as one reads it and not in virtual time; a marker stands
where each of the six steps begins. Texts are safe, so the only escapes are the colours put here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from simulator.lessons.language import catalogue
from simulator.scenario.virtual_time import SECOND
from simulator.trace.event import Event, Step
from simulator.trace.steps import Depth
from simulator.views.exports.order import Order
from simulator.views.safe import safe
from simulator.views.transcript import narrate

COLUMNS, ROWS = 100, 30
_TERMINAL = "xterm-256color"

_PAUSES: Final[dict[Depth, int]] = {"story": 1_400, "commands": 600, "bytes": 400}
"""Milliseconds before an event is told."""
_LONG_WAIT, _WAITED = 5 * SECOND, 1_500
"""After so much virtual time the player too rests for so many milliseconds."""
_A_LINE = 40

_CLOCK = 13
"""Columns that the transcript keeps for its clock."""
_PLAIN, _BOLD, _DIM = "", "1", "2"
_BY_HINT = (
    ("**", "31"),
    ("*~", "31"),
    ("<*", "31"),
    ("<~*", "31"),
    ("<", "32"),
    (" ->", "36"),
    (" ~>", "36"),
    ("===", _DIM),
    (" ·", "33"),
    (" +", "32"),
)
"""What the text behind the clock begins with, and its colour (ECMA-48 section 8.3.117)."""


@dataclass(frozen=True, slots=True)
class _Moment:
    """Output, or a marker, so many milliseconds after the beginning."""

    at: int
    code: str
    text: str


def cast_v2(order: Order) -> bytes:
    """asciicast v2: times count from the beginning."""
    header = {"version": 2, "width": COLUMNS, "height": ROWS, **_about(order)}
    header["env"] = {"TERM": _TERMINAL}
    lines = [header, *([m.at / 1000, m.code, m.text] for m in _moments(order))]
    return _written(lines)


def cast_v3(order: Order) -> bytes:
    """asciicast v3: times count from the event before."""
    terminal = {"cols": COLUMNS, "rows": ROWS, "type": _TERMINAL}
    lines: list[Any] = [{"version": 3, "term": terminal, **_about(order)}]
    before = 0
    for moment in _moments(order):
        lines.append([(moment.at - before) / 1000, moment.code, moment.text])
        before = moment.at
    return _written([*lines, [0.0, "x", "0"]])


def _about(order: Order) -> dict[str, Any]:
    return {"timestamp": round(order.date(0).timestamp()), "title": safe(order.title())}


def _written(lines: Iterable[Any]) -> bytes:
    return "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines).encode()


class _Watched:
    """The events of a run, and which of them is being told."""

    def __init__(self, events: Iterable[Event]) -> None:
        self._events = events
        self.latest: Event | None = None

    def __iter__(self) -> Iterator[Event]:
        for event in self._events:
            self.latest = event
            yield event
        self.latest = None


def _moments(order: Order) -> Iterator[_Moment]:
    words = catalogue(order.language)
    watched = _Watched(order.events)
    at, told, begun = 0, None, set[Step]()
    lines = narrate(
        order.title(),
        order.hosts,
        watched,
        language=order.language,
        depth=order.depth,
        margin=order.margin,
    )
    for line in lines:
        event = watched.latest
        if event is not told:
            at += _pause(told, event, order.depth)
            told = event
        if event is not None and event.step not in begun:
            begun.add(event.step)
            title = words.say(f"steps.{event.step}.title")
            yield _Moment(at, "m", f"{event.step} {title}")
        at += _A_LINE
        yield _Moment(at, "o", f"{_coloured(line)}\r\n")


def _pause(before: Event | None, event: Event | None, depth: Depth) -> int:
    waited = event is not None and before is not None and event.at - before.at >= _LONG_WAIT
    return _PAUSES[depth] + _WAITED * waited


def _coloured(line: str) -> str:
    """A line of the transcript, its clock dim and the rest by who speaks."""
    clock, rest = line[:_CLOCK], line[_CLOCK:]
    if clock.strip() and not clock.strip()[0].isdigit():
        return line
    if line[1:3] == "  " and line[:1].isdigit():
        return _in(_BOLD, line)
    colour = next((code for hint, code in _BY_HINT if rest.startswith(hint)), _PLAIN)
    return _in(_DIM, clock) + _in(colour, rest)


def _in(colour: str, text: str) -> str:
    return f"\x1b[{colour}m{text}\x1b[0m" if colour and text.strip() else text
