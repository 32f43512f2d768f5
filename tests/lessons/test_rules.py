"""Every rule has a place where it is written down."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulator.lessons.language import catalogue
from simulator.lessons.rules import JUDGED, REPLIES, Source, sources

PROGRAM = Path(__file__).parents[2] / "simulator"
FILE = PROGRAM / "lessons" / "sources.toml"
NOT_IN_ANY_RFC = {
    *("judged.content", "judged.other", "judged.fault", "judged.intervention"),
    *("intervened", "read"),
}


def topics_with_words() -> list[str]:
    return [
        key.removeprefix("explain.").removesuffix(".label")
        for key in catalogue("en")
        if key.startswith("explain.") and key.endswith(".label")
    ]


@pytest.mark.parametrize("topic", topics_with_words())
def test_every_topic_has_a_source_unless_no_rfc_says_it(topic: str) -> None:
    silent = any(topic == one or topic.startswith(f"{one}.") for one in NOT_IN_ANY_RFC)
    assert bool(sources(topic)) != silent


@pytest.mark.parametrize("rule", REPLIES)
def test_every_reply_rule_has_a_source(rule: str) -> None:
    assert sources(f"reply.{rule}")


@pytest.mark.parametrize("rule", JUDGED)
def test_every_decision_has_a_source(rule: str) -> None:
    verdicts = JUDGED[rule].verdicts
    for verdict in verdicts or ("any",):
        silent = any(f"judged.{rule}".startswith(one) for one in NOT_IN_ANY_RFC)
        assert bool(sources(f"judged.{rule}.{verdict}")) != silent


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


def calls() -> Iterator[tuple[str, list[str], dict[str, str]]]:
    """Every call in the rooms that emit facts: its name, and the texts among its arguments."""
    for room in ("mail", "actors", "engine"):
        for file in (PROGRAM / room).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                if isinstance(node, ast.Call):
                    name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
                    name = node.func.id if isinstance(node.func, ast.Name) else name
                    named = {one.arg or "": one.value for one in node.keywords}
                    yield (
                        name,
                        [one.value for one in node.args if _is_text(one)],
                        {arg: value.value for arg, value in named.items() if _is_text(value)},
                    )


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def test_every_decision_that_the_program_takes_is_known_here() -> None:
    taken = {named["rule"] for name, _, named in calls() if name == "Judged" and "rule" in named}
    taken |= {texts[0] for name, texts, _ in calls() if name == "_judge" and texts}
    assert len(taken) > 15
    assert taken - set(JUDGED) == set()


def test_every_rule_by_which_the_program_answers_is_known_here() -> None:
    given = {texts[-1] for name, texts, _ in calls() if name in {"Ruled", "_Wording"} and texts}
    given = {rule for rule in given if re.fullmatch(r"[a-z0-9]+([.-][a-z0-9]+)*", rule)}
    assert len(given) > 15
    assert given - set(REPLIES) == set()


def test_every_answer_of_pop3_is_known_here() -> None:
    given = {
        rule
        for file in (PROGRAM / "mail").rglob("*.py")
        for rule in re.findall(r"\"(pop3\.[a-z]+)\"", file.read_text("utf-8"))
    }
    assert given - set(REPLIES) == set()
