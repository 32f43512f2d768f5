"""The IMAP server as conversations, and laws about whatever a client sends."""

from __future__ import annotations

import email
import email.message
import re
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.mail.imap.answer import ImapAnswer
from simulator.mail.imap.commands import COMMANDS
from simulator.mail.imap.mime import read_entity
from simulator.mail.imap.server import ImapSession
from simulator.mail.imap.state import State
from simulator.mail.imap.structure import body_structure
from simulator.mail.mailbox import JUNK, Mailbox, MailStore
from simulator.mail.reply import imap_code
from tests.mail.imap.mails import ATTACHMENTS, PLAIN, STRUCTURES

CITRA, PASSWORD = "citra@kantor.example", "rahasia"
ARRIVED = datetime(2026, 11, 3, 9, 5, 0, tzinfo=UTC)


def a_store(*mails: bytes) -> tuple[MailStore, Mailbox]:
    store = MailStore(uid_validity=7)
    mailbox = store.create(CITRA, PASSWORD)
    for octets in mails:
        mailbox.add(octets, ARRIVED)
    return store, mailbox


def converse(session: ImapSession, script: str) -> list[ImapAnswer]:
    """``C:`` lines are sent; the ``S:`` lines after them are all that is answered, word by word.

    ``S+`` goes on with the line before.
    """
    answers: list[ImapAnswer] = []
    heard: list[str] = []
    said: list[str] = []
    whole = re.sub(r"\n *S\+", "", script.strip())
    for line in [text.strip() for text in whole.splitlines()]:
        said.append(line)
        if line.startswith("C:"):
            assert not heard, "\n".join([*said[:-1], "-> and also:", *heard])
            new = session.receive(f"{line[3:]}\r\n".encode())
            answers += new
            heard = [one for answer in new for one in answer.lines]
        else:
            assert heard, "\n".join([*said, "-> nothing was said"])
            assert heard.pop(0).rstrip() == line[3:], "\n".join(said)
    assert not heard, "\n".join([*said, "-> and also:", *heard])
    return answers


def logged_in(store: MailStore) -> ImapSession:
    session = ImapSession(store)
    answers = session.receive(f"a0 LOGIN {CITRA} {PASSWORD}\r\n".encode())
    assert [answer.code for answer in answers] == ["OK"]
    return session


def in_inbox(store: MailStore) -> ImapSession:
    session = logged_in(store)
    assert session.receive(b"a1 SELECT INBOX\r\n")[-1].code == "OK"
    return session


# Logging in -----------------------------------------------------------------------------------


def test_a_client_says_who_it_is_in_three_ways():
    for script in (
        f"C: a LOGIN {CITRA} {PASSWORD}",
        f'C: a LOGIN "{CITRA}" "{PASSWORD}"',
        "C: a AUTHENTICATE PLAIN AGNpdHJhQGthbnRvci5leGFtcGxlAHJhaGFzaWE=",
    ):
        session = ImapSession(a_store()[0])
        (answer,) = session.receive(f"{script[3:]}\r\n".encode())
        assert answer.code == "OK"
        assert answer.rule == "imap.login"
        assert answer.lines[-1].startswith("a OK [CAPABILITY IMAP4rev1 ")
        assert session.state is State.AUTHENTICATED


def test_a_challenge_is_answered_in_a_line_of_its_own():
    session = ImapSession(a_store()[0])
    answers = converse(
        session,
        """
        C: a CAPABILITY
        S: * CAPABILITY IMAP4rev1 IMAP4rev2 SASL-IR ENABLE IDLE LITERAL- AUTH=PLAIN
        S: a OK Pre-login capabilities listed, post-login capabilities have more.
        C: b AUTHENTICATE PLAIN
        S: +
        C: *
        S: b BAD Authentication aborted by client.
        C: c AUTHENTICATE PLAIN
        S: +
        C: bukan base64
        S: c BAD Invalid base64 data in response.
        C: d AUTHENTICATE CRAM-MD5
        S: d NO Unsupported authentication mechanism.
        C: e AUTHENTICATE PLAIN
        S: +
        C: AGNpdHJhQGthbnRvci5leGFtcGxlAHJhaGFzaWE=
        S: * CAPABILITY IMAP4rev1 IMAP4rev2 SASL-IR ENABLE IDLE LITERAL- UNSELECT CHILDREN
        S+ NAMESPACE UIDPLUS LIST-EXTENDED ESEARCH SEARCHRES LIST-STATUS BINARY MOVE
        S+ STATUS=SIZE SPECIAL-USE
        S: e OK Logged in
        """,
    )
    rules = [answer.rule for answer in answers]
    assert rules[1:4] == ["auth.challenge", "auth.aborted", "auth.challenge"]


def test_a_wrong_password_is_told_and_may_be_tried_again():
    session = ImapSession(a_store()[0])
    (refused,) = converse(
        session,
        f"""
        C: a LOGIN {CITRA} salah
        S: a NO [AUTHENTICATIONFAILED] Authentication failed.
        """,
    )
    assert refused.rule == "auth.failed"
    assert session.receive(f"b LOGIN {CITRA} {PASSWORD}\r\n".encode())[0].code == "OK"


@pytest.mark.parametrize("verb", [verb for verb in COMMANDS if verb not in {"CAPABILITY", "NOOP"}])
def test_before_login_nobody_sees_a_mailbox(verb: str):
    session = ImapSession(a_store(*PLAIN)[0])
    (answer,) = session.receive(f"a {verb}\r\n".encode())
    if verb == "LOGOUT":
        assert answer.lines == ("* BYE Logging out", "a OK Logout completed.")
    else:
        assert answer.lines == ("a BAD Error in IMAP command received by server.",)


def test_user_and_password_may_come_as_literals():
    session = ImapSession(a_store()[0])
    (go_on,) = session.receive(b"a LOGIN {20}\r\n")
    assert (go_on.code, go_on.octets(), go_on.rule) == ("+", b"+ OK\r\n", "imap.login")
    (answer,) = session.receive(CITRA.encode() + b" {7+}\r\nrahasia\r\n")
    assert answer.code == "OK"


# Literals -------------------------------------------------------------------------------------


def test_a_literal_that_is_too_large_is_refused_and_the_session_goes_on():
    session = in_inbox(a_store(*PLAIN)[0])
    converse(
        session,
        """
        C: a SEARCH SUBJECT {99999999}
        S: a NO [TOOBIG] Literal size too large.
        C: b NOOP
        S: b OK NOOP completed.
        """,
    )
    assert session.receive(b"c SEARCH SUBJECT {5000+}\r\n" + b"x" * 4999) == ()
    (answer,) = session.receive(b"x\r\n")
    assert answer.lines == ("c BAD Error in IMAP command SEARCH: Too long argument.",)
    assert session.receive(b"d NOOP\r\n")[0].code == "OK"


def test_a_line_without_an_end_is_thrown_away():
    session = in_inbox(a_store(*PLAIN)[0])
    for _ in range(100):
        assert session.receive(b"a SEARCH " + b"x" * 10_000) == ()
    (answer,) = session.receive(b"\r\n")
    assert answer.lines == ("a BAD Error in IMAP command SEARCH: Too long argument.",)
    assert session.receive(b"b NOOP\r\n")[0].code == "OK"


def test_a_command_that_cannot_be_done_gets_no_literal():
    session = logged_in(a_store(*PLAIN)[0])
    converse(
        session,
        """
        C: a SEARCH SUBJECT {3}
        S: a BAD No mailbox selected.
        C: b FOO {3}
        S: b BAD Error in IMAP command FOO: Unknown command.
        C: c APPEND INBOX {3+}
        C: abc
        S: c NO [NOPERM] Permission denied.
        """,
    )


# Messages -------------------------------------------------------------------------------------


def test_the_trace_of_a_whole_message_has_its_size_and_its_octets_apart():
    session = in_inbox(a_store(PLAIN[0])[0])
    (answer,) = session.receive(b"a UID FETCH 1 (FLAGS BODY[])\r\n")
    assert answer.lines == (
        "* 1 FETCH (UID 1 FLAGS (\\Seen \\Recent) BODY[] {178}",
        ")",
        "a OK Fetch completed.",
    )
    assert answer.contents == (PLAIN[0],)
    assert answer.octets() == (
        b"* 1 FETCH (UID 1 FLAGS (\\Seen \\Recent) BODY[] {178}\r\n"
        + PLAIN[0]
        + b")\r\na OK Fetch completed.\r\n"
    )
    assert imap_code(answer.lines) == answer.code == "OK"


def test_looking_into_a_message_without_peek_marks_it_as_seen():
    session = in_inbox(a_store(*PLAIN)[0])
    converse(
        session,
        """
        C: a FETCH 1 BODY.PEEK[TEXT]<0.4>
        S: * 1 FETCH (BODY[TEXT]<0> {4}
        S: Halo)
        S: a OK Fetch completed.
        C: b SEARCH UNSEEN
        S: * SEARCH 1 2 3
        S: b OK Search completed.
        C: c FETCH 1 BODY[TEXT]<0.4>
        S: * 1 FETCH (FLAGS (\\Seen \\Recent) BODY[TEXT]<0> {4}
        S: Halo)
        S: c OK Fetch completed.
        C: d SEARCH UNSEEN
        S: * SEARCH 2 3
        S: d OK Search completed.
        C: e FETCH 2 (INTERNALDATE UID)
        S: * 2 FETCH (INTERNALDATE " 3-Nov-2026 09:05:00 +0000" UID 2)
        S: e OK Fetch completed.
        """,
    )


def test_numbers_shift_after_an_expunge_and_unique_identifiers_stay():
    store, mailbox = a_store(*PLAIN)
    session = in_inbox(store)
    converse(
        session,
        """
        C: a UID STORE 1,2 +FLAGS.SILENT (\\Deleted)
        S: a OK Store completed.
        C: b UID EXPUNGE 2:*
        S: * 2 EXPUNGE
        S: * 2 RECENT
        S: b OK Expunge completed.
        C: c FETCH 1:* UID
        S: * 1 FETCH (UID 1)
        S: * 2 FETCH (UID 3)
        S: c OK Fetch completed.
        C: d CLOSE
        S: d OK Close completed.
        """,
    )
    assert [message.number for message in mailbox.messages] == [3]
    assert mailbox.add(b"Subject: baru\r\n\r\n", ARRIVED) == "0000000400000007"


def test_a_folder_that_is_only_examined_does_not_change():
    store, mailbox = a_store(*PLAIN)
    session = logged_in(store)
    assert session.receive(b"a EXAMINE INBOX\r\n")[0].lines[-1].startswith("a OK [READ-ONLY]")
    converse(
        session,
        """
        C: b STORE 1 +FLAGS (\\Deleted)
        S: b OK Store ignored with read-only mailbox.
        C: c FETCH 1 BODY[TEXT]<0.1>
        S: * 1 FETCH (BODY[TEXT]<0> {1}
        S: H)
        S: c OK Fetch completed.
        C: d EXPUNGE
        S: d OK Expunge completed.
        C: e CLOSE
        S: e OK Close completed.
        """,
    )
    assert len(mailbox.messages) == 3
    assert {mailbox.inbox.flags_of(message.uid) for message in mailbox.messages} == {frozenset()}


def test_pop3_takes_a_message_away_from_an_imap_session():
    store, mailbox = a_store(*PLAIN)
    session = in_inbox(store)
    mailbox.remove([mailbox.messages[1].uid])
    converse(
        session,
        """
        C: a FETCH 2 RFC822.SIZE
        S: * 2 FETCH (RFC822.SIZE 26)
        S: a OK Fetch completed.
        C: b NOOP
        S: * 2 EXPUNGE
        S: * 2 RECENT
        S: b OK NOOP completed.
        """,
    )


# Folders --------------------------------------------------------------------------------------


def test_junk_is_a_folder_of_its_own_where_there_is_one():
    store, mailbox = a_store(*PLAIN)
    junk = mailbox.create_folder(JUNK, special_use="\\Junk")
    spam = junk.add(b"Subject: menang!\n\nklik\n", ARRIVED)
    session = logged_in(store)
    converse(
        session,
        """
        C: a LIST "" *
        S: * LIST (\\HasNoChildren) "." INBOX
        S: * LIST (\\HasNoChildren \\Junk) "." Junk
        S: a OK List completed.
        C: b STATUS Junk (MESSAGES UNSEEN UIDVALIDITY)
        S: * STATUS Junk (MESSAGES 1 UIDVALIDITY 8 UNSEEN 1)
        S: b OK Status completed.
        C: c EXAMINE Junk
        S: * FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)
        S: * OK [PERMANENTFLAGS ()] Read-only mailbox.
        S: * 1 EXISTS
        S: * 1 RECENT
        S: * OK [UNSEEN 1] First unseen.
        S: * OK [UIDVALIDITY 8] UIDs valid
        S: * OK [UIDNEXT 2] Predicted next UID
        S: c OK [READ-ONLY] Examine completed.
        C: d UNSELECT
        S: d OK Unselect completed.
        """,
    )
    assert spam.uid == "0000000100000008"
    assert len(mailbox.messages) == 3, "POP3 sees the INBOX alone"
    with pytest.raises(ValueError, match="already"):
        mailbox.create_folder("inbox")


def test_an_idling_client_is_told_once_of_all_that_has_come():
    store, mailbox = a_store(PLAIN[0])
    news: list[int] = []
    session = ImapSession(store, lambda: news.append(len(mailbox.messages)))
    session.receive(f"a LOGIN {CITRA} {PASSWORD}\r\nb SELECT INBOX\r\n".encode())
    mailbox.add(PLAIN[1])
    assert not news, "it does not idle yet"
    converse(
        session,
        """
        C: c IDLE
        S: + idling
        """,
    )
    mailbox.add(PLAIN[2])
    assert news == [3]
    told = session.push()
    assert told is not None
    assert (told.code, told.rule) == ("*", "imap.idle")
    assert told.lines == ("* 3 EXISTS", "* 3 RECENT")
    assert session.push() is None
    converse(
        session,
        """
        C: done
        S: c OK Idle completed.
        """,
    )
    mailbox.add(PLAIN[0])
    assert news == [3]
    session.hang_up()
    mailbox.add(PLAIN[0])
    assert session.push() is None


# Laws -----------------------------------------------------------------------------------------


def test_a_structure_has_the_parts_that_the_email_package_finds():
    parts = email.message_from_bytes(ATTACHMENTS).get_payload()
    children = read_entity(ATTACHMENTS).children
    assert len(children) == len(parts) == 3
    for one, part in zip(children, parts, strict=True):
        assert isinstance(part, email.message.Message)
        assert f"{one.media_type}/{one.subtype}" == part.get_content_type()
        assert one.body.decode().splitlines() == str(part.get_payload()).splitlines()
        said = ImapAnswer("*", (body_structure(one, extended=True),), "imap.fetch").lines[0]
        name = part.get_filename()
        assert (f'("attachment" ("filename" "{name}"))' in said) == (name is not None)


WORDS = st.sampled_from(
    [
        *("a", "b1", "UID", "FETCH", "STORE", "SEARCH", "SELECT", "EXAMINE", "INBOX", "LIST", "1"),
        *("1:*", "*", "2,1", "0", "(", ")", "FLAGS", "+FLAGS", "-FLAGS.SILENT", "\\Seen", "NOT"),
        *("\\Deleted", "BODY[]", "BODY.PEEK[1.2.MIME]<0.5>", "ALL", "FULL", "ENVELOPE", "OR", '""'),
        *("BODYSTRUCTURE", "EXPUNGE", "IDLE", "DONE", "CLOSE", "NOOP", "UNSEEN", "SUBJECT", '"x'),
        *(
            "{3}",
            "{2+}",
            "{0+}",
            "{99999}",
            "SINCE",
            "1-Jan-2026",
            "STATUS",
            "(MESSAGES)",
            "x[",
            "é",
        ),
        *("COPY", "MOVE", "Junk", "RETURN", "(SAVE)", "(MIN MAX)", "(STATUS", "(MESSAGES))", "$"),
        *("ENABLE", "IMAP4rev2", "NAMESPACE", "BINARY[1]", "BINARY.PEEK[]<0.3>", "BINARY.SIZE[2]"),
        *("AUTHENTICATE", "PLAIN", "=", "*%*", "HEADER", "CHARSET", "UTF-8", "LOGIN", "%", "\r\n"),
    ]
)
LINES = st.lists(
    st.one_of(
        st.lists(WORDS, max_size=8).map(lambda words: " ".join(words).encode() + b"\r\n"),
        st.lists(WORDS, max_size=6).map(lambda words: " ".join(["t", *words]).encode() + b"\r\n"),
        st.binary(max_size=60),
        st.binary(max_size=60).map(lambda octets: octets + b"\r\n"),
    ),
    max_size=25,
)


def test_a_session_survives_nothing_less_than_its_own_logout():
    session = in_inbox(a_store(*PLAIN)[0])
    (answer,) = session.receive(b"z LOGOUT\r\nz2 NOOP\r\n")
    assert answer.closes
    assert session.receive(b"z3 NOOP\r\n") == ()


@settings(max_examples=400, deadline=None)
@given(LINES, st.booleans())
def test_whatever_is_sent_is_answered_and_the_session_goes_on(lines: list[bytes], known: bool):
    store, mailbox = a_store(*PLAIN, ATTACHMENTS)
    session = in_inbox(store) if known else ImapSession(store)
    for line in lines:
        for answer in session.receive(line):
            assert answer.lines
            assert answer.octets().endswith(b"\r\n")
            assert imap_code(answer.lines) == answer.code
            assert answer.rule.startswith(("imap.", "auth."))
        session.push()
    # Whatever literal or line is still open ends after that many octets.
    session.receive(b"x" * 200_000 + b"\r\n")
    session.receive(b"\r\n*\r\n")
    if session.state is State.LOGOUT:  # the client's wish, or three mistakes before the log-in
        return
    (answer,) = session.receive(b"sehat NOOP\r\n")
    assert answer.lines[-1] == "sehat OK NOOP completed."
    numbers = [message.number for message in mailbox.messages]
    assert numbers == sorted(set(numbers))


@settings(max_examples=100, deadline=None)
@given(LINES, st.data())
def test_it_makes_no_difference_how_the_octets_arrive(lines: list[bytes], data: st.DataObject):
    octets = b"".join(lines)
    whole, pieces = (in_inbox(a_store(*PLAIN)[0]) for _ in range(2))
    at_once = [answer.octets() for answer in whole.receive(octets)]
    one_by_one: list[bytes] = []
    while octets:
        size = data.draw(st.integers(1, len(octets)))
        one_by_one += [answer.octets() for answer in pieces.receive(octets[:size])]
        octets = octets[size:]
    assert one_by_one == at_once


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(STRUCTURES), st.integers(0, 600))
def test_a_message_of_any_octets_has_an_envelope_and_a_structure(
    noise: bytes, mail: bytes, at: int
):
    store, mailbox = a_store(mail[:at] + noise + mail[at:])
    session = in_inbox(store)
    stored = mailbox.messages[0].octets
    asked = b"a UID FETCH 1 (ENVELOPE BODYSTRUCTURE BODY.PEEK[1.2] BODY.PEEK[HEADER] BODY[])\r\n"
    (answer,) = session.receive(asked)
    assert answer.code == "OK"
    assert answer.contents == (stored.replace(b"\0", b"\x80"),)
    for key in (b"TEXT isi", b"FROM x", b"SENTSINCE 1-Jan-2026", b"BODY isi"):
        (found,) = session.receive(b"b SEARCH " + key + b"\r\n")
        assert found.code == "OK"


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.sampled_from(["add", "del", "flag", "noop", "fetch"]))))
def test_two_sessions_agree_once_both_have_been_told(steps: list[tuple[bool, str]]):
    store, mailbox = a_store(*PLAIN)
    sessions = (in_inbox(store), in_inbox(store))
    for first, step in steps:
        session = sessions[not first]
        if step == "add":
            mailbox.add(PLAIN[0])
        elif step == "del":
            session.receive(b"a STORE 1 +FLAGS \\Deleted\r\nb EXPUNGE\r\n")
        elif step == "flag":
            session.receive(b"a STORE * +FLAGS penting\r\n")
        else:
            session.receive({"noop": b"a NOOP\r\n", "fetch": b"a FETCH 1 FLAGS\r\n"}[step])
    for session in sessions:
        session.receive(b"a NOOP\r\n")
        assert session.receive(b"b NOOP\r\n")[0].lines == ("b OK NOOP completed.",)
    seen = [session.receive(b"c UID SEARCH ALL\r\n")[0].lines[0] for session in sessions]
    numbers = "".join(f" {message.number}" for message in mailbox.messages)
    assert seen == [f"* SEARCH{numbers}"] * 2


def test_who_has_not_logged_in_may_be_mistaken_twice():
    session = ImapSession(a_store(*PLAIN)[0])
    said = [
        answer.lines[-1]
        for line in (b"a FOO", b"b CAPABILITY", b"c SELECT INBOX", b"d FOO")
        for answer in session.receive(line + b"\r\n")
    ]
    assert said == [
        "a BAD Error in IMAP command received by server.",
        "b OK Pre-login capabilities listed, post-login capabilities have more.",
        "c BAD Error in IMAP command received by server.",
        "* BYE Too many invalid IMAP commands.",
    ]
    assert session.state is State.LOGOUT
