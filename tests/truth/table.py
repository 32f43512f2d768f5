"""The one table of intended differences between real servers and ours."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from fnmatch import fnmatchcase
from pathlib import Path

TABLE = Path(__file__).with_name("differences.toml")
OMITTED = Path(__file__).with_name("omitted.toml")


@dataclass(frozen=True, slots=True)
class Difference:
    """Lines that stand in the truth, and what stands in their place at ours."""

    truth: tuple[str, ...]
    ours: tuple[str, ...]

    def __str__(self) -> str:
        """As in a unified diff."""
        lines = [f"  - {line}" for line in self.truth] + [f"  + {line}" for line in self.ours]
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Intended:
    """A row of the table: in which cases and topics (patterns), which difference, and why."""

    cases: tuple[str, ...]
    topics: tuple[str, ...]
    difference: Difference
    reason: str

    def concerns(self, case: str, topic: str, truth: list[str]) -> bool:
        """Whether the difference is to be found there: the truth has the lines it speaks of."""
        return (
            any(fnmatchcase(case, one) for one in self.cases)
            and any(fnmatchcase(topic, one) for one in self.topics)
            and _has_in_a_row(truth, self.difference.truth)
        )


def _has_in_a_row(lines: Sequence[str], wanted: Sequence[str]) -> bool:
    places = range(len(lines) - len(wanted) + 1)
    return any(tuple(lines[place : place + len(wanted)]) == tuple(wanted) for place in places)


def intended(table: Path = TABLE) -> tuple[Intended, ...]:
    """The whole table."""
    rows = tomllib.loads(table.read_text("utf-8"))["difference"]
    return tuple(
        Intended(
            tuple(row["cases"]),
            tuple(row["topics"]),
            Difference(tuple(row["truth"]), tuple(row["ours"])),
            row["reason"],
        )
        for row in rows
    )


@dataclass(frozen=True, slots=True)
class Omitted:
    """A row of what is not compared at all: in which captures, which topics, and why."""

    cases: tuple[str, ...]
    topics: tuple[str, ...]
    reason: str

    def concerns(self, case: str, topic: str) -> bool:
        """Whether it speaks of that topic."""
        return any(fnmatchcase(case, one) for one in self.cases) and any(
            fnmatchcase(topic, one) for one in self.topics
        )


def omitted() -> tuple[Omitted, ...]:
    """All that was captured and is not compared."""
    rows = tomllib.loads(OMITTED.read_text("utf-8"))["omitted"]
    return tuple(Omitted(tuple(row["cases"]), tuple(row["topics"]), row["reason"]) for row in rows)


def differences(truth: list[str], ours: list[str]) -> Iterator[Difference]:
    """Where two lists of lines differ; a command that is answered otherwise is named with it."""
    for said, by_ours in _exchanges(truth, ours):
        if len(said) == len(by_ours) == _COMMAND_AND_REPLY and said != by_ours:
            yield Difference(tuple(said), tuple(by_ours))
        else:
            yield from _hunks(said, by_ours)


_COMMAND_AND_REPLY = 2


def _exchanges(truth: list[str], ours: list[str]) -> Iterator[tuple[list[str], list[str]]]:
    """Where the same commands were said, each with its reply; else both whole."""
    parts = [_by_command(lines) for lines in (truth, ours)]
    commands = [[part[0] for part in side[1:]] for side in parts]
    if commands[0] != commands[1]:
        yield truth, ours
        return
    yield from zip(*parts, strict=True)


def _by_command(lines: list[str]) -> list[list[str]]:
    parts: list[list[str]] = [[]]
    for line in lines:
        if line.startswith("C"):
            parts.append([])
        parts[-1].append(line)
    return parts


def _hunks(truth: list[str], ours: list[str]) -> Iterator[Difference]:
    matcher = SequenceMatcher(None, truth, ours, autojunk=False)
    for kind, start, end, our_start, our_end in matcher.get_opcodes():
        if kind != "equal":
            yield Difference(tuple(truth[start:end]), tuple(ours[our_start:our_end]))
