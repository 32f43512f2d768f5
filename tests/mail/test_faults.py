"""What goes wrong on purpose, at every moment of a session, as conversations."""

from __future__ import annotations

import pytest

from simulator.scenario.model import SECOND, Fault
from simulator.trace.event import Event
from tests.dialogue import a_world, converse

MX = "mx1.kantor.example"
OPENING = """
    S: 220
    C: EHLO stranger.example
    S: 250 SMTPUTF8
"""


def struck(events: list[Event]) -> list[tuple[str, str]]:
    """Each fault that struck: when in the session, and what it did."""
    return [
        (event.fact.inputs["on"], event.fact.verdict)
        for event in events
        if event.kind == "judged" and event.fact.rule == "fault"
    ]


def test_a_reply_is_another_for_the_first_tries_and_then_the_usual_one():
    busy = Fault(host=MX, on="RCPT", do="reply", text="450 4.2.1 Busy", times=2)
    events = converse(
        a_world(busy),
        MX,
        25,
        OPENING
        + """
        C: MAIL FROM:<orang@asing.example>
        S: 250 2.1.0
        C: RCPT TO:<citra@kantor.example>
        S: 450 4.2.1 Busy
        C: DATA
        S: 554 5.5.1 Error: no valid recipients
        C: RCPT TO:<citra@kantor.example>
        S: 450 4.2.1 Busy
        C: RCPT TO:<citra@kantor.example>
        S: 250 2.1.5
        C: QUIT
        S: 221
        """,
    )
    assert struck(events) == [("RCPT", "reply"), ("RCPT", "reply")]


def test_only_one_recipient_can_be_struck_and_only_on_the_second_try():
    dedi = Fault(
        host=MX, on="RCPT", do="reply", text="452 4.2.2 Full", only="dedi@", skip=1, times=1
    )
    converse(
        a_world(dedi),
        MX,
        25,
        OPENING
        + """
        C: MAIL FROM:<orang@asing.example>
        S: 250
        C: RCPT TO:<citra@kantor.example>
        S: 250
        C: RCPT TO:<dedi@kantor.example>
        S: 250
        C: RCPT TO:<dedi@kantor.example>
        S: 452 4.2.2 Full
        C: RCPT TO:<dedi@kantor.example>
        S: 250
        C: QUIT
        S: 221
        """,
    )


@pytest.mark.parametrize("on", ["MAIL", "content", ".", "accepted"])
def test_a_wire_can_be_cut_at_any_moment(on: str):
    with pytest.raises(ConnectionError):
        converse(
            a_world(Fault(host=MX, on=on, do="drop")),
            MX,
            25,
            OPENING
            + """
            C: MAIL FROM:<orang@asing.example>
            S: 250
            C: RCPT TO:<citra@kantor.example>
            S: 250
            C: DATA
            S: 354
            C: Subject: x
            C:
            C: .
            S: 250
            """,
        )


def test_a_greeting_can_turn_everyone_away():
    converse(
        a_world(Fault(host=MX, on="greeting", do="reply", text="554 5.3.2 No service")),
        MX,
        25,
        """
        S: 554 5.3.2 No service
        C: QUIT
        S: 221
        """,
    )


def test_a_server_can_think_for_a_minute_and_a_day_later_the_fault_is_over():
    slow = Fault(host=MX, on="EHLO", do="delay", delay=60 * SECOND, end=86_400 * SECOND)
    events = converse(a_world(slow), MX, 25, OPENING + "C: QUIT\nS: 221")
    ehlo = next(event for event in events if event.kind == "reply" and event.fact.rule == "ehlo")
    assert 60 * SECOND < ehlo.at < 61 * SECOND


@pytest.mark.parametrize(("do", "error"), [("refuse", ConnectionError), ("silence", TimeoutError)])
def test_a_port_can_refuse_or_be_deaf(do: str, error: type[Exception]):
    fault = Fault(host=MX, on="connect", do=do)  # type: ignore[arg-type]
    with pytest.raises(error):
        converse(a_world(fault), MX, 25, "S: 220")


def test_greylisting_lets_a_stranger_in_after_the_window_and_knows_whom_it_has_seen():
    converse(
        a_world(greylist=5 * SECOND),
        MX,
        25,
        OPENING
        + """
        C: MAIL FROM:<orang@asing.example>
        S: 250
        C: RCPT TO:<citra@kantor.example>
        S: 450 4.2.0 <citra@kantor.example>: Recipient address rejected: Greylisted
        C: RCPT TO:<citra@kantor.example>
        S: 450 4.2.0
        WAIT 6
        C: RCPT TO:<dedi@kantor.example>
        S: 450 4.2.0
        C: RCPT TO:<citra@kantor.example>
        S: 250 2.1.5
        C: QUIT
        S: 221
        """,
    )


def test_more_recipients_than_the_server_takes_are_put_off_not_lost():
    converse(
        a_world(recipient_limit=1),
        MX,
        25,
        OPENING
        + """
        C: MAIL FROM:<orang@asing.example>
        S: 250
        C: RCPT TO:<citra@kantor.example>
        S: 250
        C: RCPT TO:<dedi@kantor.example>
        S: 452 4.5.3 Error: too many recipients
        C: QUIT
        S: 221
        """,
    )
