"""The words of the changes that make sense after an event."""

from __future__ import annotations

from simulator.lessons.language import Language, catalogue
from simulator.scenario.changes import AnswerInstead, SendVia
from simulator.trace.what_if import Choice


def label_of(choice: Choice, language: Language) -> str:
    """What a choice does, in a few words. May hold names from outside: show it through ``safe``."""
    change = choice.change
    match change.deed:
        case AnswerInstead(records=records) if records:
            target = ", ".join(records)
        case SendVia(host=host):
            target = host
        case _:
            target = change.at
    return catalogue(language).say(f"what-if.{choice.rule}", target=target)
