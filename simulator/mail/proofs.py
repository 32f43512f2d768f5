"""How a user proves to a server who they are: a password that is said, or one that is not."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import Protocol


class Proof(Protocol):
    """What a client gave as proof, by some mechanism of AUTH (RFC 4954)."""

    @property
    def mechanism(self) -> str:
        """The mechanism's name."""

    def holds_for(self, password: str) -> bool:
        """Whether it proves that the client knows this password."""


@dataclass(frozen=True, slots=True)
class SaidPassword:
    """The password itself, by PLAIN (RFC 4616) or LOGIN."""

    mechanism: str
    password: str

    def holds_for(self, password: str) -> bool:
        """The same password."""
        return self.password == password


@dataclass(frozen=True, slots=True)
class KeyedDigest:
    """The digest of a challenge with the password as key, by CRAM-MD5 (RFC 2195)."""

    challenge: str
    digest: str
    mechanism: str = "CRAM-MD5"

    def holds_for(self, password: str) -> bool:
        """The same digest."""
        return self.digest == digest_of(self.challenge, password)


def digest_of(challenge: str, password: str) -> str:
    """HMAC-MD5 in lower-case hexadecimal digits (RFC 2195 section 2)."""
    return hmac.new(password.encode(), challenge.encode(), "md5").hexdigest()
