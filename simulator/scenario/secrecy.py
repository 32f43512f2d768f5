"""Who sits on a wire, and what a domain publishes so that nobody can take its TLS away."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

StsMode: TypeAlias = Literal["none", "testing", "enforce"]
Interception: TypeAlias = Literal["strip", "impersonate"]

ON_THE_WIRE = "pc-penyusup.asing.example"
"""The machine of an interceptor where the scenario names none."""

_DAY = 86_400_000_000


class StsPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """A domain's MTA-STS policy (RFC 8461 section 3.2).

    ``mx`` are the host names, or patterns like ``*.kantor.example``, that its mail may be handed
    to; none: its exchangers. ``max_age`` is how long others may rely on it, in virtual
    microseconds.
    """

    mode: StsMode = "enforce"
    mx: tuple[str, ...] = ()
    max_age: int = 7 * _DAY


class Interceptor(msgspec.Struct, frozen=True, kw_only=True):
    """A machine on the wire between two hosts, from the first one's calls to port 25.

    It takes STARTTLS out of what the server offers (``strip``), or accepts it itself with its own
    certificate (``impersonate``); while ``start`` <= now < ``end``.
    """

    client: str
    server: str
    does: Interception = "strip"
    host: str = ON_THE_WIRE
    start: int = 0
    end: int | None = None

    def is_between(self, client: str, server: str, now: int) -> bool:
        """Whether it sits on this wire now (virtual microseconds)."""
        there = self.start <= now and (self.end is None or now < self.end)
        return there and (self.client, self.server) == (client, server)
