"""What is said while the real DNS is asked: which names, of whom, and each answer as it comes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import assert_never

from simulator.lessons.language import Catalogue
from simulator.scenario.looking_up import Announced, Ended, Question, Received, Told, Trouble
from simulator.scenario.real_answers import RealAnswer
from simulator.views.safe import safe

_MOST_RECORDS = 8
"""Records of an answer that are shown."""
_LONGEST_RECORD, _LONGEST_LINE = 200, 600
_MILLISECOND = 1000


def lines_about(told: Told, words: Catalogue) -> Iterator[str]:
    """The lines that say it, each safe to print."""
    match told:
        case Announced():
            yield from _announced(told, words)
        case RealAnswer():
            yield from _answered(told, words)
        case Received():
            yield from _received(told)
        case Ended(why=why, left=left):
            yield safe(words.say(f"real.ended.{why}", left=left))
        case _:
            assert_never(told)


def trouble_text(trouble: Trouble, words: Catalogue) -> str:
    """The one sentence about what stands in the way, safe to print."""
    text = words.say(
        f"real.trouble.{trouble.kind}",
        server=trouble.server or "?",
        domain=trouble.domain,
        rcode=trouble.rcode,
    )
    return safe(text, limit=_LONGEST_LINE)


def questions_by_name(questions: Iterable[Question]) -> dict[str, tuple[str, ...]]:
    """The types that are asked of each name, in the order of their first question."""
    by_name: dict[str, tuple[str, ...]] = {}
    for name, rdtype in questions:
        by_name[name] = (*by_name.get(name, ()), rdtype)
    return by_name


def _announced(told: Announced, words: Catalogue) -> Iterator[str]:
    key = "real.announced" if told.is_first else "real.announced-further"
    yield safe(words.say(key, servers=", ".join(told.servers)), limit=2 * _LONGEST_LINE)
    for name, types in questions_by_name(told.questions).items():
        yield safe(f"  {name}  {', '.join(types)}", limit=_LONGEST_RECORD)
    if told.is_first:
        yield words.say("real.announced-rule")


def _answered(answer: RealAnswer, words: Catalogue) -> Iterator[str]:
    """``dig``'s facts in a line: status, flags, TTL, time, server; below them the records."""
    ttl = min((line.split()[1] for line in answer.records), key=_number, default="")
    said = [
        f";; {answer.name} {answer.type}: {answer.rcode}",
        words.say_count("real.records", len(answer.records) + answer.omitted),
        f"TTL {ttl}" if ttl else "",
        f"flags {' '.join(answer.flags)}" if answer.flags else "",
        f"{_milliseconds(answer.took)} ms",
        f"{answer.server}{' (TCP)' if answer.transport == 'tcp' else ''}",
    ]
    yield safe(", ".join(filter(None, said)), limit=_LONGEST_LINE)
    for line in answer.records[:_MOST_RECORDS]:
        yield safe(f"   {line}", limit=_LONGEST_RECORD)
    hidden = max(0, len(answer.records) - _MOST_RECORDS) + answer.omitted
    if hidden:
        yield f"   {words.say_count('real.more', hidden)}"


def _received(step: Received) -> Iterator[str]:
    """One step of the walk as ``dig +trace`` prints it."""
    for line in step.lines[:_MOST_RECORDS]:
        yield safe(line, limit=_LONGEST_RECORD)
    source = f"{step.address}#{step.port}({step.server})"
    took = _milliseconds(step.took)
    yield safe(f";; Received {step.octets} bytes from {source} in {took} ms")


def _milliseconds(microseconds: int) -> int:
    return round(microseconds / _MILLISECOND)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0
