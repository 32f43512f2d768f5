"""A person takes part: whatever they type plays on, and what was played comes out again."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator.engine.simulate import simulate
from simulator.engine.taking_part import ClientPart, ServerPart, overruled
from simulator.scenario.changes import NEXT, Change, Delay, Drop, SayInstead, Silence, Wait
from simulator.scenario.library import find
from simulator.scenario.loader import load
from simulator.scenario.model import Scenario
from simulator.scenario.topology import hosts_of
from simulator.scenario.typed import Session
from simulator.trace.event import Event, Reply
from simulator.trace.legal import completions, offers, standing_of
from simulator.trace.player import Player
from tests.trace.random_events import runs

BUSY = settings(deadline=None, max_examples=8, suppress_health_check=[HealthCheck.too_slow])
NAMES = {"sender": "ani@kampus.example", "recipient": "citra@kantor.example", "client": "pc.x.y"}


@cache
def scenario_of(name: str = "two-domains") -> Scenario:
    return load(find(name))


def session(port: int = 25, *, tls: bool = False) -> Session:
    server, protocol = {
        25: ("mx1.kantor.example", "smtp"),
        587: ("smtp.kampus.example", "smtp"),
        110: ("mail.kantor.example", "pop3"),
        143: ("mail.kantor.example", "imap"),
    }[port]
    return Session(server=server, lines=(), port=port, protocol=protocol, tls=tls)  # type: ignore[arg-type]


def replies(events: tuple[Event, ...]) -> list[str]:
    return [event.fact.lines[-1] for event in events if isinstance(event.fact, Reply)]


_LINES = {
    25: [
        "EHLO pc-tamu.asing.example",
        "HELO x",
        "MAIL FROM:<tamu@asing.example>",
        "MAIL FROM:<>",
        "RCPT TO:<citra@kantor.example>",
        "RCPT TO:<nobody@kantor.example>",
        "RCPT TO:<ani@elsewhere.example>",
        "DATA",
        "Subject: Halo",
        "..",
        ".",
        "RSET",
        "STARTTLS",
        "AUTH LOGIN",
        "VRFY citra",
        "BDAT 3 LAST",
        "QUIT",
        "",
        " ",
        "rcpt",
        "MAIL FROM:<\\xff>",
        "é\u202e\x1b[2J",
        "*",
        "A" * 3000,
    ],
    110: [
        "CAPA",
        "USER citra@kantor.example",
        "PASS rahasia",
        "PASS salah",
        "STAT",
        "RETR 1",
        "RETR 9",
        "TOP 1 0",
        "DELE 1",
        "AUTH PLAIN",
        "QUIT",
        "",
        "é",
    ],
    143: [
        "a LOGIN citra@kantor.example rahasia",
        "b SELECT INBOX",
        "c FETCH 1 (FLAGS)",
        "d IDLE",
        "DONE",
        "e SEARCH ALL",
        "f APPEND INBOX {5}",
        "g LOGOUT",
        "",
        "h",
    ],
}


@pytest.mark.parametrize("port", _LINES)
@BUSY
@given(st.data())
def test_any_lines_play_on_only_add_to_what_was_said_and_come_out_again(
    port: int, data: st.DataObject
) -> None:
    part = ClientPart(scenario_of(), session(port))
    told = list(part.begin())
    for line in data.draw(st.lists(st.sampled_from(_LINES[port]), max_size=6)):
        if part.is_over:
            break
        told += part.type(line)
        # Hints and completion never break.
        offered = offers(standing_of(part.said), NAMES)
        assert set(completions("", offered)) == {one.example for one in offered}
    assert tuple(told) == part.said
    run = tuple(simulate(part.scenario))
    assert run == tuple(simulate(part.scenario))
    player = Player(hosts_of(part.scenario), run)
    player.end()
    assert player.scene.cursor == len(run)


def test_a_person_hands_over_a_mail_and_is_told_what_may_come_next() -> None:
    part = ClientPart(scenario_of(), session())
    assert replies(part.begin()) == ["220 mx1.kantor.example ESMTP"]
    legal = [
        ("EHLO pc.x.y", {"EHLO", "HELO", "QUIT"}, {"MAIL", "RCPT", "DATA"}),
        ("MAIL FROM:<ani@kampus.example>", {"MAIL", "STARTTLS"}, {"RCPT", "EHLO", "AUTH"}),
        ("RCPT TO:<citra@kantor.example>", {"RCPT", "RSET"}, {"MAIL", "DATA"}),
        ("DATA", {"RCPT", "DATA"}, {"MAIL"}),
    ]
    for line, may, may_not in legal:
        verbs = {one.verb for one in offers(standing_of(part.said), NAMES)}
        assert may <= verbs
        assert not may_not & verbs
        assert line in completions(line[:2].lower(), offers(standing_of(part.said), NAMES)) or (
            line.startswith("EHLO")
        )
        part.type(line)
    assert [one.verb for one in offers(standing_of(part.said), NAMES)] == ["."]
    assert part.is_writing
    assert part.type("Subject: Halo") == ()
    assert part.type("") == ()
    (reply,) = replies(part.type("."))
    assert reply.startswith("250 2.0.0 Ok: queued as")
    assert replies(part.type("QUIT")) == ["221 2.0.0 Bye"]
    assert part.is_over
    assert offers(standing_of(part.said), NAMES) == ()


def test_a_nonsense_line_is_answered_and_the_session_goes_on() -> None:
    part = ClientPart(scenario_of(), session())
    part.begin()
    assert replies(part.type("HALO")) == ["500 5.5.2 Error: command not recognized"]
    assert replies(part.type("DATA"))[0].startswith("503")
    assert replies(part.type("EHLO x")) == ["250 CHUNKING"]


@given(runs())
def test_hints_are_there_whatever_was_said(events: list[Event]) -> None:
    offers(standing_of(events), {})


# In the server's place -------------------------------------------------------------------------

_CHANGES: list[Change] = [
    *(
        Change(deed=SayInstead(text=text), on=NEXT)
        for text in ("250 Ok", "450 Busy", "550 No", "354 Go", "220 Hi", "hm", "421 Bye", "334 ")
    ),
    Change(deed=Drop()),
    Change(deed=Wait(duration=700_000_000)),
    Change(deed=Silence(), on=NEXT),
    Change(deed=Delay(duration=700_000_000), on=NEXT),
]


@BUSY
@given(st.data())
def test_whatever_a_person_answers_the_client_copes_and_it_comes_out_again(
    data: st.DataObject,
) -> None:
    part = ServerPart(scenario_of(), "mx1.kantor.example")
    for _ in range(data.draw(st.integers(0, 8))):
        due = part.due()
        if due is None:
            break
        known = part.events[: due.latest.seq + 1]
        change = data.draw(st.none() | st.sampled_from(_CHANGES))
        if change is None:
            assert part.accept(due) == due.standard
        else:
            part.change(due, change)
        assert part.events[: len(known)] == known
    part.rest()
    assert part.due() is None
    assert tuple(simulate(part.scenario)) == part.events


def test_a_person_says_450_to_rcpt_and_a_standard_server_would_have_said_250() -> None:
    part = ServerPart(scenario_of(), "mx1.kantor.example")
    while True:
        due = part.due()
        assert due is not None
        if getattr(due.asked.fact, "line", "").startswith("RCPT"):
            part.change(due, Change(deed=SayInstead(text="450 4.2.1 Busy"), on=NEXT))
            break
        part.accept(due)
    (one,) = overruled(part.scenario)
    assert isinstance(one.reply.fact, Reply)
    assert isinstance(getattr(one.standard, "fact", None), Reply)
    assert one.reply.fact.lines == ("450 4.2.1 Busy",)
    assert one.standard is not None
    assert one.standard.fact.lines == ("250 2.1.5 Ok",)  # type: ignore[union-attr]
