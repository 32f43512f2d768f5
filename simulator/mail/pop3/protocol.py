"""POP3 on a connection: lines in, a session's answers out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from simulator.mail.mailbox import MailStore, Taken
from simulator.mail.pick_up_mishap import Mishap, Suffering, nothing_goes_wrong
from simulator.mail.pop3.answer import Pop3Answer
from simulator.mail.pop3.server import Pop3Session
from simulator.mail.site import Wire, wire_of_transport

_LONGEST_BUFFER = 64 * 1024
"""Octets without a line end after which a client is cut off."""


class Pop3Protocol(asyncio.Protocol):
    """One POP3 connection."""

    def __init__(
        self,
        store: MailStore,
        wire_of: Callable[[Any], Wire] = wire_of_transport,
        mishap: Mishap = nothing_goes_wrong,
        done: Callable[[Wire, Taken], None] = lambda _wire, _deed: None,
    ) -> None:
        self._session = Pop3Session(store)
        self._wire_of = wire_of
        self._mishap = mishap
        self._done = done
        self._buffer = b""
        self._suffering: Suffering

    def connection_made(self, transport: Any) -> None:
        """Greet."""
        self._transport = transport
        self._wire = self._wire_of(transport)
        self._suffering = Suffering(self._wire, transport, self._mishap)
        self._suffering.at("greeting", "", self._greet)

    def data_received(self, data: bytes) -> None:
        """Answer every whole line."""
        *lines, self._buffer = (self._buffer + data).split(b"\n")
        for line in lines:
            verb, argument = _command(line)
            self._suffering.at(verb, argument, partial(self._answer, line))
        if len(self._buffer) > _LONGEST_BUFFER:
            self._transport.abort()

    def connection_lost(self, _error: Exception | None) -> None:
        """A session that ends without QUIT deletes nothing (RFC 1939 section 6)."""
        self._session.hang_up()

    def _greet(self) -> None:
        greeting, said = self._session.greet(), self._wire.overruling()
        if said is not None:
            greeting = replace(greeting, lines=(said,), rule=said.rule)
        self._wire.reply("\r\n".join(greeting.lines), greeting.rule)
        self._transport.write(greeting.octets())

    def _answer(self, line: bytes) -> None:
        said = self._wire.overruling()
        if said is None or said.startswith("+"):
            answer = self._session.receive(line + b"\n")
        else:
            answer = Pop3Answer("-ERR", (), said.rule)  # and the command is not carried out
        if said is not None:
            lines = (said, *answer.lines[1:])
            answer = replace(answer, lines=lines, rule=said.rule)
        self._wire.reply("\r\n".join(answer.lines), answer.rule)
        if answer.content is not None:
            self._wire.content(answer.content, by_server=True)
        for one in answer.deeds:
            self._done(self._wire, one)
        self._transport.write(answer.octets())
        if answer.closes:
            reason = "quit" if answer.rule == "pop3.quit" else "dropped"
            self._wire.closed(self._wire.server, reason)
            self._transport.close()


def _command(line: bytes) -> tuple[str, str]:
    """The verb, and the argument where it is no secret."""
    verb, _, argument = line.decode("utf-8", "replace").strip().partition(" ")
    verb = verb.upper()
    return verb, "" if verb in {"USER", "PASS", "AUTH"} else argument
