"""Signing with DKIM: a domain takes responsibility for a message (RFC 6376 section 5)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import cast

import dkim  # type: ignore[import-untyped]

from simulator.mail.authentication.dkim_keys import PrivateKey
from simulator.mail.header import Field
from simulator.mail.host_names import a_labels

SIGNED_FIELDS = (
    "From",
    "Sender",
    "Reply-To",
    "To",
    "Cc",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
)
"""What is signed where the message has it: what its reader sees (RFC 6376 section 5.4.1)."""


def sign(
    octets: bytes,
    *,
    domain: str,
    selector: str,
    private_key: PrivateKey,
    at: datetime,
    headers: Iterable[str] = SIGNED_FIELDS,
) -> Field:
    """The ``DKIM-Signature`` field to put on top of a message; its lines must end in CRLF.

    ``headers`` names the fields to sign; From always is, once more than it stands there, so that
    nobody can add another (section 8.15). Header and body are canonicalized as OpenDKIM does it,
    relaxed and simple. ``at``, with its zone, goes into ``t=``. The same input gives the same
    field. Raises ValueError where a message has no From, a header that cannot be read, or where
    ``headers`` names one that changes on the way, such as Received.
    """
    try:
        message = _Signer(octets, private_key, at)
        wanted = {name.lower().encode("ascii") for name in headers} | {b"from"}
        present = [name for name, _ in message.headers if name.lower() in wanted]
        if not any(name.lower() == b"from" for name in present):
            raise ValueError("a message without From cannot be signed")
        line = message.sign(
            selector.encode("ascii"),
            a_labels(domain).encode("ascii"),
            private_key.secret,
            canonicalize=(b"relaxed", b"simple"),
            include_headers=[*present, b"from"],
        )
    except (dkim.DKIMException, IndexError) as error:
        raise ValueError(f"this message cannot be signed: {error}") from error
    name, _, value = line.decode("ascii").removesuffix("\r\n").partition(": ")
    return name, value


class _Signer(dkim.DKIM):  # type: ignore[misc]
    """dkimpy's signer at a given moment; by itself it takes the machine's."""

    def __init__(self, octets: bytes, key: PrivateKey, at: datetime) -> None:
        super().__init__(octets, signature_algorithm=key.algorithm.encode("ascii"))
        self._moment = str(int(at.timestamp())).encode("ascii")

    def gen_header(
        self, fields: list[tuple[bytes, bytes]], *arguments: object, **options: object
    ) -> bytes:
        """Write the field, with ``t=`` as it is here."""
        dated = [(tag, self._moment if tag == b"t" else value) for tag, value in fields]
        return cast("bytes", super().gen_header(dated, *arguments, **options))
