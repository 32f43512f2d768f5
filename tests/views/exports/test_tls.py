"""TLS that is made again is TLS: the key schedule gives RFC 8448's values, the proofs hold."""

from __future__ import annotations

import hashlib
import hmac
import struct
from collections.abc import Iterator

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305

from simulator.views.exports.capture.tls_handshake import Sealed, handshake
from simulator.views.exports.capture.tls_keys import (
    SUITES,
    Suite,
    derive,
    digest_octets,
    expand,
    extract,
)

SHA256 = SUITES["TLS_AES_128_GCM_SHA256"]
DATE = 1_795_399_200
ALERT, HANDSHAKE, APPLICATION = 21, 22, 23


def test_the_key_schedule_is_that_of_the_published_trace() -> None:
    # RFC 8448 section 3, "Simple 1-RTT Handshake".
    early = extract(SHA256, b"", bytes(32))
    assert early.hex() == "33ad0a1c607ec03b09e6cd9893680ce210adf300aa1f2660e1b22e10f170f92a"
    derived = derive(SHA256, early, "derived", b"")
    assert derived.hex() == "6f2615a108c702c5678f54fc9dbab69716c076189c48250cebeac3576c3611ba"
    shared = bytes.fromhex("8bd4054fb55b9d63fdfbacf9f04b9f0d35e6d63f537563efd46272900f89492d")
    secret = extract(SHA256, derived, shared)
    assert secret.hex() == "1dc826e93606aa6fdc0aadc12f741b01046aa6b99f691ed221a9f0ca043fbeac"
    client = bytes.fromhex("b3eddb126e067f35a780b3abf45e2d8f3b1a950738f52e9600746a0e27a55a21")
    assert expand(SHA256, client, "key", b"", 16).hex() == "dbfaa693d1762c5b666af5d950258d01"
    assert expand(SHA256, client, "iv", b"", 12).hex() == "5bd3c71b836e0b76bb73265f"


def made(cipher: str, *, fails: bool = False) -> Sealed:
    name = "smtp.kampus.example"
    return handshake("a seed", name, name, cipher, DATE, fails=fails)


def records(octets: bytes) -> Iterator[tuple[int, bytes]]:
    """Type and whole octets of each record."""
    while octets:
        length = 5 + int.from_bytes(octets[3:5])
        yield octets[0], octets[:length]
        octets = octets[length:]


def opened(suite: Suite, secret: bytes, record: bytes, count: int = 0) -> tuple[int, bytes]:
    """What is in a sealed record; a wrong seal raises."""
    key = expand(suite, secret, "key", b"", suite.key_octets)
    cipher = (ChaCha20Poly1305 if suite.number == 0x1303 else AESGCM)(key)
    iv = int.from_bytes(expand(suite, secret, "iv", b"", 12))
    inner = cipher.decrypt((iv ^ count).to_bytes(12), record[5:], record[:5])
    return inner[-1], inner[:-1]


def messages(flight: bytes) -> list[bytes]:
    """The handshake messages of a flight, each with its head."""
    found = []
    while flight:
        length = 4 + int.from_bytes(flight[1:4])
        found.append(flight[:length])
        flight = flight[length:]
    return found


def secret(sealed: Sealed, label: str) -> bytes:
    lines = (line.split(" ") for line in sealed.key_log.splitlines())
    return next(bytes.fromhex(value) for name, _, value in lines if name == label)


@pytest.mark.parametrize("cipher", SUITES)
def test_certificate_signature_and_finished_prove_the_whole_conversation(cipher: str) -> None:
    suite, sealed = SUITES[cipher], made(cipher)
    (_, hello), *_ = records(sealed.hello)
    (_, answer), _, (_, flight) = records(sealed.answer)
    said = secret(sealed, "SERVER_HANDSHAKE_TRAFFIC_SECRET")
    kind, plain = opened(suite, said, flight)
    assert kind == HANDSHAKE
    extensions, certificate, verify, finished = messages(plain)
    spoken = hello[5:] + answer[5:] + extensions + certificate
    shown = x509.load_der_x509_certificate(certificate[11:-2])
    names = shown.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["smtp.kampus.example"]
    key = shown.public_key()
    assert isinstance(key, Ed25519PublicKey)
    digest = hashlib.new(suite.hash, spoken).digest()
    # RFC 8446 section 4.4.3; a signature that does not fit raises.
    key.verify(verify[8:], b" " * 64 + b"TLS 1.3, server CertificateVerify\0" + digest)
    spoken += verify
    base = expand(suite, said, "finished", b"", digest_octets(suite))
    proof = hmac.digest(base, hashlib.new(suite.hash, spoken).digest(), suite.hash)
    assert finished[4:] == proof
    assert struct.unpack("!H", answer[5 + 71 : 5 + 73]) == (suite.number,)


@pytest.mark.parametrize("cipher", SUITES)
def test_lines_are_sealed_one_after_the_other(cipher: str) -> None:
    suite, sealed = SUITES[cipher], made(cipher)
    said = secret(sealed, "CLIENT_TRAFFIC_SECRET_0")
    long = b"x" * 40_000
    sealed_lines = sealed.client.seal(b"EHLO a\r\n") + sealed.client.seal(long)
    found = [opened(suite, said, r, n) for n, (_, r) in enumerate(records(sealed_lines))]
    assert found[0] == (APPLICATION, b"EHLO a\r\n")
    assert b"".join(octets for _, octets in found[1:]) == long
    (_, farewell), *_ = records(sealed.farewell(by_client=True))
    assert opened(suite, said, farewell, len(found)) == (ALERT, b"\x01\x00")


def test_a_client_that_does_not_trust_the_certificate_says_so() -> None:
    sealed = made("TLS_AES_256_GCM_SHA384", fails=True)
    suite = SUITES["TLS_AES_256_GCM_SHA384"]
    _, (_, alert) = records(sealed.end)
    said = secret(sealed, "CLIENT_HANDSHAKE_TRAFFIC_SECRET")
    assert opened(suite, said, alert) == (ALERT, b"\x02\x2a")  # fatal, bad_certificate


def test_the_same_connection_gets_the_same_octets_and_another_one_others() -> None:
    assert made("TLS_AES_256_GCM_SHA384").answer == made("TLS_AES_256_GCM_SHA384").answer
    other = handshake("b seed", "a.example", "a.example", "unknown", DATE)
    assert other.answer != made("unknown").answer
