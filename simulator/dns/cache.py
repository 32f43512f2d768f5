"""What a resolver remembers: answers and denials (RFC 2308), delegations, recent failures."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

import dns.rcode
import dns.rdatatype
from dns.name import Name
from dns.rcode import NOERROR, NXDOMAIN, SERVFAIL, Rcode
from dns.rdatatype import ANY, CNAME, RdataType

from simulator.dns.message import Record, alias_target, denial_ttl, name_text
from simulator.dns.response import Alias, Answer, Delegation, Denial, Server
from simulator.scenario.virtual_time import SECOND

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")

_LONGEST_TTL = 86_400  # Unbound's cache-max-ttl
_LONGEST_DENIAL = 3_600  # Unbound's cache-max-negative-ttl; RFC 2308 section 5: one to three hours
_FAILURE_TTL = 5  # RFC 9520 section 3.2: at least 1 s, at most 300 s; Unbound takes 5
_MOST_ENTRIES = 10_000


@dataclass(frozen=True, slots=True)
class Failure:
    """The question could not be answered a moment ago: it is not tried again yet (RFC 9520)."""


@dataclass(frozen=True, slots=True)
class CacheEntry:
    """What is remembered of one question, until ``expires_at`` (virtual microseconds).

    ``records`` and ``authority`` are lines of a zone file with the TTL that is left. ``type`` is
    ``ANY`` where a name is known not to exist, since that holds for every type.
    """

    name: str
    type: str
    rcode: str
    records: tuple[str, ...]
    authority: tuple[str, ...]
    expires_at: int


@dataclass(frozen=True, slots=True)
class CachedDelegation:
    """Who answers for a zone, as far as is remembered, until ``expires_at``."""

    zone: str
    servers: tuple[tuple[str, tuple[str, ...]], ...]
    """Names of nameservers, each with the addresses that came as glue."""
    expires_at: int


@dataclass(frozen=True, slots=True)
class _Remembered:
    rcode: Rcode
    records: tuple[Record, ...]
    soa: Record | None
    expires_at: int


class Cache:
    """The memory of one resolver; ``now`` gives the virtual microseconds."""

    def __init__(self, now: Callable[[], int]) -> None:
        self._now = now
        self._answers: dict[tuple[Name, RdataType], _Remembered] = {}
        self._delegations: dict[Name, tuple[Delegation, int]] = {}

    def find(self, name: Name, rdtype: RdataType) -> Answer | Alias | Denial | Failure | None:
        """What is remembered about a question, with the TTLs that are left."""
        known = self._living(name, rdtype)
        if known is None and rdtype != ANY:
            known = self._nonexistence(name) or self._living(name, CNAME)
        if known is None:
            return None
        if known.rcode == SERVFAIL:
            return Failure()
        if not known.records:
            return Denial(name, known.rcode, known.soa)
        if known.records[0].type == CNAME != rdtype:
            return Alias(known.records, alias_target(known.records[0]))
        return Answer(known.records)

    def remember(self, rdtype: RdataType, said: Answer | Alias | Denial) -> None:
        """Keep what an authoritative server said to a question for ``rdtype``."""
        sets: dict[tuple[Name, RdataType], tuple[Record, ...]] = {}
        for record in said.records:
            key = (record.name, record.type)
            sets[key] = (*sets.get(key, ()), record)
        for (name, own_type), records in sets.items():
            ttl = min(_LONGEST_TTL, *(record.ttl for record in records))
            self._keep(name, own_type, NOERROR, ttl, records=records)
        if isinstance(said, Denial) and said.soa is not None:
            # RFC 2308 section 5: NXDOMAIN is about the name, whatever was asked of it. (Unbound
            # remembers it for the one type, unless DNSSEC proves it.)
            denied = ANY if said.rcode == NXDOMAIN else rdtype
            ttl = min(_LONGEST_DENIAL, denial_ttl(said.soa))
            self._keep(said.name, denied, said.rcode, ttl, soa=said.soa)

    def remember_failure(self, name: Name, rdtype: RdataType) -> None:
        """Keep for a few seconds that a question could not be answered."""
        if rdtype != ANY:
            self._keep(name, rdtype, SERVFAIL, _FAILURE_TTL)

    def remember_delegation(self, delegation: Delegation) -> None:
        """Keep who answers for a zone."""
        expires_at = self._now() + min(delegation.ttl, _LONGEST_TTL) * SECOND
        self._delegations.pop(delegation.zone, None)
        self._delegations[delegation.zone] = (delegation, expires_at)
        _forget_oldest(self._delegations)

    def nearest_delegation(self, name: Name) -> Delegation | None:
        """The remembered zone nearest to a name among those that it lies in."""
        for depth in range(len(name), 0, -1):
            delegation, expires_at = self._delegations.get(name.split(depth)[1], (None, 0))
            if delegation is not None and expires_at > self._now():
                return delegation
        return None

    def entries(self) -> tuple[CacheEntry, ...]:
        """What is remembered at this moment, in the order in which it was learnt."""
        living = (
            (*key, known) for key in self._answers if (known := self._living(*key)) is not None
        )
        return tuple(
            CacheEntry(
                name=name_text(name),
                type=dns.rdatatype.to_text(rdtype),
                rcode=dns.rcode.to_text(known.rcode),
                records=tuple(record.line for record in known.records),
                authority=(known.soa.line,) if known.soa else (),
                expires_at=known.expires_at,
            )
            for name, rdtype, known in living
        )

    def delegations(self) -> tuple[CachedDelegation, ...]:
        """Which zones' nameservers are remembered at this moment."""
        return tuple(
            CachedDelegation(name_text(known.zone), _in_text(known.servers), expires_at)
            for known, expires_at in self._delegations.values()
            if expires_at > self._now()
        )

    def _keep(
        self,
        name: Name,
        rdtype: RdataType,
        rcode: Rcode,
        ttl: int,
        *,
        records: tuple[Record, ...] = (),
        soa: Record | None = None,
    ) -> None:
        expires_at = self._now() + ttl * SECOND
        self._answers.pop((name, rdtype), None)
        self._answers[name, rdtype] = _Remembered(rcode, records, soa, expires_at)
        _forget_oldest(self._answers)

    def _living(self, name: Name, rdtype: RdataType) -> _Remembered | None:
        known = self._answers.get((name, rdtype))
        if known is None or known.expires_at <= self._now():
            return None
        left = (known.expires_at - self._now()) // SECOND
        records = tuple(replace(record, ttl=left) for record in known.records)
        soa = replace(known.soa, ttl=left) if known.soa else None
        return replace(known, records=records, soa=soa)

    def _nonexistence(self, name: Name) -> _Remembered | None:
        known = self._living(name, ANY)
        return known if known is not None and known.rcode == NXDOMAIN else None


def _in_text(servers: Iterable[Server]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((name_text(server.name), server.addresses) for server in servers)


def _forget_oldest(memory: dict[_Key, _Value]) -> None:
    while len(memory) > _MOST_ENTRIES:
        del memory[next(iter(memory))]
