"""The wire is shown as swaks shows it: direction, surprise and TLS without any colour."""

from __future__ import annotations

import base64

import pytest

from simulator.scenario.model import Host
from simulator.trace.event import (
    Answer,
    Closed,
    Command,
    Composed,
    Content,
    Event,
    Fact,
    Query,
    Refused,
    Reply,
    Tls,
)
from simulator.trace.steps import Depth
from simulator.views.wire import roles_of, wire_lines

PC, SMTP, DNS = "pc-ani.kampus.example", "smtp.kampus.example", "resolver.isp.example"


def said(who: str, fact: Fact, depth: Depth = "commands", **options: object) -> list[str]:
    lines = wire_lines(Event(0, 0, 5, who, "m1", fact), depth=depth, **options)  # type: ignore[arg-type]
    return [str(line) for line in lines]


def reply(code: int | str, *lines: str, secure: bool = False) -> Reply:
    return Reply(conn=1, peer=PC, code=code, enhanced=None, lines=lines, rule="ehlo", secure=secure)


def content(data: str, peer: str = SMTP) -> Content:
    return Content(conn=1, peer=peer, data=data)


def answer(*records: str, rcode: str = "NOERROR", wire: str = "", peer: str = SMTP) -> Answer:
    return Answer(
        id=7,
        name="kantor.example",
        type="MX",
        server=DNS,
        peer=peer,
        rcode=rcode,
        records=records,
        authority=("kantor.example. 60 IN NS ns1.kantor.example.",),
        authoritative=True,
        cached=False,
        wire=wire,
    )


@pytest.mark.parametrize(
    ("fact", "line"),
    [
        (Command(conn=1, peer=SMTP, line="NOOP"), " -> NOOP"),
        (Command(conn=1, peer=SMTP, line="NOOP", secure=True), " ~> NOOP"),
        (reply(250, "250 2.0.0 Ok"), "<-  250 2.0.0 Ok"),
        (reply(250, "250 2.0.0 Ok", secure=True), "<~  250 2.0.0 Ok"),
        (reply(354, "354 Go on"), "<-  354 Go on"),
        (reply(451, "451 Later"), "<** 451 Later"),
        (reply(550, "550 No", secure=True), "<~* 550 No"),
        (reply("+OK", "+OK 2 messages"), "<-  +OK 2 messages"),
        (reply("-ERR", "-ERR no"), "<** -ERR no"),
    ],
)
def test_the_hint_tells_direction_surprise_and_tls(fact: Fact, line: str) -> None:
    assert said(PC, fact) == [line]


def test_a_reply_of_several_lines_has_the_hint_on_each() -> None:
    fact = reply(250, "250-smtp.kampus.example", "250 SIZE 1000")
    assert said(SMTP, fact) == ["<-  250-smtp.kampus.example", "<-  250 SIZE 1000"]


def test_a_story_has_one_line_and_says_how_many_more_there_are() -> None:
    fact = reply(250, "250-smtp.kampus.example", "250-DSN", "250 SIZE 1000")
    assert said(SMTP, fact, "story") == ["<-  250-smtp.kampus.example (+2)"]


def test_what_becomes_of_a_connection_is_information_or_an_own_error() -> None:
    def closed(reason: str) -> Closed:
        return Closed(conn=1, peer=SMTP, port=25, protocol="smtp", reason=reason)

    refused = Refused(
        conn=1, peer=SMTP, port=25, protocol="smtp", reason="refused", address="192.0.2.11"
    )
    assert said(PC, closed("quit")) == ["=== Connection closed."]
    assert said(PC, closed("dropped")) == ["*** Connection lost."]
    assert said(PC, closed("timeout"), language="id") == [
        "*** Koneksi ditutup: terlalu lama menunggu."
    ]
    assert said(PC, refused) == [
        "*** Cannot connect to smtp.kampus.example [192.0.2.11]:25: connection refused."
    ]


def test_a_broken_handshake_is_an_own_error() -> None:
    fact = Tls(
        conn=1, peer=SMTP, version="", cipher="", verified=False, name=SMTP, reason="expired"
    )
    assert said(PC, fact) == ["*** TLS failed: expired"]


def test_what_a_host_does_by_itself_is_not_on_the_wire() -> None:
    fact = Composed(reverse_path="", recipients=(), subject="", data="")
    assert said(PC, fact, "bytes") == []


def test_a_short_message_is_shown_whole() -> None:
    fact = content("Subject: Rapat\r\n\r\nHalo\r\n.\r\n")
    assert said(PC, fact) == [" -> Subject: Rapat", " ->", " -> Halo", " -> ."]


LONG = "Subject: Rapat\r\n\r\n" + "".join(f"baris {n}\r\n" for n in range(1, 2001)) + ".\r\n"


def test_a_long_message_is_begun_counted_and_ended() -> None:
    assert said(PC, content(LONG)) == [
        " -> Subject: Rapat",
        " ->",
        " -> baris 1",
        " -> baris 2",
        " -> baris 3",
        " -> baris 4",
        " -> baris 5",
        " -> … 1,995 more lines; 22,914 octets in all",
        " -> .",
    ]


def test_at_bytes_nothing_of_a_message_is_left_out() -> None:
    assert len(said(PC, content(LONG), "bytes")) == 2003


def test_in_a_story_a_message_is_its_size() -> None:
    assert said(PC, content(LONG), "story") == [" -> (the message: 2,003 lines, 22,914 octets)"]
    assert said(PC, content(LONG), "story", language="id") == [
        " -> (seluruh surel: 2.003 baris, 22.914 oktet)"
    ]


def test_a_message_that_a_server_sends_comes_from_the_server(hosts: tuple[Host, ...]) -> None:
    roles = roles_of(hosts)
    fact = content("Halo\r\n.\r\n", peer="pc-budi.kampus.example")
    assert said("mail.kampus.example", fact, roles=roles) == ["<-  Halo", "<-  ."]


def test_octets_that_are_no_text_and_signs_that_would_drive_a_terminal_are_shown() -> None:
    octets = b"Subject: caf\xe9 \x1b[2J\r\n\tfolded\r\n.\r\n"
    fact = Content(conn=1, peer=SMTP, data=base64.b64encode(octets).decode(), encoding="base64")
    assert said(PC, fact) == [" -> Subject: caf\\xe9 ␛[2J", " ->         folded", " -> ."]


def test_a_bare_line_feed_in_a_message_does_not_make_a_line() -> None:
    assert said(PC, content("one\ntwo\r\n.\r\n")) == [" -> one␊two", " -> ."]


def test_a_command_cannot_break_out_of_its_line() -> None:
    fact = Command(conn=1, peer=SMTP, line="RCPT TO:<a@b>\r\n250 Ok\u202e")
    assert said(PC, fact) == [" -> RCPT TO:<a@b>␍␊250 Ok⟨U+202E⟩"]


def test_dns_is_written_as_dig_writes_it() -> None:
    question = Query(id=7, name="kantor.example", type="MX", server=DNS)
    assert said(SMTP, question) == [" -> ;kantor.example. IN MX"]
    assert said(DNS, answer("kantor.example. 3600 IN MX 10 mx1.kantor.example.")) == [
        "<-  kantor.example. 3600 IN MX 10 mx1.kantor.example.",
    ]


def test_how_many_octets_an_answer_had_is_told_where_octets_are_asked_for() -> None:
    wire = base64.b64encode(bytes(90)).decode()
    mx = answer("kantor.example. 3600 IN MX 10 mx1.kantor.example.", wire=wire)
    received = "<-  ;; Received 90 octets from resolver.isp.example"
    assert received not in said(DNS, mx)
    assert received in said(DNS, mx, depth="bytes")


def test_an_answer_without_records_says_its_status() -> None:
    assert said(DNS, answer(rcode="NXDOMAIN")) == ["<** ;; status: NXDOMAIN, ANSWER: 0"]


def test_at_bytes_an_answer_has_all_its_sections_and_flags() -> None:
    wire = base64.b64encode(bytes.fromhex("0007 8480 0001 0001 0001 0000")).decode()
    lines = said(
        DNS, answer("kantor.example. 3600 IN MX 10 mx1.kantor.example.", wire=wire), "bytes"
    )
    assert lines == [
        "<-  ;; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 7",
        "<-  ;; flags: qr aa ra",
        "<-  ;; QUESTION SECTION:",
        "<-  ;kantor.example. IN MX",
        "<-  ;; ANSWER SECTION:",
        "<-  kantor.example. 3600 IN MX 10 mx1.kantor.example.",
        "<-  ;; AUTHORITY SECTION:",
        "<-  kantor.example. 60 IN NS ns1.kantor.example.",
        "<-  ;; Received 12 octets from resolver.isp.example",
    ]


def test_a_recording_with_a_broken_dns_message_is_still_shown() -> None:
    assert said(DNS, answer("a. 1 IN MX 1 b.", wire="%%%")) == ["<-  a. 1 IN MX 1 b."]


def test_what_the_resolver_asks_others_is_a_matter_of_bytes(hosts: tuple[Host, ...]) -> None:
    roles = roles_of(hosts)
    question = Query(id=7, name="kantor.example", type="MX", server="a.root.example")
    assert said(DNS, question, roles=roles) == []
    assert said("a.root.example", answer(peer=DNS), roles=roles) == []
    assert len(said(DNS, question, "bytes", roles=roles)) == 3


def test_a_line_knows_who_said_it_to_whom() -> None:
    event = Event(0, 0, 5, SMTP, "m1", reply(550, "550 No", secure=True))
    (line,) = wire_lines(event, depth="commands")
    assert (line.hint, line.text) == ("<~*", "550 No")
    assert (line.speaker, line.listener, line.kind) == (SMTP, PC, "reply")
    assert line.secure
    assert not line.expected
