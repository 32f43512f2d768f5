"""Every event has words, in both languages, that a learner can read."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.lessons.explain import LABEL_WIDTH, explain
from simulator.lessons.language import LANGUAGES, Language, catalogue
from simulator.lessons.topics import topic_of
from simulator.trace.event import Event
from simulator.trace.scene import Scene, opening

MX_ANSWER = "kantor.example. 3600 IN MX 10 mx1.kantor.example."


def test_the_book_has_a_page_for_every_topic_and_no_other(
    one_of_each: tuple[Event, ...], scene: Scene
) -> None:
    written = {
        key.removeprefix("explain.").rpartition(".")[0]
        for key in catalogue("en")
        if key.startswith("explain.")
    }
    assert {topic_of(event, scene) for event in one_of_each} == written


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_complete(
    one_of_each: tuple[Event, ...], scene: Scene, language: Language
) -> None:
    for event in one_of_each:
        told = explain(event, scene, language)
        assert 0 < len(told.label) <= LABEL_WIDTH
        assert told.sentence.endswith((".", "?"))
        assert told.why.endswith((".", "?"))
        assert "{" not in f"{told.label}{told.sentence}{told.why}{told.source}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_label_is_cut(one_of_each: tuple[Event, ...], scene: Scene, language: Language) -> None:
    cut = [explain(event, scene, language).label for event in one_of_each]
    assert [label for label in cut if label.endswith("…")] == []


def test_an_explanation_says_who_does_what_and_why(made: Any, scene: Scene) -> None:
    told = explain(made.judged("responsibility", "accepted"), scene, "en")
    assert told.label == "Takes responsibility"
    assert told.sentence == (
        "smtp.kampus.example promises to deliver the mail: from now on it is answerable."
    )
    assert told.why.startswith("With the 250 after the final dot the server takes on the duty")
    assert told.source == "RFC 5321 section 6.1, 4.2.5"
    assert told.textbook is not None
    assert told.textbook[1].startswith("The client is told 250 now, before steps 3 to 6")


def test_the_same_in_indonesian(made: Any, scene: Scene) -> None:
    told = explain(made.judged("responsibility", "accepted"), scene, "id")
    assert told.sentence == (
        "smtp.kampus.example berjanji mengantarkan surel ini: mulai sekarang ia yang bertanggung"
        " jawab."
    )
    assert told.source == "RFC 5321 bagian 6.1, 4.2.5"


def test_a_mail_client_is_called_by_its_person(made: Any, scene: Scene) -> None:
    event = made.command(1, "EHLO pc-ani.kampus.example")
    assert explain(event, scene, "en").sentence.startswith("Ani's mail client greets smtp.kampus")
    assert explain(event, scene, "id").sentence.startswith("Klien surel Ani memberi salam")


def test_the_mx_question_corrects_the_textbook(made: Any, scene: Scene) -> None:
    textbook = explain(made.query("MX"), scene, "en").textbook
    assert textbook is not None
    assert "IP address" in textbook[0]
    assert "MX first" in textbook[1]


def test_an_answer_is_read_out_without_the_dots_of_the_root(made: Any, scene: Scene) -> None:
    told = explain(made.answer("MX", MX_ANSWER), scene, "en")
    assert told.sentence == (
        "resolver.isp.example answers: mail for kantor.example goes to 10 mx1.kantor.example."
    )


def test_a_reverse_question_is_read_out_as_the_address_it_is_about(made: Any, scene: Scene) -> None:
    told = explain(made.query("PTR", "10.2.0.192.in-addr.arpa"), scene, "en")
    assert "the host at 192.0.2.10" in told.sentence


def test_a_wait_is_told_in_words(made: Any, scene: Scene) -> None:
    event = made.judged("queue.schedule", "4000")
    assert "in 1 hour 6 minutes." in explain(event, scene, "en").sentence
    assert "dalam 1 jam 6 menit." in explain(event, scene, "id").sentence


def test_a_closed_connection_does_not_hide_what_was_spoken_on_it(
    one_of_each: tuple[Event, ...], scene: Scene
) -> None:
    closed = opening(scene.hosts)
    contents = [event for event in one_of_each if event.kind == "content"]
    assert [topic_of(event, closed) for event in contents] == [
        topic_of(event, scene) for event in contents
    ]


def test_a_decision_of_a_newer_version_is_still_told(made: Any, scene: Scene) -> None:
    told = explain(made.judged("a.rule.of.tomorrow", "perhaps"), scene, "en")
    assert told.sentence == "smtp.kampus.example decides by the rule a.rule.of.tomorrow: perhaps."


def test_a_known_decision_with_a_strange_verdict_is_still_told(made: Any, scene: Scene) -> None:
    told = explain(made.judged("auth", "perhaps"), scene, "en")
    assert told.sentence == "smtp.kampus.example decides by the rule auth: perhaps."


def test_a_recording_that_lacks_an_input_is_told_with_a_question_mark(
    made: Any, scene: Scene
) -> None:
    from simulator.trace.event import Judged

    fact = Judged(
        rule="route.mx", verdict="mx1.kantor.example", inputs={"domain": "kantor.example"}
    )
    told = explain(made.happening("smtp.kampus.example", fact), scene, "en")
    assert "out of ?" in told.sentence


def test_an_invented_reply_is_told_by_its_first_digit(made: Any, scene: Scene) -> None:
    told = explain(made.reply(451, "invented", "4.7.1 Come back later"), scene, "en")
    assert told.label == "451 not now"
    assert told.sentence == "mx1.kantor.example refuses for now: 4.7.1 Come back later"


def test_words_from_outside_cannot_reach_into_the_template(made: Any, scene: Scene) -> None:
    told = explain(made.reply(550, "invented", "{who.__class__} {0}"), scene, "en")
    assert told.sentence.endswith("{who.__class__} {0}")
