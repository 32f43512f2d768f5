"""A certificate for a handshake that is made again: always the same one for a name and a key."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

_VALID = timedelta(days=90)
_LONGEST_NAME = 64
"""ub-common-name (RFC 5280 appendix A.1)."""


def certificate(name: str, key: Ed25519PrivateKey, date: int) -> bytes:
    """A certificate in DER, signed by its own key, valid around ``date``.

    Raises ValueError where the name is none of a host.
    """
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:_LONGEST_NAME])])
    moment = datetime.fromtimestamp(date, UTC)
    serial = int.from_bytes(hashlib.sha256(f"{name} {date}".encode()).digest()[:8]) | 1
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(serial)
        .not_valid_before(moment - _VALID)
        .not_valid_after(moment + _VALID)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, None)
        .public_bytes(Encoding.DER)
    )
