"""What a reply or an answer is the answer to: where another one could still have been chosen."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from itertools import islice

from simulator.trace.event import Answer, Command, Connected, Content, Event, Query, Reply


def asked_at(events: Sequence[Event], place: int) -> int | None:
    """The place of the command, message or question that the event at ``place`` answers.

    None where it answers none: a greeting, or whatever is no answer.
    """
    match events[place].fact:
        case Reply(conn=conn):
            return _asked_on(events, place, conn)
        case Answer() as answer:
            before = range(place - 1, -1, -1)
            return next((one for one in before if _asks(events[one], answer)), None)
        case _:
            return None


def _asks(event: Event, answer: Answer) -> bool:
    match event.fact:
        case Query(id=number, name=name, type=asked):
            same = (number, name, asked) == (answer.id, answer.name, answer.type)
            return same and event.host == answer.peer
        case _:
            return False


def _asked_on(events: Sequence[Event], place: int, conn: int) -> int | None:
    """Replies come in the order of what they answer (RFC 2920), on one connection."""
    client = ""
    waiting: deque[int] = deque()
    asked: int | None = None
    for here, event in enumerate(islice(events, place + 1)):
        if getattr(event.fact, "conn", None) != conn:
            continue
        match event.fact:
            case Connected():
                client = event.host
            case Command() | Content() if event.host == client:
                waiting.append(here)
            case Reply() if waiting:
                asked = waiting.popleft()
            case _:
                continue
    return asked
