"""Passwords out of a recording: what a client says to prove who it is becomes a row of asterisks.

AUTH of SMTP and POP3 with all answers to its challenges (RFC 4954, RFC 5034), PASS of POP3, LOGIN
and AUTHENTICATE of IMAP. The names of users stay where the protocol says them by themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from msgspec.structs import replace

from simulator.trace.event import Closed, Command, Connected, Event, Reply

HIDDEN: Final = "********"
"""Stands for what was said; as many signs whatever that was."""

_AUTH = re.compile(r"((?:\S+ )?(?:AUTH|AUTHENTICATE) +[^ ]+ +)(.+)", re.IGNORECASE | re.DOTALL)
_PASS = re.compile(r"(PASS +)(.+)", re.IGNORECASE | re.DOTALL)
_LOGIN = re.compile(r'(\S+ +LOGIN +(?:"(?:[^"\\]|\\.)*"|[^" ]+) +)(.+)', re.IGNORECASE | re.DOTALL)
_BEGINS_AUTH = re.compile(r"(?:\S+ )?(?:AUTH|AUTHENTICATE)(?: |$)", re.IGNORECASE)


class Redaction:
    """Follows the conversations of a run and hides the passwords in it."""

    def __init__(self) -> None:
        self._proving: set[int] = set()
        """Connections on which the client is proving who it is: all it says is secret."""

    def hide(self, event: Event) -> Event:
        """The event without a password; the same one where it has none."""
        match event.fact:
            case Command(conn=conn, line=line) as fact:
                hidden = self._line(conn, line)
                return event if hidden == line else replace(event, fact=replace(fact, line=hidden))
            case Reply(conn=conn) as fact if conn in self._proving and not _asks_on(fact):
                self._proving.discard(conn)
            case Connected(conn=conn) | Closed(conn=conn):
                self._proving.discard(conn)
            case _:
                pass
        return event

    def _line(self, conn: int, line: str) -> str:
        if conn in self._proving:
            return line if line == "*" else HIDDEN  # an asterisk gives up (RFC 4954 section 4)
        if _BEGINS_AUTH.match(line):
            self._proving.add(conn)
        for pattern in (_AUTH, _PASS, _LOGIN):
            found = pattern.fullmatch(line)
            if found is not None:
                return found[1] + HIDDEN
        return line


def tells_a_password(typed: Iterable[str]) -> bool:
    """Whether lines that a person types (each may hold several) prove who they are.

    They cannot be hidden where a run is made from them: it would be another run.
    """
    lines = (line for piece in typed for line in piece.splitlines())
    return any(
        _BEGINS_AUTH.match(line) or _PASS.fullmatch(line) or _LOGIN.fullmatch(line)
        for line in lines
    )


def _asks_on(reply: Reply) -> bool:
    """Whether the server asks for more: 334, or a plus sign."""
    return str(reply.code) in {"334", "+"}


def redacted(events: Iterable[Event]) -> Iterator[Event]:
    """The same events without passwords."""
    redaction = Redaction()
    return map(redaction.hide, events)
