"""Two runs side by side: where they part, and which of their events correspond from there on.

Events correspond where the same host did the same thing; when it did so, and under which number,
makes no difference, since after the parting both are another's.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from email.parser import BytesHeaderParser
from typing import Final

from simulator.trace.event import (
    Answer,
    Bounced,
    Closed,
    Command,
    Composed,
    Connected,
    Content,
    Event,
    Fact,
    Fetched,
    Intervened,
    Judged,
    Query,
    Queued,
    Read,
    Refused,
    Removed,
    Reply,
    Retried,
    Stamped,
    Stored,
    Tls,
)
from simulator.trace.octets import octets_or_none

_BLOCK: Final = 2_000
"""Events of each run that are laid beside each other at a time: to find what corresponds costs
time that grows with their square."""

_NOT_TELLING: Final = frozenset({"queue_id", "waited", "age", "left", "said", "address"})
"""Inputs of a decision that differ from run to run though it is the same."""


@dataclass(frozen=True, slots=True)
class Row:
    """What both did, or what one did and the other did not."""

    left: Event | None
    right: Event | None


@dataclass(frozen=True, slots=True)
class MailDifference:
    """How the copies differ that lie in one mailbox: names of header fields, and the text."""

    mailbox: str
    fields: tuple[str, ...]
    text: bool


def parting(left: Sequence[Event], right: Sequence[Event]) -> int | None:
    """The index of the first event that is not the same in both; None where all are."""
    for index, (one, other) in enumerate(zip(left, right, strict=False)):
        if one != other:
            return index
    return None if len(left) == len(right) else min(len(left), len(right))


def rows(left: Sequence[Event], right: Sequence[Event], start: int = 0) -> Iterator[Row]:
    """The events of both from index ``start`` on, side by side where they correspond."""
    at_left = at_right = start
    while at_left < len(left) or at_right < len(right):
        some = left[at_left : at_left + _BLOCK]
        others = right[at_right : at_right + _BLOCK]
        at_left, at_right = at_left + _BLOCK, at_right + _BLOCK
        yield from _block(some, others)


def _block(left: Sequence[Event], right: Sequence[Event]) -> Iterator[Row]:
    matcher = SequenceMatcher(None, list(map(_deed, left)), list(map(_deed, right)), autojunk=False)
    for what, left_from, left_to, right_from, right_to in matcher.get_opcodes():
        ours, theirs = left[left_from:left_to], right[right_from:right_to]
        if what == "equal":
            yield from map(Row, ours, theirs)
        else:
            yield from (Row(event, None) for event in ours)
            yield from (Row(None, event) for event in theirs)


def _deed(event: Event) -> Hashable:
    """What happened, without when, under which number, and what follows from those."""
    return (event.host, event.kind, _telling(event.fact))


def _telling(fact: Fact) -> Hashable:  # noqa: C901, PLR0911, PLR0912 - a case a kind
    match fact:
        case Command() as said:
            return said.peer, said.line
        case Reply() as said:
            return said.peer, said.code, said.enhanced, said.rule, len(said.lines)
        case Content() | Removed():
            return None
        case Connected() | Refused() | Closed():
            return fact.peer, fact.port, fact.reason
        case Tls() as sealed:
            return sealed.peer, sealed.verified, sealed.reason
        case Query() as asked:
            return asked.name, asked.type, asked.server
        case Answer() as said_:
            return said_.name, said_.type, said_.rcode, tuple(sorted(said_.records))
        case Judged() as decided:
            inputs = {k: v for k, v in decided.inputs.items() if k not in _NOT_TELLING}
            return decided.rule, decided.verdict, tuple(sorted(inputs.items()))
        case Stamped() as wrote:
            return tuple(name for name, _ in wrote.headers)
        case Composed() as begun:
            return begun.report, begun.recipients
        case Queued() | Retried() | Bounced():
            return fact.recipients
        case Stored() | Fetched() | Read():
            return fact.mailbox
        case Intervened() as changed:
            return changed.change, changed.target, changed.text


def mail_differences(left: Sequence[Event], right: Sequence[Event]) -> tuple[MailDifference, ...]:
    """How the mails differ that both runs have put into a mailbox, the first of each."""
    ours, theirs = _first_copies(left), _first_copies(right)
    found = []
    for key, octets in ours.items():
        other = theirs.get(key)
        if other is not None and other != octets:
            found.append(_difference(key[1], octets, other))
    return tuple(one for one in found if one.fields or one.text)


def _first_copies(events: Sequence[Event]) -> dict[tuple[str, str], bytes]:
    copies: dict[tuple[str, str], bytes] = {}
    for event in events:
        if isinstance(event.fact, Stored):
            octets = octets_or_none(event.fact)
            if octets is not None:
                copies.setdefault((event.journey, event.fact.mailbox), octets)
    return copies


def _difference(mailbox: str, one: bytes, other: bytes) -> MailDifference:
    fields, text = _parts(one)
    other_fields, other_text = _parts(other)
    names = dict.fromkeys((*fields, *other_fields))
    # Every hop writes its own moment into Received: only another number of hops is telling.
    changed = tuple(
        name
        for name in names
        if len(fields.get(name, ())) != len(other_fields.get(name, ()))
        or (name not in _OF_THE_MOMENT and fields.get(name) != other_fields.get(name))
    )
    return MailDifference(mailbox, changed, text != other_text)


_OF_THE_MOMENT = frozenset({"Received", "Date", "Message-ID", "Message-Id", "DKIM-Signature"})


def _parts(octets: bytes) -> tuple[dict[str, list[str]], bytes]:
    head, _, text = octets.partition(b"\r\n\r\n")
    fields: dict[str, list[str]] = {}
    for name, value in BytesHeaderParser().parsebytes(head).raw_items():
        fields.setdefault(name, []).append(str(value))
    return fields, text
