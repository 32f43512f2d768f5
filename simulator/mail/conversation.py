"""Carries a dialogue without IO over an open line: says what it wants said, reads the replies.

``carry`` is the one driver of all of them; here also what SMTP's dialogues want done.
"""

from __future__ import annotations

import ssl
from collections.abc import Awaitable, Callable, Generator
from dataclasses import replace
from typing import TypeVar

from simulator.mail.reply import ReplySyntaxError, SmtpReply, split_line
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
) -> Result:
    """Run an SMTP dialogue to its end; gives its outcome. The connection is closed afterwards.

    ``steps`` names the step that begins with a verb (``MAIL`` begins step 2 of a submission).
    """

    async def perform(action: Action) -> Replies:
        replies: list[SmtpReply] = []
        try:
            await _perform(line, action, steps or {}, replies)
        except (OSError, ReplySyntaxError) as error:
            raise _lost(line.wire.called, error, tuple(replies)) from error
        return tuple(replies)

    return await carry(line, dialogue, perform)


def _reason(lost: Exception) -> str:
    """Why the connection is gone, for the trace."""
    error = lost.__cause__ if isinstance(lost, LostError) else lost
    if isinstance(error, ssl.SSLError):
        return "tls"
    return "timeout" if isinstance(error, TimeoutError) else "dropped"


def _lost(server: str, error: Exception, replies: Replies) -> LostError:
    """The same for the dialogue."""
    status, said, key, reason = _as_loss(server, error)
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


async def _perform(
    line: Line, action: Action, steps: dict[str, Step], replies: list[SmtpReply]
) -> None:
    """Do it, and add the replies as they come: what was said before a wire breaks counts."""
    match action:
        case Say(lines=lines):
            await _say(line, lines, steps)
            for _ in lines or ("greeting",):
                replies.append(await _read(line, _PATIENCE))  # noqa: PERF401 - as they come
        case Seal(verify=verify):
            await line.start_tls(line.wire.called, verify=verify)
        case Hand(octets=octets, lines=lines, replies=count):
            stuffed = as_content(octets)
            line.wire.content(stuffed)
            for said in lines:
                line.wire.command(said)
            await line.send(stuffed + _encoded(lines))
            for _ in range(count):
                replies.append(await _read(line, _PATIENCE_AFTER_DOT))  # noqa: PERF401
            # The reply to a QUIT in the same segment is read, but nobody cares what it is.
            for _ in lines:
                await _read_farewell(line)


async def _say(line: Line, lines: tuple[str, ...], steps: dict[str, Step]) -> None:
    for said in lines:
        step = steps.get(said.partition(" ")[0].upper())
        if step is not None:
            line.wire.errand = replace(line.wire.errand, step=step)
        line.wire.command(said)
    if lines:
        await line.send(_encoded(lines))


def _encoded(lines: tuple[str, ...]) -> bytes:
    return "".join(said + _LINE_ENDS for said in lines).encode()


async def _read(line: Line, patience: int) -> SmtpReply:
    texts: list[str] = []
    more = True
    code = 0
    while more:
        code, more, text = split_line(await line.receive(patience))
        texts.append(text)
    return SmtpReply(code, tuple(texts))


async def _read_farewell(line: Line) -> None:
    """The 221. The mail is handed over already: a server that just hangs up changes nothing."""
    try:
        await _read(line, _PATIENCE)
    except (OSError, TimeoutError, ReplySyntaxError):
        return
