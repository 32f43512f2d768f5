"""The programs from outside that judge ours, and what happens where one is missing."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import NoReturn

import pytest

_ALSO_LOOK_IN = "/usr/sbin"
"""Where Debian has smtp-source and smtp-sink, and where a user's PATH does not look."""


def program(name: str) -> str:
    """The path of a program. Where it is missing the test skips, but in CI it fails."""
    found = shutil.which(name, path=os.pathsep.join((os.environ["PATH"], _ALSO_LOOK_IN)))
    if found is None:
        missing(f"{name} is not installed")
    return found


def missing(what: str) -> NoReturn:
    """Skip for this reason, or in CI fail for it."""
    if os.environ.get("CI") == "true":
        pytest.fail(what)
    pytest.skip(what)


def run(*arguments: str, patience: int = 30) -> subprocess.CompletedProcess[bytes]:
    """Let a program do its work, in seconds; what it exits with is for the test to judge."""
    return subprocess.run(arguments, capture_output=True, timeout=patience, check=False)
