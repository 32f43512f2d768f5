"""What an IMAP server said, as the client takes it: cut out of the octets, literals and all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from simulator.mail.imap.syntax import Argument, SyntaxRefusedError, read_arguments

_LONGEST_LINE = 1 << 20
"""Octets without a line end after which a server is not an IMAP server."""
_LITERAL = re.compile(rb"\{([0-9]{1,10})\}\r?\n\Z")
_LARGEST_LITERAL = 1 << 30


class Awaits(Enum):
    """Up to where the reply to a line goes."""

    TAGGED = "the line with the tag, or a continuation"
    UNTAGGED = "the next line, whatever it is"


@dataclass(frozen=True, slots=True)
class Ask:
    """Speak this line (an empty one means: say nothing) and read what comes."""

    line: str
    awaits: Awaits = Awaits.TAGGED
    tag: str = ""
    """Where the line itself has none: of the command that it goes on with."""

    @property
    def awaited_tag(self) -> str:
        """The tag of the line that ends the reply."""
        return self.tag or self.line.partition(" ")[0]


@dataclass(frozen=True, slots=True)
class Said:
    """One line of a server: the text before each literal and after the last, and the literals."""

    texts: tuple[str, ...]
    literals: tuple[bytes, ...] = ()

    @property
    def words(self) -> list[str]:
        """The first text at its spaces."""
        return self.texts[0].split(" ")

    def arguments(self) -> tuple[Argument, ...]:
        """What the line says, read like the arguments of a command; nothing where it cannot be."""
        try:
            return read_arguments(self.texts, self.literals)
        except SyntaxRefusedError:
            return ()


@dataclass(frozen=True, slots=True)
class ImapReply:
    """A server's reply: all its lines, the one that ends it last."""

    said: tuple[Said, ...]

    @property
    def status(self) -> str:
        """The last line."""
        return self.said[-1].texts[0]

    @property
    def ok(self) -> bool:
        """Whether it ends in OK, or a greeting in PREAUTH."""
        return self.said[-1].words[1:2] in (["OK"], ["PREAUTH"])

    @property
    def goes_on(self) -> bool:
        """Whether the server waits for more (RFC 9051 section 7.6)."""
        return self.status[:1] == "+"

    def untagged(self, kind: str) -> Iterator[Said]:
        """The untagged lines of that kind, such as FETCH, with or without a number before it."""
        for one in self.said:
            if one.words[:1] == ["*"] and kind in [word.upper() for word in one.words[1:3]]:
                yield one


class ImapReplyReader:
    """Cuts what a server sends into replies, however the octets arrive."""

    def __init__(self) -> None:
        self._octets = bytearray()
        self._searched = 0
        self._texts: list[str] = []
        self._literals: list[bytes] = []
        self._missing = 0
        self._said: list[Said] = []

    def feed(self, octets: bytes) -> None:
        """Octets that came in."""
        self._octets += octets

    def take(self, ask: Ask) -> ImapReply | None:
        """The reply to that, or None while it has not wholly come.

        Raises ValueError where the server sends no lines at all.
        """
        while (said := self._take_said()) is not None:
            self._said.append(said)
            if ask.awaits is Awaits.UNTAGGED or said.words[0] in {ask.awaited_tag, "+"}:
                reply = ImapReply(tuple(self._said))
                self._said = []
                return reply
        return None

    def _take_said(self) -> Said | None:
        """The next line with its literals."""
        while True:
            if self._missing:
                if len(self._octets) < self._missing:
                    return None
                self._literals.append(self._cut(self._missing))
                self._missing = 0
            end = self._octets.find(b"\n", self._searched)
            if not 0 <= end <= _LONGEST_LINE and max(end, len(self._octets)) > _LONGEST_LINE:
                raise ValueError("the server's line has no end")
            if end < 0:
                self._searched = len(self._octets)
                return None
            line = self._cut(end + 1)
            announced = _LITERAL.search(line)
            if announced is None:
                self._texts.append(_text(line.removesuffix(b"\n").removesuffix(b"\r")))
                said = Said(tuple(self._texts), tuple(self._literals))
                self._texts, self._literals = [], []
                return said
            if int(announced[1]) > _LARGEST_LITERAL:
                raise ValueError("the server's literal is too large")
            self._texts.append(_text(line[: announced.start()]))
            self._missing = int(announced[1])
            if not self._missing:
                self._literals.append(b"")

    def _cut(self, end: int) -> bytes:
        octets = bytes(self._octets[:end])
        del self._octets[:end]
        self._searched = 0
        return octets


def _text(octets: bytes) -> str:
    return octets.decode("utf-8", "surrogateescape")
