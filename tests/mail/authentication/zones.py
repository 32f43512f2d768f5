"""A small DNS for the tests: names and their records, asked as the checks ask."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from simulator.mail.site import Resolved

T = TypeVar("T")

NOW = datetime(2026, 11, 23, 11, 16, 40, tzinfo=UTC)
"""When everything in these tests happens, as in the captures of real servers."""


@dataclass
class Zones:
    """Records by name and type, in zone-file form; ``asked`` says who wanted what, in order.

    A name that ends an existing one exists too (RFC 8020). A record of the type ``FAILS`` makes
    every question for its name end with that rcode. An alias is followed as a resolver does it.
    """

    records: Mapping[str, Mapping[str, Sequence[str]]]
    asked: list[str] = field(default_factory=list)

    async def lookup(self, name: str, rdtype: str) -> Resolved:
        self.asked.append(f"{rdtype} {name}")
        await asyncio.sleep(0)
        return self._answer(name, rdtype, hops=0)

    def _answer(self, name: str, rdtype: str, hops: int) -> Resolved:
        found = self.records.get(name)
        if found is None:
            below = any(other.endswith(f".{name}") for other in self.records)
            return Resolved("NOERROR" if below else "NXDOMAIN", ())
        if "FAILS" in found and rdtype not in found:
            return Resolved(found["FAILS"][0], ())
        if "CNAME" in found and rdtype != "CNAME":
            if hops > 8:
                return Resolved("SERVFAIL", ())
            return self._answer(found["CNAME"][0].lower().removesuffix("."), rdtype, hops + 1)
        return Resolved("NOERROR", tuple(found.get(rdtype, ())))


def now(coroutine: Coroutine[Any, Any, T]) -> T:
    """What a coroutine comes to."""
    return asyncio.run(coroutine)
