"""A small DNS for these tests: names and their records, asked as the checks ask."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

import dns.rdataclass
import dns.rdatatype
from dns.rdtypes.ANY.TXT import TXT

from simulator.mail.site import Resolved

T = TypeVar("T")

NOW = datetime(2026, 11, 23, 11, 16, 40, tzinfo=UTC)
"""When everything in these tests happens, as in the captures of real servers."""

FAILS = "FAILS"
"""Instead of a type: the rcode of every answer about this name that has no records given."""


@dataclass
class Zones:
    """Records by name and type, in zone-file form; ``asked`` says what was wanted, in order.

    A name above an existing one exists (RFC 8020); an alias is followed as a resolver does it.
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
            exists = any(other.endswith(f".{name}") for other in self.records)
            return Resolved("NOERROR" if exists else "NXDOMAIN", ())
        if FAILS in found and rdtype not in found:
            return Resolved(found[FAILS][0], ())
        if "CNAME" in found and rdtype != "CNAME":
            if hops > 8:
                return Resolved("SERVFAIL", ())
            return self._answer(found["CNAME"][0].lower().removesuffix("."), rdtype, hops + 1)
        return Resolved("NOERROR", tuple(found.get(rdtype, ())))


def texts(*records: str) -> dict[str, list[str]]:
    """TXT records of one character-string each."""
    return {"TXT": [quoted(record.encode()) for record in records]}


def quoted(octets: bytes) -> str:
    """Any octets as the data of a TXT record."""
    strings = [octets[start : start + 255] for start in range(0, len(octets) or 1, 255)]
    return TXT(dns.rdataclass.IN, dns.rdatatype.TXT, strings).to_text()


def now(coroutine: Coroutine[Any, Any, T]) -> T:
    """What a coroutine comes to."""
    return asyncio.run(coroutine)
