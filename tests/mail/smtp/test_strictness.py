"""What an administrator may choose about SMTP's letter, each as Postfix has it."""

from __future__ import annotations

import pytest

from simulator.trace.event import Judged, Stored
from simulator.trace.octets import octets_of
from tests.dialogue import UP_TO_RCPT, a_world, converse

MX = "mx1.kantor.example"
UP_TO_DATA = f"""{UP_TO_RCPT}
    C: DATA
    S: 354
"""
ENDS = pytest.mark.parametrize("end", ["\\n.\\n", "\\n.\\r\\n", "\\r\\n.\\n"])
"""A final dot that is not between two CRLF."""


def test_by_default_mail_may_come_without_a_greeting_as_with_postfix():
    events = converse(
        a_world(),
        MX,
        25,
        """
        S: 220
        C: MAIL FROM:<orang@asing.example>
        S: 250 2.1.0
        C: RCPT TO:<citra>
        S: 250 2.1.5
        C: DATA
        S: 354
        C: Subject: x
        C+
        C+ .
        S: 250 2.0.0
        """,
    )
    (stored,) = [event.fact for event in events if isinstance(event.fact, Stored)]
    assert stored.mailbox == "citra@kantor.example"
    assert b"Received: from unknown (unknown [203.0.113.200])" in octets_of(stored)


def test_a_server_may_want_a_greeting_first():
    converse(
        a_world(helo_required=True),
        MX,
        25,
        """
        S: 220
        C: MAIL FROM:<orang@asing.example>
        S: 503 5.5.1 Error: send HELO/EHLO first
        """,
    )


@pytest.mark.parametrize(("defers", "answer"), [(False, "554 5.7.1"), (True, "454 4.7.1")])
def test_mail_for_elsewhere_is_refused_for_good_or_for_now(*, defers: bool, answer: str):
    converse(
        a_world(defers_relaying=defers),
        MX,
        25,
        f"""
        S: 220
        C: EHLO stranger.example
        S: 250 CHUNKING
        C: MAIL FROM:<orang@asing.example>
        S: 250 2.1.0
        C: RCPT TO:<eka@rumah.example>
        S: {answer} <eka@rumah.example>: Relay access denied
        C: RCPT TO:<eka%rumah.example@kantor.example>
        S: {answer} <eka%rumah.example@kantor.example>: Relay access denied
        """,
    )


def test_a_client_that_does_not_wait_for_the_354_can_be_refused():
    converse(
        a_world(refuses_early_talk=True),
        MX,
        25,
        """
        S: 220
        C: EHLO stranger.example
        C+ MAIL FROM:<orang@asing.example>
        C+ RCPT TO:<citra@kantor.example>
        C+ DATA
        C+ Subject: x
        C+
        C+ .
        S: 250 CHUNKING
        S: 250 2.1.0
        S: 250 2.1.5
        S: 503 5.5.0 <DATA>: Data command rejected: Improper use of SMTP command pipelining
        S: 221 2.7.0 Error: I can break rules, too. Goodbye.
        """,
    )


@pytest.mark.parametrize("said", ["GET / HTTP/1.1", "POST / HTTP/1.1", "Subject: halo", "From:"])
def test_what_is_no_smtp_ends_the_session(said: str):
    events = converse(a_world(), MX, 25, f"S: 220\nC: {said}\nS: 221 2.7.0")
    assert [event.host for event in events if event.kind == "closed"][:1] == [MX]


def test_etrn_is_offered_and_refused_as_by_a_usual_postfix():
    converse(
        a_world(),
        MX,
        25,
        """
        S: 220
        C: EHLO stranger.example
        S: 250-ETRN
        S: 250 CHUNKING
        C: ETRN
        S: 500 Syntax: ETRN domain
        C: ETRN -x
        S: 501 Error: invalid parameter syntax
        C: ETRN kantor.example
        S: 459 <kantor.example>: service unavailable
        C: MAIL FROM:<>
        S: 250 2.1.0
        C: ETRN kantor.example
        S: 503 Error: MAIL transaction in progress
        """,
    )


@ENDS
def test_where_a_bare_lf_ends_a_line_a_second_mail_can_be_smuggled_in(end: str):
    events = converse(
        a_world(bare_newline="accept"),
        MX,
        25,
        f"""{UP_TO_DATA}
        C: Subject: satu\\r\\n{end}MAIL FROM:<bos@kantor.example>
        C+ RCPT TO:<dedi@kantor.example>
        C+ DATA
        C+ Subject: dua
        C+
        C+ .
        S: 250 2.0.0
        S: 250 2.1.0
        S: 250 2.1.5
        S: 354
        S: 250 2.0.0
        """,
    )
    stored = [event for event in events if isinstance(event.fact, Stored)]
    assert [event.fact.mailbox for event in stored] == [
        "citra@kantor.example",
        "dedi@kantor.example",
    ]
    assert octets_of(stored[1].fact).startswith(b"Return-Path: <bos@kantor.example>")


@ENDS
def test_a_server_may_refuse_every_mail_that_holds_a_bare_lf(end: str):
    events = converse(
        a_world(bare_newline="reject"),
        MX,
        25,
        f"""{UP_TO_DATA}
        C: Subject: satu\\r\\n{end}MAIL FROM:<bos@kantor.example>
        C+
        C+ .
        S: 550 5.5.2 mx1.kantor.example Error: bare <LF> received
        """,
    )
    assert not [event for event in events if isinstance(event.fact, Stored)]


def test_a_server_may_ask_the_dns_whether_a_sender_could_be_answered():
    converse(
        a_world(refuses_unknown_domains=True),
        MX,
        25,
        """
        S: 220
        C: EHLO stranger.example
        S: 250 CHUNKING
        C: MAIL FROM:<orang@tidakada.example>
        S: 250 2.1.0
        C: RCPT TO:<citra@kantor.example>
        S: 450 4.1.8 <orang@tidakada.example>: Sender address rejected: Domain not found
        C: RSET
        S: 250
        C: MAIL FROM:<>
        S: 250 2.1.0
        C: RCPT TO:<citra@kantor.example>
        S: 250 2.1.5
        C: RSET
        S: 250
        C: MAIL FROM:<orang@[192.0.2.9]>
        S: 250 2.1.0
        C: RCPT TO:<citra@kantor.example>
        S: 250 2.1.5
        C: RSET
        S: 250
        C: MAIL FROM:<dedi@kantor.example>
        S: 250 2.1.0
        C: RCPT TO:<citra@kantor.example>
        S: 250 2.1.5
        """,
    )


def test_a_chunk_after_a_mail_with_a_lone_lf_is_as_it_was_sent():
    events = converse(
        a_world(),
        MX,
        25,
        f"""{UP_TO_DATA}
        C: Subject: satu\\nX-Baris: dua
        C+ .
        S: 250 2.0.0
        C: MAIL FROM:<orang@asing.example>
        S: 250 2.1.0
        C: RCPT TO:<citra@kantor.example>
        S: 250 2.1.5
        C: BDAT 12 LAST
        C+ Subject: x
        S: 250 2.0.0
        """,
    )
    judged = [event.fact for event in events if isinstance(event.fact, Judged)]
    assert [one.verdict for one in judged if one.rule == "newline.bare"] == ["normalized"]
