"""What an IMAP server says: lines with literals in them, as octets and as the trace shows them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal as OneOf
from typing import TypeAlias

from simulator.mail.imap.syntax import is_plain, quoted
from simulator.mail.mailbox import Taken

Code: TypeAlias = OneOf["OK", "NO", "BAD", "*", "+"]
"""Of the tagged line; ``*`` where there is none, ``+`` where the client shall go on."""


@dataclass(frozen=True, slots=True)
class Literal:
    """Octets with their number before them (RFC 9051 section 4.3).

    NUL cannot be in one; it becomes 0x80, as Dovecot does it. Where it is ``binary``, NUL can be,
    and a tilde before the number says so.
    """

    octets: bytes
    whole_message: bool = False
    binary: bool = False

    def as_sent(self) -> bytes:
        """The octets that go over the wire."""
        return self.octets if self.binary else self.octets.replace(b"\0", b"\x80")


Response: TypeAlias = tuple[str | Literal, ...]
"""One line that a server says, without its CRLF, with what is in it as literals."""


@dataclass(frozen=True, slots=True)
class ImapAnswer:
    """All that the server says to one command, the tagged line last.

    ``rule`` names why. Where it ``closes``, the server hangs up afterwards. ``deeds`` are what
    was done with messages.
    """

    code: Code
    responses: tuple[Response, ...]
    rule: str
    closes: bool = False
    deeds: tuple[Deed, ...] = ()

    def octets(self) -> bytes:
        """The whole answer as it goes over the wire."""
        return b"".join(b"".join(map(_sent, one)) + b"\r\n" for one in self.responses)

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines as a trace has them: of a message in a literal, only its number of octets."""
        return tuple(line for one in self.responses for line in _shown(one))

    @property
    def contents(self) -> tuple[bytes, ...]:
        """The whole messages that it carries, as sent."""
        pieces = (piece for one in self.responses for piece in one)
        return tuple(p.as_sent() for p in pieces if isinstance(p, Literal) and p.whole_message)


@dataclass(frozen=True, slots=True)
class Moved:
    """A message of ``mailbox`` that now lies in ``folder``, where it has a unique id of its own."""

    mailbox: str
    uid: str
    folder: str
    new_uid: str


Deed: TypeAlias = Moved | Taken
"""What a session did with a message."""


class RefusedError(Exception):
    """The command cannot be done; its text, with a response code if any, follows the NO."""


def nstring(octets: bytes | None) -> Response:
    """A string or NIL (RFC 9051 section 9): quoted where that is possible, else a literal."""
    if octets is None:
        return ("NIL",)
    if is_plain(octets):
        return (quoted(octets.decode("ascii")),)
    return (Literal(octets),)


def mailbox_name(name: str) -> str:
    """A folder's name, quoted only where it has to be."""
    return name if re.sub(r"[-_.]", "", name).isalnum() else quoted(name)


def as_set(numbers: Sequence[int]) -> str:
    """Numbers in their order as a sequence set (RFC 9051 section 9), those in a row as a range."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1][1:] = [number]
        else:
            runs.append([number])
    return ",".join(":".join(map(str, run)) for run in runs)


def joined(parts: Iterable[Response], separator: str = " ") -> Response:
    """Responses in a row, as one."""
    row: list[str | Literal] = []
    for part in parts:
        if row:
            row.append(separator)
        row.extend(part)
    return tuple(row)


def grouped(parts: Iterable[Response], separator: str = " ") -> Response:
    """The same in parentheses."""
    return ("(", *joined(parts, separator), ")")


def _sent(piece: str | Literal) -> bytes:
    if isinstance(piece, str):
        return piece.encode("utf-8", "replace")
    octets = piece.as_sent()
    tilde = b"~" if piece.binary and b"\0" in octets else b""
    return b"%s{%d}\r\n%s" % (tilde, len(octets), octets)


def _shown(response: Response) -> list[str]:
    text = ""
    for piece in response:
        if isinstance(piece, str):
            text += piece
        elif piece.whole_message:
            text += f"{{{len(piece.octets)}}}\r\n"
        else:
            text += _sent(piece).decode("utf-8", "replace")
    return text.split("\r\n")
