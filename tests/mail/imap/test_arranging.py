"""Whoever has a mailbox makes folders, names them anew, and takes them away."""

from __future__ import annotations

from simulator.mail.imap.answer import Moved
from simulator.mail.mailbox import Taken
from tests.mail.imap.mails import PLAIN
from tests.mail.imap.test_server import CITRA, a_store, converse, in_inbox


def test_what_lies_in_a_folder_goes_where_the_folder_goes():
    session = in_inbox(a_store(*PLAIN)[0])
    answers = converse(
        session,
        """
        C: a CREATE Arsip.2026
        S: a OK Create completed.
        C: b COPY 1:2 Arsip.2026
        S: b OK [COPYUID 8 1:2 1:2] Copy completed.
        C: c RENAME Arsip Lama
        S: c NO [NONEXISTENT] Mailbox doesn't exist: Arsip
        C: d CREATE Arsip
        S: d OK Create completed.
        C: e RENAME Arsip Lama
        S: e OK Rename completed.
        C: f LIST "" *
        S: * LIST (\\HasNoChildren) "." INBOX
        S: * LIST (\\HasChildren) "." Lama
        S: * LIST (\\HasNoChildren) "." Lama.2026
        S: f OK List completed.
        C: g DELETE Lama.2026
        S: g OK Delete completed.
        C: h CREATE Lama.2026
        S: h OK Create completed.
        C: i STATUS Lama.2026 (MESSAGES UIDVALIDITY)
        S: * STATUS Lama.2026 (MESSAGES 0 UIDVALIDITY 10)
        S: i OK Status completed.
        """,
    )
    uids = ("0000000100000008", "0000000200000008")
    assert [deed for answer in answers for deed in answer.deeds] == [
        *(Moved(CITRA, uid, "Lama.2026", uid) for uid in uids),
        *(Taken(CITRA, uid, "deleted") for uid in uids),
    ]


def test_inbox_that_is_renamed_is_emptied_and_stays():
    answers = converse(
        in_inbox(a_store(PLAIN[0])[0]),
        """
        C: a RENAME inbox Semua
        S: * 1 EXPUNGE
        S: * 0 RECENT
        S: a OK Rename completed.
        C: b STATUS Semua (MESSAGES)
        S: * STATUS Semua (MESSAGES 1)
        S: b OK Status completed.
        """,
    )
    moved = Moved(CITRA, "0000000100000007", "Semua", "0000000100000008")
    assert [deed for answer in answers for deed in answer.deeds] == [moved]


def test_no_folder_has_a_name_that_means_something_else():
    converse(
        in_inbox(a_store()[0]),
        """
        C: a CREATE a*
        S: a NO [CANNOT] Invalid mailbox name: a*
        C: b CREATE "a..b"
        S: b NO [CANNOT] Invalid mailbox name: a..b
        C: c CREATE InBox
        S: c NO [ALREADYEXISTS] Mailbox already exists.
        C: d DELETE InBox
        S: d NO [CANNOT] INBOX can't be deleted.
        C: e CREATE a
        S: e OK Create completed.
        C: f RENAME a a.b
        S: f NO [CANNOT] No folder can lie in itself.
        C: g LSUB "" *
        S: * LSUB () "." INBOX
        S: g OK Lsub completed.
        """,
    )
