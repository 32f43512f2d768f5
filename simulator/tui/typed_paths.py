"""Which file a person means by what they type where a file is asked for."""

from __future__ import annotations

import os
from pathlib import Path


class NoSuchUserError(ValueError):
    """``~name`` was typed, and nobody here is called that; its text is ``~name``."""


def meant(text: str) -> Path:
    """The path that is typed, ``~`` being a person's own folder. Raises NoSuchUserError."""
    path = Path(text.strip())
    try:
        return path.expanduser()
    except RuntimeError as problem:
        raise NoSuchUserError(path.parts[0]) from problem


def names_a_file(text: str) -> bool:
    """Whether the end of what is typed can be a file's name: ``reports/`` and ``..`` cannot."""
    return os.path.basename(text.strip()) not in {"", os.curdir, os.pardir}  # noqa: PTH119 - Path drops a last slash
