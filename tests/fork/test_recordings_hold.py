"""Recordings hold: mutated, killed, shown and recorded again, described by their schema."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from simulator.arguments import EXPORTS
from simulator.cli import main
from simulator.engine.simulate import simulate
from simulator.lessons.recordings import mistake_said
from simulator.scenario.library import find
from simulator.scenario.loader import load
from simulator.scenario.model import Scenario
from simulator.trace.margin import margin_of
from simulator.trace.player import Player
from simulator.trace.recording import Note, RecordingError, read, write
from simulator.trace.recording_schema import schema, text
from simulator.trace.redaction import redacted
from simulator.views.one_line import numbered
from simulator.views.transcript import narrate
from tests.fork.record_looked_up import looked_up
from tests.fork.record_shipped import LOOKED_UP
from tests.shipped import events_of

ROOT = Path(__file__).parents[2]
MUTATIONS = 10_000
ODD_HEADERS = 80
FORMS = tuple(form for form in EXPORTS if form != "svg")
"""Without the picture of the screen, which takes its time."""


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording as ``run`` writes it."""
    file = tmp_path_factory.mktemp("recordings") / "run.jsonl"
    assert main(["run", "same-domain", "--record", str(file), "--format", "events"]) == 0
    return file


# Mutations -------------------------------------------------------------------------------------


def mutated(lines: list[bytes], chance: random.Random) -> bytes:  # noqa: C901 - a case a way
    """The recording with something wrong in it, as disks, editors and enemies make it."""
    lines = list(lines)
    where = chance.randrange(len(lines))
    line = lines[where]
    match chance.randrange(10):
        case 0:
            bit = chance.randrange(len(line) * 8)
            lines[where] = _flipped(line, bit)
        case 1:
            return b"\n".join(lines)[: chance.randrange(sum(map(len, lines)))]
        case 2:
            chance.shuffle(lines)
        case 3:
            number = chance.choice((b"-1", b"9" * 400, b"1e400", b"0.5", b"9007199254740993"))
            lines[where] = line.replace(b":1", b":" + number).replace(b":5", b":" + number)
        case 4:
            lines[where] = line.replace(b'"kind":"', b'"kind":"un')
        case 5:
            del lines[where]
        case 6:
            lines.insert(where, line)
        case 7:
            lines[where] = line.replace(b'"', chance.choice((b"'", b"", b"[", b"null")), 1)
        case 8:
            junk = chance.choice((b"", b"null", b"[" * 5_000, b"{}", b"\0", b"\xff\xfe", b'"x"'))
            lines[where] = junk
        case 9:
            start = chance.randrange(len(line))
            lines[where] = line[:start] + chance.randbytes(3) + line[start + 3 :]
    return b"\n".join(lines) + b"\n"


def _flipped(line: bytes, bit: int) -> bytes:
    octets = bytearray(line)
    octets[bit // 8] ^= 1 << bit % 8
    return bytes(octets)


def test_ten_thousand_mutated_recordings_play_or_are_a_clear_error(
    recorded: Path, tmp_path: Path
) -> None:
    whole = recorded.read_bytes().splitlines()
    # A short one has all kinds of lines near each other, and ten thousand are soon read.
    kinds = {json.loads(line).get("kind"): line for line in whole}
    lines = [whole[0], *(line for line in whole[1:] if line in kinds.values())]
    file = tmp_path / "mutated.jsonl"
    chance = random.Random(57)
    played = refused = 0
    for number in range(MUTATIONS):
        file.write_bytes(mutated(lines, chance))
        try:
            back = read(file)
        except RecordingError as error:
            refused += 1
            assert mistake_said(error, "en").isprintable()
            assert mistake_said(error, "id").endswith(".")
            continue
        played += 1
        if number % 5 == 0:
            player = Player(back.header.hosts, back.events)
            player.end()
            assert player.scene.cursor == len(back.events)
            list(numbered(back.header.hosts, back.events, language="id", depth="bytes"))
        if number % 50 == 0:
            list(narrate("x", back.header.hosts, back.events, depth="bytes"))
    assert played > MUTATIONS // 10
    assert refused > MUTATIONS // 10


def _leaves(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in JSON where a value stands: what holds it, and its key there."""
    keys = value.items() if isinstance(value, dict) else enumerate(value)
    for key, one in list(keys):
        yield value, key
        if isinstance(one, dict | list):
            yield from _leaves(one)


_ODD = (None, "", [], {}, 0, -1, 2**53, 10**30, "x", "kantor.example", "\x1b[2J", "a@b", True, 0.5)


def test_a_header_that_says_anything_is_simulated_again_or_is_a_clear_error(
    recorded: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    header, *events = recorded.read_bytes().splitlines(keepends=True)
    file, target = tmp_path / "odd.jsonl", tmp_path / "target"
    chance = random.Random(8)
    ends = Counter[int]()
    for number in range(ODD_HEADERS):
        told = json.loads(header)
        holder, key = chance.choice(list(_leaves(told)))
        holder[key] = chance.choice(_ODD)
        file.write_bytes(json.dumps(told).encode() + b"\n" + b"".join(events))
        form = FORMS[number % len(FORMS)]
        for command in (
            ["run", str(file), "--fork", "30=drop", "--format", "jsonl"],
            ["export", str(file), "--to", form, "-o", str(target), "--force"],
        ):
            capsys.readouterr()
            status = main([*command, "--lang", "id"])
            ends[status] += 1
            assert status in {0, 2}
            if status == 2:
                assert capsys.readouterr().err.count("\n") == 1
    assert min(ends[0], ends[2]) > ODD_HEADERS // 10


# Killed while it records -------------------------------------------------------------------------


def test_a_program_that_is_killed_while_it_records_loses_no_whole_event(tmp_path: Path) -> None:
    file = tmp_path / "killed.jsonl"
    command = [sys.executable, "-m", "simulator", "run", "five-days", "--record", str(file)]
    wanted = [*command, "--format", "jsonl"]
    with subprocess.Popen(wanted, cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        # It cannot come to its end: nobody reads on, and no pipe holds so much.
        told = [process.stdout.readline() for _ in range(60)]
        process.kill()
        told += process.stdout.readlines()
    assert process.returncode == -signal.SIGKILL
    back = read(file)
    whole = tuple(redacted(events_of("five-days")))
    assert back.events == whole[: len(back.events)]
    assert len(back.events) < len(whole)
    # Whatever was told is on the disk, and every whole line there is played.
    assert file.read_bytes().startswith(b"".join(told[:-1]))
    complete = file.read_bytes().count(b"\n") - 1
    assert len(back.events) in {complete, complete + 1}


# Round trips -------------------------------------------------------------------------------------


def test_record_show_record_is_the_identity(
    recorded: Path, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["show", str(recorded), "--format", "jsonl"]) == 0
    shown = capsysbinary.readouterr().out
    assert shown == recorded.read_bytes()
    again = tmp_path / "again.jsonl"
    again.write_bytes(shown)
    back = read(again)
    write(again, back.header, back.events)
    assert again.read_bytes() == shown


def test_a_recording_is_known_by_what_it_holds_whatever_its_name(
    recorded: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "way"
    file.write_bytes(recorded.read_bytes())
    assert main(["check", str(file)]) == 0
    assert main(["play", str(file)]) == 0
    assert main(["export", str(file), "--to", "eml", "-o", str(tmp_path / "mail.eml")]) == 0
    assert main(["compare", str(file), str(recorded), "--lang", "en"]) == 0
    assert "Both runs are the same" in capsys.readouterr().out


def test_a_recording_keeps_its_title_its_chapters_notes_and_stops(
    recorded: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    header, *events = recorded.read_bytes().splitlines(keepends=True)
    told = json.loads(header) | {
        "title": "Surel pertama",
        "author": "Bu Guru",
        "chapters": [{"after": 30, "text": "Diserahkan"}, {"after": 0, "text": "Ditulis"}],
        "notes": [{"after": 12, "text": "Perhatikan!"}],
        "stops": [{"after": 20, "text": "Apa jawaban server?"}],
    }
    file = tmp_path / "told.jsonl"
    file.write_bytes(json.dumps(told).encode() + b"\n" + b"".join(events))
    back = read(file)
    margin = margin_of(back.header)
    assert margin.title == "Surel pertama"
    assert [note.text for note in margin.chapters] == ["Ditulis", "Diserahkan"]
    assert margin.notes == (Note(after=12, text="Perhatikan!"),)
    assert margin.stops[0].text == "Apa jawaban server?"
    write(file, back.header, back.events)
    assert read(file) == back
    # Whose it is stands below its title; what is said nowhere is found by check.
    assert main(["show", str(file), "--lang", "id"]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert (shown[0], shown[2]) == ("Surel pertama", "oleh Bu Guru")
    assert main(["check", str(file), "--lang", "en"]) == 0
    assert capsys.readouterr().out == f"{file}: ok\n"
    told["stops"].append({"after": 9999, "text": "Who reads this?"})
    file.write_bytes(json.dumps(told).encode() + b"\n" + b"".join(events))
    assert main(["check", str(file), "--lang", "en"]) == 0
    assert "something is said at event 9999" in capsys.readouterr().out
    told["notes"] = [{"after": -1, "text": "x"}]
    file.write_bytes(json.dumps(told).encode() + b"\n" + b"".join(events))
    with pytest.raises(RecordingError) as caught:
        read(file)
    assert (caught.value.rule, caught.value.line) == ("header", 1)


# The schema --------------------------------------------------------------------------------------


def test_the_schema_in_the_docs_is_that_of_the_types() -> None:
    kept = (ROOT / "docs" / "recording.schema.json").read_text("utf-8")
    assert kept == text(), "write it anew: python -m simulator.trace.recording_schema > docs/…"


def test_every_line_of_a_recording_is_as_the_schema_says(recorded: Path) -> None:
    Draft202012Validator.check_schema(schema())
    validator = Draft202012Validator(schema())
    for line in recorded.read_bytes().splitlines():
        assert validator.is_valid(json.loads(line)), line
    for wrong in (
        {},
        {"kind": "command"},
        {"seq": -1, "at": 0, "step": 7, "host": "", "kind": "x"},
    ):
        assert not validator.is_valid(wrong)


def test_the_docs_name_every_kind() -> None:
    said = (ROOT / "docs" / "recording.md").read_text("utf-8")
    defined = schema()["$defs"].values()
    kinds = {kind for one in defined for kind in one["properties"].get("kind", {}).get("enum", ())}
    assert len(kinds) > 15
    assert [kind for kind in kinds if f"`{kind}`" not in said] == []


# Those that come with the program ----------------------------------------------------------------

RECORDED = ROOT / "scenarios" / "recordings"
SHIPPED = sorted(RECORDED.glob("*.jsonl"))


def test_what_a_nameserver_said_is_played_without_a_network(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_network(*_: object) -> None:
        raise AssertionError("a recording asks nobody")

    for call in ("connect", "connect_ex", "sendto", "sendmsg"):
        monkeypatch.setattr(f"socket.socket.{call}", no_network, raising=False)
    assert main(["show", f"{LOOKED_UP}.jsonl", "--format", "events", "--lang", "id"]) == 0
    shown = capsys.readouterr().out
    assert "pertanyaan: Ada dua penerima surel dalam DNS" in shown
    assert "203.0.113.25" in shown
    names = read(RECORDED / f"{LOOKED_UP}.jsonl").header.scenario.looked_up
    assert names is not None
    assert all(one.name.endswith(".test") for one in names.answers), "nobody's real data"


@pytest.mark.judge
def test_nsd_says_the_same_again(tmp_path: Path) -> None:
    kept = read(RECORDED / f"{LOOKED_UP}.jsonl").header.scenario
    assert answers_in(looked_up(tmp_path)) == answers_in(kept)


def answers_in(scenario: Scenario) -> list[tuple[object, ...]]:
    """What was said, but for by which port and how fast."""
    assert scenario.looked_up is not None
    return sorted(
        (one.name, one.type, one.rcode, one.flags, sorted(one.records), one.transport)
        for one in scenario.looked_up.answers
    )


def test_four_recordings_come_with_the_program() -> None:
    assert len(SHIPPED) >= 4


def test_a_shipped_recording_is_shown_by_its_name_with_what_its_author_says(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["show", "greylisting.jsonl", "--format", "events", "--lang", "id"]) == 0
    shown = capsys.readouterr().out
    assert "--- Dari server ke server" in shown
    asked = shown.index("pertanyaan: Server belum mengenal pengirim ini.")
    assert asked < shown.index("450 4.2.0") < shown.index("catatan: Angka 4 berarti")


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_a_shipped_recording_comes_out_so_again(file: Path) -> None:
    back = read(file)
    assert back.warnings == ()
    margin = margin_of(back.header)
    assert margin.stops
    scenario = back.header.scenario
    if scenario.looked_up is None:
        scenario = load(find(file.stem))
    again = tuple(redacted(simulate(scenario)))
    assert back.events == again, "record it anew: python -m tests.fork.record_shipped"
    last = len(back.events)
    marks = (*margin.chapters, *margin.notes, *margin.stops)
    assert all(note.after < last for note in marks)
    assert all(note.said("id") != note.said("en") for note in marks)
