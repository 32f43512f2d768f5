"""Two languages say the same things, and nothing is said that nobody wrote."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulator.lessons.language import LANGUAGES, Catalogue, Language, catalogue, from_locale

SOURCE = Path(__file__).parents[2] / "simulator"
PLURAL = re.compile(r"\.(one|other)$")


def fields_in(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def meanings(words: Catalogue) -> set[str]:
    """The keys, a plural's forms as one."""
    return {PLURAL.sub("", key) for key in words}


def literals() -> tuple[set[str], list[re.Pattern[str]]]:
    """Every string in the program's source, and every f-string as a pattern."""
    constants: set[str] = set()
    patterns: list[re.Pattern[str]] = []
    for file in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                constants.add(node.value)
            elif isinstance(node, ast.JoinedStr):
                patterns.append(re.compile(_pattern(node)))
    return constants, patterns


def _pattern(node: ast.JoinedStr) -> str:
    parts = (
        re.escape(str(part.value)) if isinstance(part, ast.Constant) else "[^ ]+"
        for part in node.values
    )
    return "".join(parts)


def keys_said() -> Iterator[tuple[str, str]]:
    """Every key that stands in the source as a whole, and the file it stands in."""
    for file in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            if node.func.attr in {"say", "say_count"} and isinstance(node.args[0], ast.Constant):
                yield node.args[0].value, file.name


def test_both_languages_have_words_for_the_same_things() -> None:
    assert meanings(catalogue("en")) == meanings(catalogue("id"))


def test_a_sentence_has_the_same_fields_in_both_languages() -> None:
    english, indonesian = catalogue("en"), catalogue("id")
    different = {
        key: (english.template(key), indonesian.template(key))
        for key in english
        if key in indonesian
        and fields_in(english.template(key)) != fields_in(indonesian.template(key))
    }
    assert different == {}


def test_every_plural_has_its_form_for_many() -> None:
    for language in LANGUAGES:
        words = catalogue(language)
        lonely = [key for key in words if key.endswith(".one") and f"{key[:-4]}.other" not in words]
        assert lonely == []


def test_every_key_that_the_program_says_has_words() -> None:
    words = catalogue("en")
    known = meanings(words) | {key.removeprefix("ui.") for key in meanings(words)}
    unknown = [(key, file) for key, file in keys_said() if PLURAL.sub("", key) not in known]
    assert unknown == []


def test_no_words_are_written_that_the_program_never_says() -> None:
    constants, patterns = literals()

    def is_said(key: str) -> bool:
        names = {key, PLURAL.sub("", key), key.removeprefix("ui.")}
        return bool(names & constants) or any(
            pattern.fullmatch(name)
            for pattern in patterns
            for name in names
            if not pattern.pattern.startswith("[^")
        )

    assert [key for key in catalogue("en") if not is_said(key)] == []


def test_no_words_end_in_the_middle_of_nothing() -> None:
    for language in LANGUAGES:
        words = catalogue(language)
        ragged = [key for key in words if words.template(key) != words.template(key).rstrip()]
        assert [key for key in ragged if not key.startswith("cli.usage")] == []


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({}, "en"),
        ({"LANG": "id_ID.UTF-8"}, "id"),
        ({"LANG": "in_ID"}, "id"),
        ({"LANG": "id"}, "id"),
        ({"LANG": "id-ID"}, "id"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "ido_XX"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "id_ID.UTF-8"}, "id"),
        ({"LC_ALL": "C", "LC_MESSAGES": "id_ID.UTF-8", "LANG": "id_ID.UTF-8"}, "en"),
        ({"LC_ALL": "", "LANG": "id_ID.UTF-8"}, "id"),
    ],
)
def test_the_locale_chooses_the_language(environ: dict[str, str], language: Language) -> None:
    assert from_locale(environ) == language


def test_a_missing_key_names_the_language_and_the_key() -> None:
    with pytest.raises(KeyError, match=r"the id catalogue has no words for 'no.such.key'"):
        catalogue("id").say("no.such.key")


def test_a_missing_field_names_the_key_and_the_field() -> None:
    words = Catalogue("en", {"greeting": "Hello {name}"})
    with pytest.raises(KeyError, match=r"en 'greeting' needs the field 'name'"):
        words.say("greeting")


def test_one_thing_and_many_things_are_said_in_their_own_form() -> None:
    words = catalogue("en")
    assert words.say_count("duration.minute", 1) == "1 minute"
    assert words.say_count("duration.minute", 2) == "2 minutes"
    assert catalogue("id").say_count("duration.minute", 1) == "1 menit"


def test_large_numbers_are_grouped_as_each_language_does_it() -> None:
    assert catalogue("en").number(1234567) == "1,234,567"
    assert catalogue("id").number(1234567) == "1.234.567"


def test_a_value_with_braces_is_left_as_it_is() -> None:
    words = Catalogue("en", {"subject": "Subject: {subject}"})
    assert words.say("subject", subject="{who.__class__}") == "Subject: {who.__class__}"
