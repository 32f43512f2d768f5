"""Where presentations leave their position for the notes that follow them."""

from __future__ import annotations

import warnings
from pathlib import Path

from platformdirs import RuntimeDirWarning, user_runtime_path


def folder() -> Path:
    """The user's own run-time folder, which nobody else can look into."""
    with warnings.catch_warnings():
        # Where the system names no such folder, platformdirs takes one of the user's own in /tmp.
        warnings.simplefilter("ignore", RuntimeDirWarning)
        return Path(user_runtime_path("smtpflow", appauthor=False))
