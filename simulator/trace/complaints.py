"""What can be wrong with a recording: which rule is broken, and where; others put it in words."""

from __future__ import annotations

import errno
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

RecordingRule: TypeAlias = Literal[
    "missing",
    "folder",
    "unreadable",
    "not-writable",
    "empty",
    "header-cut-off",
    "not-a-recording",
    "version",
    "header",
    "too-long",
    "not-utf-8",
    "syntax",
    "value",
    "base64",
    "seq",
    "at",
]
RemarkRule: TypeAlias = Literal["unknown-kind", "unknown-kinds", "gap", "cut-off"]


class RecordingError(Exception):
    """A file that cannot be read or written as a recording; ``line`` is 0 for the file itself.

    ``detail`` is what the system or the file says; it may be hostile.
    """

    def __init__(self, rule: RecordingRule, path: Path, line: int = 0, detail: str = "") -> None:
        self.rule, self.path, self.line, self.detail = rule, path, line, detail
        super().__init__(rule, str(path), line, detail)


@dataclass(frozen=True, slots=True)
class Remark:
    """Something in a recording that was passed over: where it was first seen, and how often."""

    rule: RemarkRule
    line: int
    count: int = 1
    kind: str = ""


def reason_of(error: OSError | ValueError) -> str:
    """The system's own name of its reason, such as ``ENOENT``; or what else it says."""
    if not isinstance(error, OSError):
        return str(error)
    return errno.errorcode.get(error.errno or 0, "") or error.strerror or str(error)
