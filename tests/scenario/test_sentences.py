"""The table of sentences is complete, and every sentence is one line in both languages."""

from __future__ import annotations

import pickle
import re
import string
from pathlib import Path

import pytest

from simulator.scenario import sentences
from simulator.scenario.errors import LANGUAGES, Place, nearest, shown
from simulator.scenario.sentences import SENTENCES

ROOM = Path(sentences.__file__).parent


def _gaps(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def _rules_in_code() -> set[str]:
    code = "".join(
        file.read_text(encoding="utf-8")
        for file in ROOM.parent.rglob("*.py")
        if not file.name.endswith("sentences.py")
    )
    return set(re.findall(r'"(scenario\.[a-z0-9-]+)"', code)) - {"scenario.toml"}


def test_the_table_has_the_rules_that_the_code_breaks_and_no_other() -> None:
    assert set(SENTENCES) == _rules_in_code()


@pytest.mark.parametrize("rule", SENTENCES)
def test_a_rule_is_said_in_both_languages_with_the_same_gaps(rule: str) -> None:
    spoken = SENTENCES[rule]
    assert set(spoken) == set(LANGUAGES)
    assert _gaps(spoken["en"]) == _gaps(spoken["id"])
    for sentence in spoken.values():
        assert sentence.isprintable()
        assert len(sentence) <= 110


def test_a_value_of_the_file_cannot_break_the_line_or_reach_the_terminal() -> None:
    evil = "a\x1b]52;c;x\x07\r\n\u202e\u009b31m" + "z" * 500
    mistake = Place(f"rapat\n{evil}", 3).mistake("scenario.address", found=evil)
    assert mistake.values["found"] == evil
    for text in (str(mistake), mistake.sentence("id")):
        assert text.isprintable()
    assert "z…" in mistake.sentence()


def test_a_value_is_never_read_as_a_template() -> None:
    mistake = Place("x").mistake("scenario.address", found="{found.__class__} {0} {")
    assert '"{found.__class__} {0} {" is no address' in mistake.sentence()


def test_a_mistake_speaks_indonesian_too() -> None:
    mistake = Place("rapat/scenario.toml", 4).mistake(
        "scenario.misspelt-key", key="frm", nearest="from"
    )
    assert mistake.sentence("id") == 'kunci "frm" tidak dikenal: tulis "from"'
    assert mistake.where() == "rapat/scenario.toml:4"


def test_a_mistake_can_go_to_another_process() -> None:
    mistake = Place("scenario.toml", 4).mistake("scenario.address", found="x")
    again = pickle.loads(pickle.dumps(mistake))
    assert (str(again), again.values) == (str(mistake), mistake.values)


def test_the_nearest_word_ignores_capitals_and_gives_up_on_what_is_far() -> None:
    assert nearest("FORM", ["from", "to"]) == "from"
    assert nearest("penerima", ["from", "to"]) is None
    assert nearest("a" * 1_000_000, ["a" * 80]) is None


def test_what_is_shown_keeps_every_printable_sign() -> None:
    assert shown("surel — «é» 漢字 ok") == "surel — «é» 漢字 ok"
    assert shown("a\tb\udcff") == "a\\tb\\udcff"
