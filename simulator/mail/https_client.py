"""One GET over an open connection: h11 speaks HTTP/1.1, the line carries it."""

from __future__ import annotations

import h11

from simulator.mail.site import Line

_PATIENCE = 60_000_000
"""Virtual microseconds that a line of the answer may take (RFC 8461 section 3.3 says a minute)."""
_LARGEST = 64 * 1024
"""Octets of an answer's body that are read."""


class HttpError(Exception):
    """The answer is no 200, is too large, or is no HTTP."""


async def get(line: Line, host: str, path: str) -> bytes:
    """The body at that path; redirects are not followed (RFC 8461 section 3.3).

    Raises HttpError, and what the line raises. The trace gets the request line; the server tells
    what it answered.
    """
    exchange = h11.Connection(h11.CLIENT)
    headers = [("Host", host), ("Connection", "close")]
    asked = exchange.send(h11.Request(method="GET", target=path, headers=headers))
    line.wire.command(f"GET {path} HTTP/1.1")
    await line.send((asked or b"") + (exchange.send(h11.EndOfMessage()) or b""))
    try:
        return await _answer(exchange, line, host)
    except h11.RemoteProtocolError as broken:
        raise HttpError(f"{host} does not speak HTTP: {broken}") from broken


async def _answer(exchange: h11.Connection, line: Line, host: str) -> bytes:
    """The body of a 200."""
    body = b""
    while True:
        match exchange.next_event():
            case h11.NEED_DATA:
                exchange.receive_data(await line.receive_until(b"\n", _PATIENCE))
            case h11.Response(status_code=status) if status != 200:
                raise HttpError(f"{host} answers {status}")
            case h11.Data(data=data):
                body += data
                if len(body) > _LARGEST:
                    raise HttpError("the answer is too large")
            case h11.EndOfMessage():
                return body
            case _:
                pass  # 1xx, or the header of the 200
