"""smtpflow session on a pipe: typed lines in, a conversation out, and all of it in a recording."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from simulator.cli import main
from simulator.engine.simulate import simulate
from simulator.scenario.loader import load
from simulator.trace.recording import read
from simulator.trace.redaction import redacted


def hold(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], typed: str, *line: str
) -> tuple[int, str, str]:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    status = main(["session", *line, "--lang", "en"])
    said = capsys.readouterr()
    return status, said.out, said.err


def shows(out: str, *wanted: str) -> None:
    lines = iter(out.splitlines())
    for one in wanted:
        assert any(line.strip().startswith(one) for line in lines), f"{one}\n{out}"


def test_a_client_types_a_mail_saves_it_and_sees_it_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "mine.jsonl"
    typed = (
        "EHLO pc-tamu.asing.example\n?\nMAIL FROM:<tamu@asing.example>\n"
        "RCPT TO:<citra@kantor.example>\nDATA\nSubject: Halo\n\nSampai jumpa.\n.\nQUIT\n"
    )
    status, out, err = hold(monkeypatch, capsys, typed, "--as", "client", "--save", str(file))
    assert status == 0
    shows(
        out,
        "<-  220 mx1.kantor.example ESMTP",
        "-> EHLO pc-tamu.asing.example",
        "<-  250 CHUNKING",
        "-> ?",
        "MAIL FROM:<ani@kampus.example>",
        "-> MAIL FROM:<tamu@asing.example>",
        "<-  250 2.1.0 Ok",
        "<-  354 End data",
        "-> .",
        "<-  250 2.0.0 Ok: queued as",
        "<-  221 2.0.0 Bye",
        "citra@kantor.example was read",
    )
    assert f"smtpflow show {file}" in err
    saved = read(file)
    assert saved.header.scenario.sessions[-1].lines[0] == "EHLO pc-tamu.asing.example"
    assert main(["run", str(file), "--format", "jsonl"]) == 0
    assert capsys.readouterr().out.encode() == file.read_bytes()


def test_a_mailbox_user_types_pop3(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = "USER citra@kantor.example\nPASS rahasia\nSTAT\nQUIT\n"
    status, out, _ = hold(monkeypatch, capsys, typed, "--as", "client", "--port", "110")
    assert status == 0
    shows(out, "<-  +OK POP3", "<-  +OK", "<-  +OK Logged in.", "<-  +OK 1 971", "<-  +OK Logging")


@pytest.mark.parametrize("name", ["pop.jsonl", "pop.toml"])
def test_who_saves_a_typed_password_is_told_that_it_stands_in_the_file(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file, told = tmp_path / name, "the password that was typed stands in the file"
    typed = "USER citra@kantor.example\nPASS rahasia\nQUIT\n"
    _, _, err = hold(
        monkeypatch, capsys, typed, "--as", "client", "--port", "110", "--save", str(file)
    )
    assert "PASS rahasia" in file.read_text("utf-8")
    assert told in err
    _, _, err = hold(
        monkeypatch, capsys, "QUIT\n", "--as", "client", "--save", str(tmp_path / f"no-{name}")
    )
    assert told not in err


def test_in_the_servers_place_every_reply_is_ones_own_and_is_held_against_the_standard(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "mine.jsonl"
    typed = "\n\n\n?\n450 4.2.1 Busy\n\n!explode\n!drop\n"
    status, out, _ = hold(monkeypatch, capsys, typed, "--as", "server", "--save", str(file))
    assert status == 0
    shows(
        out,
        "You are mx1.kantor.example.",
        "-> EHLO smtp.kampus.example",
        "<-  250 2.1.0 Ok",
        "a standard server: <-  250 2.1.5 Ok",
        "1  The mailbox is busy, try later (450): reply 450 4.2.1 Mailbox busy",
        "<-  450 4.2.1 Busy",
        "-> RSET",
        '"explode" is no change',
        "=== Connection closed.",
        "What came of it differs",
    )
    assert main(["check", str(file), "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert 'mx1.kantor.example said "450 4.2.1 Busy"' in said
    assert 'by itself it would have said "250 2.1.5 Ok"' in said
    assert main(["compare", str(file), "--lang", "en"]) == 0
    assert "Both are the same up to event" in capsys.readouterr().out


def test_what_was_typed_is_saved_as_a_scenario_that_gives_the_same_events(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    recording, scenario = tmp_path / "mine.jsonl", tmp_path / "mine.toml"
    typed = (
        "EHLO pc-tamu.asing.example\nMAIL FROM:<tamu@asing.example>\n"
        "RCPT TO:<citra@kantor.example>\nDATA\nSubject: Halo\n\n.\nQUIT\n"
    )
    for file in (recording, scenario):
        status, _, err = hold(monkeypatch, capsys, typed, "--as", "client", "--save", str(file))
        assert status == 0
    assert f"saved: smtpflow run {scenario}" in err
    assert tuple(redacted(simulate(load(scenario)))) == read(recording).events
    assert "lines = [" in scenario.read_text("utf-8")


def test_every_reply_of_ones_own_is_saved_as_an_intervention(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    recording, scenario = tmp_path / "mine.jsonl", tmp_path / "mine.toml"
    typed = "\n\n\n450 4.2.1 \\o/ Busy\n\n!drop\n"
    for file in (recording, scenario):
        assert hold(monkeypatch, capsys, typed, "--as", "server", "--save", str(file))[0] == 0
    back = load(scenario)
    assert back.changes == read(recording).header.scenario.changes != ()
    assert tuple(redacted(simulate(back))) == read(recording).events
    assert main(["compare", str(scenario), "--lang", "en"]) == 0
    assert "What came of it differs" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("--as client --port 7", "nobody listens at port 7: write one of 25, 587"),
        ("--as client --server mx1.kantor.exampel", "write mx1.kantor.example"),
        ("--as server --server nobody.example", "there is no server nobody.example here"),
        ("nowhere --as server", "no scenario has this name"),
        ("--as client --save /nowhere/x.jsonl", "/nowhere/x.jsonl cannot be written"),
        ("--as client --save /nowhere/x.toml", "/nowhere/x.toml cannot be written"),
        ("looked-up.jsonl --as client --save x.toml", "x.toml: a scenario file cannot hold what"),
        ("--as client --port 143 --tls", "--tls is for SMTP: nobody offers TLS at port 143 here"),
        ("--as client --port 110 --tls", "--tls is for SMTP: nobody offers TLS at port 110 here"),
        ("--as nobody", "--as cannot be 'nobody'"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], line: str, said: str
) -> None:
    status, _, err = hold(monkeypatch, capsys, "QUIT\n", *line.split())
    assert status == 2
    assert said in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("name", ["mine.jsonl", "mine.toml"])
def test_a_session_is_not_begun_where_its_file_is_there_already(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / name
    file.write_text("dear to me", encoding="utf-8")
    line = ("--as", "client", "--save", str(file))
    status, out, err = hold(monkeypatch, capsys, "QUIT\n", *line)
    assert (status, out) == (2, "")
    assert "is there already" in err
    assert hold(monkeypatch, capsys, "QUIT\n", *line, "--force")[0] == 0
    assert "QUIT" in file.read_text("utf-8")


def test_a_number_of_the_menu_is_said_in_full_and_reply_may_be_typed_or_not(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = hold(monkeypatch, capsys, "?\n1\n", "--as", "server")
    shows(
        out, "<-  1", "The server takes no mail (554): reply 554 5.3.2 No service here", "-> QUIT"
    )
    for typed in ("450 4.2.1 Busy", "reply 450 4.2.1 Busy"):
        _, out, _ = hold(monkeypatch, capsys, f"\n{typed}\n", "--as", "server")
        shows(out, f"<-  {typed}", "=== Connection closed.")
        assert "is no reply" not in out
