"""The hand-out: its story, its questions, and answers that the trace gives."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from simulator.lessons.language import LANGUAGES, Language
from simulator.scenario.library import shipped
from simulator.views.exports.handout.handout import handout
from simulator.views.exports.handout.questions import questions
from tests.views.exports.orders import hostile_run, order_of, recorded


class Outline(HTMLParser):
    """The elements of a page, and its text by section."""

    def __init__(self, octets: bytes) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.sections: dict[str, str] = {}
        self._section = ""
        self.feed(octets.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        if tag == "section":
            self._section = dict(attrs)["id"] or ""

    def handle_data(self, data: str) -> None:
        self.sections[self._section] = self.sections.get(self._section, "") + data


def asked(name: str, language: Language = "en") -> dict[str, str]:
    return {one.text: one.answer for one in questions(order_of(name, language=language))}


def test_it_asks_what_a_server_answers_and_the_answer_is_the_trace_s() -> None:
    found = asked("unknown-user")
    refused = next(
        answer for text, answer in found.items() if "mx1.kantor.example: RCPT TO:<cita@" in text
    )
    assert refused.startswith("550 5.1.1 ")
    assert "trying again will not help" in refused


def test_it_asks_who_is_answerable_before_and_after_the_250() -> None:
    found = asked("two-domains")
    before = next(answer for text, answer in found.items() if "has not answered yet" in text)
    assert before.startswith("smtp.kampus.example. ")
    after = next(answer for text, answer in found.items() if "has just said 250" in text)
    assert after.startswith("smtp.kampus.example. ")


def test_it_asks_where_the_mail_goes_and_what_came_of_it() -> None:
    found = asked("two-domains")
    route = next(answer for text, answer in found.items() if "Which hosts are named" in text)
    assert route.startswith(
        "10 mx1.kantor.example, 20 mx2.kantor.example. mx1.kantor.example is tried first. "
    )
    assert found["How many SMTP connections were opened in all, and from whom to whom?"] == (
        "2: pc-ani.kampus.example → smtp.kampus.example; smtp.kampus.example → mx1.kantor.example"
    )
    fate = found["What came of the mail m1 for citra@kantor.example?"]
    assert fate == "citra@kantor.example: was read"


def test_it_asks_what_trouble_means() -> None:
    found = asked("cut-wire")
    assert any("What does that mean for the mail?" in text for text in found)


def test_five_days_of_the_same_are_told_in_a_page() -> None:
    told = Outline(handout(order_of("five-days"))).sections["story"]
    assert len(told) < 6_000
    assert told.count("The same again, until") == 2
    # What is new in between is not left out: the warning after four hours, and the end.
    warned, bounced = told.index("writes a warning"), told.rindex("gives up on")
    assert told.index("The same again") < warned < told.rindex("The same again") < bounced


def test_of_very_many_recipients_one_of_each_fate_is_asked_for() -> None:
    fates = [text for text in asked("many-readers") if text.startswith("What came of the mail")]
    assert 2 <= len(fates) <= 6


def test_an_author_s_question_is_asked_and_what_comes_next_is_its_answer() -> None:
    order = recorded("greylisting")
    (stop,) = order.margin.stops
    answers = {one.text: one.answer for one in questions(order)}
    assert "450 4.2.0" in answers[stop.said("en")]
    outline = Outline(handout(order))
    assert "note: A 4 means: not now." in outline.sections["story"]
    assert "From server to server" in outline.sections["story"]
    assert stop.said("en") not in outline.sections["story"]


def test_nobody_s_password_is_homework() -> None:
    assert any("AUTH PLAIN. What" in text for text in asked("two-domains"))


@pytest.mark.parametrize("name", [folder.name for folder in shipped()])
def test_every_scenario_has_questions_in_both_languages_and_as_many_answers(name: str) -> None:
    counts = set()
    for language in LANGUAGES:
        outline = Outline(handout(order_of(name, language=language)))
        assert list(outline.sections) == ["", "cast", "story", "questions", "answers"]
        counts.add(outline.elements.count("li"))
    (count,) = counts
    assert count >= 2 * 4
    assert count % 2 == 0


def test_answers_come_on_a_page_of_their_own_and_nothing_runs_or_loads() -> None:
    text = handout(order_of("two-domains")).decode()
    assert "#questions, #answers { break-before: page; }" in text
    assert "default-src 'none'; style-src 'sha256-" in text
    assert not re.search(r"<script|\bsrc=|\bhref=|url\(|@import", text)


def test_a_hostile_subject_is_text() -> None:
    outline = Outline(handout(hostile_run()))
    assert "script" not in outline.elements
    assert "</script><script>alert(1)</script>" in outline.sections["story"]
