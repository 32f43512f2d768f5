"""The addresses of a header field, as IMAP's ENVELOPE takes them apart (RFC 5322 section 3.4).

What is no address is given back as Dovecot gives it back: with a word in the place of what is
missing, since a client has to show something.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

NO_MAILBOX, NO_DOMAIN, BROKEN = b"MISSING_MAILBOX", b"MISSING_DOMAIN", b"SYNTAX_ERROR"

_LONGEST_FIELD = 50_000
"""Octets of a field that are read."""
_WORD = re.compile(
    rb'(?P<space>\s+)|"(?P<quoted>(?:[^"\\]|\\.)*+)"?|(?P<special>[<>@,:;()\\"])'
    rb"|(?P<atom>(?:\[[^\]]{0,255}+\]|[^\s<>@,:;()\\\"\[]|\[)+)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Address:
    """An address as octets (RFC 9051 section 7.5.2); None is NIL.

    A group begins with its name as ``mailbox`` and ends with one that has nothing, both without
    ``host``.
    """

    name: bytes | None = None
    route: bytes | None = None
    mailbox: bytes | None = None
    host: bytes | None = None


def addresses_of(value: bytes) -> tuple[Address, ...]:
    """The addresses of a field's value, unfolded; never raises."""
    reading = _Reading()
    tokens = _tokens(value[:_LONGEST_FIELD])
    for kind, text in tokens:
        reading.take(kind, text)
    reading.end_address()
    if reading.in_group:
        reading.found.append(Address())
    return tuple(reading.found)


def _tokens(value: bytes) -> list[tuple[str, bytes]]:
    """Words and specials; a comment is one token, however many stand in it."""
    found: list[tuple[str, bytes]] = []
    comment: list[bytes] = []
    depth = 0
    for token in _WORD.finditer(value):
        kind, text = token.lastgroup or "", token[0]
        if text == b"(" and kind == "special":
            depth += 1
            if depth == 1:
                continue
        elif text == b")" and kind == "special" and depth:
            depth -= 1
            if not depth:
                found.append(("comment", b"".join(comment).strip()))
                comment = []
                continue
        if depth:
            comment.append(text)
        elif kind == "quoted":
            found.append(("quoted", re.sub(rb"\\(.)", rb"\1", token["quoted"], flags=re.DOTALL)))
        elif kind != "space":
            found.append((kind, text))
    return found


@dataclass(slots=True)
class _Reading:
    """A field being read: what stands before the current token, up to the last comma."""

    found: list[Address] = field(default_factory=list)
    in_group: bool = False
    words: list[bytes] = field(default_factory=list)
    """Before an angle bracket the display name, else the address itself."""
    angle: list[bytes] | None = None
    closed: bool = False
    comment: bytes | None = None

    def take(self, kind: str, text: bytes) -> None:
        """One more token."""
        if kind == "comment":
            # Only one that comes after an address is taken for its owner's name.
            self.comment = (text or None) if self.words else self.comment
        elif kind != "special":
            self._take_word(text)
        elif text == b"<" and self.angle is None:
            self.angle = []
        elif text == b">" and self.angle is not None:
            self.closed = True
        elif self.angle is not None and not self.closed:
            self.angle.append(text)
        else:
            self._take_special(text)

    def _take_word(self, text: bytes) -> None:
        if self.angle is None:
            self.words.append(text)
        elif not self.closed:
            self.angle.append(text)

    def _take_special(self, text: bytes) -> None:
        if text == b",":
            self.end_address()
        elif text == b":" and not self.in_group:
            self.found.append(Address(mailbox=b" ".join(self.words)))
            self.in_group = True
            self._begin_anew()
        elif text == b";":
            self.end_address()
            if self.in_group:
                self.found.append(Address())
            self.in_group = False
        elif text == b"@":
            self.words.append(text)

    def end_address(self) -> None:
        """The address that stood here, if any."""
        if self.angle is not None:
            self._end_angle(self.angle)
        elif b"@" in self.words:
            at = self.words.index(b"@")
            mailbox = b" ".join(self.words[:at])
            host = b"".join(self.words[at + 1 : at + 2])
            self._add(self.comment, None, mailbox, host)
        elif len(self.words) == 1:
            self._add(self.comment, None, self.words[0], b"")
        elif self.words:
            self._add(b" ".join(self.words), None, b"", b"")
        self._begin_anew()

    def _end_angle(self, angle: list[bytes]) -> None:
        name = b" ".join(self.words) or self.comment
        route = None
        if angle[:1] == [b"@"] and b":" in angle:
            colon = angle.index(b":")
            route, angle = b"".join(angle[:colon]), angle[colon + 1 :]
        mailbox, at, host = angle, b"", []
        if b"@" in angle:
            place = len(angle) - 1 - angle[::-1].index(b"@")
            mailbox, at, host = angle[:place], b"@", angle[place + 1 :]
        if not self.closed:
            self.found.append(Address(name, route, b"".join(mailbox) or NO_MAILBOX, BROKEN))
            return
        self._add(name, route, b"".join(mailbox), b"".join(host) if at else b"")

    def _add(self, name: bytes | None, route: bytes | None, mailbox: bytes, host: bytes) -> None:
        self.found.append(Address(name, route, mailbox or NO_MAILBOX, host or NO_DOMAIN))

    def _begin_anew(self) -> None:
        self.words, self.angle, self.closed, self.comment = [], None, False, None
