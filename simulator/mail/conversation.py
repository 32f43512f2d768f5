"""Carries a dialogue without IO over an open line: says what it wants said, reads the replies."""

from __future__ import annotations

import ssl
from collections.abc import Generator
from dataclasses import replace
from typing import TypeVar

from simulator.mail.reply import ReplySyntaxError, SmtpReply, split_line
from simulator.mail.site import Line
from simulator.mail.smtp_dialogue import Action, Hand, LostError, Replies, Say, Seal
from simulator.mail.transparency import as_content
from simulator.trace.event import Step

Result = TypeVar("Result")

_SECOND = 1_000_000
_PATIENCE = 300 * _SECOND  # RFC 5321 section 4.5.3.2: five minutes for most replies
_PATIENCE_AFTER_DOT = 600 * _SECOND  # section 4.5.3.2.6: ten minutes after the final dot
_LINE_ENDS = "\r\n"


async def converse(
    line: Line,
    dialogue: Generator[Action, Replies, Result],
    *,
    steps: dict[str, Step] | None = None,
) -> Result:
    """Run a dialogue to its end; gives its outcome. The connection is closed afterwards.

    ``steps`` names the step that begins with a verb (``MAIL`` begins step 2 of a submission).
    """
    reason = "quit"
    try:
        action = next(dialogue)
        while True:
            replies_so_far: list[SmtpReply] = []
            try:
                await _perform(line, action, steps or {}, replies_so_far)
            except (OSError, ssl.SSLError, TimeoutError, ReplySyntaxError) as error:
                reason, lost = _lost(line, error, tuple(replies_so_far))
                action = dialogue.throw(lost)
            else:
                action = dialogue.send(tuple(replies_so_far))
    except StopIteration as finished:
        outcome: Result = finished.value
        return outcome
    finally:
        line.close(reason)


def _lost(line: Line, error: Exception, replies: Replies) -> tuple[str, LostError]:
    """Why the connection is gone, for the trace and for the dialogue."""
    server = line.wire.server
    if isinstance(error, ssl.SSLError):
        said = f"Cannot start TLS with {server}: {error.reason or error}"
        return "tls", LostError("4.7.5", said)
    if isinstance(error, TimeoutError):
        said = f"conversation with {server} timed out"
        return "timeout", LostError("4.4.2", said, replies)
    if isinstance(error, ReplySyntaxError):
        said = f"malformed reply from {server}: {error}"
        return "dropped", LostError("4.5.0", said, replies)
    return "dropped", LostError("4.4.2", f"lost connection with {server}", replies)


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
            await line.start_tls(line.wire.server, verify=verify)
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
