"""One question on its way down from the root: whom to ask, how often, and when to give up.

RFC 1034 section 5.3.3. Every server is asked the whole question. Unbound and others show each
server only as much of the name as it needs (QNAME minimisation, RFC 9156); here the classic
way is a choice, because one can see in it how the same question is handed from the root to
the one who knows.
"""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias, assert_never

from dns.name import Name
from dns.rcode import NOERROR, Rcode
from dns.rdatatype import AAAA, A, RdataType

from simulator.dns.cache import Cache, Failure
from simulator.dns.message import (
    Record,
    Transport,
    name_text,
    write_question,
)
from simulator.dns.response import (
    Alias,
    Answer,
    Delegation,
    Denial,
    NoReplyError,
    Statement,
    Useless,
    statement,
)

Exchange: TypeAlias = Callable[[str, str, bytes, Transport], Awaitable[bytes | None]]
"""Puts a question to a server: ``exchange(name, address, wire, transport)``.

It gives back what came from that very address (RFC 5452 section 9.1), or None when it was tired
of waiting.
"""

_TRIES = 3
"""How often a server is asked that stays silent."""
_MOST_QUESTIONS = 64
"""How many questions are put to servers for the sake of one."""
_MOST_SERVERS_LOOKED_UP = 16
"""How often nameservers without glue are looked up for the sake of one question: a referral to
many such servers must not become a flood of questions to others (the NXNS attack of 2020)."""
_LONGEST_CHAIN = 11
"""How many aliases are followed, as Unbound does."""


class UnresolvedError(Exception):
    """The question cannot be answered: SERVFAIL."""


class _ExhaustedError(UnresolvedError):
    """Too much was asked for the sake of one question; nothing more is tried."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: the rcode, the aliases and records, and the SOA of a denial."""

    rcode: Rcode
    records: tuple[Record, ...] = ()
    authority: tuple[Record, ...] = ()


class Search:
    """One question on its way down from what is known; it lives until it is answered."""

    def __init__(
        self, root: Delegation, cache: Cache, random: random.Random, exchange: Exchange
    ) -> None:
        self._root = root
        self._cache = cache
        self._random = random
        self._exchange = exchange
        self._being_looked_up: set[Name] = set()
        self._servers_looked_up = 0
        self.asked: list[str] = []

    async def look_up(self, name: Name, rdtype: RdataType) -> Found:
        """Follow aliases from zone to zone until there is an answer. Raises UnresolvedError."""
        chain: tuple[Record, ...] = ()
        while True:
            said = self._cache.find(name, rdtype) or await self._ask_downwards(name, rdtype)
            if isinstance(said, Failure):
                raise UnresolvedError
            chain = (*chain, *said.records)
            match said:
                case Answer():
                    return Found(NOERROR, chain)
                case Denial(rcode=rcode, soa=soa):
                    return Found(rcode, chain, (soa,) if soa else ())
                case Alias(target=name):
                    if len(chain) > _LONGEST_CHAIN or name in {link.name for link in chain}:
                        raise UnresolvedError
                case _:
                    assert_never(said)

    async def _ask_downwards(self, name: Name, rdtype: RdataType) -> Answer | Alias | Denial:
        """Ask the nearest servers that are known, then whom they refer to, and so on."""
        delegation = self._cache.nearest_delegation(name) or self._root
        while True:
            said = await self._ask_zone(delegation, name, rdtype)
            if not isinstance(said, Delegation):
                self._cache.remember(rdtype, said)
                return said
            # Each referral is nearer to the name than the last, so this ends.
            self._cache.remember_delegation(said)
            delegation = said

    async def _ask_zone(
        self, delegation: Delegation, name: Name, rdtype: RdataType
    ) -> Answer | Alias | Denial | Delegation:
        """Ask a zone's servers in random order, first those whose addresses came as glue."""
        zone = delegation.zone
        with_glue = [(s.name, address) for s in delegation.servers for address in s.addresses]
        self._random.shuffle(with_glue)
        said = await self._ask_in_turn(with_glue, zone, name, rdtype)
        if said is not None:
            return said
        without_glue = [server.name for server in delegation.servers if not server.addresses]
        self._random.shuffle(without_glue)
        for host in without_glue:
            found = [(host, address) for address in await self._addresses_of(host)]
            said = await self._ask_in_turn(found, zone, name, rdtype)
            if said is not None:
                return said
        raise UnresolvedError

    async def _ask_in_turn(
        self, servers: Iterable[tuple[Name, str]], zone: Name, name: Name, rdtype: RdataType
    ) -> Answer | Alias | Denial | Delegation | None:
        """Go round the servers; one that errs or is lame is passed over from then on."""
        left = list(servers)
        for _ in range(_TRIES):
            for server in tuple(left):
                said = await self._ask(server, zone, name, rdtype)
                if isinstance(said, Useless):
                    left.remove(server)
                elif said is not None:
                    return said
        return None

    async def _ask(
        self, server: tuple[Name, str], zone: Name, name: Name, rdtype: RdataType
    ) -> Statement | None:
        """Ask one server, over TCP where UDP was too narrow (RFC 7766). None: it was silent."""
        try:
            said = await self._question(server, zone, name, rdtype, "udp")
        except NoReplyError:
            return None
        if said is not None:
            return said
        try:
            said = await self._question(server, zone, name, rdtype, "tcp")
        except NoReplyError:
            return Useless()
        return said or Useless()

    async def _question(
        self, server: tuple[Name, str], zone: Name, name: Name, rdtype: RdataType, by: Transport
    ) -> Statement | None:
        """Put the question. None: the answer was cut off. Raises NoReplyError."""
        if len(self.asked) >= _MOST_QUESTIONS:
            raise _ExhaustedError
        host, address = name_text(server[0]), server[1]
        self.asked.append(host)
        query_id = self._random.getrandbits(16)
        wire = write_question(name, rdtype, query_id, recursive=False, edns=True)
        reply = await self._exchange(host, address, wire, by)
        if reply is None:
            raise NoReplyError
        return statement(reply, wire, zone)

    async def _addresses_of(self, host: Name) -> tuple[str, ...]:
        """The addresses of a nameserver that came without glue; none if it cannot be had.

        A server whose own address is what is being looked for can be of no help.
        """
        if host in self._being_looked_up:
            return ()
        if self._servers_looked_up >= _MOST_SERVERS_LOOKED_UP:
            raise _ExhaustedError
        self._servers_looked_up += 1
        self._being_looked_up.add(host)
        try:
            return await self._first_addresses(host)
        finally:
            self._being_looked_up.discard(host)

    async def _first_addresses(self, host: Name) -> tuple[str, ...]:
        for rdtype in (A, AAAA):
            try:
                found = await self.look_up(host, rdtype)
            except _ExhaustedError:
                raise
            except UnresolvedError:
                continue
            addresses = tuple(r.data.to_text() for r in found.records if r.type == rdtype)
            if addresses:
                return addresses
        return ()
