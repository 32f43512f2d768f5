"""SEARCH: the keys by which a client finds messages (RFC 9051 section 6.4.4).

The keys are a table. Text is looked for without regard to letter case, in the header as a person
reads it and in the text parts as they are decoded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from simulator.mail.imap.answer import RefusedError
from simulator.mail.imap.candidate import Candidate
from simulator.mail.imap.fetch import MONTHS
from simulator.mail.imap.syntax import (
    Argument,
    Atom,
    Group,
    String,
    SyntaxRefusedError,
    number_set,
    text_of,
)

_DEEPEST = 50
SAVED = "$"
"""What was found by the last SEARCH that was to save it (RFC 5182)."""
_DATE = re.compile(r" ?([0-9]{1,2})-([A-Za-z]{3})-([0-9]{4})")
_CHARSETS = {"US-ASCII", "UTF-8"}


Key: TypeAlias = Callable[[Candidate], bool]


def search_key(
    arguments: Sequence[Argument],
    numbers: Sequence[int],
    saved: frozenset[int] = frozenset(),
) -> Key:
    """What a SEARCH looks for; ``numbers`` are the unique identifiers that the folder has.

    ``saved`` are those that ``$`` stands for.

    Raises SyntaxRefusedError, and RefusedError for a charset that is not known.
    """
    match arguments:
        case [Atom(word), charset, *others] if word.upper() == "CHARSET":
            if (text_of(charset) or "").upper() not in _CHARSETS:
                raise RefusedError("[BADCHARSET (US-ASCII UTF-8)] Unknown charset.")
            arguments = others
    if not arguments:
        raise SyntaxRefusedError("Missing search parameters")
    return _Program(arguments, numbers, saved).all_of()


@dataclass(slots=True)
class _Program:
    """The arguments of a SEARCH, being read from left to right."""

    arguments: Sequence[Argument]
    numbers: Sequence[int]
    saved: frozenset[int] = frozenset()
    depth: int = 0
    at: int = 0
    name: str = ""
    """The key that is being read."""

    def all_of(self) -> Key:
        """Every key must agree."""
        keys = []
        while self.at < len(self.arguments):
            keys.append(self.key())
        return lambda one: all(key(one) for key in keys)

    def key(self) -> Key:
        """The next key, with its own arguments."""
        argument = self._next("Missing argument")
        match argument:
            case Group(()):
                raise SyntaxRefusedError("No search parameters inside list")
            case Group(items):
                return self._deeper(lambda: self._of(items).all_of())
            case String():
                text = text_of(argument)
                raise SyntaxRefusedError(f"Unexpected string as search key: {text}")
            case Atom(text):
                return self._named(text)

    def _named(self, text: str) -> Key:
        if text == SAVED:
            return lambda one: one.message.number in self.saved
        if text[:1].isdigit() or text.startswith("*"):
            chosen = frozenset(self._set(text, range(1, len(self.numbers) + 1)))
            return lambda one: one.place in chosen
        read = KEYS.get(text.upper())
        if read is None:
            raise SyntaxRefusedError(f"Unknown argument {text.upper()}")
        self.name = text.upper()
        return self._deeper(lambda: read(self))

    def _deeper(self, read: Callable[[], Key]) -> Key:
        if self.depth >= _DEEPEST:
            raise SyntaxRefusedError("Search keys within search keys")
        self.depth += 1
        key = read()
        self.depth -= 1
        return key

    def _of(self, items: Sequence[Argument]) -> _Program:
        return _Program(items, self.numbers, self.saved, self.depth)

    def _next(self, missing: str) -> Argument:
        if self.at >= len(self.arguments):
            raise SyntaxRefusedError(missing)
        self.at += 1
        return self.arguments[self.at - 1]

    def word(self) -> str:
        """The key's next argument as text."""
        missing = f"Missing parameter for search key (for search key: {self.name})"
        text = text_of(self._next(missing))
        if text is None:
            raise SyntaxRefusedError(
                f"Invalid parameter for search key (for search key: {self.name})"
            )
        return text

    def uids(self) -> frozenset[int]:
        """A set of unique identifiers."""
        text = self.word()
        if text == SAVED:
            return self.saved
        if number_set(text) is None:
            raise SyntaxRefusedError("Invalid UID messageset")
        return frozenset(self._set(text, self.numbers))

    def _set(self, text: str, among: Sequence[int]) -> Sequence[int]:
        found = number_set(text)
        if found is None:
            raise SyntaxRefusedError("Invalid messageset")
        return found.among(among)

    def size(self) -> int:
        """A number of octets."""
        text = self.word()
        if not re.fullmatch(r"[0-9]{1,18}", text):
            raise SyntaxRefusedError("Invalid search size parameter")
        return int(text)

    def day(self) -> date:
        """A date without a zone."""
        found = _DATE.fullmatch(self.word())
        month = found[2].title() if found else ""
        if found is None or month not in MONTHS:
            raise SyntaxRefusedError("Invalid search date parameter")
        try:
            return date(int(found[3]), MONTHS.index(month) + 1, int(found[1]))
        except ValueError:
            raise SyntaxRefusedError("Invalid search date parameter") from None


_Reader: TypeAlias = Callable[[_Program], Key]


def _flag(name: str, *, is_set: bool = True) -> _Reader:
    return lambda _: lambda one: (name in one.flags) is is_set


def _keyword(*, is_set: bool) -> _Reader:
    def read(program: _Program) -> Key:
        name = program.word().lower()
        return lambda one: (name in one.flags) is is_set

    return read


def _field(name: str) -> _Reader:
    def read(program: _Program) -> Key:
        wanted = program.word().casefold()
        return lambda one: any(wanted in value.casefold() for value in one.fields(name))

    return read


def _header(program: _Program) -> Key:
    name = program.word()
    return _field(name)(program)


def _body(program: _Program) -> Key:
    wanted = program.word().casefold()
    return lambda one: wanted in one.body


def _text(program: _Program) -> Key:
    """In the body or a header, those of its parts too (RFC 9051 section 6.4.4)."""
    wanted = program.word().casefold()
    return lambda one: wanted in one.headers or wanted in one.body


def _arrived(agrees: Callable[[date, date], bool]) -> _Reader:
    """By INTERNALDATE, its time and zone disregarded."""

    def read(program: _Program) -> Key:
        day = program.day()
        return lambda one: agrees(one.message.arrived.date(), day)

    return read


def _sent(agrees: Callable[[date, date], bool]) -> _Reader:
    def read(program: _Program) -> Key:
        day = program.day()
        return lambda one: one.sent is not None and agrees(one.sent, day)

    return read


def _larger(program: _Program) -> Key:
    size = program.size()
    return lambda one: len(one.message.octets) > size


def _smaller(program: _Program) -> Key:
    size = program.size()
    return lambda one: len(one.message.octets) < size


def _uid(program: _Program) -> Key:
    uids = program.uids()
    return lambda one: one.message.number in uids


def _not(program: _Program) -> Key:
    other = program.key()
    return lambda one: not other(one)


def _or(program: _Program) -> Key:
    first, second = program.key(), program.key()
    return lambda one: first(one) or second(one)


KEYS: Mapping[str, _Reader] = {
    "ALL": lambda _: lambda _: True,
    **{name.upper(): _flag(f"\\{name}") for name in ("answered", "deleted", "draft", "flagged")},
    **{
        f"UN{name.upper()}": _flag(f"\\{name}", is_set=False)
        for name in ("answered", "deleted", "draft", "flagged", "seen")
    },
    "SEEN": _flag("\\seen"),
    "RECENT": lambda _: lambda one: one.recent,
    "OLD": lambda _: lambda one: not one.recent,
    "NEW": lambda _: lambda one: one.recent and "\\seen" not in one.flags,
    "KEYWORD": _keyword(is_set=True),
    "UNKEYWORD": _keyword(is_set=False),
    **{name: _field(name) for name in ("FROM", "TO", "CC", "BCC", "SUBJECT")},
    "HEADER": _header,
    "BODY": _body,
    "TEXT": _text,
    "SINCE": _arrived(lambda came, day: came >= day),
    "BEFORE": _arrived(lambda came, day: came < day),
    "ON": _arrived(lambda came, day: came == day),
    "SENTSINCE": _sent(lambda sent, day: sent >= day),
    "SENTBEFORE": _sent(lambda sent, day: sent < day),
    "SENTON": _sent(lambda sent, day: sent == day),
    "LARGER": _larger,
    "SMALLER": _smaller,
    "UID": _uid,
    "NOT": _not,
    "OR": _or,
}
"""RFC 9051 section 6.4.4, and of RFC 3501 RECENT, OLD and NEW."""
