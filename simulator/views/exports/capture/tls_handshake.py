"""A TLS 1.3 handshake made again, and what was said above it sealed again (RFC 8446).

The octets of the run's own TLS are not recorded: they cannot be the same twice. What stands in
the capture is a handshake that any program would accept, with keys that follow from the
connection alone; they travel in the file, so that whoever opens it can look inside. So a capture
shows both: what a stranger on the wire sees, and what was said.
"""

from __future__ import annotations

import hashlib
import hmac
import struct
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from simulator.views.exports.capture.tls_certificate import certificate
from simulator.views.exports.capture.tls_keys import (
    ALERT,
    CHANGE_CIPHER_SPEC,
    HANDSHAKE,
    SUITES,
    USUAL_SUITE,
    Sealer,
    Suite,
    derive,
    digest_octets,
    expand,
    extract,
    plain_record,
)

# Section 4: handshake messages.
_CLIENT_HELLO, _SERVER_HELLO, _ENCRYPTED_EXTENSIONS = 1, 2, 8
_CERTIFICATE, _CERTIFICATE_VERIFY, _FINISHED = 11, 15, 20
# Section 4.2: extensions, and what is said in them.
_SERVER_NAME, _GROUPS, _SIGNATURES, _VERSIONS, _KEY_SHARE = 0, 10, 13, 43, 51
_X25519, _ED25519, _TLS13 = 0x001D, 0x0807, 0x0304
_ECDSA_P256_SHA256, _RSA_PSS_SHA256 = 0x0403, 0x0804
_LEGACY_VERSION = 0x0303
_FIRST_RECORD_VERSION = b"\x03\x01"  # section 5.1: for the first ClientHello only
# Section 6: alerts, their level and description.
_CLOSE_NOTIFY, _BAD_CERTIFICATE = b"\x01\x00", b"\x02\x2a"


@dataclass(frozen=True, slots=True)
class Sealed:
    """A handshake as octets, and whoever seals what follows it.

    ``hello`` and ``answer`` are the client's and the server's first flight, ``end`` the client's
    last one; ``key_log`` the secrets, as NSS and Wireshark write them.
    """

    hello: bytes
    answer: bytes
    end: bytes
    client: Sealer
    server: Sealer
    key_log: str

    def farewell(self, *, by_client: bool) -> bytes:
        """What an end says before it hangs up (section 6.1)."""
        return (self.client if by_client else self.server).seal(_CLOSE_NOTIFY, ALERT)


def handshake(
    seed: str, name: str, certified: str, cipher: str, date: int, *, fails: bool = False
) -> Sealed:
    """The handshake of the connection that ``seed`` names.

    The client asks for ``name``, the server's certificate is for ``certified``, valid around
    ``date`` (seconds since 1970). Where it ``fails``, the client breaks it off with an alert.
    Raises ValueError where a name is none that a certificate can have.
    """
    suite = SUITES.get(cipher, USUAL_SUITE)
    secrets = _Secrets(seed)
    session = secrets.octets("session")
    hello = _hello(secrets, session, name)
    server_hello = _server_hello(secrets, session, suite)
    spoken = hello + server_hello
    shared = secrets.private("client").exchange(secrets.public("server"))
    early = extract(suite, b"", bytes(digest_octets(suite)))
    handshake_secret = extract(suite, derive(suite, early, "derived", b""), shared)
    ours = derive(suite, handshake_secret, "c hs traffic", spoken)
    theirs = derive(suite, handshake_secret, "s hs traffic", spoken)
    flight = _message(_ENCRYPTED_EXTENSIONS, b"\0\0")
    flight += _proof(spoken + flight, secrets, certified, date, suite)
    flight += _finished(suite, theirs, spoken + flight)
    spoken += flight
    master = extract(
        suite, derive(suite, handshake_secret, "derived", b""), bytes(digest_octets(suite))
    )
    ours_then = derive(suite, master, "c ap traffic", spoken)
    theirs_then = derive(suite, master, "s ap traffic", spoken)
    change = plain_record(CHANGE_CIPHER_SPEC, b"\x01")  # appendix D.4
    sealer = Sealer(suite, ours)
    if fails:
        end = sealer.seal(_BAD_CERTIFICATE, ALERT)
    else:
        end = sealer.seal(_finished(suite, ours, spoken), HANDSHAKE)
    return Sealed(
        plain_record(HANDSHAKE, hello, _FIRST_RECORD_VERSION),
        plain_record(HANDSHAKE, server_hello)
        + change
        + Sealer(suite, theirs).seal(flight, HANDSHAKE),
        change + end,
        Sealer(suite, ours_then),
        Sealer(suite, theirs_then),
        _key_log(
            secrets.octets("client random"),
            CLIENT_HANDSHAKE_TRAFFIC_SECRET=ours,
            SERVER_HANDSHAKE_TRAFFIC_SECRET=theirs,
            CLIENT_TRAFFIC_SECRET_0=ours_then,
            SERVER_TRAFFIC_SECRET_0=theirs_then,
        ),
    )


class _Secrets:
    """All that would be random, from a seed: the same run gives the same file."""

    def __init__(self, seed: str) -> None:
        self._seed = seed

    def octets(self, what: str) -> bytes:
        return hashlib.sha256(f"{self._seed} {what}".encode()).digest()

    def private(self, end: str) -> X25519PrivateKey:
        return X25519PrivateKey.from_private_bytes(self.octets(f"{end} share"))

    def public(self, end: str) -> X25519PublicKey:
        return self.private(end).public_key()

    def share(self, end: str) -> bytes:
        return self.public(end).public_bytes(Encoding.Raw, PublicFormat.Raw)

    def signing(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.octets("certificate"))


def _hello(secrets: _Secrets, session: bytes, name: str) -> bytes:
    suites = b"".join(struct.pack("!H", suite.number) for suite in SUITES.values())
    host = name.encode("ascii")
    extensions = (
        _extension(_SERVER_NAME, _sized(2, b"\0" + _sized(2, host)))
        + _extension(_GROUPS, _sized(2, struct.pack("!H", _X25519)))
        + _extension(
            _SIGNATURES,
            _sized(2, struct.pack("!HHH", _ED25519, _ECDSA_P256_SHA256, _RSA_PSS_SHA256)),
        )
        + _extension(_VERSIONS, _sized(1, struct.pack("!H", _TLS13)))
        + _extension(_KEY_SHARE, _sized(2, _key_share(secrets.share("client"))))
    )
    body = struct.pack("!H", _LEGACY_VERSION) + secrets.octets("client random")
    body += _sized(1, session) + _sized(2, suites) + _sized(1, b"\0") + _sized(2, extensions)
    return _message(_CLIENT_HELLO, body)


def _server_hello(secrets: _Secrets, session: bytes, suite: Suite) -> bytes:
    extensions = _extension(_VERSIONS, struct.pack("!H", _TLS13))
    extensions += _extension(_KEY_SHARE, _key_share(secrets.share("server")))
    body = struct.pack("!H", _LEGACY_VERSION) + secrets.octets("server random")
    body += _sized(1, session) + struct.pack("!HB", suite.number, 0) + _sized(2, extensions)
    return _message(_SERVER_HELLO, body)


def _proof(spoken: bytes, secrets: _Secrets, name: str, date: int, suite: Suite) -> bytes:
    """The server's certificate, and its signature over all that was said (section 4.4.3)."""
    key = secrets.signing()
    shown = _sized(3, certificate(name, key, date)) + _sized(2, b"")
    message = _message(_CERTIFICATE, _sized(1, b"") + _sized(3, shown))
    digest = hashlib.new(suite.hash, spoken + message).digest()
    signed = key.sign(b" " * 64 + b"TLS 1.3, server CertificateVerify\0" + digest)
    return message + _message(_CERTIFICATE_VERIFY, struct.pack("!H", _ED25519) + _sized(2, signed))


def _finished(suite: Suite, secret: bytes, spoken: bytes) -> bytes:
    key = expand(suite, secret, "finished", b"", digest_octets(suite))
    digest = hashlib.new(suite.hash, spoken).digest()
    return _message(_FINISHED, hmac.digest(key, digest, suite.hash))


def _message(kind: int, body: bytes) -> bytes:
    return bytes([kind]) + _sized(3, body)


def _extension(kind: int, body: bytes) -> bytes:
    return struct.pack("!H", kind) + _sized(2, body)


def _key_share(share: bytes) -> bytes:
    return struct.pack("!H", _X25519) + _sized(2, share)


def _sized(octets_of_length: int, body: bytes) -> bytes:
    return len(body).to_bytes(octets_of_length) + body


def _key_log(client_random: bytes, **secrets: bytes) -> str:
    return "".join(
        f"{label} {client_random.hex()} {secret.hex()}\n" for label, secret in secrets.items()
    )
