"""The same scenario gives the same octets: in any process, with any hash seed, after any other."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import zip_longest
from pathlib import Path

import msgspec
import pytest

from simulator.engine.simulate import simulate
from simulator.scenario.library import shipped
from simulator.scenario.loader import load

NAMES = [folder.name for folder in shipped()]
FORMATS = ("text", "jsonl")
_ROOT = Path(__file__).parents[2]

_ALL_IN_ONE_PROCESS = """
import contextlib, io, pathlib, sys
from simulator.cli import main

folder, *names = sys.argv[1:]
for name in names:
    file = str(pathlib.Path(folder) / name)
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="")
    with contextlib.redirect_stdout(out):
        status = main(["run", name, "--lang", "en", "--record", f"{file}.jsonl"])
    out.flush()
    assert status == 0, (name, status)
    pathlib.Path(f"{file}.text").write_bytes(out.buffer.getvalue())
"""

Outputs = dict[tuple[str, str], bytes]


def start(*arguments: str, hash_seed: str, zone: str) -> subprocess.Popen[bytes]:
    """A Python of its own, in another time zone and with other hashes."""
    surroundings = os.environ | {"PYTHONHASHSEED": hash_seed, "TZ": zone, "COLUMNS": "80"}
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=_ROOT,
        env=surroundings,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def finish(process: subprocess.Popen[bytes]) -> bytes:
    """What it wrote, once it has ended well."""
    written, complaints = process.communicate(timeout=300)
    assert process.returncode == 0, complaints.decode()
    return written


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Outputs, Outputs]:
    """Every scenario as text and as a recording, by two processes in opposite orders.

    What ``--format jsonl`` prints is what is recorded; of one scenario that is looked at below.
    """
    folders = [tmp_path_factory.mktemp(name) for name in ("one", "other")]
    one = start("-c", _ALL_IN_ONE_PROCESS, str(folders[0]), *NAMES, hash_seed="1", zone="UTC")
    backwards = NAMES[::-1]
    other = start(
        *("-c", _ALL_IN_ONE_PROCESS, str(folders[1]), *backwards),
        hash_seed="4294967295",
        zone="Pacific/Kiritimati",
    )
    finish(one)
    finish(other)
    first, second = (
        {
            (name, kind): (folder / f"{name}.{kind}").read_bytes()
            for name in NAMES
            for kind in FORMATS
        }
        for folder in folders
    )
    return first, second


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("name", NAMES)
def test_two_processes_that_differ_in_all_they_can_print_the_same(
    outputs: tuple[Outputs, Outputs], name: str, kind: str
):
    one, other = outputs
    assert one[name, kind] == other[name, kind]
    assert len(one[name, kind]) > 1_000


@pytest.mark.parametrize("kind", FORMATS)
def test_the_command_alone_prints_what_it_printed_among_others(
    outputs: tuple[Outputs, Outputs], kind: str
):
    name = NAMES[-1]
    command = ("-m", "simulator", "run", name, "--lang", "en", "--format", kind)
    alone = finish(start(*command, hash_seed="7", zone="America/New_York"))
    assert alone == outputs[0][name, kind]


def test_a_scenario_does_not_feel_what_was_simulated_before():
    forwards = {folder: events_of(folder) for folder in shipped()}
    backwards = {folder: events_of(folder) for folder in reversed(shipped())}
    for folder, events in forwards.items():
        assert backwards[folder] == events, folder.name


def events_of(folder: Path) -> bytes:
    """The events of a scenario as octets."""
    return b"\n".join(map(msgspec.json.Encoder().encode, simulate(load(folder))))


def test_two_simulations_that_take_turns_do_not_feel_each_other():
    first, second = (load(folder) for folder in shipped()[:2])
    turns = list(zip_longest(simulate(first), simulate(second)))
    together = [[event for event in side if event is not None] for side in zip(*turns, strict=True)]
    assert together == [list(simulate(first)), list(simulate(second))]


def test_another_seed_gives_other_ids_but_tells_the_same_story():
    scenario = load(shipped()[1])
    one = list(simulate(scenario))
    other = list(simulate(msgspec.structs.replace(scenario, seed=scenario.seed + 1)))
    assert one != other
    assert [(e.host, e.kind, e.step) for e in one] == [(e.host, e.kind, e.step) for e in other]
