"""IMAP4rev2 (RFC 9051) as conversations, and what a client of IMAP4rev1 may use of it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from simulator.mail.imap.answer import as_set
from simulator.mail.imap.server import ImapSession
from simulator.mail.imap.syntax import number_set
from simulator.mail.mailbox import JUNK, Mailbox, MailStore
from tests.mail.imap.mails import PLAIN
from tests.mail.imap.test_server import ARRIVED, a_store, converse, in_inbox, logged_in

PHOTO = (
    b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
    b"--b\r\nContent-Type: text/plain; charset=utf-8\r\n"
    b"Content-Transfer-Encoding: quoted-printable\r\n\r\nkaf=C3=A9\r\n"
    b"--b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\nAAECAw==\r\n"
    b"--b\r\nContent-Transfer-Encoding: x-uuencode\r\n\r\nM\r\n--b--\r\n"
)


def with_junk() -> tuple[MailStore, Mailbox]:
    store, mailbox = a_store(*PLAIN)
    junk = mailbox.create_folder(JUNK, special_use="\\Junk")
    junk.add(b"Subject: menang!\n\nklik\n", ARRIVED)
    return store, mailbox


def enabled(store: MailStore) -> ImapSession:
    session = logged_in(store)
    (answer,) = session.receive(b"e ENABLE CONDSTORE imap4REV2\r\n")
    assert answer.lines == ("* ENABLED IMAP4rev2", "e OK Enabled.")
    return session


# What ENABLE changes --------------------------------------------------------------------------


def test_after_enable_select_names_the_folder_and_nobody_hears_of_recent():
    store, mailbox = a_store(*PLAIN)
    session = enabled(store)
    converse(
        session,
        """
        C: a ENABLE IMAP4rev2
        S: a OK Enabled.
        C: b SELECT inbox
        S: * FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)
        S: * OK [PERMANENTFLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft \\*)]
        S+ Flags permitted.
        S: * 3 EXISTS
        S: * OK [UIDVALIDITY 7] UIDs valid
        S: * OK [UIDNEXT 4] Predicted next UID
        S: * LIST (\\HasNoChildren) "." INBOX
        S: b OK [READ-WRITE] Select completed.
        C: c FETCH 1 FLAGS
        S: * 1 FETCH (FLAGS ())
        S: c OK Fetch completed.
        C: d STATUS INBOX (MESSAGES RECENT)
        S: d BAD Error in IMAP command STATUS: Invalid status item RECENT.
        C: e STATUS INBOX (SIZE DELETED MESSAGES)
        S: * STATUS INBOX (MESSAGES 3 DELETED 0 SIZE 233)
        S: e OK [CLIENTBUG] Status completed.
        """,
    )
    mailbox.add(PLAIN[1])
    converse(
        session,
        """
        C: f NOOP
        S: * 4 EXISTS
        S: f OK NOOP completed.
        """,
    )


def test_enable_counts_for_the_folder_that_is_open_too():
    store, mailbox = a_store(*PLAIN)
    session = in_inbox(store)
    mailbox.remove([mailbox.messages[0].uid])
    converse(
        session,
        """
        C: a ENABLE IMAP4rev2
        S: * ENABLED IMAP4rev2
        S: * 1 EXPUNGE
        S: a OK Enabled.
        """,
    )


def test_after_enable_a_search_is_answered_by_a_set():
    session = enabled(a_store(*PLAIN)[0])
    session.receive(b"s SELECT INBOX\r\ns STORE 2 +FLAGS (\\Seen)\r\n")
    converse(
        session,
        """
        C: a SEARCH UNSEEN
        S: * ESEARCH (TAG "a") ALL 1,3
        S: a OK Search completed.
        C: b UID SEARCH ALL
        S: * ESEARCH (TAG "b") UID ALL 1:3
        S: b OK Search completed.
        C: c SEARCH DRAFT
        S: * ESEARCH (TAG "c")
        S: c OK Search completed.
        """,
    )


# What an IMAP4rev1 client may use -------------------------------------------------------------


def test_a_search_may_return_ends_and_counts_and_keep_what_it_found():
    session = in_inbox(a_store(*PLAIN)[0])
    converse(
        session,
        """
        C: a SEARCH ALL
        S: * SEARCH 1 2 3
        S: a OK Search completed.
        C: b SEARCH RETURN () 2:3
        S: * ESEARCH (TAG "b") ALL 2:3
        S: b OK Search completed.
        C: c SEARCH RETURN (MIN COUNT) ALL
        S: * ESEARCH (TAG "c") MIN 1 COUNT 3
        S: c OK Search completed.
        C: d UID SEARCH RETURN (MAX COUNT) DRAFT
        S: * ESEARCH (TAG "d") UID COUNT 0
        S: d OK Search completed.
        C: e SEARCH RETURN (SAVE) 1,3
        S: e OK Search completed.
        C: f FETCH $ UID
        S: * 1 FETCH (UID 1)
        S: * 3 FETCH (UID 3)
        S: f OK Fetch completed.
        C: g UID SEARCH $ 2:3
        S: * SEARCH 3
        S: g OK Search completed.
        C: h SEARCH RETURN (SAVE MIN) UID $
        S: * ESEARCH (TAG "h") MIN 1
        S: h OK Search completed.
        C: i STORE $ +FLAGS.SILENT (\\Deleted)
        S: i OK Store completed.
        C: j UID EXPUNGE $
        S: * 1 EXPUNGE
        S: * 2 RECENT
        S: j OK Expunge completed.
        C: k FETCH $ UID
        S: k OK Fetch completed.
        C: l SEARCH RETURN (FOO) ALL
        S: l BAD Error in IMAP command SEARCH: Unknown SEARCH return option.
        """,
    )


@given(st.sets(st.integers(1, 60)))
def test_numbers_written_as_a_set_are_read_as_the_same_numbers(numbers: set[int]):
    written = number_set(as_set(sorted(numbers)))
    if not numbers:
        assert written is None
    else:
        assert written is not None
        assert set(written.among(range(1, 61))) == numbers


def test_list_tells_special_uses_subscriptions_and_numbers():
    session = logged_in(with_junk()[0])
    converse(
        session,
        """
        C: a LIST "" "*" RETURN (SUBSCRIBED STATUS (MESSAGES UNSEEN))
        S: * LIST (\\Subscribed) "." INBOX
        S: * STATUS INBOX (MESSAGES 3 UNSEEN 3)
        S: * LIST (\\Subscribed) "." Junk
        S: * STATUS Junk (MESSAGES 1 UNSEEN 1)
        S: a OK List completed.
        C: b LIST (SPECIAL-USE) "" (INBOX "J%")
        S: * LIST (\\Junk) "." Junk
        S: b OK List completed.
        C: c LIST (RECURSIVEMATCH) "" "*"
        S: c BAD Error in IMAP command LIST: RECURSIVEMATCH must not be the only selection option.
        C: d LIST "" "*" RETURN (STATUS)
        S: d BAD Error in IMAP command LIST: Invalid arguments.
        C: e LIST "" "*" RETURN (FOO)
        S: e BAD Error in IMAP command LIST: Unknown return option FOO.
        C: f NAMESPACE
        S: * NAMESPACE (("" ".")) NIL NIL
        S: f OK Namespace completed.
        C: g SUBSCRIBE Junk
        S: g OK Subscribe completed.
        C: h SUBSCRIBE Arsip
        S: h NO [NONEXISTENT] Mailbox doesn't exist: Arsip
        C: i UNSUBSCRIBE Junk
        S: i OK Unsubscribe completed.
        """,
    )


def test_a_message_is_moved_out_of_junk_in_one_step():
    store, mailbox = with_junk()
    session = logged_in(store)
    session.receive(b"s SELECT Junk\r\ns STORE 1 +FLAGS.SILENT (\\Seen)\r\n")
    answers = converse(
        session,
        """
        C: a MOVE 1 Arsip
        S: a NO [TRYCREATE] Mailbox doesn't exist: Arsip
        C: b MOVE 1 INBOX
        S: * OK [COPYUID 7 1 4] Moved UIDs.
        S: * 1 EXPUNGE
        S: * 0 RECENT
        S: b OK Move completed.
        C: c UID MOVE 1 INBOX
        S: c OK Move completed.
        C: d MOVE 1 INBOX
        S: d BAD Error in IMAP command MOVE: Invalid messageset.
        """,
    )
    (moved,) = [one for answer in answers for one in answer.deeds]
    assert (moved.uid, moved.folder, moved.new_uid) == (
        "0000000100000008",
        "INBOX",
        "0000000400000007",
    )
    *_, last = mailbox.messages
    assert last.octets == b"Subject: menang!\r\n\r\nklik\r\n"
    assert last.arrived == ARRIVED
    assert mailbox.inbox.flags_of(last.uid) == {"\\Seen"}
    assert mailbox.folder(JUNK).messages == ()


def test_a_copy_is_a_message_of_its_own_and_an_examined_folder_gives_nothing_away():
    store, mailbox = with_junk()
    session = logged_in(store)
    session.receive(b"s EXAMINE INBOX\r\n")
    converse(
        session,
        """
        C: a UID COPY 1,3 Junk
        S: a OK [COPYUID 8 1,3 2:3] Copy completed.
        C: b MOVE 1 Junk
        S: b NO [NOPERM] Mailbox is read-only.
        C: c UID COPY 9 Junk
        S: c OK Copy completed.
        C: d COPY 1
        S: d BAD Error in IMAP command COPY: Invalid arguments.
        """,
    )
    assert len(mailbox.folder(JUNK).messages) == 3
    assert len(mailbox.messages) == 3


def test_a_part_can_be_had_without_its_transfer_encoding():
    session = in_inbox(a_store(PHOTO)[0])
    converse(
        session,
        """
        C: a FETCH 1 (BINARY.SIZE[1] BINARY.SIZE[2] BINARY.PEEK[1])
        S: * 1 FETCH (BINARY.SIZE[1] 5 BINARY.SIZE[2] 4 BINARY[1] {5}
        S: kafé)
        S: a OK Fetch completed.
        C: b FETCH 1 BINARY.PEEK[1]<1.2>
        S: * 1 FETCH (BINARY[1]<1> {2}
        S: af)
        S: b OK Fetch completed.
        C: c FETCH 1 BINARY.PEEK[9]
        S: * 1 FETCH (BINARY[9] {0}
        S: )
        S: c OK Fetch completed.
        C: d FETCH 1 BINARY.PEEK[3]
        S: d NO [UNKNOWN-CTE] This encoding is not known here.
        C: e FETCH 1 BINARY.SIZE[1]<0.1>
        S: e BAD Error in IMAP command FETCH: Invalid BINARY[..] section.
        """,
    )
    (answer,) = session.receive(b"f FETCH 1 BINARY[2]\r\n")
    said = b"* 1 FETCH (FLAGS (\\Seen \\Recent) BINARY[2] ~{4}\r\n\0\1\2\3)\r\n"
    assert answer.octets().startswith(said)
