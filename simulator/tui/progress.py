"""Which scenarios one has seen to their end: a small file in the user's own state folder."""

from __future__ import annotations

import json
from pathlib import Path

from platformdirs import user_state_path

_FILE = "library.json"
_MOST = 10_000
"""Names that are kept; the file cannot grow without end."""


class Progress:
    """The names of scenarios that were seen whole; kept in ``file``, or only in memory."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self.seen: set[str] = set(_read(file)) if file is not None else set()

    @classmethod
    def of_the_user(cls) -> Progress:
        """What the user of this machine has seen."""
        return cls(user_state_path("smtpflow", appauthor=False) / _FILE)

    def add(self, name: str) -> None:
        """Note that one was seen. Raises OSError where that cannot be written down."""
        if name in self.seen:
            return
        self.seen.add(name)
        if self._file is None:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"version": 1, "seen": sorted(self.seen)[:_MOST]}, indent=1)
        part = self._file.with_suffix(".part")
        part.write_text(f"{text}\n", encoding="utf-8")
        part.replace(self._file)


def _read(file: Path) -> list[str]:
    """The names in the file; none where there is no file, or somebody broke it: it is only a
    note, and the next one takes its place.
    """
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return []
    names = kept.get("seen") if isinstance(kept, dict) else None
    return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []
