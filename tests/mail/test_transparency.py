"""Dots and line ends on the wire (RFC 5321 sections 2.3.8 and 4.5.2)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.mail.transparency import as_content, dot_stuff, dot_unstuff, with_crlf

LINES = st.lists(st.sampled_from([b"", b".", b"..", b".titik", b"a.b", b"\xff", b"halo"]))


@pytest.mark.parametrize(
    ("line", "sent"),
    [
        (b".", b".."),
        (b"..", b"..."),
        (b".titik di depan", b"..titik di depan"),
        (b"...tiga", b"....tiga"),
        (b"tengah . titik", b"tengah . titik"),
        (b"", b""),
    ],
)
def test_a_line_that_starts_with_a_dot_gets_one_more(line: bytes, sent: bytes) -> None:
    assert dot_stuff(b"baris satu\r\n" + line + b"\r\n") == b"baris satu\r\n" + sent + b"\r\n"
    assert dot_stuff(line + b"\r\nakhir\r\n") == sent + b"\r\nakhir\r\n"


def test_content_without_a_line_end_gets_one_before_the_final_dot() -> None:
    assert as_content(b"isi") == b"isi\r\n.\r\n"
    assert as_content(b"isi\r\n") == b"isi\r\n.\r\n"
    assert as_content(b"") == b".\r\n"


@given(LINES)
def test_stuffing_is_undone_exactly(lines: list[bytes]) -> None:
    content = b"".join(line + b"\r\n" for line in lines)
    assert dot_unstuff(dot_stuff(content)) == content
    assert dot_unstuff(as_content(content)) == content


@given(st.binary())
def test_any_octets_come_back_with_at_most_a_line_end_more(octets: bytes) -> None:
    whole = octets if not octets or octets.endswith(b"\r\n") else octets + b"\r\n"
    assert dot_unstuff(dot_stuff(octets)) == whole


@given(st.lists(st.sampled_from([b"\r", b"\n", b"\r\n", b".", b"x"])))
def test_only_the_last_line_of_sent_content_is_a_lone_dot(pieces: list[bytes]) -> None:
    sent = as_content(with_crlf(b"".join(pieces)))
    assert [n for n, line in enumerate(sent.split(b"\r\n")) if line == b"."] == [
        sent.count(b"\r\n") - 1
    ]


@pytest.mark.parametrize(
    "ending",
    [b"\n.\n", b"\n.\r\n", b"\r\n.\n", b"\r.\r", b"\r\n.\r", b"\r.\r\n", b"\r\n.\0\r\n"],
)
def test_a_smuggled_end_of_data_stays_inside_the_message(ending: bytes) -> None:
    message = b"isi" + ending + b"MAIL FROM:<evil@a>\r\n"
    sent = as_content(with_crlf(message))
    assert sent.count(b"\r\n.\r\n") == 1
    assert sent.endswith(b"\r\n.\r\n")
    assert sent.replace(b"\r\n", b"").count(b"\n") == 0
    assert sent.replace(b"\r\n", b"").count(b"\r") == 0


@given(st.binary())
def test_lines_end_in_crlf_and_in_nothing_else(octets: bytes) -> None:
    normal = with_crlf(octets)
    assert with_crlf(normal) == normal
    assert normal.count(b"\r") == normal.count(b"\n") == normal.count(b"\r\n")
    assert normal.replace(b"\r\n", b"") == octets.replace(b"\r", b"").replace(b"\n", b"")
