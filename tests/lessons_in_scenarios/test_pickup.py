"""Picking mail up: one device or two, by POP3 or IMAP, asked for or waited for, or typed."""

from __future__ import annotations

from simulator.trace.event import Fetched, Read
from tests.lessons_in_scenarios.played import play

CITRA, PHONE = "pc-citra.kantor.example", "phone-citra.kantor.example"


def test_what_the_computer_deletes_by_pop3_is_not_there_for_the_phone() -> None:
    run = play("two-devices-pop3")
    run.shows("""
        pc-citra.kantor.example     C: RETR 1
        pc-citra.kantor.example     C: DELE 1
        mail.kantor.example         S: +OK Logging out, messages deleted.
        pc-citra.kantor.example     shows m1: Rapat Senin
        phone-citra.kantor.example  calls mail.kantor.example, port 143
        mail.kantor.example         S: * FLAGS
        phone-citra.kantor.example  C: a3 UID SEARCH ALL
        mail.kantor.example         S: * SEARCH / a3 OK
        phone-citra.kantor.example  C: a4 LOGOUT
    """)
    assert [event.host for event in run.events if isinstance(event.fact, Read)] == [CITRA]


def test_by_imap_both_devices_show_the_mail_and_share_the_mark_that_it_is_read() -> None:
    run = play("two-devices-imap")
    run.shows(r"""
        pc-citra.kantor.example     C: a3 UID SEARCH UNSEEN
        mail.kantor.example         S: * 1 FETCH (UID 1 FLAGS (\Seen \Recent) ENVELOPE
        pc-citra.kantor.example     shows m1: Rapat Senin
        phone-citra.kantor.example  C: a3 UID SEARCH ALL
        mail.kantor.example         S: * 1 FETCH (UID 1 FLAGS (\Seen) ENVELOPE
        phone-citra.kantor.example  shows m1: Rapat Senin
    """)
    fetched = [(e.host, e.fact.kept) for e in run.events if isinstance(e.fact, Fetched)]
    assert fetched == [(CITRA, True), (PHONE, True)]


def test_a_phone_that_sits_in_idle_is_told_as_soon_as_mail_is_stored() -> None:
    run = play("idle-phone")
    run.shows("""
        phone-citra.kantor.example  C: a4 IDLE
        mail.kantor.example         S: + idling
        pc-ani.kampus.example       writes m2
        mail.kantor.example         stores m2 for citra@kantor.example
        mail.kantor.example         S: * 1 EXISTS
        phone-citra.kantor.example  C: DONE
        phone-citra.kantor.example  C: a6 UID FETCH 1
        phone-citra.kantor.example  shows m2: Rapat Senin
        phone-citra.kantor.example  C: a7 IDLE
        phone-citra.kantor.example  C: DONE
        phone-citra.kantor.example  C: a8 LOGOUT
    """)
    stored, shown = (
        next(line.at for line in run.lines if line.text.startswith(words))
        for words in ("stores m2", "shows m2")
    )
    assert shown - stored < 100_000, "a tenth of a second"


def test_pop3_by_hand_shows_that_dele_alone_deletes_nothing() -> None:
    run = play("pop3-by-hand")
    run.shows("""
        mail.kantor.example      stores m1 for citra@kantor.example
        pc-citra.kantor.example  C: UIDL
        mail.kantor.example      S: +OK / 1 00000001
        pc-citra.kantor.example  C: TOP 1 0
        pc-citra.kantor.example  C: DELE 1
        mail.kantor.example      S: +OK Marked to be deleted.
        pc-citra.kantor.example  C: RETR 1
        mail.kantor.example      S: -ERR Message is deleted.
        pc-citra.kantor.example  C: RSET
        pc-citra.kantor.example  C: RETR 1
        mail.kantor.example      S: +OK 776 octets
        mail.kantor.example      S: +OK Logging out.
    """)


def test_imap_by_hand_reads_searches_flags_and_expunges() -> None:
    run = play("imap-by-hand")
    run.shows(r"""
        pc-citra.kantor.example  C: a4 FETCH 1 (FLAGS ENVELOPE RFC822.SIZE)
        mail.kantor.example      S: * 1 FETCH (FLAGS (\Recent) RFC822.SIZE 776 ENVELOPE (
        pc-citra.kantor.example  C: a6 SEARCH UNSEEN
        mail.kantor.example      S: * SEARCH 1 /
        pc-citra.kantor.example  C: a7 FETCH 1 BODY[TEXT]
        mail.kantor.example      S: * 1 FETCH (FLAGS (\Seen \Recent) BODY[TEXT]
        pc-citra.kantor.example  C: a8 SEARCH UNSEEN
        mail.kantor.example      S: * SEARCH /
        pc-citra.kantor.example  C: a9 STORE 1
        mail.kantor.example      S: * 1 FETCH (FLAGS (\Flagged \Deleted \Seen \Recent))
        pc-citra.kantor.example  C: b1 EXPUNGE
        mail.kantor.example      S: * 1 EXPUNGE
        pc-citra.kantor.example  C: b2 SEARCH ALL
        mail.kantor.example      S: * SEARCH / b2 OK
    """)
