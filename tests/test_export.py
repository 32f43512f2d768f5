"""smtpflow export: where files go, and what it will not do."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from simulator.arguments import EXPORTS
from simulator.cli import main
from simulator.commands.export import FORMATS
from simulator.views.safe import safe_file_name


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


def complaint(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["export", "two-domains", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    return err


def test_every_format_that_the_command_line_knows_is_made_by_somebody() -> None:
    assert tuple(FORMATS) == EXPORTS


def test_a_file_is_never_overwritten_unless_that_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mail.eml"
    file.write_text("mine")
    said = complaint(capsys, "--to", "eml", "-o", str(file))
    assert "is there already: name another file, or overwrite it with --force" in said
    assert file.read_text() == "mine"
    assert main(["export", "two-domains", "--to", "eml", "-o", str(file), "--force"]) == 0
    assert b"Subject: Rapat Senin" in file.read_bytes()


def test_in_a_folder_the_file_is_named_after_the_scenario(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", "two-domains", "--to", "mbox", "-o", str(tmp_path)]) == 0
    file = tmp_path / "two-domains.mbox"
    size = file.stat().st_size
    assert capsys.readouterr().err == f"smtpflow: written: {file}, {size:,} octets\n"


def test_a_recording_is_exported_as_its_scenario_is(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    recording = tmp_path / "way.jsonl"
    assert main(["export", "two-domains", "--to", "jsonl", "-o", str(recording)]) == 0
    capfdbinary.readouterr()
    exports = []
    for source in ("two-domains", str(recording)):
        assert main(["export", source, "--to", "mbox", "-o", "-"]) == 0
        exports.append(capfdbinary.readouterr().out)
    assert exports[0] == exports[1] != b""


def test_passwords_stay_out_unless_they_are_asked_for(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    main(["export", "two-domains", "--to", "jsonl", "-o", "-"])
    assert b"rahasia" not in capfdbinary.readouterr().out
    main(["export", "two-domains", "--to", "jsonl", "-o", "-", "--with-passwords"])
    assert b"rahasia" in capfdbinary.readouterr().out


@pytest.mark.parametrize("form", EXPORTS)
def test_every_format_comes_out_of_the_command_line(form: str, tmp_path: Path) -> None:
    assert main(["export", "same-domain", "--to", form, "-o", str(tmp_path)]) == 0
    (file,) = tmp_path.iterdir()
    assert file.name.startswith("same-domain.")
    assert file.stat().st_size > 500


def test_an_option_of_another_format_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    said = complaint(capsys, "--to", "jsonl", "--host", "mx1.kantor.example")
    assert "--host means nothing here: it is for eml, mbox" in said


def test_an_event_that_is_not_there_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    said = complaint(capsys, "--to", "jsonl", "--at", "9999", "-o", "-")
    assert "there is no event 9999: the run has 0 to 157" in said


def test_before_it_is_stored_no_mailbox_has_the_mail(capsys: pytest.CaptureFixture[str]) -> None:
    said = complaint(capsys, "--to", "eml", "--at", "50", "-o", "-")
    assert (
        "no mailbox holds the mail: name with --host one that had it: pc-ani.kampus.example" in said
    )


def test_a_folder_that_is_not_there_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = complaint(capsys, "--to", "eml", "-o", str(tmp_path / "no" / "mail.eml"))
    assert "cannot be written: there is no such file or folder" in said


def test_what_could_drive_a_terminal_does_not_go_there() -> None:
    ours, theirs = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "simulator", "export", "two-domains", "--to", "eml", "-o", "-"],
        stdout=theirs,
        stderr=subprocess.PIPE,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        cwd=Path(__file__).parents[1],
        timeout=60,
        check=False,
    )
    os.close(theirs)
    os.close(ours)
    assert done.returncode == 2
    assert b"eml is not for a terminal" in done.stderr


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("two-domains", "two-domains"),
        ("../../etc/passwd", "etc-passwd"),
        (".bashrc", "bashrc"),
        ("con.txt", "_con.txt"),
        ("a b\x1b[2J\u202ec/d\\e:f", "a-b-2J-c-d-e-f"),
        ("…", "_"),
        ("x" * 500, "x" * 80),
    ],
)
def test_a_name_from_outside_names_a_harmless_file(text: str, name: str) -> None:
    assert safe_file_name(text) == name
