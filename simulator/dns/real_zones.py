"""What the real DNS said, as lines of the simulated DNS's zone files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import dns.exception
import dns.rdata
import dns.rdataclass

from simulator.scenario.real_answers import MOST_EXCHANGERS, LookedUp, exchangers_in, records_in

_SERVED = ("MX", "A", "AAAA", "TXT", "CNAME")
_LONGEST_CHAIN = 11


def lines_by_zone(looked_up: LookedUp, zones: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The records that were told, for the zone that each lies in; ``zones`` are all there are.

    An alias at the top of a zone, where none can stand (RFC 1034 section 3.6.2), is written as
    the records that it leads to. What no zone file can hold is left out.
    """
    told = _without_worse_exchangers(looked_up, dict.fromkeys(records_in(looked_up)))
    aliases = {owner: data for owner, _, rdtype, data in told if rdtype == "CNAME"}
    lines: dict[str, dict[str, None]] = {zone: {} for zone in zones}
    for owner, ttl, rdtype, data in told:
        zone = _zone_of(owner, zones)
        if zone is not None and (rdtype == "CNAME" or owner not in aliases) and owner != zone:
            lines[zone][f"{owner}. {ttl} IN {rdtype} {data}"] = None
    for zone in zones:
        top = _end_of(zone, aliases)
        for owner, ttl, rdtype, data in told:
            if owner == top and rdtype != "CNAME":
                lines[zone][f"{zone}. {ttl} IN {rdtype} {data}"] = None
    return {zone: tuple(each) for zone, each in lines.items()}


def _without_worse_exchangers(
    looked_up: LookedUp, records: Iterable[tuple[str, str, str, str]]
) -> list[tuple[str, str, str, str]]:
    """Of a domain's exchangers only the best ones are asked about, and so can be simulated."""
    kept = {
        f"{preference} {host}"
        for answer in looked_up.answers
        for preference, host in exchangers_in(answer)[:MOST_EXCHANGERS]
    }
    return [
        (owner, ttl, rdtype, data)
        for owner, ttl, rdtype, data in records
        if rdtype in _SERVED
        and _is_readable(rdtype, data)
        and (rdtype != "MX" or data.lower().removesuffix(".") in kept or data.endswith(" ."))
    ]


def _is_readable(rdtype: str, data: str) -> bool:
    try:
        dns.rdata.from_text(dns.rdataclass.IN, rdtype, data)
    except (dns.exception.DNSException, ValueError):
        return False
    return True


def _zone_of(owner: str, zones: Iterable[str]) -> str | None:
    above = [zone for zone in zones if owner == zone or owner.endswith(f".{zone}")]
    return max(above, key=len, default=None)


def _end_of(name: str, aliases: dict[str, str]) -> str:
    """Where the aliases that begin at a name end; the name itself where there are none."""
    for _ in range(_LONGEST_CHAIN):
        if name not in aliases:
            return name
        name = aliases[name].removesuffix(".").lower()
    return ""
