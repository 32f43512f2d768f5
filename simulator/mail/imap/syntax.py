"""The words of IMAP: arguments read from a line and its literals, strings written, sets of numbers.

RFC 9051 section 9 has the grammar. What a client writes is read into three kinds of arguments;
nothing here knows what they mean.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn, TypeAlias


class SyntaxRefusedError(Exception):
    """What the client wrote cannot be read; its text is what the server says."""


@dataclass(frozen=True, slots=True)
class Atom:
    """A word without quotes; ``BODY[...]<...>`` is one, with all that stands in its brackets."""

    text: str


@dataclass(frozen=True, slots=True)
class String:
    """A quoted string or a literal, as octets."""

    octets: bytes


@dataclass(frozen=True, slots=True)
class Group:
    """A list in parentheses."""

    items: tuple[Argument, ...]


Argument: TypeAlias = Atom | String | Group

_DEEPEST = 50
"""Parentheses within parentheses; no command that people send has more than a few."""
_TOKEN = re.compile(
    r"(?P<space> +)|(?P<open>\()|(?P<close>\))"
    r'|"(?P<quoted>(?:[^"\\\x00\r\n]|\\[^\x00\r\n])*+)"'
    r"|(?P<atom>(?:(?:BODY|BINARY)(?:\.PEEK|\.SIZE)?\[[^\]\x00]*+\](?:<[0-9.]*+>)?|[^\x00-\x20\x7f-\U0010ffff()\"{]++)+)",
    re.IGNORECASE | re.ASCII,  # else K and S would be as the Kelvin sign and the long s
)
_PLAIN = re.compile(rb"[ !#-\[\]-~]{0,1000}")
_QUOTABLE = re.compile(rb"[ -~]{0,1000}")


def read_arguments(texts: Sequence[str], literals: Sequence[bytes]) -> tuple[Argument, ...]:
    """The arguments of a command.

    A line with literals comes in pieces: ``literals[n]`` stands between ``texts[n]`` and
    ``texts[n + 1]``. Octets that are no UTF-8 are lone surrogates in a text. Raises
    SyntaxRefusedError.
    """
    stack: list[list[Argument]] = [[]]
    for place, text in enumerate(texts):
        _read_text(text, stack)
        if place < len(literals):
            stack[-1].append(String(literals[place]))
    if len(stack) > 1:
        raise SyntaxRefusedError("Missing ')'")
    return tuple(stack[0])


def _read_text(text: str, stack: list[list[Argument]]) -> None:
    at = 0
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None:
            _refuse(text[at])
        match token.lastgroup:
            case "open":
                if len(stack) > _DEEPEST:
                    raise SyntaxRefusedError("Too many '('")
                stack.append([])
            case "close":
                if len(stack) == 1:
                    raise SyntaxRefusedError("Unexpected ')'")
                group = Group(tuple(stack.pop()))
                stack[-1].append(group)
            case "quoted":
                words = re.sub(r"\\(.)", r"\1", token["quoted"], flags=re.DOTALL)
                stack[-1].append(String(words.encode("utf-8", "surrogateescape")))
            case "atom":
                stack[-1].append(Atom(token["atom"]))
        at = token.end()
        if token.lastgroup in {"atom", "quoted"} and text[at : at + 1] not in {"", " ", ")"}:
            _refuse(max(text[at], "["))  # no string can begin within a word


def _refuse(character: str) -> NoReturn:
    if character == '"':
        raise SyntaxRefusedError("Missing '\"'")
    if character == "{":
        raise SyntaxRefusedError("Invalid literal size")
    if character > "\x7f":
        raise SyntaxRefusedError("8bit data in atom")
    raise SyntaxRefusedError("Invalid characters in atom")


def text_of(argument: Argument) -> str | None:
    """An argument where an atom or a string may stand (``astring``), as text; None for a list."""
    match argument:
        case Atom(text):
            return text
        case String(octets):
            return octets.decode("utf-8", "replace")
        case Group():
            return None


# Strings to write -----------------------------------------------------------------------------


def quoted(text: str) -> str:
    """A quoted string. Raises ValueError where the text cannot stand in one."""
    if not _QUOTABLE.fullmatch(text.encode("utf-8", "replace")):
        raise ValueError(f"{text!r} cannot be a quoted string")
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def is_plain(octets: bytes) -> bool:
    """Whether they can stand between quotes as they are; else a literal carries them."""
    return _PLAIN.fullmatch(octets) is not None


# Sets of numbers ------------------------------------------------------------------------------

_SET = re.compile(
    r"(?:[1-9][0-9]{0,9}|\*)(?::(?:[1-9][0-9]{0,9}|\*))?"
    r"(?:,(?:[1-9][0-9]{0,9}|\*)(?::(?:[1-9][0-9]{0,9}|\*))?)*"
)
_LARGEST = (1 << 32) - 1


@dataclass(frozen=True, slots=True)
class NumberSet:
    """A sequence set (RFC 9051 section 9): ranges, in which None is ``*``, the largest there is."""

    ranges: tuple[tuple[int | None, int | None], ...]

    def among(self, numbers: Sequence[int]) -> tuple[int, ...]:
        """Those of the numbers (which rise) that are in the set; ``*`` is the last of them."""
        if not numbers:
            return ()
        bounds = self._bounds(numbers[-1])
        return tuple(n for n in numbers if any(low <= n <= high for low, high in bounds))

    def largest(self, last: int) -> int:
        """The largest number that is named, where ``*`` is ``last``."""
        return max(high for _, high in self._bounds(last))

    def _bounds(self, last: int) -> list[tuple[int, int]]:
        ends = [(last if a is None else a, last if b is None else b) for a, b in self.ranges]
        return sorted({(min(pair), max(pair)) for pair in ends})


def number_set(text: str) -> NumberSet | None:
    """The set that is written so, or None where that is none."""
    if not _SET.fullmatch(text):
        return None
    ranges = []
    for part in text.split(","):
        first, _, last = part.partition(":")
        ends = tuple(None if end == "*" else int(end) for end in (first, last or first))
        if any(end is not None and end > _LARGEST for end in ends):
            return None
        ranges.append((ends[0], ends[1]))
    return NumberSet(tuple(ranges))
