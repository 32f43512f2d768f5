"""Mailboxes: what arrives stays, under names that last, until its owner deletes it."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from simulator.mail.mailbox import Mailbox, MailStore, StoredMessage


def test_messages_lie_in_the_order_in_which_they_came() -> None:
    mailbox = Mailbox("citra@kantor.example", "rahasia", uid_validity=0x6B0420E2)
    assert mailbox.add(b"satu\r\n") == "000000016b0420e2"
    assert mailbox.add(b"dua\r\n") == "000000026b0420e2"
    assert mailbox.messages == (
        StoredMessage("000000016b0420e2", b"satu\r\n"),
        StoredMessage("000000026b0420e2", b"dua\r\n"),
    )


@settings(max_examples=1500, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.booleans()))
def test_a_unique_id_is_never_given_twice(removals: list[bool]) -> None:
    mailbox = Mailbox("citra@kantor.example", "rahasia")
    given_out = []
    for remove in removals:
        given_out.append(mailbox.add(b"isi\r\n"))
        if remove:
            mailbox.remove(given_out[-1:])
    assert len(set(given_out)) == len(given_out)
    kept = [uid for uid, removed in zip(given_out, removals, strict=True) if not removed]
    assert [message.uid for message in mailbox.messages] == kept


def test_what_is_stored_has_whole_lines() -> None:
    mailbox = Mailbox("citra@kantor.example", "rahasia")
    mailbox.add(b"Subject: x\n\nisi\n.\nlagi")
    assert mailbox.messages[0].octets == b"Subject: x\r\n\r\nisi\r\n.\r\nlagi\r\n"


def test_removing_what_is_not_there_removes_nothing() -> None:
    mailbox = Mailbox("citra@kantor.example", "rahasia")
    uid = mailbox.add(b"isi\r\n")
    mailbox.remove(("tidak ada",))
    assert [message.uid for message in mailbox.messages] == [uid]


def test_only_one_session_at_a_time_has_a_mailbox() -> None:
    mailbox = Mailbox("citra@kantor.example", "rahasia")
    assert mailbox.lock()
    assert not mailbox.lock()
    assert mailbox.locked
    mailbox.unlock()
    assert not mailbox.locked
    assert mailbox.lock()


def test_mail_arrives_in_a_locked_mailbox_too() -> None:
    mailbox = Mailbox("citra@kantor.example", "rahasia")
    mailbox.lock()
    mailbox.add(b"isi\r\n")
    assert len(mailbox.messages) == 1


@pytest.mark.parametrize("wrong", [0, -1, 1 << 32])
def test_a_uid_validity_is_a_number_of_32_bits(wrong: int) -> None:
    with pytest.raises(ValueError, match="uid_validity"):
        Mailbox("citra@kantor.example", "rahasia", uid_validity=wrong)


def test_a_store_finds_mailboxes_whatever_the_letter_case() -> None:
    store = MailStore(uid_validity=7)
    citra = store.create("Citra@Kantor.example", "rahasia")
    dedi = store.create("dedi@kantor.example", "lain")
    assert store["citra@kantor.EXAMPLE"] is citra
    assert "CITRA@kantor.example" in store
    assert "siapa@kantor.example" not in store
    assert list(store) == [citra, dedi]
    assert len(store) == 2
    assert citra.add(b"isi\r\n") == "0000000100000007"
    with pytest.raises(KeyError):
        store["siapa@kantor.example"]
    with pytest.raises(ValueError, match="already"):
        store.create("citra@kantor.example", "x")


def test_user_and_password_open_a_mailbox_together() -> None:
    store = MailStore()
    citra = store.create("citra@kantor.example", "rahasia é")
    assert store.login("citra@kantor.example", "rahasia é") is citra
    assert store.login("citra@kantor.example", "salah") is None
    assert store.login("siapa@kantor.example", "rahasia é") is None
    assert store.login("citra@kantor.example", "") is None
