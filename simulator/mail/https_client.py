"""One GET over an open connection, in the HTTP/1.1 that a policy file needs (RFC 9112)."""

from __future__ import annotations

import re

from simulator.mail.site import Line

_PATIENCE = 60_000_000
"""Virtual microseconds that a line of the answer may take (RFC 8461 section 3.3 says a minute)."""
_STATUS = re.compile(r"HTTP/1\.[01] ([0-9]{3})(?: .*)?")
_MOST_LINES = 100
_LARGEST = 64 * 1024
"""Octets of an answer's body that are read."""


class HttpError(Exception):
    """The answer is no 200 with a length, or no HTTP."""


async def get(line: Line, host: str, path: str) -> bytes:
    """The body at that path. Raises HttpError, and what the line raises.

    The trace gets the request line; the server tells what it answered.
    """
    request = f"GET {path} HTTP/1.1"
    line.wire.command(request)
    await line.send(f"{request}\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode("ascii"))
    status = _STATUS.fullmatch(await line.receive(_PATIENCE))
    if status is None:
        raise HttpError(f"{host} does not speak HTTP")
    length = await _length(line)
    if status[1] != "200":
        raise HttpError(f"{host} answers {status[1]}")
    body = b""
    while len(body) < length:
        body += await line.receive_until(b"\n", _PATIENCE)
    return body[:length]


async def _length(line: Line) -> int:
    """The Content-Length of the header, read to its end; redirects and chunks are not followed."""
    length = ""
    for _ in range(_MOST_LINES):
        name, _, value = (await line.receive(_PATIENCE)).partition(":")
        if not name:
            break
        length = value.strip() if name.lower() == "content-length" else length
    if not (length.isascii() and length.isdigit() and len(length) < 10):
        raise HttpError("the answer says no length")
    if int(length) > _LARGEST:
        raise HttpError("the answer is too large")
    return int(length)
