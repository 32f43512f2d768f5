"""The client half of IMAP as conversations: what it says to what it is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.mail.imap.client import Dialogue, pick_up
from simulator.mail.imap.reply import Ask, Awaits, ImapReply, ImapReplyReader
from simulator.mail.imap.server import ImapSession
from simulator.mail.mailbox import Mailbox, MailStore
from simulator.mail.pick_up import PickUpOutcome, Refusal
from tests.mail.imap.mails import ATTACHMENTS, PLAIN

CITRA, PASSWORD = "citra@kantor.example", "rahasia"


@dataclass
class Server:
    """Our server in a process with the client; ``arriving`` comes in while the client idles."""

    store: MailStore
    session: ImapSession
    arriving: list[bytes] = field(default_factory=list)

    @property
    def mailbox(self) -> Mailbox:
        return self.store[CITRA]

    def greet(self) -> bytes:
        return self.session.greet().octets()

    def answer(self, line: str) -> bytes:
        octets = b"".join(a.octets() for a in self.session.receive(f"{line}\r\n".encode()))
        if line.endswith(" IDLE") and self.arriving:
            self.mailbox.add(self.arriving.pop(0))
            news = self.session.push()
            assert news is not None
            octets += news.octets()
        return octets


def a_server(*mails: bytes, password: str = PASSWORD) -> Server:
    store = MailStore(uid_validity=7)
    mailbox = store.create(CITRA, password)
    for octets in mails:
        mailbox.add(octets, datetime(2026, 11, 23, tzinfo=UTC))
    return Server(store, ImapSession(store))


def hold(server: Server, dialogue: Dialogue) -> tuple[list[str], PickUpOutcome]:
    """Let client and server talk; gives what the client said, and the outcome."""
    said: list[str] = []
    reader = ImapReplyReader()
    reader.feed(server.greet())
    try:
        ask = next(dialogue)
        while True:
            if ask.line:
                said.append(f"C: {ask.line}")
                reader.feed(server.answer(ask.line))
            reply = reader.take(ask)
            assert reply is not None, ("nobody says anything any more", said)
            ask = dialogue.send(reply)
    except StopIteration as finished:
        outcome: PickUpOutcome = finished.value
        return said, outcome


def play(dialogue: Dialogue, *answers: str | None) -> tuple[list[str], PickUpOutcome]:
    """The same against written answers, ``|`` between lines; None is a lost connection."""
    said: list[str] = []
    left = list(answers)
    try:
        ask = next(dialogue)
        while True:
            said += [f"C: {ask.line}"] if ask.line else []
            text = left.pop(0) if left else f"{ask.awaited_tag} OK"
            if text is None:
                ask = dialogue.throw(ConnectionResetError("connection lost"))
                continue
            reader = ImapReplyReader()
            reader.feed("".join(f"{line}\r\n" for line in text.split("|")).encode())
            reply = reader.take(ask)
            assert reply is not None, (ask, text)
            ask = dialogue.send(reply)
    except StopIteration as finished:
        outcome: PickUpOutcome = finished.value
        return said, outcome


def test_unseen_mail_is_fetched_and_marked_and_stays():
    server = a_server(PLAIN[0], ATTACHMENTS)
    said, outcome = hold(server, pick_up(CITRA, PASSWORD))
    assert said == [
        f'C: a1 LOGIN "{CITRA}" "{PASSWORD}"',
        "C: a2 SELECT INBOX",
        "C: a3 UID SEARCH UNSEEN",
        "C: a4 UID FETCH 1 (UID FLAGS ENVELOPE BODY[])",
        "C: a5 UID FETCH 2 (UID FLAGS ENVELOPE BODY[])",
        "C: a6 LOGOUT",
    ]
    assert [(m.uid, m.octets) for m in outcome.fetched] == [
        (m.uid, m.octets) for m in server.mailbox.messages
    ]
    inbox = server.mailbox.inbox
    assert {tuple(inbox.flags_of(message.uid)) for message in inbox.messages} == {("\\Seen",)}
    assert (outcome.waiting, outcome.deleted, outcome.refusals) == (2, (), ())


def test_what_one_device_has_seen_another_does_not_fetch_again():
    server = a_server(PLAIN[0])
    hold(server, pick_up(CITRA, PASSWORD))
    server.session = ImapSession(server.store)
    said, outcome = hold(server, pick_up(CITRA, PASSWORD))
    assert said[2:] == ["C: a3 UID SEARCH UNSEEN", "C: a4 LOGOUT"]
    assert outcome.fetched == ()
    assert len(server.mailbox.messages) == 1


def test_what_is_not_kept_is_marked_and_expunged():
    server = a_server(*PLAIN[:2])
    uids = tuple(message.uid for message in server.mailbox.messages)
    said, outcome = hold(server, pick_up(CITRA, PASSWORD, keep=False))
    assert "C: a5 UID STORE 1 +FLAGS (\\Deleted)" in said
    assert said[-2:] == ["C: a8 EXPUNGE", "C: a9 LOGOUT"]
    assert outcome.deleted == uids
    assert server.mailbox.messages == ()


def test_an_idling_client_fetches_what_arrives():
    server = a_server(PLAIN[0])
    server.arriving = [PLAIN[1]]
    said, outcome = hold(server, pick_up(CITRA, PASSWORD, idle=1))
    assert said[4:] == [
        "C: a5 IDLE",
        "C: DONE",
        "C: a6 UID SEARCH UNSEEN",
        "C: a7 UID FETCH 2 (UID FLAGS ENVELOPE BODY[])",
        "C: a8 LOGOUT",
    ]
    assert [message.octets for message in outcome.fetched] == list(PLAIN[:2])


def test_a_password_that_is_not_ascii_goes_as_base64():
    server = a_server(PLAIN[0], password='räh"asia')
    said, outcome = hold(server, pick_up(CITRA, 'räh"asia'))
    assert said[0].startswith("C: a1 AUTHENTICATE PLAIN ")
    assert len(outcome.fetched) == 1


def test_quotes_in_a_password_are_escaped():
    server = a_server(PLAIN[0], password='ra"has\\ia')
    said, outcome = hold(server, pick_up(CITRA, 'ra"has\\ia'))
    assert said[0] == f'C: a1 LOGIN "{CITRA}" "ra\\"has\\\\ia"'
    assert len(outcome.fetched) == 1


@pytest.mark.parametrize("wrong", ["a\r\nb", "a\0", "a\n"])
def test_what_would_end_the_line_is_not_sent(wrong: str):
    with pytest.raises(ValueError, match="password"):
        pick_up(CITRA, wrong)


def test_a_wrong_password_ends_in_a_logout():
    said, outcome = hold(a_server(PLAIN[0]), pick_up(CITRA, "salah"))
    assert said == [f'C: a1 LOGIN "{CITRA}" "salah"', "C: a2 LOGOUT"]
    refused = "a1 NO [AUTHENTICATIONFAILED] Authentication failed."
    assert outcome == PickUpOutcome((), refusals=(Refusal("LOGIN", refused),))


def test_a_server_that_does_not_greet_is_left_alone():
    said, outcome = play(pick_up(CITRA, PASSWORD), "* BYE too busy")
    assert said == []
    assert outcome.refusals == (Refusal("greeting", "* BYE too busy"),)


def test_a_client_that_is_known_already_need_not_log_in():
    said, _ = play(pick_up(CITRA, PASSWORD), "* PREAUTH welcome back")
    assert said == ["C: a1 SELECT INBOX", "C: a2 UID SEARCH UNSEEN", "C: a3 LOGOUT"]


def test_one_message_that_cannot_be_had_does_not_stop_the_others():
    said, outcome = play(
        pick_up(CITRA, PASSWORD),
        "* OK ready",
        "a1 OK",
        "* 2 EXISTS|* OK [UIDVALIDITY 16] UIDs valid|a2 OK [READ-WRITE] Select completed.",
        "* SEARCH 5 9 rubbish 99999999999|a3 OK",
        "a4 NO [EXPUNGEISSUED] gone",
        '* 2 FETCH (UID 9 ENVELOPE (NIL {3}|"x) NIL) FLAGS () BODY[] {9}|Halo {2|)|a5 OK',
    )
    assert said[3:] == [
        "C: a4 UID FETCH 5 (UID FLAGS ENVELOPE BODY[])",
        "C: a5 UID FETCH 9 (UID FLAGS ENVELOPE BODY[])",
        "C: a6 LOGOUT",
    ]
    ((uid, octets),) = [(message.uid, message.octets) for message in outcome.fetched]
    assert (uid, octets) == ("0000000900000010", b"Halo {2\r\n")
    assert outcome.refusals == (Refusal("UID FETCH", "a4 NO [EXPUNGEISSUED] gone"),)


def test_a_lost_connection_is_told_with_what_was_asked():
    _, outcome = play(pick_up(CITRA, PASSWORD), "* OK ready", "a1 OK", None)
    assert outcome.refusals == (Refusal("SELECT", "connection lost"),)


def test_the_client_stops_idling_where_the_server_says_goodbye():
    said, outcome = play(
        pick_up(CITRA, PASSWORD, idle=3),
        *("* OK ready", "a1 OK", "a2 OK", "* SEARCH|a3 OK", "+ idling", "* BYE shutting down"),
    )
    assert said[-2:] == ["C: a4 IDLE", "C: a5 LOGOUT"]
    assert outcome.fetched == ()


SAID = st.one_of(
    st.sampled_from(
        [
            *("* OK ready", "a1 OK", "a2 OK x", "a3 OK", "* SEARCH 1 2", "* 1 EXISTS", "+ idling"),
            *("* BYE", "a4 NO", "* 1 FETCH (UID 1 BODY[] {2}", "x)", "* 1 FETCH (", "{3}", "+"),
            *("* OK [UIDVALIDITY 9] x", "a5 BAD", "* FLAGS", "*", "* 1", "{9999999999}", "é", "("),
        ]
    ).map(str.encode),
    st.binary(max_size=20),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(SAID, max_size=30), st.booleans(), st.integers(0, 2))
def test_any_server_is_coped_with(lines: list[bytes], keep: bool, idle: int):
    dialogue = pick_up(CITRA, PASSWORD, keep=keep, idle=idle)
    reader = ImapReplyReader()
    for line in lines:
        reader.feed(line + b"\r\n")
    try:
        ask = next(dialogue)
        while True:
            try:
                reply = reader.take(ask)
            except ValueError:
                reply = None
            if reply is None:
                ask = dialogue.throw(ConnectionResetError("the other side closed"))
            else:
                ask = dialogue.send(reply)
    except StopIteration as finished:
        assert isinstance(finished.value, PickUpOutcome)


@given(st.binary(max_size=80), st.data())
def test_a_reply_is_read_however_its_octets_arrive(mail: bytes, data: st.DataObject):
    octets = b"* 1 FETCH (UID 1 BODY[] {%d}\r\n%s)\r\na1 OK done\r\nrest" % (len(mail), mail)
    reader = ImapReplyReader()
    reply: ImapReply | None = None
    while reply is None:
        size = data.draw(st.integers(1, len(octets)))
        reader.feed(octets[:size])
        octets = octets[size:]
        reply = reader.take(Ask("a1 UID FETCH 1 BODY[]"))
    assert reply.ok
    assert [said.literals for said in reply.said] == [(mail,), ()]


@pytest.mark.parametrize("octets", [b"x" * 1_100_000, b"{9999999999}\r\n"])
def test_a_server_that_sends_no_lines_is_an_error(octets: bytes):
    reader = ImapReplyReader()
    reader.feed(octets)
    with pytest.raises(ValueError, match="the server's"):
        reader.take(Ask("", Awaits.UNTAGGED))
