"""The server half of SMTP as conversations, in the words of real Postfix."""

from __future__ import annotations

import pytest

from simulator.trace.event import Stored
from tests.dialogue import a_world, converse

MX = "mx1.kantor.example"


def test_a_stranger_may_write_to_a_user_of_the_domain():
    events = converse(
        a_world(),
        MX,
        25,
        """
        S: 220 mx1.kantor.example ESMTP
        C: EHLO stranger.example
        S: 250-PIPELINING
        S: 250-SIZE 50000000
        S: 250-STARTTLS
        S: 250-ENHANCEDSTATUSCODES
        S: 250-8BITMIME
        S: 250-DSN
        S: 250 CHUNKING
        C: MAIL FROM:<orang@asing.example> SIZE=20
        S: 250 2.1.0 Ok
        C: RCPT TO:<citra@kantor.example> ORCPT=rfc822;citra@kantor.example
        S: 250 2.1.5 Ok
        C: DATA
        S: 354 End data with <CR><LF>.<CR><LF>
        C: Subject: halo
        C:
        C: ..titik
        C: .
        S: 250 2.0.0 Ok: queued as
        C: QUIT
        S: 221 2.0.0 Bye
        """,
    )
    stored = [event.fact for event in events if event.kind == "stored"]
    assert len(stored) == 1
    assert stored[0].data.endswith("Subject: halo\r\n\r\n.titik\r\n")


def test_a_stranger_may_not_send_through_the_server_to_elsewhere():
    converse(
        a_world(),
        MX,
        25,
        """
        S: 220
        C: EHLO stranger.example
        S: 250 CHUNKING
        C: MAIL FROM:<orang@asing.example>
        S: 250 2.1.0
        C: RCPT TO:<siapa@kampus.example>
        S: 554 5.7.1 <siapa@kampus.example>: Relay access denied
        C: RCPT TO:<@kantor.example:siapa@kampus.example>
        S: 554 5.7.1
        C: RCPT TO:<hantu@kantor.example>
        S: 550 5.1.1 <hantu@kantor.example>: Recipient address rejected: User unknown
        C: DATA
        S: 554 5.5.1 Error: no valid recipients
        C: RSET
        S: 250 2.0.0 Ok
        C: QUIT
        S: 221 2.0.0
        """,
    )


def test_commands_in_a_wrong_order_or_a_wrong_form_are_refused_and_forgiven():
    converse(
        a_world(helo_required=True),
        MX,
        25,
        """
        S: 220
        C: NOOP
        S: 250 2.0.0 Ok
        C: MAIL FROM:<orang@asing.example>
        S: 503 5.5.1
        C: EHLO
        S: 501 Syntax: EHLO hostname
        C: EHLO stranger.example
        S: 250 CHUNKING
        C: RCPT TO:<citra@kantor.example>
        S: 503 5.5.1 Error: need MAIL command
        C: DATA
        S: 503 5.5.1 Error: need RCPT command
        C: FOO
        S: 500 5.5.2 Error: command not recognized
        C: MAIL
        S: 501 5.5.4 Syntax: MAIL FROM:<address>
        C: MAIL FROM:<orang@asing.example> FOO=BAR
        S: 555 5.5.4 Unsupported option
        C: MAIL FROM:<orang@asing.example> SIZE=60000000
        S: 552 5.3.4 Message size exceeds fixed limit
        C: mail from:<>
        S: 250 2.1.0 Ok
        C: MAIL FROM:<lagi@asing.example>
        S: 503 5.5.1 Error: nested MAIL command
        C: VRFY citra@kantor.example
        S: 252 2.0.0 citra@kantor.example
        C: VRFY hantu@kantor.example
        S: 550 5.1.1
        C: AUTH PLAIN AGEAYg==
        S: 503 5.5.1 Error: authentication not enabled
        C: HELP
        S: 214
        C: QUIT
        S: 221
        """,
    )


def test_a_whole_session_in_one_segment_gets_every_reply_in_order():
    converse(
        a_world(),
        MX,
        25,
        """
        S: 220
        C: EHLO stranger.example
        C+ MAIL FROM:<orang@asing.example>
        C+ RCPT TO:<hantu@kantor.example>
        C+ RCPT TO:<citra@kantor.example>
        C+ DATA
        S: 250 CHUNKING
        S: 250 2.1.0
        S: 550 5.1.1
        S: 250 2.1.5
        S: 354
        C: Subject: x
        C+
        C+ .
        C+ QUIT
        S: 250 2.0.0 Ok: queued as
        S: 221 2.0.0
        """,
    )


def test_what_was_said_before_the_handshake_counts_for_nothing():
    converse(
        a_world(),
        MX,
        25,
        """
        S: 220
        C: EHLO stranger.example
        S: 250-STARTTLS
        S: 250 CHUNKING
        C: MAIL FROM:<orang@asing.example>
        S: 250 2.1.0
        C: STARTTLS
        S: 220 2.0.0 Ready to start TLS
        TLS
        C: RCPT TO:<citra@kantor.example>
        S: 503 5.5.1
        C: EHLO stranger.example
        S: 250-mx1.kantor.example
        S: 250-PIPELINING
        S: 250-SIZE
        S: 250-VRFY
        S: 250-ENHANCEDSTATUSCODES
        S: 250 CHUNKING
        C: QUIT
        S: 221
        """,
    )


def test_a_client_that_says_nothing_for_five_minutes_is_shown_the_door():
    events = converse(
        a_world(),
        MX,
        25,
        """
        S: 220
        S: 421 4.4.2 mx1.kantor.example Error: timeout exceeded
        """,
    )
    closed = [event for event in events if event.kind == "closed"]
    assert closed[0].host == MX
    assert closed[0].fact.reason == "timeout"
    assert 300_000_000 < closed[0].at < 301_000_000


@pytest.mark.parametrize(
    "ending", ["\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r", "\r\n.\r", "\r.\r\n", "\r\n.\0\r\n"]
)
def test_no_smuggled_end_of_data_makes_a_second_mail(ending: str):
    # CVE-2023-51764 and CVE-2024-27305: only CRLF.CRLF ends a mail.
    second = "MAIL FROM:<jahat@asing.example>\r\nRCPT TO:<dedi@kantor.example>\r\nDATA\r\nx"
    events = converse(
        a_world(),
        MX,
        25,
        f"""
        S: 220
        C: EHLO stranger.example
        S: 250 CHUNKING
        C: MAIL FROM:<orang@asing.example>
        S: 250
        C: RCPT TO:<citra@kantor.example>
        S: 250
        C: DATA
        S: 354
        C: {_one_line("Subject: a" + ending + second)}
        C: .
        S: 250 2.0.0 Ok: queued as
        C: QUIT
        S: 221
        """,
    )
    assert [event.fact.mailbox for event in events if event.kind == "stored"] == [
        "citra@kantor.example"
    ]


def _one_line(octets: str) -> str:
    """Line ends as they are, in the one line of a script."""
    return octets.encode("unicode_escape").decode()


def test_with_smtputf8_a_domain_may_come_in_either_spelling():
    events = converse(
        a_world(name="xn--kantr-mua.example"),
        MX,
        25,
        """
        S: 220
        C: EHLO stranger.example
        S: 250 CHUNKING
        C: MAIL FROM:<orang@asíng.example>
        S: 501 5.1.7 Bad sender address syntax
        C: MAIL FROM:<orang@asíng.example> SMTPUTF8
        S: 250 2.1.0 Ok
        C: RCPT TO:<citra@kantör.example>
        S: 250 2.1.5 Ok
        C: RCPT TO:<dedi@XN--kantr-mua.example>
        S: 250 2.1.5 Ok
        C: RCPT TO:<citra@kan☕tor.example>
        S: 501 5.1.3 Bad recipient address syntax
        C: DATA
        S: 354
        C: Subject: halo
        C:
        C: .
        S: 250 2.0.0 Ok: queued as
        C: QUIT
        S: 221
        """,
    )
    stored = [event.fact for event in events if event.kind == "stored"]
    assert [one.mailbox.lower() for one in stored] == [
        "citra@xn--kantr-mua.example",
        "dedi@xn--kantr-mua.example",
    ]
    assert stored[0].data.startswith("Return-Path: <orang@xn--asng-wpa.example>\r\n")


def test_who_does_not_offer_an_extension_takes_none_of_its_parameters():
    events = converse(
        a_world(lacks=("DSN", "SIZE", "8BITMIME", "SMTPUTF8")),
        MX,
        25,
        """
        S: 220
        C: EHLO stranger.example
        S: 250-PIPELINING
        S: 250-VRFY
        S: 250-STARTTLS
        S: 250 CHUNKING
        C: MAIL FROM:<orang@asing.example> RET=HDRS
        S: 501 5.7.1 DSN support is disabled
        C: MAIL FROM:<orang@asing.example> ENVID=QQ314159
        S: 501 5.7.1 DSN support is disabled
        C: MAIL FROM:<orang@asing.example> SIZE=20
        S: 555 5.5.4 Unsupported option: SIZE=20
        C: MAIL FROM:<orang@asing.example> BODY=8BITMIME
        S: 555 5.5.4 Unsupported option: BODY=8BITMIME
        C: MAIL FROM:<orang@asing.example> SMTPUTF8
        S: 555 5.5.4 Unsupported option: SMTPUTF8
        C: MAIL FROM:<orang@asing.example>
        S: 250 2.1.0 Ok
        C: RCPT TO:<citra@kantor.example> NOTIFY=NEVER
        S: 501 5.7.1 DSN support is disabled
        C: RCPT TO:<citra@kantor.example> ORCPT=rfc822;citra@kantor.example
        S: 501 5.7.1 DSN support is disabled
        C: RCPT TO:<citra@kantor.example>
        S: 250 2.1.5 Ok
        C: QUIT
        S: 221
        """,
    )
    rules = [event.fact.rule for event in events if event.kind == "reply"]
    assert rules.count("parameter.not-offered") == 7


def test_lmtp_takes_a_name_beyond_ascii_as_dovecot_does_since_2_4():
    events = converse(
        a_world(users=("renée",), delivery="lmtp"),
        "mail.kantor.example",
        24,
        """
        S: 220 mail.kantor.example
        C: LHLO mx1.kantor.example
        S: 250-8BITMIME
        S: 250-ENHANCEDSTATUSCODES
        S: 250-PIPELINING
        S: 250 SMTPUTF8
        C: MAIL FROM:<ani@kampus.example> SIZE=20
        S: 555 5.5.4 Unsupported option: SIZE=20
        C: MAIL FROM:<ani@kampus.example> BODY=8BITMIME SMTPUTF8
        S: 250 2.1.0 OK
        C: RCPT TO:<renée@kantor.example>
        S: 250 2.1.5 OK
        C: DATA
        S: 354
        C: Subject: Undangan
        C:
        C: Datanglah, Renée.
        C: .
        S: 250 2.0.0 <renée@kantor.example>
        C: QUIT
        S: 221
        """,
    )
    (stored,) = [event.fact for event in events if event.kind == "stored"]
    assert stored.mailbox == "renée@kantor.example"
    assert stored.data.endswith("Datanglah, Renée.\r\n")


def test_an_address_at_this_machines_own_address_is_one_of_its_own():
    world = a_world()
    address = world.address_of(MX)
    events = converse(
        world,
        MX,
        25,
        f"""
        S: 220
        C: EHLO stranger.example
        S: 250 CHUNKING
        C: MAIL FROM:<orang@asing.example>
        S: 250 2.1.0
        C: RCPT TO:<tidakada@[{address}]>
        S: 550 5.1.1 <tidakada@kantor.example>
        C: RCPT TO:<citra@[203.0.113.99]>
        S: 554 5.7.1
        C: RCPT TO:<citra@[{address}]>
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
