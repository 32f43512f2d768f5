"""Every rule has a place where it is written down."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from simulator.lessons.language import catalogue
from simulator.lessons.rules import JUDGED, REPLIES, Source, sources

FILE = Path(__file__).parents[2] / "simulator" / "lessons" / "sources.toml"
NOT_IN_ANY_RFC = {"judged.other", "read"}


def topics_with_words() -> list[str]:
    return [
        key.removeprefix("explain.").removesuffix(".label")
        for key in catalogue("en")
        if key.startswith("explain.") and key.endswith(".label")
    ]


@pytest.mark.parametrize("topic", topics_with_words())
def test_every_topic_has_a_source_unless_no_rfc_says_it(topic: str) -> None:
    silent = topic in NOT_IN_ANY_RFC or topic.partition(".")[0] in NOT_IN_ANY_RFC
    assert bool(sources(topic)) != silent


@pytest.mark.parametrize("rule", REPLIES)
def test_every_reply_rule_has_a_source(rule: str) -> None:
    assert sources(f"reply.{rule}")


@pytest.mark.parametrize("rule", JUDGED)
def test_every_decision_has_a_source(rule: str) -> None:
    verdicts = JUDGED[rule].verdicts
    assert all(sources(f"judged.{rule}.{verdict}") for verdict in verdicts or ("any",))


def test_a_topic_without_its_own_source_has_its_ancestors() -> None:
    assert sources("judged.auth.accepted") == sources("judged.auth") == (Source(4954, "4"),)


def test_a_topic_that_nobody_knows_is_an_error() -> None:
    with pytest.raises(KeyError, match=r"sources.toml says nothing about 'no.such.topic'"):
        sources("no.such.topic")


def test_every_entry_is_the_source_of_something() -> None:
    entries = tomllib.loads(FILE.read_text("utf-8"))["sources"]
    topics = topics_with_words()
    idle = [
        entry
        for entry in entries
        if not any(topic == entry or topic.startswith(f"{entry}.") for topic in topics)
    ]
    assert idle == []


def test_every_document_is_used_and_every_section_is_a_number() -> None:
    data = tomllib.loads(FILE.read_text("utf-8"))
    used = [entry.split(" ") for entries in data["sources"].values() for entry in entries]
    assert {document for document, _ in used} == set(data["documents"])
    assert all(part.isdigit() for _, section in used for part in section.split("."))
