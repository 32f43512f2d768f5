"""A recording on disk: JSON Lines, a header and then one event a line.

It plays without the engine and without a network. A line is one flat object: the event's own keys
(``seq``, ``at``, ``step``, ``host``, ``journey``), then ``kind`` and the keys of that kind.
Reading gives back what was written, and writing that again gives the same octets.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Annotated, BinaryIO, Final, Literal, Self, get_args

import msgspec

from simulator.scenario.model import Host, Scenario
from simulator.trace.complaints import RecordingError, RecordingRule, Remark
from simulator.trace.event import Composed, Content, Event, Fact, Step, Stored, octets_of

__all__ = [
    "FORMAT",
    "VERSION",
    "Header",
    "Recording",
    "RecordingError",
    "Remark",
    "Writer",
    "read",
    "write",
]

FORMAT: Final = "smtpflow-recording"
VERSION: Final = 1

_LONGEST_LINE: Final = 256 * 1024 * 1024
"""Octets of a line; a longer one is refused before it is read whole."""

_KINDS: Final = frozenset(str(fact.__struct_config__.tag) for fact in get_args(Fact))

# I-JSON (RFC 7493 section 2.2): what any reader holds exactly. In microseconds it is 285 years.
_Moment = Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]
_Number = Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """The first line: what was simulated, where, and by which program.

    ``deterministic`` says whether the scenario gives the same events again; a live run does not.
    """

    format: Literal["smtpflow-recording"] = FORMAT
    version: Literal[1] = VERSION
    program: str = ""
    deterministic: bool = True
    scenario: Scenario
    hosts: tuple[Host, ...]


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording as read; ``warnings`` tell what was passed over."""

    header: Header
    events: tuple[Event, ...]
    warnings: tuple[Remark, ...] = ()


class _Identity(msgspec.Struct):
    """What the first line must say before anything else in it counts."""

    format: str = ""
    version: int | str | None = None


class _Line(msgspec.Struct, gc=False):
    """An event without its fact, and the kind of that."""

    seq: _Number
    at: _Moment
    step: Step
    host: str
    journey: str
    kind: str


class _Opening(msgspec.Struct, frozen=True, gc=False):
    """The keys that a line opens with."""

    seq: int
    at: int
    step: Step
    host: str
    journey: str


# Writing -----------------------------------------------------------------------------------------

_encoder = msgspec.json.Encoder()


def _line_of(event: Event) -> bytes:
    opening = _encoder.encode(
        _Opening(event.seq, event.at, event.step, event.host, event.journey)
    )
    return opening[:-1] + b"," + _encoder.encode(event.fact)[1:] + b"\n"


class Writer:
    """Writes a recording while it happens.

    Every event is on its way to the disk as a whole line before ``write`` returns: a program that
    is killed has lost none. Raises RecordingError where the file cannot be written.
    """

    def __init__(self, path: str | Path, header: Header) -> None:
        self._path = Path(path)
        try:
            self._file: BinaryIO = self._path.open("wb")
        except OSError as error:
            raise _cannot_write(self._path, error) from error
        self._put(_encoder.encode(header) + b"\n")

    def write(self, event: Event) -> None:
        """Add an event."""
        self._put(_line_of(event))

    def _put(self, line: bytes) -> None:
        try:
            self._file.write(line)
            self._file.flush()
        except OSError as error:
            raise _cannot_write(self._path, error) from error

    def close(self) -> None:
        """Close the file. Raises RecordingError where the disk does not take the rest."""
        try:
            self._file.close()
        except OSError as error:
            raise _cannot_write(self._path, error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.close()


def _cannot_write(path: Path, error: OSError) -> RecordingError:
    return RecordingError("not-writable", path, detail=error.strerror or str(error))


def write(path: str | Path, header: Header, events: Iterable[Event]) -> None:
    """Write a whole recording. Raises RecordingError where the file cannot be written."""
    with Writer(path, header) as writer:
        for event in events:
            writer.write(event)


# Reading -----------------------------------------------------------------------------------------


def read(path: str | Path) -> Recording:
    """Read a recording.

    Raises RecordingError, whose sentence names the file and the line, for whatever is wrong; two
    things are only warned of: kinds of events that this version does not know, and a last line
    that was cut off.
    """
    return _Reader(Path(path)).read()


class _Reader:
    """Reads one file, line by line."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._number = 0
        self._cut_off = False
        self._unknown: dict[str, list[int]] = {}
        self._lines = msgspec.json.Decoder(_Line)
        self._facts: msgspec.json.Decoder[Fact] = msgspec.json.Decoder(Fact)

    def read(self) -> Recording:
        try:
            with self._path.open("rb") as file:
                lines = self._whole_lines(file)
                first = next(lines, None)
                if first is None:
                    raise RecordingError("header" if self._cut_off else "empty", self._path)
                header = self._header(first)
                events = tuple(self._events(lines))
        except OSError as error:
            raise self._unreadable(error) from error
        return Recording(header, events, tuple(self._warnings()))

    def _unreadable(self, error: OSError) -> RecordingError:
        if isinstance(error, FileNotFoundError):
            return RecordingError("missing", self._path)
        if isinstance(error, IsADirectoryError):
            return RecordingError("folder", self._path)
        return RecordingError("unreadable", self._path, detail=error.strerror or str(error))

    def _wrong(self, rule: RecordingRule, detail: object = "") -> RecordingError:
        return RecordingError(rule, self._path, self._number, str(detail))

    def _warnings(self) -> Iterator[Remark]:
        for kind, numbers in self._unknown.items():
            values = {"kind": kind, "line": str(numbers[0]), "count": str(len(numbers))}
            yield Remark("unknown-kind", values)
        if self._cut_off:
            yield Remark("cut-off", {"line": str(self._number)})

    def _whole_lines(self, file: BinaryIO) -> Iterator[bytes]:
        """Every line but empty ones, and but a last one that was cut off."""
        while line := file.readline(_LONGEST_LINE + 1):
            self._number += 1
            if len(line) > _LONGEST_LINE:
                raise self._wrong("too-long")
            if not line.endswith(b"\n") and not _is_whole(line):
                self._cut_off = True
                return
            if not line.isspace():
                yield line

    def _header(self, line: bytes) -> Header:
        identity = self._decoded(msgspec.json.Decoder(_Identity), line, "not-a-recording")
        if identity.format != FORMAT:
            raise self._wrong("not-a-recording", identity.format)
        if identity.version != VERSION:
            raise self._wrong("version", identity.version)
        return self._decoded(msgspec.json.Decoder(Header), line, "header")

    def _events(self, lines: Iterable[bytes]) -> Iterator[Event]:
        seq, at = -1, 0
        for line in lines:
            head = self._decoded(self._lines, line)
            if head.seq <= seq:
                raise self._wrong("seq", f"{seq}, {head.seq}")
            if head.at < at:
                raise self._wrong("at", f"{at}, {head.at}")
            seq, at = head.seq, head.at
            if head.kind not in _KINDS:
                self._unknown.setdefault(head.kind, []).append(self._number)
                continue
            fact = self._decoded(self._facts, line)
            if isinstance(fact, Composed | Content | Stored):
                self._check_octets(fact)
            # Names come back in every line; each is kept once.
            host, journey = sys.intern(head.host), sys.intern(head.journey)
            yield Event(seq, at, head.step, host, journey, fact)

    def _check_octets(self, fact: Composed | Content | Stored) -> None:
        if fact.encoding == "base64":
            try:
                octets_of(fact)
            except ValueError as error:
                raise self._wrong("base64", error) from error

    def _decoded(
        self, decoder: msgspec.json.Decoder[T], line: bytes, rule: RecordingRule = "broken"
    ) -> T:
        ...
