"""An SMTP server that plays a script of replies and keeps what it hears, on any asyncio loop."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Protocol, TypeAlias

Script: TypeAlias = Mapping[str, str | tuple[str, ...]]
"""By moment (``greeting``, a verb, ``.``) the reply; where it comes again, the replies in turn.

``|`` stands between the lines of a reply. ``<closes>`` at its end: then the server closes;
``<silent>``: from then on it says nothing more.
"""

CLOSES, SILENT = "<closes>", "<silent>"
OFFERS = ("PIPELINING", "SIZE 10240000", "ENHANCEDSTATUSCODES", "8BITMIME", "DSN", "SMTPUTF8")


def hello(*offers: str) -> str:
    """A reply to EHLO that offers these extensions."""
    *first, last = ("mx", *offers)
    return "|".join((*(f"250-{line}" for line in first), f"250 {last}"))


def without(keyword: str) -> str:
    """A reply to EHLO that offers all but this extension."""
    return hello(*(offer for offer in OFFERS if offer.partition(" ")[0] != keyword))


USUAL: Script = {
    "greeting": "220 mx ESMTP",
    "EHLO": hello(*OFFERS),
    "HELO": "250 mx",
    "MAIL": "250 2.1.0 Ok",
    "RCPT": "250 2.1.5 Ok",
    "DATA": "354 End data with <CR><LF>.<CR><LF>",
    ".": "250 2.0.0 Ok: queued as 1",
    "RSET": "250 2.0.0 Ok",
    "QUIT": f"221 2.0.0 Bye{CLOSES}",
}
_LINE_END, _END = b"\r\n", b"\r\n.\r\n"


class Notes(Protocol):
    """Who is told what a server hears."""

    open: int
    """Connections that are not closed yet."""

    def hear(self, name: str, segment: list[str]) -> None:
        """What the client of the server ``name`` said without waiting for a reply."""

    def keep(self, message: bytes) -> None:
        """A whole message."""


class ScriptedServer(asyncio.Protocol):
    """One connection of the server ``name``; ``notes`` is told what it hears."""

    def __init__(self, script: Script, name: str, notes: Notes) -> None:
        self._script = {**USUAL, **script}
        self._name, self._notes = name, notes
        self._asked: dict[str, int] = {}
        self._received = b""
        self._in_message = False
        self._is_silent = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The client is there: greet it."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._notes.open += 1
        self._answer("greeting")

    def connection_lost(self, _error: Exception | None) -> None:
        """Both sides have let go."""
        self._notes.open -= 1

    def data_received(self, octets: bytes) -> None:
        """A segment, or a part of a message."""
        self._received += octets
        segment = []
        while (said := self._next()) is not None:
            segment.append(said)
        if segment:
            self._notes.hear(self._name, segment)

    def _next(self) -> str | None:
        """The next whole command or message, answered; None where there is none yet."""
        if self._in_message:
            return self._message()
        line, end, rest = self._received.partition(_LINE_END)
        if not end:
            return None
        self._received = rest
        said = line.decode("utf-8", "backslashreplace")
        verb = said.partition(" ")[0].upper()
        reply = self._answer(verb)
        self._in_message = verb == "DATA" and reply.startswith("3")
        return said

    def _message(self) -> str | None:
        stuffed, end, rest = (_LINE_END + self._received).partition(_END)
        if not end:
            return None
        self._received, self._in_message = rest, False
        octets = (stuffed + _LINE_END).replace(_LINE_END + b".", _LINE_END)[len(_LINE_END) :]
        if octets:
            self._notes.keep(octets)
        self._answer(".")
        return "(message)" if octets else "(dot)"

    def _answer(self, moment: str) -> str:
        """Say what the script says; a command that it does not know is not implemented."""
        given = self._script.get(moment, "502 5.5.2 Error: command not recognized")
        replies = (given,) if isinstance(given, str) else given
        count = self._asked[moment] = self._asked.get(moment, 0) + 1
        reply = replies[min(count, len(replies)) - 1]
        self._is_silent |= reply == SILENT
        if self._is_silent or self._transport.is_closing():
            return ""
        text = reply.removesuffix(CLOSES)
        if text:
            self._transport.write(
                (text.replace("|", "\r\n") + "\r\n").encode(errors="surrogateescape")
            )
        if reply.endswith(CLOSES):
            self._transport.close()
        return text
