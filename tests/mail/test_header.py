"""Header fields found, read and written, whatever the octets (RFC 5322 section 2.2)."""

from __future__ import annotations

import email
import email.policy

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from simulator.mail.header import (
    field_line,
    fields_of,
    header_block,
    prepend,
    split_header,
    subject_of,
)

STORED = (
    b"Return-Path: <ani@kampus.example>\r\n"
    b"Received: from smtp.kampus.example (smtp.kampus.example [10.77.0.25])\r\n"
    b"\tby mx1.kantor.example (Postfix) with ESMTP id DEF2A164124\r\n"
    b"\tfor <citra@kantor.example>; Mon, 23 Nov 2026 10:19:19 +0000 (UTC)\r\n"
    b"Subject: Rapat Senin\r\n"
    b"\r\n"
    b"Halo: ini bukan header\r\n"
)


def test_fields_come_in_order_with_their_folding() -> None:
    assert fields_of(STORED) == (
        ("Return-Path", "<ani@kampus.example>"),
        (
            "Received",
            (
                "from smtp.kampus.example (smtp.kampus.example [10.77.0.25])\r\n"
                "\tby mx1.kantor.example (Postfix) with ESMTP id DEF2A164124\r\n"
                "\tfor <citra@kantor.example>; Mon, 23 Nov 2026 10:19:19 +0000 (UTC)"
            ),
        ),
        ("Subject", "Rapat Senin"),
    )


def test_header_and_body_are_told_apart_by_the_first_empty_line() -> None:
    header, body = split_header(STORED)
    assert header + b"\r\n" + body == STORED
    assert header == header_block(STORED)
    assert body == b"Halo: ini bukan header\r\n"


@pytest.mark.parametrize(
    ("octets", "fields"),
    [
        (b"", ()),
        (b"\r\nbody", ()),
        (b"no header at all", ()),
        (b" folded: what?\r\nSubject: x\r\n", ()),
        (b"Subject: x", (("Subject", "x"),)),
        (b"Subject:x\nTo:y\n\nz", (("Subject", "x"), ("To", "y"))),
        (b"Subject : old\r\n", (("Subject", "old"),)),
        (b"Subject: x\r\nbroken line\r\nTo: y\r\n", (("Subject", "x"),)),
        (b"X: \xff\r\n", (("X", "\xff"),)),
        ("X: é\r\n".encode(), (("X", "é"),)),
        (b": no name\r\n", ()),
    ],
)
def test_broken_headers_are_read_as_far_as_they_go(
    octets: bytes, fields: tuple[tuple[str, str], ...]
) -> None:
    assert fields_of(octets) == fields


@given(st.binary())
@example(b"Received: a\r\n\tb\r\n" * 1000)
def test_reading_a_header_never_fails_and_loses_nothing(octets: bytes) -> None:
    header, body = split_header(octets)
    assert octets in {header + body, header + b"\n" + body, header + b"\r\n" + body}
    assert len(fields_of(octets)) <= octets.count(b":")
    assert isinstance(subject_of(octets), str)


def test_a_server_writes_its_fields_on_top_and_changes_nothing_below() -> None:
    stamped = prepend(STORED, (("Delivered-To", "citra@kantor.example"), ("X-Two", "a\r\n\tb")))
    assert stamped == b"Delivered-To: citra@kantor.example\r\nX-Two: a\r\n\tb\r\n" + STORED
    assert prepend(STORED, ()) == STORED


def test_a_body_without_a_header_does_not_become_one() -> None:
    assert prepend(b" halo\r\n", (("Received", "x"),)) == b"Received: x\r\n\r\n halo\r\n"
    assert prepend(b"halo\r\n", (("Received", "x"),)) == b"Received: x\r\n\r\nhalo\r\n"
    assert prepend(b"\r\nhalo\r\n", (("Received", "x"),)) == b"Received: x\r\n\r\nhalo\r\n"
    assert prepend(b"", (("Received", "x"),)) == b"Received: x\r\n"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Subject", "x\r\nBcc: v@x"),
        ("Subject", "x\nBcc: v@x"),
        ("Subject", "x\rBcc: v@x"),
        ("Subject", "x\r\n"),
        ("Subject", "x\r\n\r\nbody"),
        ("Sub ject", "x"),
        ("Subject:", "x"),
        ("", "x"),
        ("Sübject", "x"),
        ("X\r\nY", "x"),
    ],
)
def test_a_field_that_would_become_two_is_refused(name: str, value: str) -> None:
    with pytest.raises(ValueError, match="header field"):
        field_line(name, value)


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_a_field_that_is_written_reads_as_one(value: str) -> None:
    try:
        line = field_line("X-Any", value)
    except ValueError:
        return
    assert fields_of(line + b"\r\nbody") == (("X-Any", value),)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (b"Rapat Senin", "Rapat Senin"),
        (b"=?utf-8?q?Rapat_=E2=80=94_Senin?=", "Rapat — Senin"),
        (b"=?utf-8?b?UmFwYXQg?=\r\n =?utf-8?b?U2VuaW4=?=", "Rapat Senin"),
        (b"folded\r\n line", "folded line"),
        (b"=?utf-8?x?a?=", "=?utf-8?x?a?="),
        (b"=?utf-8?q?=FF?=", "\N{REPLACEMENT CHARACTER}"),
        (b"=?no-such-charset?q?x?=", "x"),
        (b"=?utf-8?q?two=0D=0Alines?=", "two lines"),
        ("langsung é".encode(), "langsung é"),
        (b"\xe9", "\xe9"),
    ],
)
def test_a_subject_is_decoded_for_display(raw: bytes, shown: str) -> None:
    assert subject_of(b"To: a@b.example\r\nsubject: " + raw + b"\r\n\r\nbody") == shown


WORDS = (
    *(b"=?", b"?=", b"utf-8", b"?q?", b"?b?", b"=41", b"=FF", b"QQ==", b"!", b" ", b"_", b"="),
    *(b"\r\n ", b"\t", b"x", b"\xc3", b"utf-7", b"rot13", b"*en", b"=0A", b"\x00", b"punycode"),
)


@given(st.lists(st.sampled_from(WORDS), max_size=12))
def test_no_subject_however_broken_stops_the_reader(pieces: list[bytes]) -> None:
    shown = subject_of(b"Subject: " + b"".join(pieces) + b"\r\n\r\n")
    assert len(shown.splitlines()) <= 1
    assert shown.encode("utf-8").decode("utf-8") == shown


def test_a_message_without_a_subject_has_an_empty_one() -> None:
    assert subject_of(b"To: a@b.example\r\n\r\nSubject: not this one\r\n") == ""


def test_the_email_package_reads_the_same_fields() -> None:
    judge = email.message_from_bytes(STORED, policy=email.policy.compat32)
    assert [name for name, _ in fields_of(STORED)] == judge.keys()
    assert [value for _, value in fields_of(STORED)] == judge.values()
