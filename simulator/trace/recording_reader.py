"""Reads a recording that anybody may have written: every mistake is one sentence with its line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, Final, TypeVar, get_args

import msgspec

from simulator.trace.complaints import RecordingError, RecordingRule, Remark, reason_of
from simulator.trace.event import Bounced, Composed, Content, Event, Fact, Queued, Retried, Stored
from simulator.trace.octets import octets_of
from simulator.trace.recording_format import (
    FORMAT,
    GREATEST,
    VERSION,
    Header,
    Identity,
    Line,
    Recording,
)

T = TypeVar("T")

_LONGEST_LINE: Final = 256 * 1024 * 1024
"""Octets of a line; a longer one is refused before it is read whole."""

_KINDS: Final = frozenset(str(fact.__struct_config__.tag) for fact in get_args(Fact))

_MOST_UNKNOWN_KINDS: Final = 20
"""Unknown kinds that are warned of one by one."""


class Reader:
    """Reads one file, line by line."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._number = 0
        self._cut_off = False
        self._gap: Remark | None = None
        self._unknown: dict[str, Remark] = {}
        self._names: dict[str, str] = {}
        self._lines = msgspec.json.Decoder(Line)
        self._facts: msgspec.json.Decoder[Fact] = msgspec.json.Decoder(Fact)

    def read(self) -> Recording:
        """The whole recording. Raises RecordingError."""
        try:
            with self._open() as file:
                lines = self._whole_lines(file)
                header = self._header(next(lines, None))
                events = tuple(self._events(lines))
        except OSError as error:
            raise self._unreadable(error) from error
        return Recording(header, events, self._warnings())

    def _open(self) -> BinaryIO:
        try:
            return self._path.open("rb")
        except ValueError as error:  # a NUL in the name
            raise RecordingError("unreadable", self._path, detail=reason_of(error)) from error

    def _unreadable(self, error: OSError) -> RecordingError:
        if isinstance(error, FileNotFoundError):
            return RecordingError("missing", self._path)
        if self._path.is_dir():
            return RecordingError("folder", self._path)
        return RecordingError("unreadable", self._path, detail=reason_of(error))

    def _wrong(self, rule: RecordingRule, detail: object = "") -> RecordingError:
        return RecordingError(rule, self._path, self._number, str(detail))

    def _warnings(self) -> tuple[Remark, ...]:
        cut_off = (Remark("cut-off", self._number),) if self._cut_off else ()
        gap = () if self._gap is None else (self._gap,)
        return (*self._unknown.values(), *gap, *cut_off)

    def _whole_lines(self, file: BinaryIO) -> Iterator[bytes]:
        """Every line but blank ones, and but a last one that was cut off."""
        while line := file.readline(_LONGEST_LINE + 1):
            self._number += 1
            if len(line) > _LONGEST_LINE:
                raise self._wrong("too-long")
            if self._number > 1 and not line.endswith(b"\n") and not _is_whole(line):
                self._cut_off = True
            elif not line.isspace():
                yield self._text(line)

    def _text(self, line: bytes) -> bytes:
        """The line, if it is UTF-8: msgspec does not look into what it passes over."""
        if not line.isascii():
            try:
                line.decode("utf-8")
            except UnicodeDecodeError as error:
                raise self._wrong("not-utf-8") from error
        return line

    def _header(self, line: bytes | None) -> Header:
        if line is None:
            raise RecordingError("empty", self._path)
        try:
            identity = self._decoded(msgspec.json.Decoder(Identity), line)
        except RecordingError as error:
            cut_off = line.startswith(b'{"format":') and not line.endswith(b"\n")
            raise self._wrong("header-cut-off" if cut_off else "not-a-recording") from error
        if identity.format != FORMAT:
            raise self._wrong("not-a-recording")
        if type(identity.version) is not int or identity.version != VERSION:
            raise self._wrong("version", identity.version)
        try:
            return self._decoded(msgspec.json.Decoder(Header), line)
        except RecordingError as error:
            raise self._wrong("header", error.detail) from error

    def _events(self, lines: Iterable[bytes]) -> Iterator[Event]:
        seq, at = -1, 0
        for text in lines:
            line = self._decoded(self._lines, text)
            if line.seq <= seq:
                raise self._wrong("seq", f"{seq} → {line.seq}")
            if line.at < at:
                raise self._wrong("at", f"{at} → {line.at}")
            self._note_gap(line.seq - seq - 1)
            seq, at = line.seq, line.at
            if line.kind in _KINDS:
                fact = self._decoded(self._facts, text)
                self._check(fact)
                yield Event(
                    seq, at, line.step, self._name(line.host), self._name(line.journey), fact
                )
            else:
                self._skip(line.kind)

    def _note_gap(self, missing: int) -> None:
        """So many events are not there between this line and the one before."""
        if missing:
            first = self._gap or Remark("gap", self._number, 0)
            self._gap = replace(first, count=first.count + missing)

    def _name(self, name: str) -> str:
        """The same name, in memory once and not once a line."""
        return self._names.setdefault(name, name)

    def _skip(self, kind: str) -> None:
        if kind in self._unknown or len(self._unknown) < _MOST_UNKNOWN_KINDS:
            first = Remark("unknown-kind", self._number, 0, kind)
        else:
            kind, first = "", Remark("unknown-kinds", self._number, 0)
        remark = self._unknown.get(kind, first)
        self._unknown[kind] = replace(remark, count=remark.count + 1)

    def _check(self, fact: Fact) -> None:
        """What the types of a fact do not say by themselves."""
        match fact:
            case Composed() | Content() | Stored():
                self._check_octets(fact)
            case Queued() | Retried() | Bounced():
                if not 0 <= (fact.next_attempt or 0) <= GREATEST:
                    raise self._wrong("value", f"next_attempt: {fact.next_attempt}")
            case _:
                pass

    def _check_octets(self, fact: Composed | Content | Stored) -> None:
        if fact.encoding == "base64":
            try:
                octets_of(fact)
            except ValueError as error:
                raise self._wrong("base64", error) from error

    def _decoded(self, decoder: msgspec.json.Decoder[T], line: bytes) -> T:
        try:
            return decoder.decode(line)
        except msgspec.ValidationError as error:
            raise self._wrong("value", error) from error
        except (msgspec.DecodeError, RecursionError) as error:
            raise self._wrong("syntax", error) from error


def _is_whole(line: bytes) -> bool:
    """Whether a line without its end is JSON all the same."""
    try:
        msgspec.json.decode(line, type=msgspec.Raw)
    except (msgspec.DecodeError, RecursionError):
        return False
    return True
