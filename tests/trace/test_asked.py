"""Which command, message or question an answer belongs to, also where several wait for theirs."""

from __future__ import annotations

from simulator.trace.asked import asked_at
from simulator.trace.event import Answer, Command, Content, Event, Query, Reply
from tests.shipped import events_of


def said(event: Event) -> str:
    match event.fact:
        case Command(line=line):
            return f"C: {line}"
        case Content():
            return "C: the message"
        case Reply(code=code, lines=lines):
            return f"S: {code} {lines[0]}"
        case Query() | Answer() as fact:
            return f"{fact.kind}: {fact.name} {fact.type}"
        case _:
            return ""


def pairs(conn: int) -> list[tuple[str, str]]:
    events = events_of("two-domains")
    found = []
    for place, event in enumerate(events):
        if isinstance(event.fact, Reply) and event.fact.conn == conn:
            asked = asked_at(events, place)
            found.append((said(events[asked])[:11] if asked is not None else "", said(event)[:6]))
    return found


def test_a_reply_belongs_to_the_command_that_waits_longest() -> None:
    relayed = next(
        event.fact.conn
        for event in events_of("two-domains")
        if isinstance(event.fact, Command) and event.step == 5
    )
    assert pairs(relayed) == [
        ("", "S: 220"),
        ("C: EHLO smt", "S: 250"),
        ("C: MAIL FRO", "S: 250"),
        ("C: RCPT TO:", "S: 250"),
        ("C: DATA", "S: 354"),
        ("C: the mess", "S: 250"),
        ("C: QUIT", "S: 221"),
    ]


def test_an_answer_belongs_to_its_own_question() -> None:
    events = events_of("two-domains")
    for place, event in enumerate(events):
        if isinstance(event.fact, Answer):
            asked = asked_at(events, place)
            assert asked is not None
            question = events[asked].fact
            assert isinstance(question, Query)
            assert (question.name, question.type) == (event.fact.name, event.fact.type)
            assert question.server == event.host
