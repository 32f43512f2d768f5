"""The client half of SMTP as conversations: what it says to what it is told."""

from __future__ import annotations

from collections.abc import Generator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.mail.credentials import Credentials
from simulator.mail.reply import SmtpReply
from simulator.mail.smtp.client import Manners, transfer
from simulator.mail.smtp.dialogue import (
    Action,
    Hand,
    LostError,
    Replies,
    Say,
    Seal,
    Transaction,
    Verdicts,
)
from simulator.mail.submission import submit

ANI, CITRA, DEDI = "ani@kampus.example", "citra@kantor.example", "dedi@kantor.example"
OCTETS = b"Subject: Rapat\r\n\r\nHalo.\r\n"
HELLO = "250-mx1 hello|PIPELINING|SIZE 10240000|ENHANCEDSTATUSCODES|8BITMIME|DSN"


def reply(text: str) -> SmtpReply:
    """``250-first|second`` is a reply of two lines."""
    code, (*first, last) = text[:3], text[4:].split("|")
    return SmtpReply((*(f"{code}-{words}" for words in first), f"{code} {last}"))


def play(
    dialogue: Generator[Action, Replies, Verdicts], *answers: str | None
) -> tuple[list[str], Verdicts]:
    """Let the dialogue run against these answers, one a line; None is a lost connection.

    Gives what was said as C: lines, one segment a line, and the outcome.
    """
    said: list[str] = []
    left = list(answers)
    try:
        action = next(dialogue)
        while True:
            match action:
                case Say(lines=lines):
                    said += [" + ".join(lines)] if lines else []
                    count = max(len(lines), 1)
                case Hand(octets=octets, lines=lines, replies=count):
                    said.append(" + ".join((f"({len(octets)} octets) .", *lines)))
                case Seal(verify=verify):
                    said.append("(TLS, name verified)" if verify else "(TLS, with anyone)")
                    count = 0
            taken = [left.pop(0) if left else "221 2.0.0 Bye" for _ in range(count)]
            if None in taken:
                action = dialogue.throw(LostError("4.4.2", "lost connection with mx1"))
            else:
                action = dialogue.send(tuple(reply(text) for text in taken if text is not None))
    except StopIteration as finished:
        return said, finished.value


def to_server(
    *recipients: str, octets: bytes = OCTETS, tls: str = "none"
) -> Generator[Action, Replies, Verdicts]:
    manners = Manners("smtp.kampus.example", "may" if tls == "may" else "none")
    return transfer(manners, Transaction(ANI, recipients, octets))


def test_a_server_pipelines_the_envelope_and_then_the_message_with_quit():
    said, verdicts = play(
        to_server(CITRA),
        "220 mx1 ESMTP",
        HELLO,
        "250 2.1.0 Ok",
        "250 2.1.5 Ok",
        "354 go ahead",
        "250 2.0.0 queued as 1",
    )
    assert said == [
        "EHLO smtp.kampus.example",
        f"MAIL FROM:<{ANI}> SIZE={len(OCTETS)} + RCPT TO:<{CITRA}> ORCPT=rfc822;{CITRA} + DATA",
        f"({len(OCTETS)} octets) . + QUIT",
    ]
    assert verdicts[CITRA].outcome == "sent"


def test_a_refused_recipient_does_not_stop_the_other():
    _, verdicts = play(
        to_server(CITRA, DEDI),
        "220 mx1",
        HELLO,
        "250 2.1.0 Ok",
        "550 5.1.1 unknown",
        "250 2.1.5 Ok",
        "354 go",
        "250 2.0.0 Ok",
    )
    assert (verdicts[CITRA].outcome, verdicts[CITRA].status) == ("failed", "5.1.1")
    assert verdicts[DEDI].outcome == "sent"


def test_a_554_to_a_pipelined_data_after_a_450_is_no_bounce():
    said, verdicts = play(
        to_server(CITRA),
        "220 mx1",
        HELLO,
        "250 2.1.0 Ok",
        "450 4.2.0 greylisted",
        "554 5.5.1 no valid recipients",
    )
    assert said[-1] == "RSET + QUIT"
    assert (verdicts[CITRA].outcome, verdicts[CITRA].status) == ("deferred", "4.2.0")


@pytest.mark.parametrize(
    ("to_mail", "to_rcpt", "to_data"),
    [
        ("999 What?", "503 no", "503 no"),
        ("250 a", "699 x", "554 nobody"),
        ("250 a", "354 now?", "554 nobody"),
        ("250 a", "250 b", "250 2.0.0 taken"),
        ("250 a", "250 b", "199 soon"),
    ],
)
def test_a_reply_that_makes_no_sense_is_a_protocol_error_and_final(
    to_mail: str, to_rcpt: str, to_data: str
):
    _, verdicts = play(to_server(CITRA), "220 mx1", HELLO, to_mail, to_rcpt, to_data)
    assert (verdicts[CITRA].outcome, verdicts[CITRA].status) == ("failed", "5.5.0")


def test_a_server_that_knows_no_ehlo_is_greeted_with_helo_and_asked_one_by_one():
    said, verdicts = play(
        to_server(CITRA),
        "220 mx1",
        "502 what?",
        "250 mx1",
        "250 fine",
        "250 fine",
        "354 go",
        "250 got it",
    )
    assert said[:5] == [
        "EHLO smtp.kampus.example",
        "HELO smtp.kampus.example",
        f"MAIL FROM:<{ANI}>",
        f"RCPT TO:<{CITRA}>",
        "DATA",
    ]
    assert verdicts[CITRA].outcome == "sent"


def test_a_554_greeting_speaks_of_the_host_not_of_the_mail():
    said, verdicts = play(to_server(CITRA), "554 5.3.2 no service")
    assert said == ["QUIT"]
    assert verdicts[CITRA].outcome == "deferred"


def test_a_mail_larger_than_the_server_takes_is_not_even_begun():
    said, verdicts = play(to_server(CITRA), "220 mx1", "250-mx1|SIZE 10|PIPELINING")
    assert said == ["EHLO smtp.kampus.example", "QUIT"]
    assert (verdicts[CITRA].outcome, verdicts[CITRA].status) == ("failed", "5.3.4")


def test_after_starttls_a_server_says_ehlo_again():
    said, _ = play(
        to_server(CITRA, tls="may"),
        "220 mx1",
        "250-mx1|STARTTLS|PIPELINING",
        "220 2.0.0 ready",
        "250-mx1|PIPELINING",
        "250 ok",
        "250 ok",
        "354 go",
        "250 ok",
    )
    assert said[:4] == [
        "EHLO smtp.kampus.example",
        "STARTTLS",
        "(TLS, with anyone)",
        "EHLO smtp.kampus.example",
    ]


def test_a_connection_lost_after_the_dot_leaves_the_mail_to_be_sent_again():
    _, verdicts = play(to_server(CITRA), "220 mx1", HELLO, "250 a", "250 b", "354 go", None)
    assert verdicts[CITRA].outcome == "deferred"
    assert "may be sent more than once" in verdicts[CITRA].said


def test_lmtp_gives_each_recipient_a_reply_of_its_own():
    dialogue = transfer(Manners("mx1", lmtp=True), Transaction(ANI, (CITRA, DEDI), OCTETS))
    said, verdicts = play(
        dialogue,
        "220 mail ready",
        "250-mail|PIPELINING",
        "250 ok",
        "250 ok",
        "250 ok",
        "354 ok",
        "250 2.0.0 saved",
        "452 4.2.2 full",
    )
    assert said[0] == "LHLO mx1"
    assert (verdicts[CITRA].outcome, verdicts[DEDI].outcome) == ("sent", "deferred")


def to_own_server() -> Generator[Action, Replies, Verdicts]:
    return submit(
        "pc-ani.kampus.example", Transaction(ANI, (CITRA,), OCTETS), Credentials(ANI, "rahasia")
    )


def test_a_user_proves_who_they_are_only_under_tls_and_waits_for_every_reply():
    said, verdicts = play(
        to_own_server(),
        "220 smtp",
        "250-smtp|STARTTLS",
        "220 2.0.0 ready",
        "250-smtp|AUTH PLAIN LOGIN",
        "235 2.7.0 ok",
        "250 2.1.0 Ok",
        "250 2.1.5 Ok",
        "354 go",
        "250 2.0.0 queued as 1",
    )
    assert said == [
        "EHLO pc-ani.kampus.example",
        "STARTTLS",
        "(TLS, name verified)",
        "EHLO pc-ani.kampus.example",
        "AUTH PLAIN AGFuaUBrYW1wdXMuZXhhbXBsZQByYWhhc2lh",
        f"MAIL FROM:<{ANI}>",
        f"RCPT TO:<{CITRA}>",
        "DATA",
        f"({len(OCTETS)} octets) .",
        "QUIT",
    ]
    assert verdicts[CITRA].outcome == "sent"


OWN = (
    "220 smtp",
    "250-smtp|STARTTLS",
    "220 2.0.0 ready",
    "250-smtp|AUTH PLAIN LOGIN",
    "235 2.7.0 ok",
    "250 2.1.0 Ok",
)
"""What the own server says up to its answer to MAIL."""


def to_own_server_for(*recipients: str) -> Generator[Action, Replies, Verdicts]:
    mail = Transaction(ANI, recipients, OCTETS)
    return submit("pc-ani.kampus.example", mail, Credentials(ANI, "rahasia"))


def test_where_a_421_ends_the_session_each_recipient_left_hears_the_421_and_nothing_else():
    _, verdicts = play(
        to_own_server_for(CITRA, DEDI, "eka@kantor.example"),
        *OWN,
        "250 2.1.5 Ok",
        "550 5.1.1 unknown",
        "421 4.7.0 too many errors",
        None,
    )
    assert {one: (v.outcome, v.said) for one, v in verdicts.items()} == {
        CITRA: ("deferred", "421 4.7.0 too many errors"),
        DEDI: ("failed", "550 5.1.1 unknown"),
        "eka@kantor.example": ("deferred", "421 4.7.0 too many errors"),
    }


def test_what_the_own_server_took_stays_taken_when_the_wire_breaks_at_quit():
    _, verdicts = play(
        to_own_server_for(CITRA, DEDI), *OWN, "250 a", "550 5.1.1 no", "354 go", "250 ok", None
    )
    assert [verdicts[one].outcome for one in (CITRA, DEDI)] == ["sent", "failed"]


def test_after_a_421_among_pipelined_replies_only_its_recipient_has_it_as_the_reason():
    dialogue = to_server(CITRA, DEDI)
    for answers in (None, (reply("220 mx1"),), (reply(HELLO),)):
        dialogue.send(answers)
    heard = tuple(map(reply, ("250 2.1.0 Ok", "421 4.3.2 Shutting down")))
    try:
        dialogue.throw(LostError("4.4.2", "lost connection with mx1", heard))
    except StopIteration as finished:
        verdicts: Verdicts = finished.value
    assert {one: (v.outcome, v.status, v.said) for one, v in verdicts.items()} == {
        CITRA: ("deferred", "4.3.2", "421 4.3.2 Shutting down"),
        DEDI: ("deferred", "4.4.2", "lost connection with mx1 while sending RCPT TO"),
    }


def test_a_wrong_password_ends_the_submission_with_what_the_server_said():
    said, verdicts = play(
        to_own_server(),
        "220 smtp",
        "250-smtp|STARTTLS",
        "220 2.0.0 ready",
        "250-smtp|AUTH PLAIN",
        "535 5.7.8 authentication failed",
    )
    assert said[-1] == "QUIT"
    assert (verdicts[CITRA].outcome, verdicts[CITRA].status) == ("failed", "5.7.8")


def test_a_client_that_insists_on_tls_gives_no_password_away_without_it():
    said, verdicts = play(to_own_server(), "220 smtp", "250-smtp|AUTH PLAIN LOGIN")
    assert said == ["EHLO pc-ani.kampus.example", "QUIT"]
    assert (verdicts[CITRA].outcome, verdicts[CITRA].status) == ("failed", "5.7.10")


ANY_REPLY = st.one_of(
    st.none(),
    st.builds(
        "{} {}".format,
        st.integers(100, 599),
        st.sampled_from(["", "Ok", "4.2.0 x", "mx1|PIPELINING|SIZE 9|STARTTLS|AUTH PLAIN|DSN"]),
    ),
)


@given(answers=st.lists(ANY_REPLY, max_size=14), as_user=st.booleans())
def test_whatever_a_person_invents_every_recipient_gets_a_verdict(
    answers: list[str | None], as_user: bool
):
    dialogue = to_own_server() if as_user else to_server(CITRA, DEDI, tls="may")
    _, verdicts = play(dialogue, *answers)
    assert set(verdicts) == ({CITRA} if as_user else {CITRA, DEDI})
