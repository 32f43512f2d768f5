"""Keys for DKIM that protect nothing: the same random gives the same key on every machine.

An Ed25519 key is any 32 octets (RFC 8032 section 5.1.5). How a library searches for RSA primes is
its own affair and changes between versions, so those primes are shipped and only picked.
"""

from __future__ import annotations

import base64
import importlib.resources
from dataclasses import dataclass, field
from functools import cache
from math import lcm
from random import Random
from typing import Literal, TypeAlias

import nacl.signing
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from simulator.mail.authentication.inquiry import txt_data

Algorithm: TypeAlias = Literal["rsa-sha256", "ed25519-sha256"]
"""What may still sign: rsa-sha1 may not (RFC 8301 section 3.1)."""

KEY_TYPE: dict[str, str] = {"rsa-sha256": "rsa", "ed25519-sha256": "ed25519"}
"""The ``k=`` of a key record for each algorithm (RFC 8463 section 4)."""

_EXPONENT = 65_537
_PRIMES = "throwaway_primes.txt"


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """A key that signs with one algorithm; ``public`` is what the DNS shows of it, undecoded.

    The secret is in the form that dkimpy takes: PEM (PKCS #1) for RSA, base64 for Ed25519.
    """

    algorithm: Algorithm
    secret: bytes = field(repr=False)
    public: bytes


def throwaway_key(algorithm: Algorithm, random: Random) -> PrivateKey:
    """A key from a random; the next call with the same random gives another one."""
    if algorithm == "ed25519-sha256":
        return ed25519_key(random.randbytes(32))
    primes = _primes()
    first = random.randrange(len(primes))
    second = (first + random.randrange(1, len(primes))) % len(primes)
    return rsa_key(primes[first], primes[second])


def ed25519_key(seed: bytes) -> PrivateKey:
    """The key of a seed of 32 octets. Raises ValueError for any other length."""
    if len(seed) != 32:
        raise ValueError(f"the seed of an Ed25519 key has 32 octets, not {len(seed)}")
    public = bytes(nacl.signing.SigningKey(seed).verify_key)
    return PrivateKey("ed25519-sha256", base64.b64encode(seed), public)


@cache
def rsa_key(p: int, q: int) -> PrivateKey:
    """The key of two primes, with the usual exponent; whether they are primes is not checked."""
    secret = pow(_EXPONENT, -1, lcm(p - 1, q - 1))
    numbers = rsa.RSAPrivateNumbers(
        p=p,
        q=q,
        d=secret,
        dmp1=rsa.rsa_crt_dmp1(secret, p),
        dmq1=rsa.rsa_crt_dmq1(secret, q),
        iqmp=rsa.rsa_crt_iqmp(p, q),
        public_numbers=rsa.RSAPublicNumbers(_EXPONENT, p * q),
    )
    key = numbers.private_key(unsafe_skip_rsa_key_validation=True)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    # RFC 6376 section 3.6.1 names RSAPublicKey; what everybody publishes is X.509's wrapping of it.
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return PrivateKey("rsa-sha256", pem, public)


def public_record(key: PrivateKey) -> str:
    """The data of the TXT record at ``selector._domainkey.domain`` (RFC 6376 section 3.6.1).

    In zone-file form; a long key takes two character-strings.
    """
    encoded = base64.b64encode(key.public).decode("ascii")
    return txt_data(f"v=DKIM1; k={KEY_TYPE[key.algorithm]}; p={encoded}")


@cache
def _primes() -> tuple[int, ...]:
    text = importlib.resources.files(__package__).joinpath(_PRIMES).read_text("ascii")
    return tuple(int(line, 16) for line in text.splitlines() if not line.startswith("#"))
