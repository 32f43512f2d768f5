"""Every event has words, in both languages, that a learner can read."""

from __future__ import annotations

import pytest

from simulator.lessons.explain import LABEL_WIDTH, explain
from simulator.lessons.language import LANGUAGES, Language, catalogue
from simulator.lessons.topics import topic_of
from simulator.mail.smtp.wording import worded
from simulator.trace.event import Bounced, Event
from simulator.trace.scene import Scene, fold, opening
from tests.lessons.conftest import Telling

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


def test_an_explanation_says_who_does_what_and_why(story: Telling, scene: Scene) -> None:
    told = explain(story.judged("responsibility", "accepted"), scene, "en")
    assert told.label == "Takes responsibility"
    assert told.sentence == (
        "smtp.kampus.example promises to deliver the mail: from now on it is answerable."
    )
    assert told.why.startswith("With the 250 after the final dot the server takes on the duty")
    assert told.source == "RFC 5321 section 6.1, 4.2.5"
    assert told.textbook is not None
    assert told.textbook[1].startswith("The client is told 250 now, before steps 3 to 6")


def test_the_same_in_indonesian(story: Telling, scene: Scene) -> None:
    told = explain(story.judged("responsibility", "accepted"), scene, "id")
    assert told.sentence == (
        "smtp.kampus.example berjanji mengantarkan surel ini: mulai sekarang ia yang bertanggung"
        " jawab."
    )
    assert told.source == "RFC 5321 bagian 6.1, 4.2.5"


def test_a_mail_client_is_called_by_its_person(story: Telling, scene: Scene) -> None:
    event = story.command(1, "EHLO pc-ani.kampus.example")
    assert explain(event, scene, "en").sentence.startswith("Ani's mail client greets smtp.kampus")
    assert explain(event, scene, "id").sentence.startswith("Klien surel Ani memberi salam")


def test_the_mx_question_corrects_the_textbook(story: Telling, scene: Scene) -> None:
    textbook = explain(story.asked("MX"), scene, "en").textbook
    assert textbook is not None
    assert "IP address" in textbook[0]
    assert "MX first" in textbook[1]


def test_an_answer_is_read_out_without_the_dots_of_the_root(story: Telling, scene: Scene) -> None:
    told = explain(story.answered("MX", MX_ANSWER), scene, "en")
    assert told.sentence == (
        "resolver.isp.example answers: mail for kantor.example goes to 10 mx1.kantor.example."
    )


def test_a_reverse_question_is_read_out_as_the_address_it_is_about(
    story: Telling, scene: Scene
) -> None:
    told = explain(story.asked("PTR", "10.2.0.192.in-addr.arpa"), scene, "en")
    assert "the host at 192.0.2.10" in told.sentence


def test_a_wait_is_told_in_words(story: Telling, scene: Scene) -> None:
    event = story.judged("queue.schedule", "4000")
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


def test_a_decision_of_a_newer_version_is_still_told(story: Telling, scene: Scene) -> None:
    told = explain(story.judged("a.rule.of.tomorrow", "perhaps"), scene, "en")
    assert told.sentence == "smtp.kampus.example decides by the rule a.rule.of.tomorrow: perhaps."


def test_a_known_decision_with_a_strange_verdict_is_still_told(
    story: Telling, scene: Scene
) -> None:
    told = explain(story.judged("auth", "perhaps"), scene, "en")
    assert told.sentence == "smtp.kampus.example decides by the rule auth: perhaps."


def test_a_recording_that_lacks_an_input_is_told_with_a_question_mark(
    story: Telling, scene: Scene
) -> None:
    event = story.judge(
        "smtp.kampus.example", "route.mx", "mx1.kantor.example", domain="kantor.example"
    )
    told = explain(event, scene, "en")
    assert "out of ?" in told.sentence


def test_an_invented_reply_is_told_by_its_first_digit(story: Telling, scene: Scene) -> None:
    told = explain(story.replied("451 4.7.1 Come back later", "invented"), scene, "en")
    assert told.label == "451 not now"
    assert told.sentence == "mx1.kantor.example refuses for now: 4.7.1 Come back later"


def test_words_from_outside_cannot_reach_into_the_template(story: Telling, scene: Scene) -> None:
    told = explain(story.replied("550 {who.__class__} {0}", "invented"), scene, "en")
    assert told.sentence.endswith("{who.__class__} {0}")


@pytest.mark.parametrize("word", ["HELP", "HALO", "AGFuaQByYWhhc2lh"])
def test_only_what_follows_a_334_answers_a_challenge(
    story: Telling, scene: Scene, word: str
) -> None:
    unasked, asked = story.command(1, word), story.command(11, word)
    assert topic_of(unasked, scene) != "command.smtp.auth-answer"
    assert topic_of(asked, scene) == "command.smtp.auth-answer"
    assert topic_of(asked, fold(scene, asked)) == "command.smtp.auth-answer"
    after = fold(fold(scene, asked), story.command(11, "HELP"))
    assert topic_of(story.command(11, "HELP"), after) == "command.smtp.help"


@pytest.mark.parametrize(
    ("line", "topic"),
    [
        ("HELP", "help"),
        ("EXPN daftar", "expn"),
        ("MAIL TO:<citra@kantor.example>", "miswritten"),
        ("RCPT FROM:<citra@kantor.example>", "miswritten"),
        ("mail from:<citra@kantor.example>", "mail"),
        ("AUTH", "miswritten"),
        ("EHLO", "miswritten"),
        ("HELO ", "miswritten"),
        ("LHLO x", "lhlo"),
        ("AUTH PLAIN AGFuaQByYWhhc2lh", "auth"),
        ("AUTH LOGIN", "auth-login"),
        ("AUTH CRAM-MD5", "auth-other"),
    ],
)
def test_what_is_typed_is_told_as_what_it_is(
    story: Telling, scene: Scene, line: str, topic: str
) -> None:
    event = story.command(1, line)
    assert topic_of(event, scene) == f"command.smtp.{topic}"
    is_auth = explain(event, scene, "en").source.startswith("RFC 4954")
    assert is_auth == topic.startswith("auth")


@pytest.mark.parametrize(
    ("language", "unwanted", "report"),
    [("en", "asked for no report", "about a report"), ("id", "tidak dikabari", "tentang laporan")],
)
def test_nobody_is_told_where_no_report_was_wanted_or_a_report_fails(
    one_of_each: tuple[Event, ...], scene: Scene, language: Language, unwanted: str, report: str
) -> None:
    told = {
        event.journey: explain(event, scene, language)
        for event in one_of_each
        if isinstance(event.fact, Bounced) and not event.fact.bounce
    }
    assert unwanted in told["m9"].why
    assert "RFC 3461" in told["m9"].source
    assert report in told["m1"].why


@pytest.mark.parametrize(
    ("status", "rule", "words"),
    [
        ("501 5.7.0 Auth aborted", "auth.aborted", "asked for it with a *"),
        ("501 5.5.2 Can't decode base64", "auth.bad-base64", "cannot read the proof"),
        ("504 5.5.4 Unrecognized authentication type", "auth.mechanism", "does not know this way"),
        ("538 5.7.11 Encryption required", "auth.needs-tls", "first TLS, then AUTH"),
        ("535 5.7.8 Authentication credentials invalid", "auth.failed", "password is wrong"),
    ],
)
def test_a_refused_log_in_says_what_was_wrong(
    story: Telling, scene: Scene, status: str, rule: str, words: str
) -> None:
    said = worded(status)
    assert said.rule == rule
    told = explain(story.replied(said, said.rule), scene, "en")
    assert words in told.sentence
    assert told.source.startswith("RFC 4954 section")


@pytest.mark.parametrize("language", LANGUAGES)
def test_imap_is_told_as_what_is_asked_and_where_imap4rev1_says_it(
    story: Telling, scene: Scene, language: Language
) -> None:
    searched = explain(story.command(9, "b2 SEARCH ALL"), scene, language)
    assert "b2 SEARCH ALL" in searched.sentence
    assert "3501" in searched.source
    assert topic_of(story.command(9, "DONE"), scene) == "command.imap.done"
    for line, folder in (("b3 SELECT Junk", "Junk"), ('b3 select "Rapat RT"', "Rapat RT")):
        opened = explain(story.command(9, line), scene, language)
        assert f"folder {folder}." in opened.sentence
    assert topic_of(story.command(9, "b3 SELECT"), scene) == "command.imap.other"
    assert topic_of(story.command(9, 'a2 LIST "" "*"'), scene) == "command.imap.list"
    assert "tag" in explain(story.replied("250 said.", "imap.logout"), scene, "en").why


def test_a_question_about_an_address_refuses_no_recipient(story: Telling, scene: Scene) -> None:
    told = explain(story.replied("550 5.1.1 unknown", "vrfy.refused"), scene, "en")
    assert "no recipient of any mail is refused" in told.why
    assert told.source.startswith("RFC 5321 section 3.5.3")
