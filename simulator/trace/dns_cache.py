"""What the scene knows of each resolver's cache: answers to questions, until they expire."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from typing import Final

from msgspec.structs import replace

from simulator.scenario.virtual_time import SECOND
from simulator.trace.event import Answer, Event
from simulator.trace.ledger import Ledger
from simulator.trace.state import CacheEntry, Question, Scene

_LONGEST_TTL: Final = 2**31 - 1  # seconds; RFC 2181 section 8: anything above counts as zero
_SECONDS = re.compile(r"[0-9]{1,10}")
_MOST_REMEMBERED: Final = 4_096
"""Entries of one cache; then the older half goes. It bounds what a hostile recording can cost."""


def fold(scene: Scene, event: Event, fact: Answer) -> Scene:
    """The scene after an answer that a resolver got, or gave: what it has learnt by it."""
    asked = fact.peer in scene.resolvers
    if not asked and event.host not in scene.resolvers:
        return scene
    resolver = fact.peer if asked else event.host
    question: Question = (fact.name.lower(), fact.type)
    cache = scene.caches.get(resolver) or Ledger()
    if not asked and fact.cached and question in cache:
        return scene
    ttl = _time_to_live(fact)
    if not ttl:
        return scene
    expires_at = event.at + ttl * SECOND
    entry = CacheEntry(fact.name, fact.type, fact.rcode, fact.records, expires_at)
    cache = cache.put(question, entry)
    if len(cache) > _MOST_REMEMBERED:
        cache = Ledger(dict(list(cache.items())[_MOST_REMEMBERED // 2 :]))
    known = expires_at if scene.next_expiry is None else min(scene.next_expiry, expires_at)
    return replace(scene, caches=scene.caches.put(resolver, cache), next_expiry=known)


def is_truncated(answer: Answer) -> bool:
    """Whether the answer was too long for its datagram: the flag TC (RFC 1035 section 4.1.1)."""
    try:
        head = base64.b64decode(answer.wire[:4], validate=True)
    except ValueError:
        return False
    return len(head) > 2 and bool(head[2] & 0x02)


def without_expired(scene: Scene, now: int) -> Scene:
    """The scene whose caches hold only what is still valid at ``now`` (virtual microseconds)."""
    caches = scene.caches
    for resolver, cache in scene.caches.items():
        valid = Ledger({asked: entry for asked, entry in cache.items() if entry.expires_at > now})
        if len(valid) < len(cache):
            caches = caches.put(resolver, valid) if valid else caches.drop(resolver)
    expiries = (entry.expires_at for cache in caches.values() for entry in cache.values())
    return replace(scene, caches=caches, next_expiry=min(expiries, default=None))


def _time_to_live(fact: Answer) -> int:
    """Seconds for which the answer may be remembered; 0 where it may not be, or is no answer.

    A referral answers nothing, and what was cut off is asked for again; that a name or its data do
    not exist is remembered as long as the SOA says (RFC 2308 section 5).
    """
    if fact.rcode not in {"NOERROR", "NXDOMAIN"} or is_truncated(fact):
        return 0
    if fact.records:
        return min((_ttl(words) for words in _fields(fact.records)), default=0)
    negative = (
        min(_ttl(words), _seconds(words[-1]))
        for words in _fields(fact.authority)
        if words[3].upper() == "SOA"
    )
    return next(negative, 0)


def _fields(lines: Iterable[str]) -> Iterable[list[str]]:
    """The fields of each record in zone-file form: name, TTL, class, type, data."""
    return (words for words in (line.split() for line in lines) if len(words) >= 5)


def _ttl(words: list[str]) -> int:
    return _seconds(words[1])


def _seconds(text: str) -> int:
    if _SECONDS.fullmatch(text) is None:
        return 0
    seconds = int(text)
    return seconds if seconds <= _LONGEST_TTL else 0
