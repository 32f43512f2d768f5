"""Cuts what an IMAP client sends into commands, however the octets arrive.

A line may announce a literal at its end (RFC 9051 section 4.3): ``{n}`` waits until the server has
said that it may come, ``{n+}`` comes at once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

LONGEST_LINE = 65_536
"""Octets of a line; Dovecot's imap_max_line_length. RFC 9051 section 4.2.1.5 asks for 8192."""
LARGEST_LITERAL = 65_536
"""Octets of all literals of a command; without APPEND they hold no message."""
LARGEST_AT_ONCE = 4_096
"""Octets of a ``{n+}`` literal (LITERAL-, RFC 7888 section 5)."""

_ANNOUNCED = re.compile(rb"\{([0-9]{1,20})(\+?)\}\Z")


@dataclass(frozen=True, slots=True)
class Line:
    """A whole command: the text before each literal and after the last, and the literals.

    Where it is ``too_long``, what there was of it has been thrown away; the first text keeps
    enough to tell the tag.
    """

    texts: tuple[bytes, ...]
    literals: tuple[bytes, ...] = ()
    too_long: bool = False


@dataclass(frozen=True, slots=True)
class Announced:
    """The client waits to be told whether a literal may come; ``text`` is what came before it."""

    text: bytes
    too_large: bool


Received: TypeAlias = Line | Announced


class CommandReader:
    """Octets in, commands out."""

    def __init__(self) -> None:
        self._octets = bytearray()
        self._searched = 0
        self._texts: list[bytes] = []
        self._literals: list[bytes] = []
        self._missing = 0  # octets of a literal that are still to come
        self._too_long = False
        self._deciding = False

    def feed(self, octets: bytes) -> None:
        """Octets that came in."""
        self._octets += octets

    def take(self, *, literals: bool = True) -> Received | None:
        """What has come in whole, or None. Without ``literals`` a line is just a line.

        After an Announced, say ``go_on`` or ``refuse`` before taking more.
        """
        while not self._deciding:
            if self._missing:
                if not self._take_literal():
                    return None
            elif (line := self._take_line()) is None:
                return None
            elif (received := self._add(line, literals=literals)) is not None:
                return received
        return None

    def go_on(self) -> None:
        """The literal that was announced may come."""
        self._deciding = False

    def refuse(self) -> None:
        """It may not; the client begins a new command (RFC 9051 section 4.3)."""
        self._deciding = False
        self._start_anew()

    def _take_literal(self) -> bool:
        """Take what there is of the literal; whether that was all of it."""
        if self._too_long:
            gone = min(self._missing, len(self._octets))
            del self._octets[:gone]
            self._missing -= gone
            return not self._missing
        if len(self._octets) < self._missing:
            return False
        self._literals.append(bytes(self._octets[: self._missing]))
        del self._octets[: self._missing]
        self._missing = 0
        return True

    def _take_line(self) -> bytes | None:
        end = self._octets.find(b"\n", self._searched)
        if end < 0:
            if len(self._octets) > LONGEST_LINE:
                self._overflow()
            self._searched = len(self._octets)
            return None
        line = bytes(self._octets[:end]).removesuffix(b"\r")
        del self._octets[: end + 1]
        self._searched = 0
        if end > LONGEST_LINE:
            self._texts = self._texts or [line[:_KEPT]]
            self._too_long = True
            return line[-_KEPT:]
        return line

    def _overflow(self) -> None:
        """Throw most of a line away; its end may still announce a literal."""
        self._texts = self._texts or [bytes(self._octets[:_KEPT])]
        self._too_long = True
        del self._octets[:-_KEPT]

    def _add(self, line: bytes, *, literals: bool) -> Received | None:
        announced = _ANNOUNCED.search(line) if literals else None
        if self._too_long:
            if announced is None:
                return self._finish()
            self._missing = int(announced[1]) if announced[2] else 0
            return None if announced[2] else self._finish()
        if announced is None:
            self._texts.append(line)
            return self._finish()
        self._texts.append(line[: announced.start()])
        return self._announce(int(announced[1]), at_once=bool(announced[2]))

    def _announce(self, size: int, *, at_once: bool) -> Announced | None:
        size_so_far = sum(map(len, self._literals)) + sum(map(len, self._texts))
        too_large = size + size_so_far > LARGEST_LITERAL
        if at_once:
            self._too_long = too_large or size > LARGEST_AT_ONCE
            self._missing = size
        else:
            self._deciding = True
            self._missing = size
        if not size:
            self._literals.append(b"")
        return None if at_once else Announced(self._texts[0], too_large)

    def _finish(self) -> Line:
        texts = (self._texts[0],) if self._too_long else tuple(self._texts)
        literals = () if self._too_long else tuple(self._literals)
        line = Line(texts, literals, self._too_long)
        self._start_anew()
        return line

    def _start_anew(self) -> None:
        self._texts, self._literals = [], []
        self._missing, self._too_long = 0, False


_KEPT = 200
"""Octets at both ends of a line too long: enough for a tag, and for a literal's announcement."""
