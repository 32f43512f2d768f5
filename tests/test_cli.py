"""The command line: what it prints where, and how it ends."""

from __future__ import annotations

import errno
import json
import os
import pty
import select
import signal
import subprocess
import sys
import termios
from functools import partial
from pathlib import Path

import pytest

from simulator import __version__
from simulator.cli import main
from simulator.scenario.sending_limits import providers

REPOSITORY = Path(__file__).parents[1]
PROGRAM = [sys.executable, "-m", "simulator"]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(REPOSITORY), "LC_ALL": "C.UTF-8"}


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


@pytest.fixture(scope="session")
def way(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording of the same-domain scenario."""
    file = tmp_path_factory.mktemp("recordings") / "way.jsonl"
    subprocess.run(
        [*PROGRAM, "run", "same-domain", "--record", str(file)],
        env=ENVIRONMENT,
        cwd=REPOSITORY,
        stdout=subprocess.DEVNULL,
        check=True,
        timeout=60,
    )
    return file


def status_and_words(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main(list(arguments))
    out, err = capsys.readouterr()
    return status, out, err


# What is printed ---------------------------------------------------------------------------------


def test_run_tells_the_scenario(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = status_and_words(capsys, "run", "same-domain")
    assert (status, err) == (0, "")
    assert out.startswith("One domain, one server\n=====")
    assert "    0.340 s   ~> MAIL FROM:<ani@kampus.example>\n" in out
    assert "  budi@kampus.example  was read\n" in out


def test_run_tells_it_as_a_story_in_indonesian(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = status_and_words(
        capsys, "--lang", "id", "run", "same-domain", "--depth", "story"
    )
    assert status == 0
    assert "Ani menulis surel kepada budi@kampus.example dan menekan kirim." in out
    assert "MAIL FROM" not in out


@pytest.mark.parametrize(
    "arguments", [("--lang", "id", "list"), ("list", "--lang", "id"), ("list", "--lang=id")]
)
def test_the_language_may_be_said_before_and_after_the_command(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert (
        "same-domain: Satu domain, satu server (3 menit)" in status_and_words(capsys, *arguments)[1]
    )


def test_the_locale_chooses_the_language_where_nobody_says_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LC_ALL", "id_ID.UTF-8")
    assert "Satu domain" in status_and_words(capsys, "list")[1]
    assert "One domain" in status_and_words(capsys, "list", "--lang", "en")[1]


def test_another_mail_may_be_written_on_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    photo = tmp_path / "foto.png"
    photo.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    arguments = "run two-domains --to citra@kantor.example --bcc budi@kampus.example --subject Foto"
    status, out, _ = status_and_words(
        capsys, *arguments.split(), "--body", "Lihat ini.", "--attach", str(photo)
    )
    assert status == 0
    assert "~> Subject: Foto\n" in out
    assert "~> RCPT TO:<budi@kampus.example>\n" in out
    assert "Bcc" not in out.partition("~> DATA")[2].partition("354")[2].partition("~> .")[0]
    assert "(foto.png): Foto\n" in out


def test_a_recording_holds_exactly_what_jsonl_prints(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    file = tmp_path / "way.jsonl"
    assert main(["run", "two-relays", "--format", "jsonl", "--record", str(file)]) == 0
    out = capfdbinary.readouterr().out
    assert out == file.read_bytes()
    header = json.loads(out.partition(b"\n")[0])
    assert (header["format"], header["version"]) == ("smtpflow-recording", 1)
    assert header["program"] == f"smtpflow {__version__}"


def test_show_tells_a_recording_as_run_told_the_scenario(
    way: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for depth in ("story", "commands", "bytes"):
        run = status_and_words(capsys, "run", "same-domain", "--depth", depth)
        assert status_and_words(capsys, "show", str(way), "--depth", depth) == run


def test_show_gives_a_recording_back_as_it_is(
    way: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["show", str(way), "--format", "jsonl"]) == 0
    assert capfdbinary.readouterr().out == way.read_bytes()


def test_another_seed_gives_another_run_and_the_same_seed_the_same(
    capsys: pytest.CaptureFixture[str],
) -> None:
    first, second, again = (
        status_and_words(capsys, "run", "same-domain", "--seed", seed)[1]
        for seed in ("1", "2", "1")
    )
    assert first == again != second


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", "30 messages in 1 minute, each user: 432 4.3.2 Sending too fast"),
        ("id", "30 surel dalam 1 menit, tiap pengguna: 432 4.3.2 Sending too fast"),
    ],
)
def test_every_known_sending_limit_is_listed_with_its_source_and_day(
    capsys: pytest.CaptureFixture[str], lang: str, said: str
) -> None:
    status, told, _ = status_and_words(capsys, "list", "--limits", "--lang", lang)
    assert status == 0
    assert f"    {said}\n" in told
    blocks = told.split("\n\n")[1:]
    assert len(blocks) == len(providers())
    for (name, known), block in zip(providers().items(), blocks, strict=True):
        assert block.startswith(f"{name}: {known.name}\n")
        unwrapped = " ".join(block.split())
        assert f"{known.as_of}: {known.source}." in unwrapped
        assert all(limit.reply in unwrapped for limit in known.limits)


@pytest.mark.parametrize("arguments", [(), ("play",)])
def test_without_a_screen_the_library_is_a_list(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert status_and_words(capsys, *arguments) == status_and_words(capsys, "list")


def test_without_a_screen_play_prints_what_run_and_show_print(
    way: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = status_and_words(capsys, "run", "same-domain")
    assert status_and_words(capsys, "play", "same-domain") == told
    assert status_and_words(capsys, "play", str(way)) == told


# Checking ----------------------------------------------------------------------------------------


def test_check_says_of_each_file_that_it_is_sound(
    way: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = status_and_words(capsys, "check", "two-domains", str(way))
    assert (status, err) == (0, "")
    assert [line.rpartition(": ")[2] for line in out.splitlines()] == ["ok", "ok"]


def test_check_takes_a_whole_folder_of_scenarios(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = status_and_words(capsys, "check", str(REPOSITORY / "scenarios"))
    assert status == 0
    assert len(out.splitlines()) >= 4


def test_check_names_every_mistake_with_its_line_and_goes_on(
    tmp_path: Path, way: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text('[mail]\nfrom = "ani@kampus.example"\ntoo = "citra@kantor.example"\n')
    status, out, err = status_and_words(capsys, "check", str(bad), str(way))
    assert (status, err) == (1, "")
    assert f"{bad}:3: unknown key" in out
    assert out.endswith(f"{way}: ok\n")


def test_check_refuses_a_broken_recording(
    tmp_path: Path, way: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    header, first, _ = way.read_bytes().split(b"\n", 2)
    bad = tmp_path / "bad.jsonl"
    bad.write_bytes(header + b"\n" + first + b"\n" + first + b"\n")
    status, out, _ = status_and_words(capsys, "check", str(bad))
    assert status == 1
    assert f"{bad}, line 3: seq must grow" in out


def test_a_recording_that_was_cut_off_is_sound_but_remarked_upon(
    tmp_path: Path, way: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cut = tmp_path / "cut.jsonl"
    cut.write_bytes(way.read_bytes()[:-20])
    status, out, _ = status_and_words(capsys, "check", str(cut))
    assert status == 0
    assert "is cut off" in out
    status, out, err = status_and_words(capsys, "show", str(cut))
    assert status == 0
    assert "is cut off" in err
    assert "is cut off" not in out


# Mistakes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ("run", "something is missing: SCENARIO (see: smtpflow run --help)"),
        ("run nosuch", "nosuch: no scenario has this name"),
        ("run same-domian", 'did you mean "same-domain"?'),
        ("run ./no/where", "there is no such file"),
        ("run same-domain --depth deep", "--depth cannot be"),
        ("run same-domain --seed x", "--seed cannot be 'x': write a whole number"),
        ("run --frok", "not known: --frok (see: smtpflow run --help)"),
        ("compare a b c", "not known: c (see: smtpflow compare --help)"),
        ("show two-domains", "smtpflow run two-domains the scenario"),
        ("run same-domain --seed -1", "--seed"),
        ("run same-domain --to", "--to needs a value"),
        ("run same-domain --to nobody", "--to: "),
        ("run same-domain --attach nowhere.png", "nowhere.png"),
        ("run same-domain --frok 7=drop", "not known: --frok (see: smtpflow run --help)"),
        ("run same-domain --record /nowhere/x.jsonl", "/nowhere/x.jsonl cannot be written"),
        ("ran same-domain", "there is no command 'ran': write one of"),
        ("show nowhere.jsonl", "nowhere.jsonl: there is no such file."),
        ("show greylistin.jsonl", "did you mean greylisting.jsonl?"),
        ("show greylisting", "smtpflow show greylisting.jsonl tells the recording"),
        (
            "show same-domain",
            "same-domain is a scenario and no recording: smtpflow run same-domain",
        ),
        ("show .", ". is a folder"),
        ("run same-domain --record x.toml", "write a name that ends in .jsonl"),
        ("play nowhere.jsonl", "nowhere.jsonl: there is no such file."),
        ("play same-domain --speed 0", "--speed cannot be '0': write a number from 0.1 to 16"),
        ("play same-domain --speed nan", "--speed cannot be 'nan'"),
        ("check", "something is missing: FILE"),
        ("check nowhere.jsonl", "nowhere.jsonl: there is no such file."),
        ("check ./nowhere.toml", "nowhere.toml: there is no such file"),
        ("list --lang fr", "--lang cannot be"),
    ],
)
def test_wrong_use_is_told_in_one_line_on_standard_error(
    arguments: str, complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = status_and_words(capsys, *arguments.split())
    assert status == 2
    assert out == ""
    assert err.startswith("smtpflow: ")
    assert complaint in err
    assert err.count("\n") == 1


def test_a_recording_is_not_overwritten_unless_that_is_wanted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mine.jsonl"
    file.write_text("dear to me", encoding="utf-8")
    line = ("run", "same-domain", "--record", str(file))
    status, out, err = status_and_words(capsys, *line)
    assert (status, out) == (2, "")
    assert "is there already: name another file, or overwrite it with --force" in err
    assert file.read_text("utf-8") == "dear to me"
    assert status_and_words(capsys, *line, "--force")[0] == 0
    assert file.read_text("utf-8").startswith('{"format":"smtpflow-recording"')


def test_what_is_no_regular_file_may_be_recorded_to(capsys: pytest.CaptureFixture[str]) -> None:
    assert status_and_words(capsys, "run", "same-domain", "--record", os.devnull)[0] == 0


def test_wrong_use_is_told_in_indonesian_too(capsys: pytest.CaptureFixture[str]) -> None:
    status, _, err = status_and_words(capsys, "--lang", "id", "run")
    assert status == 2
    assert err == "smtpflow: ada yang kurang: SCENARIO (lihat: smtpflow run --help)\n"


def test_an_empty_folder_is_nothing_to_check(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, _, err = status_and_words(capsys, "check", str(tmp_path))
    assert status == 2
    assert err == f"smtpflow: {tmp_path}: there is no scenario in this folder\n"


def test_an_argument_cannot_drive_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["run", "\x1b[2J\u202e"], ["\x1b[2J"], ["show", "\x1b[2J.jsonl"]):
        status, out, err = status_and_words(capsys, *arguments)
        assert status == 2
        assert (out + err.removesuffix("\n")).isprintable()


def test_a_file_that_is_no_recording_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "x.jsonl"
    file.write_bytes(b"\x00\xff\x1b[2J")
    status, out, err = status_and_words(capsys, "show", str(file))
    assert (status, out) == (2, "")
    assert "this is no recording" in err or "not UTF-8" in err


# Help --------------------------------------------------------------------------------------------


def test_help_names_every_command_and_gives_examples(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = status_and_words(capsys, "--help")
    assert status == 0
    assert out.startswith("usage: smtpflow ")
    for command in ("run", "show", "play", "list", "check"):
        assert f"\n    {command} " in out
    assert "  smtpflow run same-domain " in out


@pytest.mark.parametrize("command", ["run", "show", "play", "list", "check"])
def test_help_in_indonesian_has_no_english_headings(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, _ = status_and_words(capsys, command, "--help", "--lang", "id")
    assert status == 0
    assert out.startswith(f"pemakaian: smtpflow {command} ")
    assert "pilihan:\n" in out
    assert "options" not in out
    assert "show this help" not in out


def test_version_is_said_without_loading_what_it_does_not_need() -> None:
    run = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "simulator", "--version"],
        env=ENVIRONMENT,
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert run.stdout == f"smtpflow {__version__}\n"
    loaded = {line.rpartition("|")[2].strip() for line in run.stderr.splitlines()}
    assert "simulator.cli" in loaded
    assert loaded.isdisjoint({"textual", "rich", "aiosmtpd", "asyncio", "dns", "ssl", "msgspec"})


def test_a_transcript_needs_no_screen_library(way: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "simulator", "play", str(way)],
        env=ENVIRONMENT,
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    loaded = {line.rpartition("|")[2].strip() for line in run.stderr.splitlines()}
    assert "simulator.views.transcript" in loaded
    assert loaded.isdisjoint({"textual", "rich", "aiosmtpd", "asyncio"})


# How it ends -------------------------------------------------------------------------------------


def test_a_reader_that_stops_reading_ends_it_without_a_word(way: Path) -> None:
    with subprocess.Popen(
        [*PROGRAM, "show", str(way), "--depth", "bytes"],
        env=ENVIRONMENT,
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
    ) as program:
        assert program.stdout is not None
        assert program.stderr is not None
        program.stdout.close()
        assert program.stderr.read() == b""
        assert program.wait(60) == 141


def test_an_interrupt_ends_it_without_a_word() -> None:
    """The reader takes one line, and no pipe holds the others: it is in the middle of its work."""
    with subprocess.Popen(
        [*PROGRAM, "run", "five-days", "--depth", "bytes"],
        env={**ENVIRONMENT, "PYTHONUNBUFFERED": "1"},
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
        # Who runs the tests in the background has told all below to ignore it.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    ) as program:
        assert program.stdout is not None
        assert program.stderr is not None
        program.stdout.readline()
        program.send_signal(signal.SIGINT)
        program.stdout.read()
        assert program.stderr.read() == b""
        assert program.wait(60) == 130


def test_a_terminal_that_knows_only_ascii_still_gets_every_line() -> None:
    run = subprocess.run(
        [*PROGRAM, "run", "same-domain"],
        env={**ENVIRONMENT, "PYTHONIOENCODING": "ascii"},
        cwd=REPOSITORY,
        capture_output=True,
        check=True,
        timeout=60,
    )
    assert run.stderr == b""
    assert b"  \\xb7  Ani writes to budi@kampus.example" in run.stdout


def on_a_terminal(term: str, *arguments: str, keys: bytes = b"", until: bytes = b"") -> bytes:
    """What the program draws on a terminal until it ends; ``keys`` are pressed after ``until``."""
    here, there = pty.openpty()
    termios.tcsetwinsize(there, (40, 120))
    with subprocess.Popen(
        [*PROGRAM, *arguments],
        env={**ENVIRONMENT, "TERM": term},
        cwd=REPOSITORY,
        stdin=there,
        stdout=there,
        stderr=there,
        start_new_session=True,
    ) as program:
        os.close(there)
        drawn = b""
        while piece := _drawn(here):
            drawn += piece
            if keys and until in drawn:
                os.write(here, keys)
                keys = b""
        os.close(here)
        assert program.wait(60) == 0
    return drawn


def _drawn(terminal: int) -> bytes:
    """What came next; nothing when the program has closed its side."""
    if not select.select([terminal], [], [], 60)[0]:
        raise TimeoutError("the program neither draws nor ends")
    try:
        return os.read(terminal, 65536)
    except OSError as error:
        if error.errno == errno.EIO:  # how Linux says that the other side is closed
            return b""
        raise


def test_a_dumb_terminal_gets_plain_lines() -> None:
    drawn = on_a_terminal("dumb", "play", "same-domain", "--depth", "story")
    assert b"\x1b" not in drawn
    assert b"presses send.\r\n" in drawn


def test_a_real_terminal_gets_the_screen_and_q_leaves_it() -> None:
    drawn = on_a_terminal("xterm-256color", "play", "same-domain", keys=b"q", until=b"ani")
    assert b"\x1b[?1049h" in drawn


def test_a_record_that_the_dns_cannot_read_is_a_mistake_and_no_traceback(tmp_path: Path) -> None:
    file = tmp_path / "records.toml"
    file.write_text(
        '[mail]\nfrom = "ani@kampus.example"\nto = "citra@kantor.example"\n'
        '[domains."kantor.example"]\nrecords = ["www IN LOC nowhere"]\n',
        "utf-8",
    )
    ran = subprocess.run(
        [sys.executable, "-m", "simulator", "run", str(file)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 2
    assert "records: zone kantor.example" in ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("play --dns real", "--dns real needs a scenario"),
        ("play way.jsonl --dns real", "a recording has its answers already"),
        ("run two-domains --trace", "--trace goes together with --dns real"),
        ("run two-domains --nameserver 9.9.9.9", "--nameserver goes together with --dns real"),
        ("run two-domains --dns real --nameserver dns", "--nameserver cannot be dns"),
    ],
)
def test_the_real_dns_where_it_makes_no_sense(
    capsys: pytest.CaptureFixture[str], line: str, sentence: str
) -> None:
    status, out, err = status_and_words(capsys, *line.split())
    assert (status, out) == (2, "")
    assert err.startswith(f"smtpflow: {sentence}")
    assert err.count("\n") == 1
