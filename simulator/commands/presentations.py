"""Where presentations leave their position for the notes that follow them."""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_runtime_path


def folder() -> Path:
    """The user's own run-time folder, which nobody else can look into."""
    return Path(user_runtime_path("smtpflow", appauthor=False))
