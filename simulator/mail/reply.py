"""SMTP replies: how a server words one, and how a client reads one (RFC 5321 section 4.2)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

_ENHANCED = re.compile(r"([245]\.\d{1,3}\.\d{1,3})(?:\s|$)")  # RFC 3463 section 2
_REPLY_LINE = re.compile(r"([0-9]{3})(?:([ -])(.*))?$", re.DOTALL)
_LONGEST = 2_048  # Postfix: line_length_limit
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f]")


PROTOCOL_ERROR = "5.5.0"
"""The status of what makes no sense where it is said (RFC 3463 section 3.6)."""


class ReplySyntaxError(Exception):
    """The other side spoke, but not SMTP."""


class Ruled(str):
    """The text of a reply, its lines joined by CRLF, and the key of the rule it follows."""

    __slots__ = ("rule",)
    rule: str

    def __new__(cls, text: str, rule: str) -> Self:
        """Raises nothing; ``text`` has no final CRLF."""
        reply = super().__new__(cls, text)
        reply.rule = rule
        return reply


@dataclass(frozen=True, slots=True)
class SmtpReply:
    """One reply as a client read it: whole lines, of which the last decides (as for Postfix).

    What stands before may be of another code, or no reply line at all.
    """

    said: tuple[str, ...]

    @property
    def code(self) -> int:
        """The last line's three digits."""
        return split_line(self.said[-1])[0]

    @property
    def lines(self) -> tuple[str, ...]:
        """The texts of its reply lines, without code and separator."""
        return tuple(found[3] or "" for line in self.said if (found := _REPLY_LINE.match(line)))

    @property
    def enhanced(self) -> str | None:
        """The enhanced status code (RFC 3463) that the last line opens with, if any.

        One of another class than the code's means nothing (RFC 2034 section 4).
        """
        found = enhanced_status(self.lines[-1].lstrip(" "))
        return found if found and found[0] == self.said[-1][0] else None

    @property
    def text(self) -> str:
        """The reply in one line, as log files and bounces quote it: not all of an endless one."""
        text = ""
        for line in self.said:
            if len(text) < _LONGEST:
                text += f"{' ' if text else ''}{line[:_LONGEST]}"
        return text

    @property
    def is_positive(self) -> bool:
        """2yz: done."""
        return self.code // 100 == 2

    @property
    def is_transient(self) -> bool:
        """4yz: not now, but the same may work later."""
        return self.code // 100 == 4

    def status(self) -> str:
        """The enhanced code, or the plain one's class where the server gave none.

        A code of no class that a status has is an error in the protocol (RFC 3463 section 3.6).
        """
        first = self.code // 100
        return self.enhanced or (f"{first}.0.0" if first in {2, 4, 5} else PROTOCOL_ERROR)


def enhanced_status(text: str) -> str | None:
    """The enhanced status code that a reply's text opens with, if any."""
    found = _ENHANCED.match(text)
    return found.group(1) if found else None


def imap_code(lines: tuple[str, ...]) -> str:
    """The code of an IMAP answer with these lines: OK, NO or BAD, or ``*`` or ``+``."""
    tag, _, rest = lines[-1].partition(" ")
    return tag if tag in {"*", "+"} else rest.partition(" ")[0]


def printable(line: str) -> str:
    """A line with a question mark for each control character, as Postfix reads it."""
    return _UNPRINTABLE.sub("?", line)


def split_line(line: str) -> tuple[int, bool, str]:
    """A reply line's code, whether more lines follow, and its text. Raises ReplySyntaxError."""
    found = _REPLY_LINE.match(line)
    if found is None:
        raise ReplySyntaxError(line)
    code, separator, text = found.groups()
    return int(code), separator == "-", text or ""
