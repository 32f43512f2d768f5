"""SMTP replies: how a server words one, and how a client reads one (RFC 5321 section 4.2)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

_ENHANCED = re.compile(r"([245]\.\d{1,3}\.\d{1,3})(?:\s|$)")  # RFC 3463 section 2
_REPLY_LINE = re.compile(r"(\d{3})(?:([ -])(.*))?$", re.DOTALL)


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
    """One reply as a client read it; ``lines`` are its texts, without code and separator."""

    code: int
    lines: tuple[str, ...]

    @property
    def enhanced(self) -> str | None:
        """The enhanced status code (RFC 3463) that the first line opens with, if any."""
        return enhanced_status(self.lines[0])

    @property
    def text(self) -> str:
        """The whole reply in one line, as log files and bounces quote it."""
        return " ".join((str(self.code), *self.lines)).strip()

    @property
    def is_positive(self) -> bool:
        """2yz: done."""
        return self.code // 100 == 2

    @property
    def is_transient(self) -> bool:
        """4yz: not now, but the same may work later."""
        return self.code // 100 == 4

    def status(self) -> str:
        """The enhanced code, or the plain one's class where the server gave none."""
        return self.enhanced or f"{self.code // 100}.0.0"


def enhanced_status(text: str) -> str | None:
    """The enhanced status code that a reply's text opens with, if any."""
    found = _ENHANCED.match(text)
    return found.group(1) if found else None


def imap_code(lines: tuple[str, ...]) -> str:
    """The code of an IMAP answer with these lines: OK, NO or BAD, or ``*`` or ``+``."""
    tag, _, rest = lines[-1].partition(" ")
    return tag if tag in {"*", "+"} else rest.partition(" ")[0]


def split_line(line: str) -> tuple[int, bool, str]:
    """A reply line's code, whether more lines follow, and its text. Raises ReplySyntaxError."""
    found = _REPLY_LINE.match(line)
    if found is None:
        raise ReplySyntaxError(line)
    code, separator, text = found.groups()
    return int(code), separator == "-", text or ""
