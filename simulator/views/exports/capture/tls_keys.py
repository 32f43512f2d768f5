"""The keys of a TLS 1.3 connection, and the records that are sealed with them (RFC 8446)."""

from __future__ import annotations

import hashlib
import hmac
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305

_Cipher: TypeAlias = AESGCM | ChaCha20Poly1305

CHANGE_CIPHER_SPEC, ALERT, HANDSHAKE, APPLICATION = 20, 21, 22, 23
"""Content types of records (section 5.1)."""

_LEGACY_VERSION = b"\x03\x03"
_NONCE_OCTETS = 12
LARGEST_RECORD = 2**14


@dataclass(frozen=True, slots=True)
class Suite:
    """A cipher suite: its number, its hash, its cipher and the octets of that one's key."""

    number: int
    hash: str
    cipher: Callable[[bytes], _Cipher]
    key_octets: int


SUITES = {
    "TLS_AES_256_GCM_SHA384": Suite(0x1302, "sha384", AESGCM, 32),
    "TLS_AES_128_GCM_SHA256": Suite(0x1301, "sha256", AESGCM, 16),
    "TLS_CHACHA20_POLY1305_SHA256": Suite(0x1303, "sha256", ChaCha20Poly1305, 32),
}
"""By the names that OpenSSL gives them (appendix B.4)."""

USUAL_SUITE = SUITES["TLS_AES_256_GCM_SHA384"]


def extract(suite: Suite, salt: bytes, secret: bytes) -> bytes:
    """HKDF-Extract (RFC 5869 section 2.2)."""
    return hmac.digest(salt or bytes(digest_octets(suite)), secret, suite.hash)


def derive(suite: Suite, secret: bytes, label: str, transcript: bytes) -> bytes:
    """Derive-Secret (section 7.1); ``transcript`` is the messages, not yet hashed."""
    digest = hashlib.new(suite.hash, transcript).digest()
    return expand(suite, secret, label, digest, digest_octets(suite))


def expand(suite: Suite, secret: bytes, label: str, context: bytes, octets: int) -> bytes:
    """HKDF-Expand-Label (section 7.1)."""
    full = b"tls13 " + label.encode()
    info = struct.pack("!HB", octets, len(full)) + full + bytes([len(context)]) + context
    okm, block, count = b"", b"", 1
    while len(okm) < octets:
        block = hmac.digest(secret, block + info + bytes([count]), suite.hash)
        okm, count = okm + block, count + 1
    return okm[:octets]


def digest_octets(suite: Suite) -> int:
    """Octets of the suite's hash."""
    return hashlib.new(suite.hash).digest_size


def plain_record(kind: int, payload: bytes, version: bytes = _LEGACY_VERSION) -> bytes:
    """A record that anybody can read (section 5.1)."""
    return bytes([kind]) + version + struct.pack("!H", len(payload)) + payload


class Sealer:
    """Seals what one end says under one secret, a record after the other (section 5.2)."""

    def __init__(self, suite: Suite, secret: bytes) -> None:
        self._cipher = suite.cipher(expand(suite, secret, "key", b"", suite.key_octets))
        self._nonce = int.from_bytes(expand(suite, secret, "iv", b"", _NONCE_OCTETS))
        self._count = 0

    def seal(self, octets: bytes, kind: int = APPLICATION) -> bytes:
        """The records with these octets in them; what they are is sealed too."""
        pieces = range(0, len(octets), LARGEST_RECORD)
        return b"".join(self._record(octets[at : at + LARGEST_RECORD], kind) for at in pieces)

    def _record(self, piece: bytes, kind: int) -> bytes:
        inner = piece + bytes([kind])
        head = bytes([APPLICATION]) + _LEGACY_VERSION + struct.pack("!H", len(inner) + 16)
        nonce = (self._nonce ^ self._count).to_bytes(_NONCE_OCTETS)
        self._count += 1
        return head + self._cipher.encrypt(nonce, inner, head)
