"""Recordings: what is written comes back, and whatever is wrong is one sentence with its line."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import get_args

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator.lessons.language import LANGUAGES
from simulator.lessons.recordings import mistake_said, remark_said
from simulator.trace import recording_reader
from simulator.trace.complaints import RecordingError
from simulator.trace.event import Composed, Content, Event, Fact, Stored
from simulator.trace.recording import Header, Recording, Writer, read, write
from simulator.trace.recording_format import Line
from simulator.trace.redaction import redacted
from tests.trace import stories
from tests.trace.random_events import facts
from tests.trace.stories import HOSTS, SCENARIO


def two_domains() -> list[Event]:
    """A story as a recording holds it: without its passwords."""
    return list(redacted(stories.two_domains()))


HEADER = Header(scenario=SCENARIO, hosts=HOSTS, program="smtpflow 0.1")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "run.jsonl"


@pytest.fixture
def lines(path: Path) -> list[bytes]:
    """The lines of a good recording, without their LF."""
    write(path, HEADER, two_domains())
    return path.read_bytes().splitlines()


def is_text(fact: Fact) -> bool:
    """Whether all strings of the fact are: half a surrogate pair cannot be written."""
    return "\\ud800" not in repr(fact)


def mistake(path: Path, octets: bytes) -> RecordingError:
    """What the reader says to a file of these octets."""
    path.write_bytes(octets)
    with pytest.raises(RecordingError) as caught:
        read(path)
    for language in LANGUAGES:
        sentence = mistake_said(caught.value, language)
        assert str(path) in sentence
        assert sentence.isprintable()
        assert sentence.endswith(".")
    assert mistake_said(caught.value, "en") != mistake_said(caught.value, "id")
    return caught.value


def broken(path: Path, lines: list[bytes], number: int, line: bytes) -> RecordingError:
    """What the reader says when line ``number`` is another."""
    changed = [*lines[: number - 1], line, *lines[number:]]
    error = mistake(path, b"".join(one + b"\n" for one in changed))
    assert error.line == number
    assert f"line {number}:" in mistake_said(error, "en")
    assert f"baris {number}:" in mistake_said(error, "id")
    return error


# What is written -------------------------------------------------------------------------------


def test_what_was_written_is_read_and_written_again_to_the_octet(path: Path) -> None:
    events = tuple(two_domains())
    write(path, HEADER, two_domains())
    first = path.read_bytes()
    back = read(path)
    assert back == Recording(HEADER, events, ())
    write(path, back.header, back.events)
    assert path.read_bytes() == first


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(facts.filter(is_text), st.text(), st.integers(0, 2**53 - 1))
def test_any_fact_comes_back_as_it_was(tmp_path: Path, fact: Fact, name: str, at: int) -> None:
    path = tmp_path / "one.jsonl"
    event = Event(0, at, 1, name, name, fact)
    write(path, HEADER, [event])
    try:
        back = read(path)
    except RecordingError as error:  # the reader is stricter than the types are
        assert error.rule == (
            "base64" if isinstance(fact, Composed | Content | Stored) else "value"
        )
    else:
        assert back.events == (event,)


def test_a_line_is_one_flat_object_that_opens_with_where_and_when(lines: list[bytes]) -> None:
    header = json.loads(lines[0])
    assert list(header)[:2] == ["format", "version"]
    assert (header["format"], header["version"]) == ("smtpflow-recording", 1)
    assert header["scenario"]["mails"][0]["attachments"][0]["octets"] == "AP8="
    assert [host["name"] for host in header["hosts"]] == [host.name for host in HOSTS]
    assert header["deterministic"] is True
    first = json.loads(lines[1])
    assert list(first)[:6] == ["seq", "at", "step", "host", "journey", "kind"]
    assert first["kind"] == "composed"
    assert [json.loads(line)["seq"] for line in lines[1:]] == list(range(len(lines) - 1))


def test_no_fact_has_a_key_that_the_line_itself_uses() -> None:
    own = set(Line.__struct_fields__)
    for fact in get_args(Fact):
        assert not own & set(fact.__struct_fields__)


def test_every_event_is_in_the_file_as_soon_as_it_is_written(path: Path) -> None:
    with Writer(path, HEADER) as writer:
        for count, event in enumerate(two_domains(), start=1):
            writer.write(event)
            assert len(read(path).events) == count


def test_a_program_that_is_killed_has_lost_no_event(path: Path) -> None:
    program = (
        "import os, sys\n"
        "from tests.trace.stories import HOSTS, SCENARIO, two_domains\n"
        "from simulator.trace.recording import Header, Writer\n"
        "writer = Writer(sys.argv[1], Header(scenario=SCENARIO, hosts=HOSTS))\n"
        "for event in two_domains():\n"
        "    writer.write(event)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    root = Path(__file__).parents[2]
    killed = subprocess.run(
        [sys.executable, "-c", program, str(path)], cwd=root, check=False, timeout=60
    )
    assert killed.returncode == -9
    assert read(path).events == tuple(two_domains())


@pytest.mark.parametrize("name", ["missing/run.jsonl", ".", "nul\0name"])
def test_a_file_that_cannot_be_written_is_an_error_with_its_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(RecordingError) as caught:
        write(tmp_path / name, HEADER, [])
    assert re.search(r"cannot be written: .*\.$", mistake_said(caught.value, "en"))
    assert "tidak dapat ditulis" in mistake_said(caught.value, "id")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is always full")
def test_a_full_disk_is_an_error_and_leaves_no_file_open() -> None:
    with pytest.raises(RecordingError, match="not-writable"):
        write("/dev/full", HEADER, [])


# What is read ----------------------------------------------------------------------------------


def test_what_is_no_file_is_said_in_one_sentence(tmp_path: Path) -> None:
    for name, rule in {"none.jsonl": "missing", ".": "folder", "nul\0": "unreadable"}.items():
        with pytest.raises(RecordingError) as caught:
            read(tmp_path / name)
        assert caught.value.rule == rule
        assert mistake_said(caught.value, "id").isprintable()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_says_why(path: Path, lines: list[bytes]) -> None:
    path.chmod(0)
    with pytest.raises(RecordingError, match=r"unreadable.*EACCES"):
        read(path)


@pytest.mark.parametrize("octets", [b"", b"\n", b" \r\n\n"])
def test_an_empty_file_is_no_recording(path: Path, octets: bytes) -> None:
    assert mistake(path, octets).rule == "empty"


@pytest.mark.parametrize(
    "octets",
    [
        b"hello\n",
        b"hello",
        b"{}\n",
        b"[]\n",
        b'"smtpflow-recording"\n',
        b'{"format": "asciicast", "version": 1}\n',
        b'{"format": 1, "version": 1}\n',
        b'{"version": 2, "width": 80}\n',
        b"[" * 100_000 + b"\n",
        b'{"format": "smtpflow-recording", "version": 1\n',
    ],
)
def test_another_kind_of_file_is_no_recording(path: Path, octets: bytes) -> None:
    error = mistake(path, octets)
    assert error.rule == "not-a-recording"
    assert '{"format": "smtpflow-recording", "version": 1, …}' in mistake_said(error, "en")


def test_a_header_that_is_cut_off_leaves_nothing_to_play(path: Path, lines: list[bytes]) -> None:
    assert mistake(path, lines[0][:-1]).rule == "header-cut-off"


@pytest.mark.parametrize("version", ["2", "0", '"1"', "1.0", "null", "true", "[]", "9" * 400])
def test_an_unknown_version_is_refused(path: Path, version: str) -> None:
    octets = f'{{"format":"smtpflow-recording","version":{version},"whatever":1}}\n'.encode()
    assert mistake(path, octets).rule == "version"


def test_a_header_whose_scenario_is_wrong_says_where(path: Path, lines: list[bytes]) -> None:
    header = json.loads(lines[0])
    header["scenario"]["mails"][0]["to"] = 7
    error = mistake(path, json.dumps(header).encode() + b"\n")
    assert error.rule == "header"
    assert "$.scenario.mails[0].to" in mistake_said(error, "en")


def test_a_header_may_say_more_than_this_version_knows(path: Path, lines: list[bytes]) -> None:
    header = json.loads(lines[0]) | {"mood": ["fine"]}
    path.write_bytes(b"\n".join([json.dumps(header).encode(), *lines[1:]]))
    assert read(path) == Recording(HEADER, tuple(two_domains()))


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        (b"not json", "syntax"),
        (b'{"seq":1', "syntax"),
        (b"\0\0\0", "syntax"),
        (b"[1,2]", "value"),
        (b"null", "value"),
        (b"{}", "value"),
        (b'{"seq":NaN,"at":1,"step":1,"host":"a","journey":"m1","kind":"removed"}', "syntax"),
        (b'{"seq":"1","at":1,"step":1,"host":"a","journey":"m1","kind":"removed"}', "value"),
        (b'{"seq":1,"at":1,"step":7,"host":"a","journey":"m1","kind":"removed"}', "value"),
        (b'{"seq":1,"at":-1,"step":1,"host":"a","journey":"m1","kind":"removed"}', "value"),
        (b'{"seq":1,"at":0.5,"step":1,"host":"a","journey":"m1","kind":"removed"}', "value"),
        (b'{"seq":1,"at":1e999,"step":1,"host":"a","journey":"m1","kind":"removed"}', "value"),
        (b'{"seq":1,"at":9007199254740992,"step":1,"host":"a","journey":"m1","kind":"x"}', "value"),
        (
            b'{"seq":1,"at":' + b"9" * 9999 + b',"step":1,"host":"a","journey":"","kind":"x"}',
            "value",
        ),
        (b'{"seq":1,"at":10000,"step":1,"host":"a","journey":"m1","kind":"removed"}', "value"),
        (b'{"seq":1,"at":10000,"step":1,"host":"\xff","journey":"m1","kind":"x"}', "not-utf-8"),
        (b'{"seq":1,"at":1,"step":1,"host":"a","journey":"","kind":"x","y":"\xc3("}', "not-utf-8"),
        (b'{"seq":1,"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "syntax"),
        (b'{"seq":0,"at":20000,"step":1,"host":"a","journey":"m1","kind":"x"}', "seq"),
        (b'{"seq":1,"at":9999,"step":1,"host":"a","journey":"m1","kind":"x"}', "at"),
        (b'{"seq":1,"at":20000,"step":1,"host":"a","journey":"m1","kind":7}', "value"),
        (
            (
                b'{"seq":1,"at":20000,"step":1,"host":"a","journey":"m1","kind":"content","conn":1,'
                b'"peer":"b","data":"!","encoding":"base64"}'
            ),
            "base64",
        ),
        (
            (
                b'{"seq":1,"at":20000,"step":1,"host":"a","journey":"m1","kind":"queued",'
                b'"queue_id":"q","recipients":[],"reason":"","next_attempt":-1}'
            ),
            "value",
        ),
        (
            (
                b'{"seq":1,"at":20000,"step":1,"host":"a","journey":"m1","kind":"closed","conn":1,'
                b'"peer":"b","port":1,"protocol":"\\u001b[2J\\u202e","reason":""}'
            ),
            "value",
        ),
    ],
)
def test_a_line_that_is_wrong_is_named(
    path: Path, lines: list[bytes], line: bytes, rule: str
) -> None:
    assert broken(path, lines, 3, line).rule == rule


def test_blank_lines_say_nothing_and_harm_nothing(path: Path, lines: list[bytes]) -> None:
    path.write_bytes(b"\n".join([*lines[:2], b"", b" \r", *lines[2:], b"", b""]))
    assert read(path) == Recording(HEADER, tuple(two_domains()))


def test_what_a_hostile_line_says_does_not_reach_the_terminal_as_it_is(path: Path) -> None:
    evil = path.with_name("a\x1b[2J\u202e.jsonl")
    error = mistake_about(evil)
    assert "\\x1b[2J\\u202e.jsonl" in mistake_said(error, "en")


def mistake_about(path: Path) -> RecordingError:
    with pytest.raises(RecordingError) as caught:
        read(path)
    return caught.value


def test_a_line_that_is_too_long_is_refused_before_it_is_read_whole(
    path: Path, lines: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording_reader, "_LONGEST_LINE", 100_000)
    assert broken(path, lines, 3, b'{"seq":1,' + b" " * 100_000).rule == "too-long"


# What is passed over -----------------------------------------------------------------------------


def test_events_that_are_missing_are_warned_of_and_the_others_played(
    path: Path, lines: list[bytes]
) -> None:
    path.write_bytes(b"\n".join([*lines[:3], *lines[5:8], *lines[9:], b""]))
    back = read(path)
    events = tuple(two_domains())
    assert back.events == (*events[:2], *events[4:7], *events[8:])
    (warning,) = back.warnings
    assert (warning.rule, warning.line, warning.count) == ("gap", 4, 3)
    assert remark_said(warning, "en").startswith("Before line 4 events are missing (3 in all)")
    assert remark_said(warning, "id").startswith("Sebelum baris 4 ada peristiwa yang hilang (3")


@pytest.mark.parametrize("end", [1, 2, 20, -1, -2])
def test_a_last_line_that_is_cut_off_is_left_out_with_a_warning(
    path: Path, lines: list[bytes], end: int
) -> None:
    path.write_bytes(b"\n".join([*lines[:-1], lines[-1][:end]]))
    back = read(path)
    assert back.events == tuple(two_domains())[:-1]
    (warning,) = back.warnings
    assert (warning.rule, warning.line) == ("cut-off", len(lines))
    assert remark_said(warning, "en").startswith(f"Line {len(lines)}, the last one, is cut off")
    assert remark_said(warning, "id").startswith(f"Baris {len(lines)}, yang terakhir, terpotong")


@given(st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
def test_wherever_a_recording_is_cut_its_whole_lines_are_played(
    tmp_path: Path, data: st.DataObject
) -> None:
    path = tmp_path / "cut.jsonl"
    events = tuple(two_domains())
    write(path, HEADER, events)
    octets = path.read_bytes()
    header_end = octets.index(b"\n") + 1
    cut = data.draw(st.integers(header_end, len(octets)))
    path.write_bytes(octets[:cut])
    back = read(path)
    whole = octets[:cut].count(b"\n") - 1
    assert back.events[:whole] == events[:whole]
    assert len(back.events) - whole in {0, 1}  # only the LF may have been lost
    assert bool(back.warnings) == (octets[cut - 1 : cut] != b"\n" and len(back.events) == whole)


def test_a_whole_last_line_needs_no_line_end(path: Path, lines: list[bytes]) -> None:
    path.write_bytes(b"\n".join(lines))
    assert read(path) == Recording(HEADER, tuple(two_domains()))


def test_a_last_line_that_is_whole_but_wrong_is_an_error(path: Path, lines: list[bytes]) -> None:
    error = mistake(path, b"\n".join([*lines, b'{"seq":"x"}']))
    assert (error.rule, error.line) == ("value", len(lines) + 1)


def test_line_ends_of_another_system_are_read(path: Path, lines: list[bytes]) -> None:
    path.write_bytes(b"".join(line + b"\r\n" for line in lines))
    assert read(path) == Recording(HEADER, tuple(two_domains()))


def test_events_of_unknown_kinds_are_skipped_with_a_warning_for_each_kind(
    path: Path, lines: list[bytes]
) -> None:
    strange = [json.loads(line) for line in lines[1:]]
    for number in (3, 7):
        strange[number]["kind"] = "teleported\x1b[2J"
    strange[5]["kind"] = "guessed"
    path.write_bytes(b"\n".join([lines[0], *map(msgspec.json.encode, strange), b""]))
    back = read(path)
    assert [event.seq for event in back.events] == [
        seq for seq in range(len(lines) - 1) if seq not in {3, 5, 7}
    ]
    assert [(warning.kind, warning.line, warning.count) for warning in back.warnings] == [
        ("teleported\x1b[2J", 5, 2),
        ("guessed", 7, 1),
    ]
    assert remark_said(back.warnings[0], "en") == (
        "Line 5: this version does not know events of the kind teleported\\x1b[2J; "
        "those were skipped (2)."
    )
    assert "dilewati (2)" in remark_said(back.warnings[0], "id")


def test_a_thousand_unknown_kinds_do_not_give_a_thousand_warnings(
    path: Path, lines: list[bytes]
) -> None:
    strange = [
        f'{{"seq":{seq},"at":0,"step":1,"host":"","journey":"","kind":"k{seq}"}}'.encode()
        for seq in range(1000)
    ]
    path.write_bytes(b"\n".join([lines[0], *strange, b""]))
    warnings = read(path).warnings
    assert len(warnings) == 21
    assert (warnings[-1].rule, warnings[-1].line, warnings[-1].count) == ("unknown-kinds", 22, 980)
    assert "(980)" in remark_said(warnings[-1], "id")


# Whatever the octets -----------------------------------------------------------------------------


@given(st.binary(max_size=300), st.integers(0, 10_000))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
def test_no_octets_make_the_reader_fail_in_any_other_way(
    tmp_path: Path, junk: bytes, where: int
) -> None:
    path = tmp_path / "junk.jsonl"
    write(path, HEADER, two_domains())
    octets = path.read_bytes()
    at = where % len(octets)
    for damaged in (junk, octets[:at] + junk + octets[at:], octets[:at] + junk + octets[at + 9 :]):
        path.write_bytes(damaged)
        try:
            assert isinstance(read(path), Recording)
        except RecordingError as error:
            assert mistake_said(error, "id").isprintable()
