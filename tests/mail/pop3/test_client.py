"""The recipient's client: what it asks in which order, and what it makes of any reply."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.mail.mailbox import MailStore
from simulator.mail.pick_up import FetchedMessage, PickUpOutcome, Refusal
from simulator.mail.pop3.answer import Pop3Answer
from simulator.mail.pop3.client import Ask, Dialogue, Pop3Reply, pick_up
from simulator.mail.pop3.server import Pop3Session

CITRA, PASSWORD = "citra@kantor.example", "rahasia"


def a_store(*letters: bytes) -> MailStore:
    store = MailStore()
    mailbox = store.create(CITRA, PASSWORD)
    for letter in letters:
        mailbox.add(letter)
    return store


def held(dialogue: Dialogue, store: MailStore) -> tuple[str, PickUpOutcome]:
    """Hold the dialogue with a real session."""
    session = Pop3Session(store)
    answer = session.greet()
    said = []
    try:
        ask = next(dialogue)
        while True:
            if ask.line:
                said.append(ask.line)
                answer = session.receive(f"{ask.line}\r\n".encode())
            ask = dialogue.send(as_reply(answer))
    except StopIteration as finished:
        assert isinstance(finished.value, PickUpOutcome)
        return " | ".join(said), finished.value


def as_reply(answer: Pop3Answer) -> Pop3Reply:
    """What a client reads where a session says this."""
    status, _, payload = answer.octets().partition(b"\r\n")
    return Pop3Reply(status.decode(), payload)


def told(dialogue: Dialogue, *replies: str) -> tuple[str, PickUpOutcome]:
    """Hold the dialogue with invented replies; a payload follows its status after a newline."""
    said = []
    try:
        ask = next(dialogue)
        for reply in replies:
            status, _, payload = reply.partition("\n")
            said.append(ask.line)
            ask = dialogue.send(Pop3Reply(status, payload.replace("\n", "\r\n").encode()))
    except StopIteration as finished:
        return " | ".join(said[1:]), finished.value
    raise AssertionError(f"it goes on with {ask}")


def test_a_usual_client_fetches_and_deletes_message_by_message() -> None:
    store = a_store(b"satu\r\n", b".dua\r\n..\r\n")
    said, outcome = held(pick_up(CITRA, PASSWORD), store)
    assert said == (
        "USER citra@kantor.example | PASS rahasia | STAT | UIDL | LIST | "
        "RETR 1 | DELE 1 | RETR 2 | DELE 2 | QUIT"
    )
    assert outcome == PickUpOutcome(
        fetched=(
            FetchedMessage("0000000100000001", b"satu\r\n"),
            FetchedMessage("0000000200000001", b".dua\r\n..\r\n"),
        ),
        deleted=("0000000100000001", "0000000200000001"),
        waiting=2,
    )
    assert store[CITRA].messages == ()


def test_a_client_that_keeps_mail_fetches_only_what_it_has_not_seen() -> None:
    store = a_store(b"satu\r\n", b"dua\r\n")
    said, outcome = held(pick_up(CITRA, PASSWORD, keep=True, seen={"0000000100000001"}), store)
    assert said == ("USER citra@kantor.example | PASS rahasia | STAT | UIDL | LIST | RETR 2 | QUIT")
    assert [message.octets for message in outcome.fetched] == [b"dua\r\n"]
    assert outcome.deleted == ()
    assert len(store[CITRA].messages) == 2


def test_an_empty_mailbox_is_left_at_once() -> None:
    said, outcome = held(pick_up(CITRA, PASSWORD), a_store())
    assert said == "USER citra@kantor.example | PASS rahasia | STAT | QUIT"
    assert outcome == PickUpOutcome(fetched=(), waiting=0)


def test_a_wrong_password_ends_the_session_and_is_not_told_again() -> None:
    said, outcome = held(pick_up(CITRA, "salah"), a_store(b"satu\r\n"))
    assert said == "USER citra@kantor.example | PASS salah | QUIT"
    assert outcome.refusals == (Refusal("PASS", "-ERR [AUTH] Authentication failed."),)
    assert "salah" not in repr(outcome)


def test_a_message_may_be_empty_or_a_dot_or_hold_one() -> None:
    letters = (b"", b".\r\n", b"satu\r\n\r\n.\r\n", b"x" * 100 + b"\r\n")
    _, outcome = held(pick_up(CITRA, PASSWORD), a_store(*letters))
    assert tuple(message.octets for message in outcome.fetched) == letters


USUAL = ("+OK ready", "+OK", "+OK Logged in.", "+OK 2 12")
UIDS = "+OK\n1 a\n2 b\n.\n"
SIZES = "+OK 2 messages:\n1 6\n2 6\n.\n"


def test_a_server_that_refuses_at_the_door_is_not_spoken_to() -> None:
    said, outcome = told(pick_up(CITRA, PASSWORD), "-ERR [SYS/TEMP] busy")
    assert said == ""
    assert outcome.refusals == (Refusal("greeting", "-ERR [SYS/TEMP] busy"),)


@pytest.mark.parametrize(
    ("replies", "said", "refused"),
    [
        (("+OK", "-ERR who?", "+OK bye"), "USER | QUIT", "USER"),
        ((*USUAL[:3], "-ERR later", "+OK"), "USER | PASS | STAT | QUIT", "STAT"),
        ((*USUAL[:3], "+OK nothing", "+OK"), "USER | PASS | STAT | QUIT", "STAT"),
        ((*USUAL, UIDS, "-ERR no", "+OK"), "USER | PASS | STAT | UIDL | LIST | QUIT", "LIST"),
    ],
)
def test_a_refusal_on_the_way_leads_to_quit(
    replies: tuple[str, ...], said: str, refused: str
) -> None:
    spoken, outcome = told(pick_up(CITRA, PASSWORD), *replies)
    assert " | ".join(line.partition(" ")[0] for line in spoken.split(" | ")) == said
    assert [refusal.verb for refusal in outcome.refusals] == [refused]
    assert outcome.fetched == ()


def test_a_server_without_unique_ids_is_good_enough() -> None:
    said, outcome = told(
        pick_up(CITRA, PASSWORD, keep=True, seen={"a"}),
        *("+OK", "+OK", "+OK", "+OK 1 6", "-ERR UIDL?", "+OK\n1 6\n.\n"),
        *("+OK\nisi\n.\n", "+OK"),
    )
    assert said.endswith("STAT | UIDL | LIST | RETR 1 | QUIT")
    assert outcome.fetched == (FetchedMessage("", b"isi\r\n"),)
    assert [refusal.verb for refusal in outcome.refusals] == ["UIDL"]


def test_a_message_that_cannot_be_had_does_not_stop_the_others() -> None:
    said, outcome = told(
        pick_up(CITRA, PASSWORD),
        *(*USUAL, UIDS, SIZES, "-ERR gone", "+OK\nisi\n.\n", "+OK marked", "+OK bye"),
    )
    assert said.endswith("RETR 1 | RETR 2 | DELE 2 | QUIT")
    assert outcome.fetched == (FetchedMessage("b", b"isi\r\n"),)
    assert outcome.deleted == ("b",)


def test_a_deletion_counts_only_when_dele_and_quit_were_both_confirmed() -> None:
    fetched = (*USUAL, UIDS, SIZES, "+OK\nsatu\n.\n", "-ERR no", "+OK\ndua\n.\n", "+OK")
    assert told(pick_up(CITRA, PASSWORD), *fetched, "+OK bye")[1].deleted == ("b",)
    outcome = told(pick_up(CITRA, PASSWORD), *fetched, "-ERR some not removed")[1]
    assert outcome.deleted == ()
    assert [refusal.verb for refusal in outcome.refusals] == ["DELE", "QUIT"]


def test_a_lost_connection_leaves_what_was_fetched() -> None:
    dialogue = pick_up(CITRA, PASSWORD)
    replies = (*USUAL, UIDS, SIZES, "+OK\nsatu\n.\n", "+OK")
    ask = next(dialogue)
    for reply in replies:
        status, _, payload = reply.partition("\n")
        ask = dialogue.send(Pop3Reply(status, payload.replace("\n", "\r\n").encode()))
    assert ask == Ask("RETR 2", multiline=True)
    with pytest.raises(StopIteration) as finished:
        dialogue.throw(ConnectionResetError("connection reset"))
    assert finished.value.value == PickUpOutcome(
        fetched=(FetchedMessage("a", b"satu\r\n"),),
        deleted=(),
        waiting=2,
        refusals=(Refusal("RETR", "connection reset"),),
    )


@pytest.mark.parametrize(("user", "password"), [("a\r\nDELE 1", "x"), ("a", "x\nQUIT"), ("\0", "")])
def test_a_line_break_in_a_name_or_password_is_refused(user: str, password: str) -> None:
    with pytest.raises(ValueError, match="line break"):
        pick_up(user, password)


REPLIES = st.builds(
    Pop3Reply,
    st.one_of(st.sampled_from(["+OK", "+OK 3 9", "-ERR", "+ok x", "", "+OKAY", "+ "]), st.text()),
    st.one_of(
        st.binary(),
        st.sampled_from([b"1 a\r\n2 b\r\n.\r\n", b".\r\n", b"0 x\r\n1\r\n9999999999 x\r\n.\r\n"]),
    ),
)


@given(st.lists(REPLIES, max_size=30), st.booleans())
def test_any_replies_lead_to_an_outcome(replies: list[Pop3Reply], keep: bool) -> None:
    dialogue = pick_up(CITRA, PASSWORD, keep=keep, seen={"a"})
    with pytest.raises(StopIteration) as finished:
        next(dialogue)
        for reply in replies:
            ask = dialogue.send(reply)
            assert "\r" not in ask.line
            assert "\n" not in ask.line
        dialogue.throw(TimeoutError())
    outcome = finished.value.value
    assert isinstance(outcome, PickUpOutcome)
    assert set(outcome.deleted) <= {message.uid for message in outcome.fetched}
