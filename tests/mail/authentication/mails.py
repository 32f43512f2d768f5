"""Mails, keys and zones that several of these tests tell their stories with."""

from __future__ import annotations

from random import Random

from simulator.mail.authentication.dkim_keys import (
    Algorithm,
    PrivateKey,
    public_record,
    throwaway_key,
)
from simulator.mail.authentication.dkim_sign import sign
from simulator.mail.header import prepend
from tests.mail.authentication.zones import NOW

MAIL = (
    b"Received: from pc-ani.kampus.example (pc-ani.kampus.example [10.77.0.10])\r\n"
    b"\tby smtp.kampus.example (Postfix) with ESMTPA id D442A16421B\r\n"
    b"\tfor <citra@kantor.example>; Mon, 23 Nov 2026 11:16:39 +0000 (UTC)\r\n"
    b"Date: Mon, 23 Nov 2026 11:16:39 +0000\r\n"
    b"To: citra@kantor.example\r\n"
    b"From: Ani <ani@kampus.example>\r\n"
    b"Subject: Rapat Senin\r\n"
    b"Message-Id: <20261123111639.009253@pc-ani.kampus.example>\r\n"
    b"\r\n"
    b"Halo,\r\n"
    b"\r\n"
    b"Rapat dimulai pukul 09.00.\r\n"
    b"\r\n"
    b"Ani\r\n"
)
"""The mail of the captures of real servers, as smtp.kampus.example holds it."""

RSA = throwaway_key("rsa-sha256", Random(1))
ED25519 = throwaway_key("ed25519-sha256", Random(1))
KEYS: dict[Algorithm, PrivateKey] = {"rsa-sha256": RSA, "ed25519-sha256": ED25519}


def signed(octets: bytes = MAIL, key: PrivateKey = RSA, domain: str = "kampus.example") -> bytes:
    """A mail with the signature of a domain on top."""
    return prepend(octets, [sign(octets, domain=domain, selector="s1", private_key=key, at=NOW)])


def key_zone(
    key: PrivateKey = RSA, domain: str = "kampus.example"
) -> dict[str, dict[str, list[str]]]:
    """Where the DNS has the key of ``signed``."""
    return {f"s1._domainkey.{domain}": {"TXT": [public_record(key)]}}
