"""The files that travel with a mail: found, kept inside the scenario's folder, and read."""

from __future__ import annotations

import os
import stat
from pathlib import Path, PurePosixPath, PureWindowsPath

from simulator.scenario.addresses import check_line
from simulator.scenario.defaults import media_type
from simulator.scenario.errors import nearest
from simulator.scenario.model import Attachment
from simulator.scenario.section import Written

LARGEST_ATTACHMENT = 50_000_000
"""Octets of one attached file."""


def attachment_inside(entry: Written[str], folder: Path) -> Attachment:
    """Read a file that a scenario names; it must lie in the scenario's folder, links followed.

    Raises ScenarioError where it does not, or cannot be read.
    """
    name, place = entry.value, entry.place
    check_line(name, "attach", place)
    outside = place.mistake("scenario.attachment-outside", name=name)
    if PurePosixPath(name).is_absolute() or PureWindowsPath(name).anchor or "\\" in name:
        raise outside
    if ".." in PurePosixPath(name).parts:
        raise outside
    # os.path.realpath follows links without failing on a ring of them, as Path.resolve does.
    real = Path(os.path.realpath(folder / name))
    if not real.is_relative_to(os.path.realpath(folder)):
        raise outside
    if not _exists(real):
        guess = nearest(name, _names_in(folder))
        if guess is not None:
            raise place.mistake("scenario.attachment-misspelt", name=name, nearest=guess)
        raise place.mistake("scenario.attachment-missing", name=name)
    return _read(real, PurePosixPath(name).name, entry)


def attachment_anywhere(entry: Written[str]) -> Attachment:
    """Read a file that the user names on the command line, relative to the current directory.

    Raises ScenarioError where it cannot be read.
    """
    path = Path(entry.value)
    check_line(path.name, "attach", entry.place)
    if not _exists(path):
        raise entry.place.mistake("scenario.attachment-not-found", name=entry.value)
    return _read(path, path.name, entry)


def _read(path: Path, name: str, entry: Written[str]) -> Attachment:
    place = entry.place
    octets = None
    try:
        if stat.S_ISREG(path.stat().st_mode):
            with path.open("rb") as file:
                octets = file.read(LARGEST_ATTACHMENT + 1)
    except OSError as refused:
        reason = refused.strerror or type(refused).__name__
        raise place.mistake(
            "scenario.attachment-unreadable", name=entry.value, reason=reason
        ) from None
    if octets is None:
        raise place.mistake("scenario.attachment-not-a-file", name=entry.value)
    if len(octets) > LARGEST_ATTACHMENT:
        raise place.mistake(
            "scenario.attachment-too-large", name=entry.value, limit=str(LARGEST_ATTACHMENT)
        )
    return Attachment(name=name, media_type=media_type(name), octets=octets)


def _exists(path: Path) -> bool:
    """Whether there is something at that path; a name that no file can have is not there."""
    try:
        path.stat()
    except PermissionError:
        return True  # something is there, and reading it will say what is wrong
    except (OSError, ValueError):
        return False
    return True


def _names_in(folder: Path) -> tuple[str, ...]:
    try:
        return tuple(sorted(entry.name for entry in folder.iterdir() if entry.is_file()))
    except OSError:
        return ()
