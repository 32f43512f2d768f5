"""What one zone says to a question: answer, referral or denial (RFC 1034 section 4.3.2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeAlias

import dns.flags
import dns.name
from dns.name import Name
from dns.rcode import NOERROR, NXDOMAIN, Rcode
from dns.rdata import Rdata
from dns.rdatatype import AAAA, ANY, CNAME, NS, SOA, A, RdataType
from dns.zone import Zone

from simulator.dns.message import Record, Reply, alias_target, denial_ttl, hosts_named

Order: TypeAlias = Callable[[Sequence[Rdata]], Sequence[Rdata]]
"""Puts the records of one set in the order in which they are sent."""


def as_written(records: Sequence[Rdata]) -> Sequence[Rdata]:
    """The order of the zone file, as NSD sends it."""
    return records


class Authority:
    """One zone, ready to be asked; the zone is not to be changed any more."""

    def __init__(self, zone: Zone, order: Order = as_written) -> None:
        if zone.origin is None:
            raise ValueError("a zone without a name cannot be asked")
        self.origin: Name = zone.origin
        self._zone = zone
        self._order = order
        self._names = frozenset(self._with_empty_names_between())

    def look_up(self, name: Name, rdtype: RdataType) -> Reply:
        """What the zone says to a question for a name that lies in it.

        Aliases are followed as long as they stay in the zone.
        """
        chain: tuple[Record, ...] = ()
        while True:
            cut = self._delegation_above(name)
            if cut is not None:
                return self._referral(cut, chain)
            source = self._node_for(name)
            if source is None:
                return self._denial(NXDOMAIN, chain)
            found = self._records(source, rdtype, owner=name)
            if found:
                return self._positive((*chain, *found))
            alias = self._records(source, CNAME, owner=name)
            if not alias:
                return self._denial(NOERROR, chain)
            chain = (*chain, *alias)
            name = alias_target(alias[0])
            if not name.is_subdomain(self.origin) or name in {link.name for link in chain}:
                # It leads out of the zone, or round in a ring: whoever asks must see further.
                return Reply(NOERROR, dns.flags.AA, chain)

    def _with_empty_names_between(self) -> Iterator[Name]:
        """Every name that exists, also those that only have names below (RFC 8020)."""
        for name in self._zone.nodes:
            for depth in range(len(self.origin), len(name) + 1):
                yield name.split(depth)[1]

    def _delegation_above(self, name: Name) -> Name | None:
        """The zone cut nearest to the top at or above a name, if there is one."""
        for depth in range(len(self.origin) + 1, len(name) + 1):
            ancestor = name.split(depth)[1]
            if self._zone.get_rdataset(ancestor, NS) is not None:
                return ancestor
        return None

    def _node_for(self, name: Name) -> Name | None:
        """The name itself, or the wildcard that speaks for it (RFC 4592 section 3.3)."""
        if name in self._names:
            return name
        encloser = name.parent()
        while encloser not in self._names:
            encloser = encloser.parent()
        wildcard = dns.name.Name((b"*", *encloser.labels))
        return wildcard if wildcard in self._names else None

    def _records(
        self, name: Name, rdtype: RdataType, owner: Name | None = None
    ) -> tuple[Record, ...]:
        node = self._zone.get_node(name)
        if node is None:
            return ()
        return tuple(
            Record(owner or name, rdataset.ttl, data)
            for rdataset in node
            if rdtype in (ANY, rdataset.rdtype)
            for data in self._order(tuple(rdataset))
        )

    def _positive(self, answer: tuple[Record, ...]) -> Reply:
        nameservers = self._records(self.origin, NS)
        authority = tuple(record for record in nameservers if record not in answer)
        return Reply(
            NOERROR,
            dns.flags.AA,
            answer,
            authority,
            self._addresses((*answer, *authority), known=answer),
        )

    def _denial(self, rcode: Rcode, chain: tuple[Record, ...]) -> Reply:
        """The SOA says how long a denial may be remembered (RFC 2308 section 3)."""
        (soa,) = self._records(self.origin, SOA)
        soa = Record(soa.name, denial_ttl(soa), soa.data)
        return Reply(rcode, dns.flags.AA, chain, (soa,))

    def _referral(self, cut: Name, chain: tuple[Record, ...]) -> Reply:
        """Who knows more: no AA, unless an alias of this zone led there."""
        nameservers = self._records(cut, NS)
        return Reply(
            NOERROR,
            dns.flags.AA if chain else 0,
            chain,
            nameservers,
            self._addresses(nameservers),
            needs_additional=True,
        )

    def _addresses(
        self, records: Iterable[Record], known: Iterable[Record] = ()
    ) -> tuple[Record, ...]:
        """The addresses of the hosts that records name, as far as this zone has them.

        An address below a zone cut is no more than glue: it goes with NS records alone.
        """
        answered = frozenset((record.name, record.type) for record in known)
        hosts = hosts_named(record for record in records if self._may_help(record))
        return tuple(
            address
            for rdtype in (A, AAAA)
            for host in hosts
            if (host, rdtype) not in answered
            for address in self._records(host, rdtype)
        )

    def _may_help(self, record: Record) -> bool:
        return record.type == NS or not any(
            self._delegation_above(host) for host in hosts_named((record,))
        )
