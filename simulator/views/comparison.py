"""Two runs side by side, from where they part, and in one sentence what came of the difference."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from simulator.lessons.language import Catalogue, Language, catalogue
from simulator.lessons.phrases import duration, listed
from simulator.scenario.model import Host
from simulator.trace.compare import mail_differences, parting, rows
from simulator.trace.event import Event
from simulator.trace.steps import Depth
from simulator.views.columns import wrap
from simulator.views.one_line import Line, OneLine
from simulator.views.outcome import Fate, Outcome
from simulator.views.safe import CUT, safe
from simulator.views.wire import roles_of

COLUMN = 58
"""Characters of what one of both did."""
BETWEEN = len("=  | ")
"""Characters of a row beside what both did."""
_LEAST_COLUMN = 45
"""Characters below which a line says too little: then what both did stands one below the other."""
_MOST_TOLD = 4
"""Differences that the sentence names; of more it says how many there are."""
_SIDES = {(True, True): "=", (True, False): "<", (False, True): ">"}
MARKS = frozenset(_SIDES.values())
"""What a row begins with."""


_Ends: TypeAlias = tuple[tuple[Fate, str], ...]
"""What became of a mail to one recipient, and the words for it: of each copy that came."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two runs; ``title`` is what it is called."""

    title: str
    hosts: tuple[Host, ...]
    events: Sequence[Event]


def compare(
    left: Side, right: Side, *, language: Language, depth: Depth, column: int = COLUMN
) -> Iterator[str]:
    """The comparison line by line, each safe to print and without its line end.

    Each side has ``column`` characters of a row; what is longer is cut with a mark. Prose is as
    wide as a row. Where a column would be too narrow, each line has the whole row.

    ``=`` stands before what happened in both, ``<`` and ``>`` before what only one of them did;
    ``=<`` and ``=>`` where both did it, with other words.
    """
    words = catalogue(language)
    start = parting(left.events, right.events)
    yield f"<  {safe(left.title, limit=2 * column)}"
    yield f">  {safe(right.title, limit=2 * column)}"
    yield ""
    if start is None:
        yield words.say("compare.same")
        return
    yield from wrap(_where(left, start, words), 2 * column + BETWEEN)
    yield ""
    for ours, theirs in _pairs(left, right, start, language, depth):
        if column < _LEAST_COLUMN:
            yield from _below_each_other(ours, theirs, 2 * column + BETWEEN)
        else:
            yield _side_by_side(ours, theirs, column)
    yield ""
    yield from wrap(summary(left, right, language=language), 2 * column + BETWEEN)


def summary(left: Side, right: Side, *, language: Language) -> str:
    """In one sentence how the outcome and the mail differ between two runs."""
    words = catalogue(language)
    told = [*_fates(left, right, words), *_mails(left, right, words)]
    if not told:
        return words.say("compare.no-difference")
    more = len(told) - _MOST_TOLD
    if more > 0:
        told = [*told[:_MOST_TOLD], words.say("compare.more", count=words.number(more))]
    return safe(words.say("compare.summary", differences="; ".join(told)))


def _where(left: Side, start: int, words: Catalogue) -> str:
    if start == 0:
        return words.say("compare.never")
    moment = duration(words, left.events[start - 1].at)
    return words.say("compare.parting", event=words.number(start - 1), time=moment)


# What each did ---------------------------------------------------------------------------------


def _pairs(
    left: Side, right: Side, start: int, language: Language, depth: Depth
) -> Iterator[tuple[Line | None, Line | None]]:
    """What happened in both, or in one of them, as far as the depth shows it."""
    tellers = [OneLine(side.hosts, language, depth) for side in (left, right)]
    for teller, side in zip(tellers, (left, right), strict=True):
        for event in side.events[:start]:
            teller.line(event)
    for row in rows(left.events, right.events, start):
        ours = tellers[0].line(row.left) if row.left else None
        theirs = tellers[1].line(row.right) if row.right else None
        if ours or theirs:
            yield ours, theirs


def _side_by_side(ours: Line | None, theirs: Line | None, column: int) -> str:
    mark = _SIDES[bool(ours), bool(theirs)]
    return f"{mark} {_cell(str(ours or ''), column)} | {_cut(str(theirs or ''), column)}".rstrip()


def _below_each_other(ours: Line | None, theirs: Line | None, width: int) -> Iterator[str]:
    mark = _SIDES[bool(ours), bool(theirs)]
    if ours and theirs and ours.said != theirs.said:
        yield f"{mark}< {_cut(str(ours), width - 3)}"
        yield f"{mark}> {_cut(str(theirs), width - 3)}"
        return
    yield f"{mark}  {_cut(str(ours or theirs), width - 3)}"


def _cell(text: str, column: int) -> str:
    shown = _cut(text, column)
    return shown + " " * (column - _width(shown))


def _cut(text: str, column: int) -> str:
    if _width(text) <= column:
        return text
    kept = ""
    for sign in text:
        if _width(kept + sign) >= column:
            break
        kept += sign
    return kept + CUT


def _width(text: str) -> int:
    """Columns of a terminal that a text takes."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(sign) in "WF" for sign in text)
    return len(text) + wide - sum(bool(unicodedata.combining(sign)) for sign in text)


# What came of it -------------------------------------------------------------------------------


def _outcome(side: Side) -> Outcome:
    outcome = Outcome(roles_of(side.hosts))
    for event in side.events:
        outcome.follow(event)
    return outcome


def _fates(left: Side, right: Side, words: Catalogue) -> Iterator[str]:
    """Each recipient for whom it ended otherwise."""
    ours, theirs = _outcome(left), _outcome(right)
    ends = [_ends(one, words) for one in (ours, theirs)]
    for key in dict.fromkeys((*ends[0], *ends[1])):
        one, other = ends[0].get(key, ()), ends[1].get(key, ())
        if _what(one) != _what(other):
            (known, _), *_ = one or other
            yield words.say(
                "compare.fate",
                journey=key[0],
                recipient=known.recipient,
                left=_said(one, words),
                right=_said(other, words),
            )
    times = {"left": duration(words, ours.at), "right": duration(words, theirs.at)}
    if times["left"] != times["right"]:  # a few milliseconds in a day are no difference
        yield words.say("compare.time", **times)


def _ends(outcome: Outcome, words: Catalogue) -> dict[tuple[str, str], _Ends]:
    """What became of each recipient of each mail."""
    ends: dict[tuple[str, str], _Ends] = {}
    for fate, said in outcome.sentences(words):
        key = fate.journey, fate.recipient.lower()
        ends[key] = (*ends.get(key, ()), (fate, said))
    return ends


def _what(ends: _Ends) -> tuple[tuple[str, str, str], ...]:
    """What counts as another end: the state, where, and why, of each copy; not when."""
    return tuple((fate.state, fate.host, fate.reason) for fate, _ in ends)


def _said(ends: _Ends, words: Catalogue) -> str:
    told = list(dict.fromkeys(said for _, said in ends))
    if not told:
        return words.say("compare.absent")
    if len(ends) == 1:
        return told[0]
    return words.say("compare.copies", count=words.number(len(ends)), ends=listed(words, told))


def _mails(left: Side, right: Side, words: Catalogue) -> Iterator[str]:
    """Each mail that arrived otherwise."""
    for one in mail_differences(left.events, right.events):
        parts = [*one.fields, *([words.say("compare.text")] if one.text else [])]
        yield words.say("compare.mail", mailbox=one.mailbox, parts=listed(words, parts))
