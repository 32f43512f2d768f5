"""Questions to the DNS: each put once, answers read as what they are."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.mail.authentication.inquiry import (
    DnsFailure,
    Inquiry,
    Recall,
    askable,
    strings_of,
    txt_data,
)
from simulator.mail.host_names import a_labels
from tests.mail.authentication.zones import Zones, now, texts

ZONES = {
    "kampus.example": {**texts("v=spf1 mx -all"), "MX": ["10 smtp.kampus.example."]},
    "smtp.kampus.example": {"A": ["203.0.113.25"]},
    "silent.example": {"FAILS": ["SERVFAIL"]},
}


def test_work_that_waits_for_nobody_is_run_again_until_it_asks_nothing_new() -> None:
    zones = Zones(ZONES)
    runs = []

    def addresses(recall: Recall) -> tuple[str, ...]:
        runs.append(len(zones.asked))
        host = recall("kampus.example", "MX")[0].split()[1]
        return recall(host, "A")

    assert now(Inquiry(zones.lookup).settle(addresses)) == ("203.0.113.25",)
    assert zones.asked == ["MX kampus.example", "A smtp.kampus.example"]
    assert runs == [0, 1, 2]


def test_a_question_whose_signal_was_swallowed_is_asked_all_the_same() -> None:
    zones = Zones(ZONES)

    def careless(recall: Recall) -> str:
        with suppress(Exception):
            return recall("kampus.example", "TXT")[0]
        return "without it"

    assert now(Inquiry(zones.lookup).settle(careless)) == '"v=spf1 mx -all"'


def test_a_question_is_put_once_whoever_asks_and_in_whatever_case() -> None:
    zones = Zones(ZONES)
    inquiry = Inquiry(zones.lookup)

    async def twice() -> None:
        await inquiry.texts("Kampus.Example.")
        await inquiry.texts("kampus.example")
        await inquiry.settle(lambda recall: recall("KAMPUS.example", "TXT"))

    now(twice())
    assert zones.asked == ["TXT kampus.example"]


def test_what_the_dns_did_not_say_is_a_failure_and_no_empty_answer() -> None:
    inquiry = Inquiry(Zones(ZONES).lookup)
    with pytest.raises(DnsFailure, match=r"SERVFAIL for silent\.example TXT"):
        now(inquiry.texts("silent.example"))
    with pytest.raises(DnsFailure):
        now(inquiry.exists("silent.example"))
    with pytest.raises(DnsFailure):
        now(inquiry.settle(lambda recall: recall("silent.example", "A")))


def test_a_name_exists_where_it_has_other_records_or_names_below_it() -> None:
    inquiry = Inquiry(Zones(ZONES).lookup)
    names = ("kampus.example", "example", "smtp.kampus.example", "nobody.example", "a..b")
    assert [asyncio.run(inquiry.exists(name)) for name in names] == [True, True, True, False, False]


def test_a_name_that_no_question_can_hold_has_no_records_and_is_not_asked_for() -> None:
    zones = Zones(ZONES)
    inquiry = Inquiry(zones.lookup)
    for name in ("", ".", "a..b", "x" * 64 + ".example", ".".join(["abcdefg"] * 32), "é.example"):
        assert askable(name) is None
        assert now(inquiry.data(name, "A")) == ()
        assert now(inquiry.settle(lambda recall, name=name: recall(name, "A"))) == ()
    assert zones.asked == []


def test_characters_with_a_meaning_in_zone_files_stand_for_themselves() -> None:
    assert askable("a b.@.Kampus.example.") == r"a\032b.\@.kampus.example"


def test_letters_beyond_ascii_become_a_labels() -> None:
    assert a_labels("Kampüs.example") == "xn--kamps-nva.example"
    assert a_labels("KAMPUS.example.") == "kampus.example"
    assert a_labels("\u2028.example") == "\u2028.example"


def test_character_strings_are_joined_without_anything_between() -> None:
    assert strings_of(r'"v=spf1 " "a\"b\\c" "\007"') == (b"v=spf1 ", b'a"b\\c', b"\x07")
    answers = {"two.example": {"TXT": ['"v=DKIM1; p=AA" "BB"', '"other"']}}
    assert now(Inquiry(Zones(answers).lookup).texts("two.example")) == (
        b"v=DKIM1; p=AABB",
        b"other",
    )


@given(st.text(st.characters(max_codepoint=127), max_size=600))
def test_a_text_comes_back_from_the_record_it_was_written_to(text: str) -> None:
    strings = strings_of(txt_data(text))
    assert b"".join(strings).decode() == text
    assert all(len(string) <= 255 for string in strings)
