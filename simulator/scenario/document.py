"""A TOML file as it was read: its values, and the place of each of its keys."""

from __future__ import annotations

import re
import stat
import tomllib
from dataclasses import dataclass
from pathlib import Path

from simulator.scenario.errors import Place, ScenarioError
from simulator.scenario.lines import DEEPEST, KeyPath, Outline, outline

LARGEST_FILE = 1_000_000
"""Octets of a scenario file, or of a file of words."""

_SYNTAX = (
    (r"Invalid value", "scenario.syntax-value"),
    (r"Illegal character '\\n'|Unterminated string|Expected [\"']+$", "scenario.syntax-quote"),
    (r"Expected '='", "scenario.syntax-equals"),
    (r"Unclosed array|Expected '\]", "scenario.syntax-bracket"),
    (r"Cannot (declare|overwrite|mutate|redefine)|Duplicate", "scenario.syntax-twice"),
    (r"Unescaped '\\'", "scenario.syntax-backslash"),
)
"""What ``tomllib`` says at the start of its message, and the rule that is broken then."""

_POSITION = re.compile(r" \(at (?:line (?P<line>\d+), column \d+|end of document)\)$")


@dataclass(frozen=True, slots=True)
class Document:
    """The values of a TOML file, and where they are written."""

    file: str
    values: dict[str, object]
    outline: Outline

    def place(self, path: KeyPath) -> Place:
        """Where that key is written, or the table that it would belong to."""
        return Place(self.file, self.outline.line(path))


def read_document(path: Path) -> Document:
    """Read a TOML file; its name in errors is the path as given.

    Raises ScenarioError where it is missing, unreadable, too large, not UTF-8 or not TOML.
    """
    place = Place(str(path))
    octets = _octets(path, place)
    if len(octets) > LARGEST_FILE:
        raise place.mistake("scenario.too-large", limit=str(LARGEST_FILE))
    try:
        text = octets.decode("utf-8")
    except UnicodeDecodeError as broken:
        line = octets.count(b"\n", 0, broken.start) + 1
        place = Place(str(path), line)
        raise place.mistake("scenario.not-utf8", octet=str(broken.start + 1)) from None
    return parse_document(text, str(path))


def parse_document(text: str, file: str) -> Document:
    """Read TOML from a text; a byte order mark and CRLF line ends are no trouble.

    Raises ScenarioError where it is not TOML, or goes too deep to be a scenario.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    found = outline(text)
    if found.too_deep is not None:
        raise Place(file, found.too_deep).mistake("scenario.too-deep", limit=str(DEEPEST))
    try:
        values: dict[str, object] = tomllib.loads(text)
    except ValueError as broken:  # TOMLDecodeError, or a number of more than 4300 digits
        raise _syntax_mistake(str(broken), text, file, found) from None
    return Document(file, values, found)


def is_folder(path: Path) -> bool:
    """Whether there is a folder at that path; a path that cannot be looked at is none."""
    try:
        return path.is_dir()
    except OSError:
        return False


def _octets(path: Path, place: Place) -> bytes:
    try:
        if stat.S_ISREG(path.stat().st_mode):
            with path.open("rb") as file:
                return file.read(LARGEST_FILE + 1)
    except (FileNotFoundError, NotADirectoryError, ValueError):  # a name with NUL is a ValueError
        raise place.mistake("scenario.missing-file") from None
    except OSError as refused:
        reason = refused.strerror or type(refused).__name__
        raise place.mistake("scenario.unreadable", reason=reason) from None
    raise place.mistake("scenario.not-a-scenario")


def _syntax_mistake(message: str, text: str, file: str, found: Outline) -> ScenarioError:
    position = _POSITION.search(message)
    reason = message[: position.start()] if position else message
    rule = next((rule for start, rule in _SYNTAX if re.match(start, reason)), "scenario.syntax")
    line = text.rstrip().count("\n") + 1
    if position and position["line"]:
        line = int(position["line"])
    if rule == "scenario.syntax-quote" and found.unclosed is not None:
        line = found.unclosed
    return Place(file, line).mistake(rule, reason=reason)
