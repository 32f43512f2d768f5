"""What others wrote can never drive the terminal that shows it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from simulator.views.safe import CUT, safe, safe_lines

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()), max_size=60)
HOSTILE = "a\x1b]52;c;ZXZpbA==\x1b\\b\x1b[2J\x9b31m\x00\u202e"


def is_harmless(character: str) -> bool:
    code = ord(character)
    return (
        code >= 0x20
        and not 0x7F <= code <= 0x9F
        and unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}
    )


@given(ANY_TEXT)
@example(HOSTILE)
@example("\ud800\U000e0041\u2028")
def test_nothing_that_comes_out_can_control_a_terminal(text: str) -> None:
    assert all(is_harmless(character) for character in safe(text))


@given(ANY_TEXT)
def test_lines_are_as_harmless_as_one_line(text: str) -> None:
    assert all(is_harmless(character) for line in safe_lines(text) for character in line)


@given(ANY_TEXT)
def test_making_safe_twice_changes_nothing(text: str) -> None:
    assert safe(safe(text)) == safe(text)


@given(ANY_TEXT, st.integers(min_value=1, max_value=70))
def test_a_limit_is_kept_and_what_is_missing_is_marked(text: str, limit: int) -> None:
    short = safe(text, limit=limit)
    assert len(short) <= limit
    assert (short == safe(text)) or short.endswith(CUT)


@given(ANY_TEXT)
def test_what_comes_out_can_be_written_to_any_file(text: str) -> None:
    safe(text).encode("utf-8")


@pytest.mark.parametrize(
    ("outside", "shown"),
    [
        ("\x1b]0;PWNED\x07", "␛]0;PWNED␇"),
        ("Subject: x\r\nBcc: v@x", "Subject: x␍␊Bcc: v@x"),
        ("\x9b31m", "⟨9B⟩31m"),
        ("\u202egpj.exe", "⟨U+202E⟩gpj.exe"),
        ("👩\u200d👧", "👩⟨U+200D⟩👧"),
        ("✉\ufe0f", "✉⟨U+FE0F⟩"),
        ("a\u2028b\u2029c", "a⟨U+2028⟩b⟨U+2029⟩c"),
        ("\udc80", "⟨U+DC80⟩"),
        ("\x7f", "␡"),
        ("a\tb", "a␉b"),
        ("[bold]Rapat é 日本[/]", "[bold]Rapat é 日本[/]"),
    ],
)
def test_hidden_characters_are_shown_and_the_rest_is_left_alone(outside: str, shown: str) -> None:
    assert safe(outside) == shown


def test_a_long_text_is_cut_where_it_stops_fitting() -> None:
    assert safe("Rapat Senin", limit=11) == "Rapat Senin"
    assert safe("Rapat Senin", limit=6) == "Rapat…"


def test_a_limit_without_room_for_the_mark_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="no room"):
        safe("Rapat", limit=0)


def test_lines_end_at_lf_and_crlf_but_a_lone_cr_is_shown() -> None:
    assert safe_lines("one\r\n\ttwo\nthr\ree\n") == ("one", "        two", "thr␍ee")


def test_no_text_has_no_lines() -> None:
    assert safe_lines("") == ()
