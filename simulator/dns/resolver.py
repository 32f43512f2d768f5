"""A recursive resolver: it answers stubs from its memory, or searches from the root downwards."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
from dns.name import Name
from dns.rcode import REFUSED, SERVFAIL
from dns.rdataclass import IN
from dns.rdatatype import AXFR, IXFR, RdataType

from simulator.dns.cache import Cache
from simulator.dns.message import (
    NotAQuestion,
    Record,
    Reply,
    Transport,
    name_text,
    parse_name,
    parse_question,
    parse_type,
    write_reply,
)
from simulator.dns.response import Delegation, Server
from simulator.dns.search import Exchange, Found, Search, UnresolvedError


@dataclass(frozen=True, slots=True)
class Resolution:
    """What came of a question.

    ``rcode`` is NOERROR (also where the name has no record of the type), NXDOMAIN or SERVFAIL;
    ``records`` the aliases, then the records asked for; ``authority`` the SOA of a denial;
    ``asked`` the servers that were asked, one entry a question put to them, in order.
    """

    name: str
    type: str
    rcode: str
    records: tuple[Record, ...]
    authority: tuple[Record, ...]
    asked: tuple[str, ...]

    @property
    def cached(self) -> bool:
        """Whether nobody had to be asked."""
        return not self.asked


@dataclass(frozen=True, slots=True)
class Served:
    """What goes back to a stub; ``resolution`` is None where nothing had to be resolved."""

    wire: bytes
    resolution: Resolution | None

    @property
    def cached(self) -> bool:
        """Whether the answer came from memory alone."""
        return self.resolution is not None and self.resolution.cached


class Resolver:
    """A recursive resolver. ``root_hints`` are the root's servers, each a name and an address.

    ``now`` gives virtual microseconds; ``random`` the query ids and the choice among servers.
    """

    def __init__(
        self,
        root_hints: Sequence[tuple[str, str]],
        *,
        now: Callable[[], int],
        random: random.Random,
    ) -> None:
        addresses: dict[Name, tuple[str, ...]] = {}
        for host, address in root_hints:
            name = parse_name(host)
            addresses[name] = (*addresses.get(name, ()), address)
        servers = tuple(Server(*server) for server in addresses.items())
        # The hints are taken at their word: there is no priming query (RFC 8109).
        self._root = Delegation(dns.name.root, servers, ttl=0)
        self._random = random
        self.cache = Cache(now)

    async def resolve(
        self, name: str | Name, rdtype: str | RdataType, exchange: Exchange
    ) -> Resolution:
        """Find the records of a type that a name has.

        Raises DnsMessageError where the name or the type cannot be asked for; that nobody
        knows, or that nobody answers, is told in the resolution.
        """
        name = parse_name(name) if isinstance(name, str) else name
        rdtype = parse_type(rdtype) if isinstance(rdtype, str) else rdtype
        search = Search(self._root, self.cache, self._random, exchange)
        try:
            found = await search.look_up(name, rdtype)
        except UnresolvedError:
            if search.asked:
                self.cache.remember_failure(name, rdtype)
            found = Found(SERVFAIL)
        return Resolution(
            name=name_text(name),
            type=dns.rdatatype.to_text(rdtype),
            rcode=dns.rcode.to_text(found.rcode),
            records=found.records,
            authority=found.authority,
            asked=tuple(search.asked),
        )

    async def answer(
        self, wire: bytes, exchange: Exchange, *, transport: Transport = "udp"
    ) -> Served | None:
        """Serve a stub: the octets to send back, or None where silence is right.

        Whatever comes in, nothing is raised but what ``exchange`` raises.
        """
        try:
            query = parse_question(wire)
        except NotAQuestion as unanswerable:
            reply = unanswerable.reply
            return None if reply is None else Served(reply, None)
        question = query.question[0]
        wants_recursion = query.flags & dns.flags.RD
        if not wants_recursion or question.rdclass != IN or question.rdtype in (AXFR, IXFR):
            refusal = Reply(REFUSED, dns.flags.RA)
            return Served(write_reply(query, refusal, transport), None)
        found = await self.resolve(question.name, question.rdtype, exchange)
        rcode = dns.rcode.from_text(found.rcode)
        spoken = Reply(rcode, dns.flags.RA, found.records, found.authority)
        return Served(write_reply(query, spoken, transport), found)
