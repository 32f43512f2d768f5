"""The words of the changes that make sense after an event."""

from __future__ import annotations

from simulator.lessons.language import Language, catalogue
from simulator.scenario.changes import AnswerInstead
from simulator.scenario.interventions import host_named
from simulator.trace.what_if import Choice


def label_of(choice: Choice, language: Language) -> str:
    """What a choice does, in a few words. May hold names from outside: show it through ``safe``."""
    change = choice.change
    target = host_named(change)
    if isinstance(change, AnswerInstead) and change.records:
        target = ", ".join(change.records)
    return catalogue(language).say(f"what-if.{choice.rule}", target=target)
