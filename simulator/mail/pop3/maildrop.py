"""A mailbox as one POP3 session sees it: numbered at login, with marks for deletion (RFC 1939)."""

from __future__ import annotations

import re

from simulator.mail.header import split_header
from simulator.mail.mailbox import StoredMessage

_NUMBER = re.compile(r"[0-9]+")
_LARGEST = 1 << 32


class RefusedError(Exception):
    """The argument names no message that can be had; its text is what the server says."""


class Maildrop:
    """The messages of a session: their numbers do not change, whatever else arrives."""

    def __init__(self, messages: tuple[StoredMessage, ...]) -> None:
        self._messages = messages
        self._marked: set[int] = set()

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of the messages that are not marked as deleted; the first is 1."""
        every = range(1, len(self._messages) + 1)
        return tuple(number for number in every if number not in self._marked)

    @property
    def size(self) -> int:
        """Octets of the messages that are not marked, as they are before dot-stuffing."""
        return sum(len(self.message(number).octets) for number in self.numbers)

    @property
    def marked(self) -> tuple[str, ...]:
        """The unique ids of the messages marked as deleted."""
        return tuple(self.message(number).uid for number in sorted(self._marked))

    def number(self, argument: str) -> int:
        """The message number that an argument is. Raises RefusedError, in Dovecot's words."""
        digits = _NUMBER.match(argument)
        if digits is None:
            raise RefusedError(f"Invalid message number: {argument}")
        if digits.end() != len(argument):
            raise RefusedError(f"Noise after message number: {argument[digits.end() :]}")
        number = int(argument)
        if number >= _LARGEST:
            raise RefusedError(f"Message number too large: {argument}")
        if not 0 < number <= len(self._messages):
            raise RefusedError(f"There's no message {number}.")
        if number in self._marked:
            raise RefusedError("Message is deleted.")
        return number

    def message(self, number: int) -> StoredMessage:
        """The message of that number."""
        return self._messages[number - 1]

    def top(self, number: int, lines: int) -> bytes:
        """A message's header, the empty line, and so many lines of its body."""
        octets = self.message(number).octets
        header, body = split_header(octets)
        start = len(octets) - len(body)
        end = start
        for _ in range(min(lines, body.count(b"\n"))):
            end = octets.index(b"\n", end) + 1
        # RETR and TOP of a message without an empty line show none either.
        return octets[:end] if lines or start > len(header) else header

    def mark(self, number: int) -> None:
        """Mark a message as deleted."""
        self._marked.add(number)

    def unmark_all(self) -> None:
        """Take all marks away."""
        self._marked.clear()
