"""What goes wrong on purpose, at every moment of a session, as conversations."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.engine.simulate import simulate
from simulator.mail.imap.commands import COMMANDS
from simulator.mail.playground import wish_of
from simulator.mail.pop3.server import Pop3Session
from simulator.mail.smtp.lmtp_server import LmtpServer
from simulator.scenario.changes import SayInstead
from simulator.scenario.loader import loads
from simulator.scenario.moments import DEEDS
from simulator.scenario.virtual_time import SECOND
from simulator.trace.event import Event
from tests.changed import change
from tests.dialogue import a_world, converse

MX = "mx1.kantor.example"
OPENING = """
    S: 220
    C: EHLO stranger.example
    S: 250 CHUNKING
"""


def struck(events: list[Event]) -> list[tuple[str, str]]:
    """Each fault that struck: when in the session, and what it did."""
    return [
        (event.fact.inputs["on"], event.fact.verdict)
        for event in events
        if event.kind == "judged" and event.fact.rule == "fault"
    ]


def test_a_reply_is_another_for_the_first_tries_and_then_the_usual_one():
    busy = change("on RCPT at mx1.kantor.example times 2: reply 450 4.2.1 Busy")
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
    dedi = change("on RCPT at mx1.kantor.example try 2 times 1 only dedi@: reply 452 4.2.2 Full")
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
            a_world(change(f"on {on} at mx1.kantor.example: drop")),
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
        a_world(change("on greeting at mx1.kantor.example: reply 554 5.3.2 No service")),
        MX,
        25,
        """
        S: 554 5.3.2 No service
        C: QUIT
        S: 221
        """,
    )


def test_a_server_can_think_for_a_minute_and_a_day_later_the_fault_is_over():
    slow = change("on EHLO at mx1.kantor.example until 1 d: delay 1 min")
    events = converse(a_world(slow), MX, 25, OPENING + "C: QUIT\nS: 221")
    ehlo = next(event for event in events if event.kind == "reply" and event.fact.rule == "ehlo")
    assert 60 * SECOND < ehlo.at < 61 * SECOND


@pytest.mark.parametrize(("do", "error"), [("refuse", ConnectionError), ("silence", TimeoutError)])
def test_a_port_can_refuse_or_be_deaf(do: str, error: type[Exception]):
    fault = change(f"on connect at mx1.kantor.example: {do}")
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


POP3_OPENING = """
    S: +OK
    C: USER citra@kantor.example
    S: +OK
    C: PASS rahasia
    S: +OK Logged in.
"""


def test_a_command_of_pop3_is_answered_otherwise_and_then_as_usual():
    full = change("on STAT at mail.kantor.example times 1: reply -ERR [SYS/TEMP]")
    events = converse(
        a_world(full),
        "mail.kantor.example",
        110,
        POP3_OPENING
        + """
        C: STAT
        S: -ERR [SYS/TEMP]
        C: STAT
        S: +OK 0 0
        C: QUIT
        S: +OK
        """,
    )
    assert struck(events) == [("STAT", "reply")]


def test_a_pop3_server_is_slow_and_what_comes_meanwhile_waits_its_turn():
    slow = change("on UIDL at mail.kantor.example: delay 7 s")
    events = converse(
        a_world(slow),
        "mail.kantor.example",
        110,
        POP3_OPENING
        + """
        C: UIDL
        C+ NOOP
        C+ QUIT
        S: +OK
        S: .
        S: +OK
        S: +OK Logging out.
        """,
    )
    assert events[-1].at > 7 * SECOND
    assert struck(events) == [("UIDL", "delay")]


@pytest.mark.parametrize("do", ["drop", "silence"])
def test_a_pop3_server_hangs_up_or_is_silent(do: str):
    fault = change(f"on PASS at mail.kantor.example: {do}")
    script = POP3_OPENING.replace("S: +OK Logged in.", "")
    error = ConnectionResetError if do == "drop" else TimeoutError
    with pytest.raises(error):
        converse(a_world(fault), "mail.kantor.example", 110, f"{script}\nS: +OK")


def test_a_password_does_not_become_the_argument_of_a_fault():
    slow = change("on PASS at mail.kantor.example: delay 1 s")
    events = converse(a_world(slow), "mail.kantor.example", 110, POP3_OPENING)
    (fact,) = [e.fact for e in events if e.kind == "judged" and e.fact.rule == "fault"]
    assert fact.inputs["argument"] == ""


@pytest.mark.parametrize(
    ("said", "answered"),
    [
        ("a FETCH 1 FLAGS", "a NO [UNAVAILABLE] Later"),
        ("b UID FETCH 1 FLAGS", "b NO [UNAVAILABLE] Later"),
        ("c NOOP", "c OK"),
    ],
)
def test_a_command_of_imap_is_answered_otherwise_under_its_own_tag(said: str, answered: str):
    later = change("on FETCH at mail.kantor.example: reply NO [UNAVAILABLE] Later")
    converse(
        a_world(later),
        "mail.kantor.example",
        143,
        f"""
        S: * OK
        C: x LOGIN citra@kantor.example rahasia
        S: x OK
        C: {said}
        S: {answered}
        """,
    )


# Hosts that are down -------------------------------------------------------------------------


def test_a_host_that_goes_down_breaks_off_what_is_being_said():
    down = change("at mx1.kantor.example from 5 s until 1 min: down")
    with pytest.raises(ConnectionResetError):
        converse(a_world(down), MX, 25, "S: 220\nWAIT 10\nC: NOOP\nS: 250")


@pytest.mark.parametrize("until", ["", " until 1 min"])
def test_a_host_that_is_down_answers_nothing(until: str):
    down = change(f"at {MX}{until}: down")
    with pytest.raises(TimeoutError):
        converse(a_world(down), MX, 25, "S: 220")


def test_what_is_down_twice_is_up_when_both_are_over():
    first = change("at mail.kantor.example until 2 s: down")
    second = change("at mail.kantor.example from 1 s until 9 s: down")
    world = a_world(first, second)
    found: list[bool] = []
    for moment in (1.5, 3, 8, 10):
        world.loop.call_at(moment, lambda world=world: found.append(bool(world.network.down)))
    while world.run():
        world.events.clear()
    world.close()
    assert found == [True, True, True, False]


# A playground --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "on", "reply"),
    [
        ("rcptto450@kantor.example", "RCPT", "450 4.0.0"),
        ("RcptTo-any-552@kantor.example", "RCPT", "552 5.0.0"),
        ("rcpttotemperror@kantor.example", "RCPT", "451 4.0.0"),
        ("mailfrompermerror@asing.example", "MAIL", "550 5.0.0"),
        ("temperror@kantor.example", ".", "451 4.0.0"),
        ("orang599@kantor.example", ".", "599 5.0.0"),
    ],
)
def test_an_address_of_a_playground_says_what_goes_wrong_and_when(
    address: str, on: str, reply: str
):
    fault = wish_of(on, [address])
    assert fault is not None
    assert isinstance(fault.deed, SayInstead)
    assert fault.deed.text.startswith(reply)
    others = {"MAIL", "RCPT", "."} - {on}
    assert not any(wish_of(other, [address]) for other in others)


def test_every_other_address_of_a_playground_is_a_mailbox():
    for address in ("siapa@kantor.example", "450-orang@kantor.example", "rcptto@kantor.example"):
        assert not any(wish_of(on, [address]) for on in ("MAIL", "RCPT", "."))
    converse(
        a_world(playground=True),
        MX,
        25,
        OPENING
        + """
        C: MAIL FROM:<mailfrom451@asing.example>
        S: 451 4.0.0 As the address asked for
        C: MAIL FROM:<orang@asing.example>
        S: 250
        C: RCPT TO:<siapa-saja@kantor.example>
        S: 250
        C: RCPT TO:<rcptto550@kantor.example>
        S: 550 5.0.0 As the address asked for
        C: RCPT TO:<450@kantor.example>
        S: 250
        C: DATA
        S: 354
        C: Subject: x
        C+
        C+ .
        S: 450 4.0.0 As the address asked for
        C: QUIT
        S: 221
        """,
    )


def test_an_address_of_a_playground_can_ask_for_silence():
    with pytest.raises(TimeoutError):
        converse(
            a_world(playground=True),
            MX,
            25,
            OPENING + "C: MAIL FROM:<mailfromtimeout@asing.example>\nS: 421 4.4.2",
        )


def test_commands_that_ask_only_can_be_struck_and_any_code_can_be_said():
    said = {"NOOP": "299 Yes", "VRFY": "650 Who", "EXPN": "099 No", "HELP": "211 Ask elsewhere"}
    faults = [change(f"on {on} at mx1.kantor.example: reply {text}") for on, text in said.items()]
    events = converse(
        a_world(*faults),
        MX,
        25,
        OPENING
        + """
        C: NOOP
        S: 299 Yes
        C: VRFY citra
        S: 650 Who
        C: EXPN rapat
        S: 099 No
        C: HELP
        S: 211 Ask elsewhere
        C: QUIT
        S: 221
        """,
    )
    assert [on for on, _ in struck(events)] == list(said)


def test_capa_can_be_struck():
    capa = change("on CAPA at mail.kantor.example: reply -ERR Not here")
    events = converse(
        a_world(capa),
        "mail.kantor.example",
        110,
        """
        S: +OK
        C: CAPA
        S: -ERR Not here
        C: QUIT
        S: +OK
        """,
    )
    assert struck(events) == [("CAPA", "reply")]


@pytest.mark.parametrize("code", ["000", "150", "299", "399", "650", "999"])
def test_whatever_code_is_said_the_mail_comes_or_its_sender_hears(code: str):
    text = f"""
        mail = {{ from = "ani@kampus.example", to = "citra@kantor.example" }}
        [domains."kampus.example"]
        [domains."kantor.example"]
        users = ["citra"]
        [[change]]
        do = "on RCPT at mx1.kantor.example times 1: reply {code} Hm"
    """
    events = list(simulate(loads(text, file="code.toml", folder=Path())))
    assert [one for one in events if one.kind in {"stored", "bounced"}]


def test_every_command_that_a_server_knows_is_a_moment_at_which_it_can_answer_otherwise():
    known = {name.removeprefix("smtp_") for name in dir(LmtpServer) if name.startswith("smtp_")}
    known |= {name.removeprefix("UID ") for name in COMMANDS} | {*Pop3Session.COMMANDS}
    assert [verb for verb in sorted(known) if "reply" not in DEEDS.get(verb, ())] == []


@pytest.mark.parametrize(
    ("port", "text", "greeting"),
    [
        (110, "-ERR [SYS/TEMP] Later", "-ERR [SYS/TEMP] Later"),
        (143, "* BYE Later", "* BYE Later"),
    ],
)
def test_a_mailbox_server_can_greet_otherwise(port: int, text: str, greeting: str):
    later = change(f"on greeting at mail.kantor.example: reply {text}")
    events = converse(a_world(later), "mail.kantor.example", port, f"S: {greeting}")
    assert struck(events) == [("greeting", "reply")]


def test_what_imap_refuses_by_arrangement_is_not_carried_out():
    no = change("on SELECT at mail.kantor.example times 1: reply NO Not now")
    converse(
        a_world(no),
        "mail.kantor.example",
        143,
        """
        S: * OK
        C: a LOGIN citra@kantor.example rahasia
        S: a OK
        C: b SELECT INBOX
        S: b NO Not now
        C: c SEARCH ALL
        S: c BAD
        C: d SELECT INBOX
        S: * FLAGS
        """,
    )


def test_a_chunk_that_is_refused_by_arrangement_is_taken_off_the_wire():
    later = change(f"on BDAT at {MX} times 1: reply 452 4.3.1 Later")
    converse(
        a_world(later),
        MX,
        25,
        OPENING
        + """
        C: MAIL FROM:<orang@asing.example>
        S: 250
        C: RCPT TO:<citra@kantor.example>
        S: 250
        C: BDAT 4 LAST
        C+ ab
        S: 452 4.3.1 Later
        C: NOOP
        S: 250
        """,
    )
