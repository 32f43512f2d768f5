"""A message in chunks of known length: what follows BDAT (RFC 3030 section 2)."""

from __future__ import annotations

import asyncio
import re
from typing import NamedTuple

_ARGUMENT = re.compile(r"([0-9]{1,20})(?:[ \t]+(LAST))?", re.IGNORECASE)
_AT_ONCE = 65_536
"""Octets that are read, and thrown away, in one go."""


class ChunkSize(NamedTuple):
    """How many octets come next, and whether they are the last of the message."""

    octets: int
    is_last: bool


def chunk_size(argument: str) -> ChunkSize | None:
    """What BDAT announces; None where that cannot be read."""
    found = _ARGUMENT.fullmatch(argument.strip())
    return None if found is None else ChunkSize(int(found[1]), found[2] is not None)


async def skip_chunk(reader: asyncio.StreamReader, octets: int) -> None:
    """Read so many octets, and keep none."""
    while octets:
        octets -= len(await reader.readexactly(min(octets, _AT_ONCE)))
