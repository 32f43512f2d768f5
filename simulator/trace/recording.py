"""A recording on disk: JSON Lines, a header and then one event a line.

It plays without the engine and without a network. A line is one flat object: the event's own keys
(``seq``, ``at``, ``step``, ``host``, ``journey``), then ``kind`` and the keys of that kind.
Reading gives back what was written, and writing that again gives the same octets.
"""

from __future__ import annotations

from collections.abc import Iterable
from io import RawIOBase
from pathlib import Path
from types import TracebackType
from typing import Self

from simulator.trace.complaints import RecordingError, Remark, reason_of
from simulator.trace.event import Event
from simulator.trace.recording_format import (
    FORMAT,
    VERSION,
    Header,
    Note,
    Recording,
    header_line,
    line_of,
)
from simulator.trace.recording_reader import Reader
from simulator.trace.redaction import Redaction

__all__ = [
    "FORMAT",
    "VERSION",
    "Header",
    "Note",
    "Recording",
    "RecordingError",
    "Remark",
    "Writer",
    "read",
    "write",
]


def read(path: str | Path) -> Recording:
    """Read a recording.

    Raises RecordingError, whose sentence names the file and the line, for whatever is wrong; two
    things are only warned of: kinds of events that this version does not know, and a last line
    that was cut off.
    """
    return Reader(Path(path)).read()


class Writer:
    """Writes a recording while it happens.

    Every event is on its way to the disk as a whole line before ``write`` returns: a program that
    is killed has lost none. Raises RecordingError where the file cannot be written.
    """

    def __init__(self, path: str | Path, header: Header, *, passwords: bool = False) -> None:
        self._path = Path(path)
        self._redaction = None if passwords else Redaction()
        try:
            # Unbuffered: what was written is the system's to keep, not this program's to lose.
            self._file: RawIOBase = self._path.open("wb", buffering=0)
        except (OSError, ValueError) as error:  # ValueError: a NUL in the name
            raise _cannot_write(self._path, error) from error
        try:
            self._put(header_line(header))
        except RecordingError:
            self._file.close()
            raise

    def write(self, event: Event) -> None:
        """Add an event; a password in it is left out, unless passwords are wanted."""
        self._put(line_of(self._redaction.hide(event) if self._redaction else event))

    def _put(self, line: bytes) -> None:
        left = memoryview(line)
        try:
            while left:
                left = left[self._file.write(left) or 0 :]
        except OSError as error:
            raise _cannot_write(self._path, error) from error

    def close(self) -> None:
        """Close the file; it is whole already."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.close()


def _cannot_write(path: Path, error: OSError | ValueError) -> RecordingError:
    return RecordingError("not-writable", path, detail=reason_of(error))


def write(
    path: str | Path, header: Header, events: Iterable[Event], *, passwords: bool = False
) -> None:
    """Write a whole recording, without passwords unless they are wanted.

    Raises RecordingError where the file cannot be written.
    """
    with Writer(path, header, passwords=passwords) as writer:
        for event in events:
            writer.write(event)
