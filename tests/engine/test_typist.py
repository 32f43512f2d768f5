"""What a person types to the servers: any line, in any segment, at any port."""

from __future__ import annotations

from pathlib import Path

from simulator.engine.simulate import simulate
from simulator.mail.header import fields_of
from simulator.scenario.loader import loads
from simulator.scenario.topology import hosts_of
from simulator.trace.event import Command, Connected, Content, Event, Reply, Stored, Tls
from simulator.trace.octets import octets_of
from simulator.trace.scene import fold, opening
from tests.lessons_in_scenarios.conversation import lines_of

KANTOR = '[domains."kantor.example"]\nusers = ["citra"]\n'


def typed(*lines: str, server: str = "mx1.kantor.example", more: str = "") -> list[Event]:
    """A session of these lines, each written as in TOML; every event can be folded."""
    written = ", ".join(lines)
    text = f'{KANTOR}[[session]]\nserver = "{server}"\n{more}\nlines = [{written}]\n'
    scenario = loads(text, file="by-hand.toml", folder=Path())
    events = list(simulate(scenario))
    assert events == list(simulate(scenario))
    scene = opening(hosts_of(scenario))
    for event in events:
        scene = fold(scene, event)
    assert not scene.connections
    return events


def script(events: list[Event]) -> list[str]:
    """What was said, without the words of the replies."""
    said: list[str] = []
    for event in events:
        match event.fact:
            case Command(line=line):
                said.append(f"C: {line}")
            case Content():
                said.append(f"C: ({len(octets_of(event.fact))} octets)")
            case Reply(code=code, enhanced=enhanced):
                said.append(f"S: {code} {enhanced or ''}".strip())
            case Tls():
                said.append("TLS")
    return said


ENVELOPE = (
    '"EHLO pc-tamu.asing.example"',
    '"MAIL FROM:<tamu@asing.example>"',
    '"RCPT TO:<citra@kantor.example>"',
)
ANSWERED = [
    "S: 220",
    "C: EHLO pc-tamu.asing.example",
    "S: 250",
    "C: MAIL FROM:<tamu@asing.example>",
    "S: 250 2.1.0",
    "C: RCPT TO:<citra@kantor.example>",
    "S: 250 2.1.5",
]


def test_after_the_354_the_lines_are_one_message_until_the_dot() -> None:
    events = typed(*ENVELOPE, '"DATA"', '"Subject: x"', '""', '"hi"', '"."', '"QUIT"')
    assert script(events) == [
        *ANSWERED,
        "C: DATA",
        "S: 354",
        "C: (21 octets)",
        "S: 250 2.0.0",
        "C: QUIT",
        "S: 221 2.0.0",
    ]
    (stored,) = (event.fact for event in events if isinstance(event.fact, Stored))
    assert octets_of(stored).endswith(b"Subject: x\r\n\r\nhi\r\n")


def test_a_whole_mail_can_go_out_in_one_segment() -> None:
    events = typed(
        '["EHLO x", "MAIL FROM:<>", "RCPT TO:<citra@kantor.example>", "DATA", "", ".", "QUIT"]'
    )
    assert script(events) == [
        "S: 220",
        "C: EHLO x",
        "C: MAIL FROM:<>",
        "C: RCPT TO:<citra@kantor.example>",
        "C: DATA",
        "C: (5 octets)",
        "C: QUIT",
        "S: 250",
        "S: 250 2.1.0",
        "S: 250 2.1.5",
        "S: 354",
        "S: 250 2.0.0",
        "S: 221 2.0.0",
    ]


def test_a_second_mail_of_a_session_is_a_journey_of_its_own() -> None:
    mail = (*ENVELOPE[1:], '"DATA"', '"."')
    events = typed(ENVELOPE[0], *mail, *mail, '"QUIT"')
    assert [e.journey for e in events if isinstance(e.fact, Stored)] == ["m1", "m2"]


def test_the_client_can_do_starttls_or_the_person_can() -> None:
    by_hand = script(typed('"EHLO x"', '"STARTTLS"', '"EHLO x"', '"QUIT"'))
    by_client = script(typed('"EHLO x"', '"QUIT"', more="tls = true"))
    opening = ["S: 220", "C: EHLO {}", "S: 250", "C: STARTTLS", "S: 220 2.0.0", "TLS"]
    rest = ["C: EHLO x", "S: 250", "C: QUIT", "S: 221 2.0.0"]
    assert by_hand == [line.format("x") for line in opening] + rest
    assert by_client == [line.format("pc-tamu.asing.example") for line in opening] + rest


def test_a_session_that_just_ends_drops_the_connection() -> None:
    events = typed('"EHLO x"')
    assert [(e.host, e.fact.reason) for e in events if e.kind == "closed"] == [
        ("pc-tamu.asing.example", "dropped")
    ]


def test_a_message_that_never_ends_is_no_mail() -> None:
    events = typed(*ENVELOPE, '"DATA"', '"Subject: x"')
    assert script(events) == [*ANSWERED, "C: DATA", "S: 354", "C: (12 octets)"]
    assert not [event for event in events if isinstance(event.fact, Stored)]


def test_whatever_is_typed_there_is_an_answer_and_no_traceback() -> None:
    events = typed(
        f'"{"X" * 5000}"',
        '"\\\\x00"',
        '"EHLO \\\\xff\\\\xfe"',
        '"NOOP\\nNOOP"',
        '"MAIL FROM:<\\\\xe9@asing.example>"',
        '"RSET"',
        '"\\u0000\\u001b[2J"',
        '"MAIL FROM:<a@b> SIZE=99999999999999999999"',
        '"AUTH PLAIN =="',
        '" "',
        '"DATA\\r"',
        '"QUIT"',
    )
    replies = [event.fact.code for event in events if isinstance(event.fact, Reply)]
    assert len(replies) >= 13
    assert replies[-1] == 221


def test_pop3_and_imap_can_be_typed_too() -> None:
    pop3 = typed(
        '"USER citra@kantor.example"',
        '"PASS rahasia"',
        '"STAT"',
        '"CAPA"',
        '"QUIT"',
        server="mail.kantor.example",
        more="port = 110",
    )
    assert script(pop3)[-6:] == [
        *("C: STAT", "S: +OK", "C: CAPA", "S: +OK", "C: QUIT", "S: +OK"),
    ]
    imap = typed(
        '"a LOGIN citra@kantor.example rahasia"',
        '"b SELECT INBOX"',
        '"c LOGOUT"',
        server="mail.kantor.example",
        more="port = 143",
    )
    assert [e.fact.line for e in imap if isinstance(e.fact, Command)][-1] == "c LOGOUT"
    assert [e.fact.lines[-1][:4] for e in imap if isinstance(e.fact, Reply)][-1] == "c OK"


def test_a_port_where_nobody_listens_refuses() -> None:
    events = typed('"NOOP"', more='port = 2525\nprotocol = "smtp"')
    assert events[-1].kind == "refused"
    assert not [event for event in events if isinstance(event.fact, Connected)]


def test_a_run_that_was_typed_reads_as_a_conversation() -> None:
    scenario = loads(
        f'{KANTOR}[[session]]\nserver = "mx1.kantor.example"\nlines = ["FOO"]\n',
        file="by-hand.toml",
        folder=Path(),
    )
    said = [line.text for line in lines_of(hosts_of(scenario), tuple(simulate(scenario)))]
    assert "C: FOO" in said
    assert "S: 500 5.5.2 Error: command not recognized" in said


def test_a_mail_without_date_and_message_id_gets_none_on_its_way() -> None:
    """As captured from Postfix (same-domain-no-headers): only trace fields are added."""
    text = (
        '[domains."kampus.example"]\nusers = ["ani", "budi"]\n'
        '[[session]]\nserver = "smtp.kampus.example"\nport = 587\ntls = true\n'
        'lines = ["EHLO x", "AUTH PLAIN AGFuaUBrYW1wdXMuZXhhbXBsZQByYWhhc2lh",'
        '"MAIL FROM:<ani@kampus.example>", "RCPT TO:<budi@kampus.example>", "DATA",'
        '"Subject: x", "", ".", "QUIT"]\n'
    )
    events = simulate(loads(text, file="by-hand.toml", folder=Path()))
    (stored,) = [octets_of(event.fact) for event in events if isinstance(event.fact, Stored)]
    names = [name for name, _ in fields_of(stored)]
    assert names == ["Return-Path", "X-Original-To", "Delivered-To", "Received", "Subject"]
