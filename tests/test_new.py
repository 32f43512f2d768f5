"""smtpflow new: the commented scenario, and the reference made from the same table."""

from __future__ import annotations

import os
import re
from itertools import pairwise
from pathlib import Path

import pytest

from simulator.cli import main
from simulator.lessons.language import LANGUAGES, Language, catalogue
from simulator.scenario.keys import KEYS
from simulator.scenario.loader import loads
from simulator.views.scenario_template import new_scenario, reference, tables

DOCUMENTS = Path(__file__).parents[1] / "docs"
REFERENCES = {"en": DOCUMENTS / "scenario.md", "id": DOCUMENTS / "skenario.md"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_as_it_is_printed_it_is_a_scenario(language: Language, tmp_path: Path) -> None:
    text = new_scenario(catalogue(language))
    assert loads(text, file="new.toml", folder=tmp_path).mails[0].subject == "Rapat Senin"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_stands_in_it_below_what_it_means(language: Language) -> None:
    words = catalogue(language)
    lines = new_scenario(words).splitlines()
    pairs = {(above, below.removeprefix("#")) for above, below in pairwise(lines)}
    for table in tables():
        for key, example in KEYS[table].items():
            if not example.startswith("["):
                meaning = f"# {words.say(f'key.{table}.{key}')}"
                assert (meaning, example) in pairs


def test_every_meaning_belongs_to_a_key() -> None:
    explained = {key for key in catalogue("en") if re.match(r"key\.(?!table\.)", key)}
    assert explained == {f"key.{table}.{key}" for table in tables() for key in KEYS[table]}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_reference_is_made_from_the_table(language: Language) -> None:
    text, file = reference(catalogue(language)), REFERENCES[language]
    if os.environ.get("UPDATE_GOLDEN"):
        file.write_text(text, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == text


def test_it_writes_a_new_file_and_never_over_another(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mine.toml"
    assert main(["new", str(file), "--lang", "id"]) == 0
    assert main(["check", str(file)]) == 0
    before = file.read_text("utf-8")
    assert main(["new", str(file), "--lang", "en"]) == 2
    assert "exists already" in capsys.readouterr().err
    assert file.read_text("utf-8") == before
