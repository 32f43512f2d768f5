"""Shipped scenarios, and one that means harm, as orders for an export."""

from __future__ import annotations

from functools import cache
from typing import Any

from msgspec.structs import replace

from simulator.engine.simulate import simulate
from simulator.scenario.library import find, library_folder
from simulator.scenario.loader import Overrides, load
from simulator.scenario.topology import hosts_of
from simulator.trace.recording import Header, read
from simulator.views.exports.order import Order
from tests.lessons_in_scenarios.played import play

HOSTILE = (
    "end; alt #1 </script><script>alert(1)</script> \"quoted\" 'single' `x` --> A-->>B: x "
    "[b]{c}(d) %%comment \\n $x$ <!-- 日本 \u202egnp.exe &amp; {{x}} autonumber"
)
"""A subject that wants to be markup, script or syntax wherever it comes."""


def order_of(name: str, **wanted: Any) -> Order:
    """The run of a shipped scenario."""
    run = play(name)
    return Order(Header(scenario=run.scenario, hosts=hosts_of(run.scenario)), run.events, **wanted)


def recorded(name: str, **wanted: Any) -> Order:
    """A recording that comes with the program."""
    kept = read(library_folder() / "recordings" / f"{name}.jsonl")
    return Order(kept.header, kept.events, **wanted)


@cache
def hostile_run() -> Order:
    """A run whose subject, body and title mean harm."""
    scenario = load(find("two-domains"), Overrides(subject=HOSTILE, body=f"{HOSTILE}\nFrom x\n"))
    words = {
        language: replace(said, title=f"{HOSTILE}\u2028\x1b[2J", goal=HOSTILE)
        for language, said in scenario.words.items()
    }
    scenario = replace(scenario, words=words)
    return Order(
        Header(scenario=scenario, hosts=hosts_of(scenario)),
        tuple(simulate(scenario)),
    )
