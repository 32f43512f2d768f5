"""Reads a message's content from a stream up to the final dot, and only CRLF.CRLF is one."""

from __future__ import annotations

import asyncio
from typing import Literal, TypeAlias

_END = b"\r\n.\r\n"  # RFC 5321 section 4.1.1.4; any other line end is no end (section 2.3.8)

Ending: TypeAlias = Literal["crlf", "mixed", "lone"]
"""Every line ended in CRLF; some in a lone LF; the final dot stood between lone ones."""


async def read_content(reader: asyncio.StreamReader, limit: int) -> bytes | None:
    """The content as sent, with its final dot line; None where it has more than ``limit`` octets.

    What follows stays in the reader. All is read in both cases, since a client listens only
    after its dot. The reader's buffer and limit are private names of asyncio; aiosmtpd uses
    the first as well.
    """
    usual, reader._limit = reader._limit, limit + len(_END)  # type: ignore[attr-defined]  # noqa: SLF001
    # The DATA command's own CRLF stands before the first line: so a lone dot is found too.
    reader._buffer[:0] = b"\r\n"  # type: ignore[attr-defined]  # noqa: SLF001
    try:
        return (await reader.readuntil(_END))[2:]
    except asyncio.LimitOverrunError:
        await _discard(reader)
        return None
    finally:
        reader._limit = usual  # type: ignore[attr-defined]  # noqa: SLF001


async def read_lenient_content(
    reader: asyncio.StreamReader, limit: int
) -> tuple[bytes | None, Ending]:
    """The same for a server that takes any LF for the end of a line, with or without CR.

    So it was with most servers up to 2023. The lines of what it gives end in CRLF; beside them
    it says whether any line end was a lone LF, and whether one of those made the final dot.
    """
    lines: list[bytes] = []
    octets = 0
    ending: Ending = "crlf"
    is_lone = False
    while True:
        sent = await _line(reader)
        was_lone, is_lone = is_lone, not sent.endswith(b"\r\n")
        line = sent.removesuffix(b"\n").removesuffix(b"\r") + b"\r\n"
        octets += len(line)
        if octets <= limit:
            lines.append(line)
        if line == b".\r\n":
            ending = "lone" if was_lone or is_lone else ending
            return (b"".join(lines) if octets <= limit + len(line) else None), ending
        if is_lone:
            ending = "mixed"


async def _line(reader: asyncio.StreamReader) -> bytes:
    """Up to and with the next LF, however long."""
    pieces: list[bytes] = []
    while True:
        try:
            return b"".join((*pieces, await reader.readuntil(b"\n")))
        except asyncio.LimitOverrunError as more:
            pieces.append(await reader.readexactly(more.consumed))


def has_more(reader: asyncio.StreamReader) -> bool:
    """Whether the client has said more than was read: it did not wait for an answer."""
    return bool(reader._buffer)  # type: ignore[attr-defined]  # noqa: SLF001


async def _discard(reader: asyncio.StreamReader) -> None:
    """Read on to the end, and keep nothing."""
    while True:
        try:
            await reader.readuntil(_END)
        except asyncio.LimitOverrunError as more:
            # ``consumed`` leaves what may be the beginning of the end.
            await reader.readexactly(more.consumed)
        else:
            return


def longest_line(content: bytes) -> int:
    """Octets of the longest line, with its CRLF."""
    return max(map(len, content.split(b"\r\n"))) + len(b"\r\n")
