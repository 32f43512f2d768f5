"""A web server with one file, one request a connection (HTTP/1.1, RFC 9112)."""

from __future__ import annotations

import asyncio
from typing import Any

from simulator.mail.site import wire_of_transport

_LONGEST_REQUEST = 8 * 1024
_REASONS = {200: "OK", 400: "Bad Request", 404: "Not Found"}


class OneFileServer(asyncio.Protocol):
    """Gives ``content`` to whoever asks for ``path``, and 404 for anything else."""

    def __init__(self, path: str, content: bytes) -> None:
        self._path, self._content = path, content
        self._request = b""

    def connection_made(self, transport: Any) -> None:
        """Somebody has connected, and TLS is there."""
        self._transport = transport
        self._wire = wire_of_transport(transport)

    def data_received(self, data: bytes) -> None:
        """Answer when the header is whole; who speaks no HTTP is told so."""
        self._request += data
        if self._transport.is_closing():
            return
        if b"\r\n\r\n" in self._request:
            method, _, rest = self._request.partition(b"\r\n")[0].partition(b" ")
            known = method == b"GET" and rest == f"{self._path} HTTP/1.1".encode()
            self._answer(200 if known else 404 if method == b"GET" else 400)
        elif len(self._request) > _LONGEST_REQUEST:
            self._answer(400)

    def _answer(self, code: int) -> None:
        content = self._content if code == 200 else b""
        head = (
            f"HTTP/1.1 {code} {_REASONS[code]}",
            "Content-Type: text/plain",
            f"Content-Length: {len(content)}",
            "Connection: close",
        )
        self._wire.reply("\r\n".join(head), "https.found" if code == 200 else "https.refused")
        if content:
            self._wire.content(content, by_server=True)
        self._transport.write("\r\n".join((*head, "", "")).encode("ascii") + content)
        self._wire.closed(self._wire.server, "quit")
        self._transport.close()
