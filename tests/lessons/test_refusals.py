"""What the system says of a file is said in the reader's language."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.lessons.language import catalogue
from simulator.lessons.recordings import mistake_said
from simulator.lessons.refusals import refusal_said
from simulator.scenario.loader import load
from simulator.trace.complaints import RecordingError
from simulator.trace.recording import Header, write

SHIPPED = Path(__file__).parents[2] / "scenarios"


def test_a_folder_that_is_not_there_is_told_in_both_languages(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as refused:
        (tmp_path / "none" / "a.txt").write_text("x", encoding="utf-8")
    assert refusal_said(refused.value, catalogue("en")) == "there is no such file or folder"
    assert refusal_said(refused.value, catalogue("id")) == "berkas atau folder itu tidak ada"


def test_a_recording_that_cannot_be_written_says_why(tmp_path: Path) -> None:
    with pytest.raises(RecordingError) as refused:
        write(
            tmp_path, Header(scenario=load(SHIPPED / "same-domain" / "scenario.toml"), hosts=()), ()
        )
    assert (
        mistake_said(refused.value, "id") == f"{tmp_path} tidak dapat ditulis: itu sebuah folder."
    )


def test_a_reason_that_has_no_words_is_told_as_the_system_says_it() -> None:
    strange = OSError(9999, "the disk is on fire")
    assert refusal_said(strange, catalogue("id")) == "the disk is on fire"
    assert refusal_said(ValueError("embedded null byte"), catalogue("id")) == "embedded null byte"
