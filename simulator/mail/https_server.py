"""A web server with one file, one request a connection; h11 speaks HTTP/1.1."""

from __future__ import annotations

import asyncio
from typing import Any

import h11

from simulator.mail.site import wire_of_transport

_REASONS = {200: "OK", 400: "Bad Request", 404: "Not Found"}


class OneFileServer(asyncio.Protocol):
    """Gives ``content`` to whoever asks for ``path``, and 404 for anything else."""

    def __init__(self, path: str, content: bytes) -> None:
        self._path, self._content = path.encode("ascii"), content
        self._exchange = h11.Connection(h11.SERVER)

    def connection_made(self, transport: Any) -> None:
        """Somebody has connected, and TLS is there."""
        self._transport = transport
        self._wire = wire_of_transport(transport)

    def data_received(self, data: bytes) -> None:
        """Answer when the request is whole; who speaks no HTTP is told so."""
        if self._transport.is_closing():
            return
        self._exchange.receive_data(data)
        try:
            request = self._exchange.next_event()
        except h11.RemoteProtocolError:
            self._answer(400)
            return
        if isinstance(request, h11.Request):
            found = (request.method, request.target) == (b"GET", self._path)
            self._answer(200 if found else 404)

    def _answer(self, code: int) -> None:
        content = self._content if code == 200 else b""
        headers = [
            ("Content-Type", "text/plain"),
            ("Content-Length", str(len(content))),
            ("Connection", "close"),
        ]
        response = h11.Response(status_code=code, reason=_REASONS[code], headers=headers)
        head = self._exchange.send(response) or b""
        body = self._exchange.send(h11.Data(data=content)) or b""
        self._exchange.send(h11.EndOfMessage())
        said = head.decode("ascii").removesuffix("\r\n\r\n")
        self._wire.reply(said, "https.found" if code == 200 else "https.refused")
        if body:
            self._wire.content(body, by_server=True)
        self._transport.write(head + body)
        self._wire.closed(self._wire.server, "quit")
        self._transport.close()
