"""What a POP3 server says to one line, and how it is made (RFC 1939 section 3)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from simulator.mail.mailbox import Taken

Code: TypeAlias = Literal["+OK", "-ERR", "+"]

_UNPRINTABLE = re.compile(r"[^ -~]")
_LONGEST_ECHO = 80


@dataclass(frozen=True, slots=True)
class Pop3Answer:
    """What the server says to one line.

    ``lines`` are whole lines without CRLF: the status, and of a listing also its lines and its
    final dot. ``content`` is a message as sent, dot-stuffed and with its final dot line. ``rule``
    names why. Where it ``closes``, the server hangs up afterwards.
    """

    code: Code
    lines: tuple[str, ...]
    rule: str
    content: bytes | None = None
    closes: bool = False
    deeds: tuple[Taken, ...] = ()
    """What was done with messages."""

    def octets(self) -> bytes:
        """The whole answer as it goes over the wire."""
        return "".join(f"{line}\r\n" for line in self.lines).encode() + (self.content or b"")


def ok(rule: str, text: str = "") -> Pop3Answer:
    """Done, perhaps with a word about it."""
    return Pop3Answer("+OK", (f"+OK {text}".rstrip(),), rule)


def listing(rule: str, text: str, lines: tuple[str, ...]) -> Pop3Answer:
    """Done, with these lines and the final dot."""
    return Pop3Answer("+OK", (f"+OK {text}".rstrip(), *lines, "."), rule)


def error(text: str, rule: str = "pop3.error") -> Pop3Answer:
    """A refusal; what it repeats of the client's words is made printable, and short."""
    said = _UNPRINTABLE.sub("?", text)[:_LONGEST_ECHO]
    return Pop3Answer("-ERR", (f"-ERR {said}",), rule)
