"""A message's octets on the wire and in hands."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from simulator.trace.event import Content
from simulator.trace.octets import octets_or_none, with_headers, without_dots
from tests.story import MESSAGE, ON_THE_WIRE

LINES = st.lists(st.binary(max_size=6).map(lambda line: line.replace(b"\r\n", b"")), max_size=8)


@given(LINES)
def test_what_was_dot_stuffed_line_by_line_comes_back(lines: list[bytes]) -> None:
    text = b"".join(line + b"\r\n" for line in lines)
    whole_lines = text.split(b"\r\n")[:-1]
    sent = b"".join(
        (b"." if line.startswith(b".") else b"") + line + b"\r\n" for line in whole_lines
    )
    assert without_dots(sent + b".\r\n") == text


def test_the_final_dot_goes_and_the_other_dots_stay() -> None:
    assert without_dots(ON_THE_WIRE) == MESSAGE
    assert without_dots(b".\r\n") == b""
    assert without_dots(b"") == b""
    assert without_dots(b"..\r\n...\r\n.\r\n") == b".\r\n..\r\n"
    assert without_dots(b"cut off") == b"cut off"
    assert without_dots(b"a\n.\nb\r\n.\r\n") == b"a\n.\nb\r\n"  # only CRLF ends a line


def test_header_fields_go_to_the_top_or_to_the_end_of_the_block() -> None:
    new = (("X-A", "1\r\n\t2"), ("X-B", "é"))
    block = "X-A: 1\r\n\t2\r\nX-B: é\r\n".encode()
    assert with_headers(b"A: b\r\n\r\nbody", new, "top") == block + b"A: b\r\n\r\nbody"
    assert with_headers(b"A: b\r\n\r\nbody", new, "bottom") == b"A: b\r\n" + block + b"\r\nbody"
    assert with_headers(b"\r\nbody", new, "bottom") == block + b"\r\nbody"
    assert with_headers(b"A: b\r\n", new, "bottom") == b"A: b\r\n" + block


def test_broken_base64_is_no_octets() -> None:
    for data in ("=", "AAA", "é", "A===", "\ud800"):
        assert octets_or_none(Content(conn=1, peer="x", data=data, encoding="base64")) is None
    assert octets_or_none(Content(conn=1, peer="x", data="\ud800")) is None
    assert octets_or_none(Content(conn=1, peer="x", data="/w==", encoding="base64")) == b"\xff"
