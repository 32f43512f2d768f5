"""Mermaid's own parser accepts every diagram, and understands each text as the text that it is."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from simulator.views.exports.mermaid import mermaid
from simulator.views.exports.order import Order
from simulator.views.exports.sequence import Arrow, Heading, Note, sequence
from tests.judges.programs import missing, program, run
from tests.views.exports.orders import hostile_run, order_of

pytestmark = pytest.mark.judge

_STORIES = ("same-domain", "two-relays", "some-refused", "five-days", "forged-sender", "lost-reply")
_SCRIPT = Path(__file__).with_name("mermaid.mjs")


def orders() -> dict[str, Order]:
    runs = {name: order_of(name, depth="story") for name in _STORIES}
    for name in ("two-domains", "dns-trouble", "full-mailbox", "cut-wire"):
        runs[f"{name} commands"] = order_of(name)
    for depth in ("story", "commands", "bytes"):
        hostile = hostile_run()
        runs[f"hostile {depth}"] = Order(hostile.header, hostile.events, "id", depth)  # type: ignore[arg-type]
    return runs


def understood(folder: Path, runs: dict[str, Order]) -> dict[str, Any]:
    """What Mermaid makes of each diagram."""
    home = os.environ.get("MERMAID_HOME")
    if home is None:
        missing("MERMAID_HOME names no folder in which `npm install mermaid` was done")
    files = []
    for number, order in enumerate(runs.values()):
        files.append(folder / f"{number}.mmd")
        files[-1].write_bytes(mermaid(order))
    done = run(program("node"), str(_SCRIPT), home, *map(str, files), patience=120)
    assert done.returncode == 0, done.stderr.decode()
    told = [json.loads(line) for line in done.stdout.decode().splitlines()]
    return dict(zip(runs, told, strict=True))


def test_mermaid_accepts_every_diagram_and_takes_no_subject_for_syntax(tmp_path: Path) -> None:
    runs = orders()
    for name, told in understood(tmp_path, runs).items():
        assert "problem" not in told, (name, told)
        drawn = sequence(runs[name])
        assert told["actors"] == [[party.name, party.role] for party in drawn.parties]
        expected = []
        for line in drawn.lines:
            match line:
                case Arrow():
                    expected.append((line.source, line.target, list(line.lines)))
                case Note():
                    expected.append((line.over, line.over, list(line.lines)))
                case Heading():
                    edges = (drawn.parties[0].key, drawn.parties[-1].key)
                    expected.append((*edges, [f"{line.step} · {line.title}"]))
        seen = [(one["from"], one["to"], one["lines"]) for one in told["messages"]]
        assert seen == expected, name
