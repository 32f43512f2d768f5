"""Where each key of a TOML text is written: the line that a mistake can point to.

``tomllib`` gives values without their lines. This reads the same text once more, only for keys
and brackets, and never fails: on a text that is no TOML it stops where it loses the thread.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

KeyPath: TypeAlias = tuple[str | int, ...]
"""Keys and list indexes from the top down to a value: ``("mail", 0, "to", 1)``."""

DEEPEST = 16
"""Levels of dotted names and of brackets that are read.

``tomllib`` recurses for each bracket and needs quadratic time and memory for a dotted name, so
that 80 kB of ``a.a.a.a`` can take minutes; deeper texts are refused before it sees them.
"""

_TOKEN = re.compile(
    r'''
    (?P<string>
        """ (?: [^"\\]++ | \\[\s\S] | "{1,2}(?!") )*+ "{3,5}
      | \'\'\' (?: [^']++ | '{1,2}(?!') )*+ '{3,5}
      | "(?!"") (?: [^"\\\n]++ | \\. )*+ "
      | '(?!'') [^'\n]*+ '
    )
  | (?P<unclosed> ["'] )
  | (?P<skipped> \#[^\n]* )
  | (?P<mark> [\n\[\]{}=,.] )
  | (?P<bare> [^\s\[\]{}=,."'#]+ )
    ''',
    re.VERBOSE,
)

_VALUE_ENDS = frozenset({"\n", ",", "]", "}"})


@dataclass(frozen=True, slots=True)
class Outline:
    """The line of each key, list entry and table; lines count from 1.

    ``too_deep`` is the line on which the text goes deeper than ``DEEPEST``, ``unclosed`` the line
    of a quote that no other closes; both are None for a text that can be read to its end.
    """

    lines: dict[KeyPath, int]
    too_deep: int | None = None
    unclosed: int | None = None

    def line(self, path: KeyPath) -> int | None:
        """The line of that key, or of the nearest table above it that is written."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path)


def outline(text: str) -> Outline:
    """Find the keys of a TOML text whose line ends are LF."""
    scan = _Scan(text)
    try:
        scan.statements()
    except _TooDeepError as stop:
        return Outline(scan.lines, too_deep=stop.line)
    return Outline(scan.lines, unclosed=scan.unclosed)


class _TooDeepError(Exception):
    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


class _Token(NamedTuple):
    kind: str
    text: str
    line: int


class _Scan:
    """One pass over the tokens; each method takes what it is named after."""

    def __init__(self, text: str) -> None:
        self.lines: dict[KeyPath, int] = {}
        self.unclosed: int | None = None
        self._arrays: dict[KeyPath, int] = {}
        self._tokens = self._tokenise(text)
        self._now = next(self._tokens)

    def _tokenise(self, text: str) -> Iterator[_Token]:
        line = 1
        for match in _TOKEN.finditer(text):
            kind, found = match.lastgroup or "", match.group()
            if kind == "unclosed":
                self.unclosed = line
                break
            if kind != "skipped":
                yield _Token(kind, found, line)
            line += found.count("\n")
        while True:
            yield _Token("end", "", line)

    def _take(self) -> _Token:
        taken, self._now = self._now, next(self._tokens)
        return taken

    def _at(self, *marks: str) -> bool:
        return self._now.kind == "mark" and self._now.text in marks

    def statements(self) -> None:
        """Every table header and every key of the text."""
        table: KeyPath = ()
        while self._now.kind != "end":
            if self._at("["):
                table = self._header()
            elif self._now.kind == "mark":
                self._take()
            else:
                self._pair(table, depth=0)

    def _header(self) -> KeyPath:
        line, brackets = self._now.line, 0
        while self._at("["):
            self._take()
            brackets += 1
        *above, last = self._key() or ("",)
        path: KeyPath = ()
        for part in above:
            path = self._step(path, part, line)
        if brackets == 1:
            return self._step(path, last, line)
        path = self._note((*path, last), line)
        self._arrays[path] = self._arrays.get(path, -1) + 1
        return self._note((*path, self._arrays[path]), line)

    def _step(self, path: KeyPath, part: str, line: int) -> KeyPath:
        """One name down; in an array of tables, the table that is being written."""
        path = self._note((*path, part), line)
        return (*path, self._arrays[path]) if path in self._arrays else path

    def _note(self, path: KeyPath, line: int) -> KeyPath:
        if len(path) > DEEPEST:
            raise _TooDeepError(line)
        self.lines.setdefault(path, line)
        return path

    def _key(self) -> tuple[str, ...]:
        """A name, or names with dots between them."""
        parts: list[str] = []
        while self._now.kind in {"bare", "string"}:
            token = self._take()
            parts.append(_name(token))
            if len(parts) > DEEPEST:
                raise _TooDeepError(token.line)
            if self._at("."):
                self._take()
        return tuple(parts)

    def _pair(self, table: KeyPath, depth: int) -> None:
        line, path = self._now.line, table
        for part in self._key():
            path = self._note((*path, part), line)
        if self._at("="):
            self._take()
            self._value(path, depth)

    def _value(self, path: KeyPath, depth: int) -> None:
        if depth > DEEPEST:
            raise _TooDeepError(self._now.line)
        if self._at("["):
            self._list(path, depth)
        elif self._at("{"):
            self._inline_table(path, depth)
        else:
            while self._now.kind != "end" and not self._at(*_VALUE_ENDS):
                self._take()

    def _list(self, path: KeyPath, depth: int) -> None:
        self._take()
        index = 0
        while self._now.kind != "end" and not self._at("]"):
            if self._at(",", "\n", "}"):
                index += self._take().text == ","
            else:
                self._value(self._note((*path, index), self._now.line), depth + 1)
        self._take()

    def _inline_table(self, path: KeyPath, depth: int) -> None:
        self._take()
        while self._now.kind != "end" and not self._at("}"):
            if self._now.kind == "mark":
                self._take()
            else:
                self._pair(path, depth + 1)
        self._take()


def _name(token: _Token) -> str:
    """The name that a key token writes: quotes taken off, escapes read."""
    if token.kind == "bare":
        return token.text
    try:
        return str(tomllib.loads(f"name = {token.text}")["name"])
    except ValueError:
        return token.text
