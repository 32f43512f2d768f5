"""Carries a dialogue without IO over an open line: says what it wants said, reads the replies.

``carry`` is the one driver of all of them; here also what SMTP's dialogues want done.
"""

from __future__ import annotations

import ssl
from collections.abc import Awaitable, Callable, Generator, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from simulator.mail.reply import ReplySyntaxError, SmtpReply, printable, split_line
from simulator.mail.site import Line
from simulator.mail.smtp.dialogue import Action, Finding, Hand, LostError, Replies, Say, Seal
from simulator.mail.transparency import as_content
from simulator.scenario.virtual_time import SECOND
from simulator.trace.event import Step

Result = TypeVar("Result")
Asked = TypeVar("Asked")
Told = TypeVar("Told")

_PATIENCE = 300 * SECOND  # RFC 5321 section 4.5.3.2: five minutes for most replies
_PATIENCE_AFTER_DOT = 600 * SECOND  # section 4.5.3.2.6: ten minutes after the final dot
_LINE_ENDS = "\r\n"


async def carry(
    line: Line,
    dialogue: Generator[Asked, Told, Result],
    perform: Callable[[Asked], Awaitable[Told]],
) -> Result:
    """Run any dialogue to its end; gives its outcome. The connection is closed afterwards.

    What ``perform`` raises where the connection is lost (OSError, LostError) is thrown into the
    dialogue.
    """
    reason = "quit"
    try:
        action = next(dialogue)
        while True:
            try:
                told = await perform(action)
            except (OSError, LostError) as lost:  # a timeout is an OSError too
                reason = _reason(lost)
                action = dialogue.throw(lost)
            else:
                reason = "quit"
                action = dialogue.send(told)
    except StopIteration as finished:
        outcome: Result = finished.value
        return outcome
    finally:
        line.close(reason)


async def converse(
    line: Line,
    dialogue: Generator[Action, Replies, Result],
    *,
    steps: dict[str, Step] | None = None,
    peer: str = "",
    strict: bool = False,
) -> Result:
    """Run an SMTP dialogue to its end; gives its outcome. The connection is closed afterwards.

    ``steps`` names the step that begins with a verb (``MAIL`` begins step 2 of a submission).
    ``peer`` is what a loss calls the other side, where that is not its name alone. ``strict``: a
    line that is no reply ends it, as mail clients do; else one waits for a reply, as Postfix does.
    """
    speaker = _Speaker(line, steps or {}, strict)

    async def perform(action: Action) -> Replies:
        replies: list[SmtpReply] = []
        try:
            await speaker.perform(action, replies)
        except (OSError, ReplySyntaxError) as error:
            raise _lost(line.wire.called, peer, error, tuple(replies)) from error
        return tuple(replies)

    return await carry(line, dialogue, perform)


def _reason(lost: Exception) -> str:
    """Why the connection is gone, for the trace."""
    error = lost.__cause__ if isinstance(lost, LostError) else lost
    if isinstance(error, ssl.SSLError):
        return "tls"
    return "timeout" if isinstance(error, TimeoutError) else "dropped"


def _lost(server: str, peer: str, error: Exception, replies: Replies) -> LostError:
    """The same for the dialogue."""
    status, said, key, reason = _as_loss(peer or server, error)
    finding = Finding(key, {"server": server, "reason": reason})
    return LostError(status, said, replies, finding)


def _as_loss(server: str, error: Exception) -> tuple[str, str, str, str]:
    """Status, Postfix's words, the key of our own words, and what the library says of it."""
    if isinstance(error, ssl.SSLError):
        reason = str(error.reason or error)
        more = error.verify_message if isinstance(error, ssl.SSLCertVerificationError) else reason
        return "4.7.5", f"Cannot start TLS with {server}: {reason}", "tls-failed", more.rstrip(".")
    if isinstance(error, TimeoutError):
        return "4.4.2", f"conversation with {server} timed out", "silent", ""
    if isinstance(error, ReplySyntaxError):
        return "4.5.0", f"malformed reply from {server}: {error}", "malformed", str(error)
    return "4.4.2", f"lost connection with {server}", "lost", ""


@dataclass(frozen=True, slots=True)
class _Speaker:
    """Does what an SMTP dialogue wants done on one line."""

    line: Line
    steps: Mapping[str, Step]
    strict: bool

    async def perform(self, action: Action, replies: list[SmtpReply]) -> None:
        """Do it, and add the replies as they come: what was said before a wire breaks counts."""
        line = self.line
        match action:
            case Say(lines=lines):
                await self._say(lines)
                for _ in lines or ("greeting",):
                    replies.append(await self._read(_PATIENCE))  # noqa: PERF401 - as they come
            case Seal(verify=verify):
                await line.start_tls(line.wire.called, verify=verify)
            case Hand(octets=octets, lines=lines, replies=count):
                stuffed = as_content(octets)
                line.wire.content(stuffed)
                for said in lines:
                    line.wire.command(said)
                await line.send(stuffed + _encoded(lines))
                for _ in range(count):
                    replies.append(await self._read(_PATIENCE_AFTER_DOT))  # noqa: PERF401
                # The reply to a QUIT in the same segment is read, but nobody cares what it is.
                for _ in lines:
                    await self._read_farewell()

    async def _say(self, lines: tuple[str, ...]) -> None:
        wire = self.line.wire
        for said in lines:
            step = self.steps.get(said.partition(" ")[0].upper())
            if step is not None:
                wire.errand = replace(wire.errand, step=step)
            wire.command(said)
        if lines:
            await self.line.send(_encoded(lines))

    async def _read(self, patience: int) -> SmtpReply:
        """Lines up to one that ends a reply. Raises ReplySyntaxError where one is strict."""
        said: list[str] = []
        while True:
            said.append(printable(await self.line.receive(patience)))
            try:
                _, more, _ = split_line(said[-1])
            except ReplySyntaxError:
                if self.strict:
                    raise
                continue
            if not more:
                return SmtpReply(tuple(said))

    async def _read_farewell(self) -> None:
        """The 221. The mail is handed over: a server that just hangs up changes nothing."""
        try:
            await self._read(_PATIENCE)
        except (OSError, TimeoutError, ReplySyntaxError):
            return


def _encoded(lines: tuple[str, ...]) -> bytes:
    return "".join(said + _LINE_ENDS for said in lines).encode()
