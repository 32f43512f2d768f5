"""What a person types to a server by hand, and the octets that it stands for."""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

import msgspec

TypedProtocol: TypeAlias = Literal["smtp", "pop3", "imap"]

SUBMISSION, SUBMISSIONS = 587, 465
"""Ports of message submission: with STARTTLS (RFC 6409), and with TLS at once (RFC 8314)."""

PROTOCOL_OF_PORT: dict[int, TypedProtocol] = {
    25: "smtp",
    SUBMISSION: "smtp",
    SUBMISSIONS: "smtp",
    110: "pop3",
    143: "imap",
}

STRANGER = "pc-tamu.asing.example"
"""The machine that a person types on where the scenario names none."""

_OCTET = re.compile(r"\\x([0-9A-Fa-f]{2})")


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """A person connects to ``server`` and types ``lines``, waiting for the reply to each.

    ``client`` is the host that they sit at. A line may hold line breaks: then all of it goes out
    in one segment. ``\\xff`` in it is that octet. After a 354 the lines are content until ``.``.
    ``tls`` lets the client do EHLO and STARTTLS itself before the first line (as ``openssl
    s_client -starttls smtp`` does); port 465 is sealed from the start. ``at`` is when they
    connect, in virtual microseconds.
    """

    server: str
    lines: tuple[str, ...]
    client: str = STRANGER
    port: int = 25
    protocol: TypedProtocol = "smtp"
    tls: bool = False
    at: int = 0


def typed_octets(line: str) -> bytes:
    """What goes over the wire: UTF-8, ``\\xNN`` as that octet, and CRLF unless it ends in LF."""
    pieces = _OCTET.split(line)
    octets = b"".join(
        bytes.fromhex(piece) if place % 2 else piece.encode("utf-8", "backslashreplace")
        for place, piece in enumerate(pieces)
    )
    return octets if octets.endswith(b"\n") else octets + b"\r\n"
