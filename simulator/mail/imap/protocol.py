"""IMAP on a connection: octets in, a session's answers out, and news for a client that idles."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

from simulator.mail.imap.answer import Code, Deed, ImapAnswer
from simulator.mail.imap.commands import COMMANDS
from simulator.mail.imap.server import ImapSession
from simulator.mail.mailbox import MailStore
from simulator.mail.pick_up_mishap import Mishap, Suffering, nothing_goes_wrong
from simulator.mail.reply import Ruled
from simulator.mail.site import Wire, wire_of_transport


class ImapProtocol(asyncio.Protocol):
    """One IMAP connection."""

    def __init__(
        self,
        store: MailStore,
        wire_of: Callable[[Any], Wire] = wire_of_transport,
        mishap: Mishap = nothing_goes_wrong,
        done: Callable[[Wire, Deed], None] = lambda _wire, _deed: None,
    ) -> None:
        self._session = ImapSession(store, self._hear)
        self._wire_of = wire_of
        self._mishap = mishap
        self._done = done
        self._suffering: Suffering
        self._has_news = False

    def connection_made(self, transport: Any) -> None:
        """Greet."""
        self._transport = transport
        self._loop = asyncio.get_running_loop()
        self._wire = self._wire_of(transport)
        self._suffering = Suffering(self._wire, transport, self._mishap)
        self._suffering.at("greeting", "", lambda: self._say(self._session.greet()))

    def data_received(self, data: bytes) -> None:
        """Answer every whole command; what goes wrong at one is known by how a segment begins."""
        verb, argument = _command(data)
        self._suffering.at(verb, argument, partial(self._answer, data))

    def _answer(self, data: bytes) -> None:
        said = self._wire.overruling()
        if said is not None and said.startswith(("NO", "BAD")) and _is_one_command(data):
            tag = data.split(b" ", 1)[0].decode("ascii", "replace")
            self._say(ImapAnswer("NO", ((f"{tag} NO",),), said.rule))  # and it is not carried out
            return
        for answer in self._session.receive(data):
            self._say(answer)

    def connection_lost(self, _error: Exception | None) -> None:
        """A session that ends without LOGOUT has lost nothing (RFC 9051 section 3.4)."""
        self._session.hang_up()

    def _hear(self) -> None:
        """The mailbox is being changed; the client is told once whoever does that is done."""
        if not self._has_news:
            self._has_news = True
            self._loop.call_soon(self._push)

    def _push(self) -> None:
        self._has_news = False
        news = self._session.push()
        if news is not None:
            self._say(news)

    def _say(self, answer: ImapAnswer) -> None:
        overruling = self._wire.overruling()
        if overruling is not None:
            answer = _overruled(answer, overruling)
        self._wire.reply("\r\n".join(answer.lines), answer.rule)
        for content in answer.contents:
            self._wire.content(content, by_server=True)
        for one in answer.deeds:
            self._done(self._wire, one)
        self._transport.write(answer.octets())
        if answer.closes:
            reason = "dropped" if answer.rule == "imap.error" else "quit"
            self._wire.closed(self._wire.server, reason)
            self._transport.close()


def _overruled(answer: ImapAnswer, said: Ruled) -> ImapAnswer:
    """The answer with another last line, which keeps its tag; what failed brings nothing else."""
    *before, last = answer.responses
    tag, _, _ = str(last[0]).partition(" ")
    word = said.partition(" ")[0].upper()
    kept = tuple(before) if word not in {"NO", "BAD"} else ()
    line = said if tag in {"*", "+"} else f"{tag} {said}"
    code: Code = "OK" if word == "OK" else "BAD" if word == "BAD" else "NO"
    return ImapAnswer(code, (*kept, (line,)), said.rule, answer.closes, answer.deeds)


def _is_one_command(data: bytes) -> bool:
    """Whether that is a whole command, and nothing beside it."""
    return data.count(b"\r\n") == 1 and _command(data)[0] in COMMANDS


def _command(data: bytes) -> tuple[str, str]:
    """The verb, and the argument where it is no secret."""
    words = data.split(b"\r\n", 1)[0].decode("utf-8", "replace").split(" ", 3)
    _, verb, *rest = (*words, "") if len(words) == 1 else words
    if verb.upper() == "UID" and rest:
        verb, rest = rest[0], rest[1:]
    secret = verb.upper() in {"LOGIN", "AUTHENTICATE"}
    return verb.upper(), "" if secret else " ".join(rest)
