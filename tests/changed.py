"""What goes otherwise in a test's scenario, written as a scenario says it."""

from __future__ import annotations

from simulator.scenario.change_words import read_change
from simulator.scenario.changes import Change
from simulator.scenario.errors import Place


def change(text: str, after: int | None = None) -> Change:
    """The change that a line means: from the start on, or after that event."""
    return read_change(text, Place("test"), after)
