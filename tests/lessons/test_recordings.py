"""Whatever can be wrong with a recording has words in both languages, and no other has."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from simulator.lessons.language import LANGUAGES, Language, catalogue
from simulator.lessons.recordings import mistake_said, remark_said
from simulator.trace.complaints import RecordingError, RecordingRule, Remark, RemarkRule

MISTAKES: tuple[RecordingRule, ...] = get_args(RecordingRule)
REMARKS: tuple[RemarkRule, ...] = get_args(RemarkRule)
FILE = Path("run.jsonl")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_words_are_missing_and_none_is_left_over(language: Language) -> None:
    written = {key for key in catalogue(language) if key.startswith("recording.")}
    rules = {f"recording.mistake.{rule}" for rule in MISTAKES}
    assert written == rules | {f"recording.remark.{rule}" for rule in REMARKS}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_mistake_names_the_file_in_one_sentence_of_its_own(language: Language) -> None:
    said = [mistake_said(RecordingError(rule, FILE, 7, "why"), language) for rule in MISTAKES]
    assert len(set(said)) == len(MISTAKES)
    for sentence in said:
        assert sentence.startswith("run.jsonl")
        assert sentence.endswith(".")


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_remark_names_the_line_in_one_sentence_of_its_own(language: Language) -> None:
    said = [remark_said(Remark(rule, 7, 2, "guessed"), language) for rule in REMARKS]
    assert len(set(said)) == len(REMARKS)
    for sentence in said:
        assert "7" in sentence
        assert sentence.endswith(".")


def test_what_is_quoted_cannot_reach_the_terminal_as_it_is_and_is_cut() -> None:
    hostile = RecordingError("value", Path("a\x1b[2J\u202e.jsonl"), 3, "\x07" + "z" * 5000)
    for language in LANGUAGES:
        sentence = mistake_said(hostile, language)
        assert sentence.isprintable()
        assert "a\\x1b[2J\\u202e.jsonl" in sentence
        assert "\\x07zz" in sentence
        assert len(sentence) < 400
