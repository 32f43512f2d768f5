"""One zone as zone-file text (RFC 1035 section 5), written as an administrator would write it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

Exchanger: TypeAlias = tuple[int, str]
"""The preference and the host of an MX record."""

Address: TypeAlias = tuple[str, str]
"""A host and one of its addresses."""

TTL = 3600
"""Seconds that a record may be remembered."""
DENIAL_TTL = 300
"""Seconds that a denial may be remembered: the SOA's minimum (RFC 2308)."""


@dataclass(frozen=True, slots=True)
class ZoneContents:
    """What stands in a zone; all names are whole, in lower case, without a final dot.

    ``delegations`` are zones below with their nameservers, ``glue`` the addresses of those;
    ``pointers`` are reverse names and the hosts that they name; ``more`` are further lines of
    zone-file text.
    """

    name: str
    title: str
    nameserver: str
    exchangers: tuple[Exchanger, ...] = ()
    hosts: tuple[Address, ...] = ()
    delegations: tuple[tuple[str, str], ...] = ()
    glue: tuple[Address, ...] = ()
    pointers: tuple[tuple[str, str], ...] = ()
    more: tuple[str, ...] = ()


def zone_text(zone: ZoneContents) -> str:
    """The zone in words and columns, ready to be read by people and by ``read_zones``."""
    paragraphs = [_top(zone), *_body(zone)]
    return "\n".join("".join(f"{line}\n" for line in lines) for lines in paragraphs)


def _top(zone: ZoneContents) -> list[str]:
    nameserver = _short(zone.nameserver, zone.name)
    hostmaster = _short(f"hostmaster.{_parent(zone.nameserver)}", zone.name)
    return [
        f"; {zone.title}",
        f"$ORIGIN {_absolute(zone.name)}",
        f"$TTL {TTL}",
        f"@ IN SOA {nameserver} {hostmaster} (",
        "        1        ; serial: counts the changes",
        "        7200     ; refresh: how often a secondary looks for a change",
        "        900      ; retry: when it looks again after a failure",
        "        1209600  ; expire: when it gives up without the primary",
        f"        {DENIAL_TTL} )    ; how long a denial may be remembered (RFC 2308)",
        f"@ IN NS {nameserver}",
    ]


def _body(zone: ZoneContents) -> Iterator[list[str]]:
    """The other paragraphs, each with its heading; empty ones are left out."""
    origin = zone.name
    paragraphs = (
        (_exchangers_title(zone), [("@", "MX", _mx(x, origin)) for x in zone.exchangers]),
        ("the hosts", _address_records(zone.hosts, origin)),
        (
            "delegations: these zones answer for themselves",
            [(_short(child, origin), "NS", _short(ns, origin)) for child, ns in zone.delegations],
        ),
        ("glue: where nameservers are found that lie below", _address_records(zone.glue, origin)),
        (
            "the host of each address",
            [(_short(name, origin), "PTR", _short(host, origin)) for name, host in zone.pointers],
        ),
    )
    for title, records in paragraphs:
        if records:
            yield [f"; {title}", *_columns(records)]
    if zone.more:
        yield ["; further records", *zone.more]


def _exchangers_title(zone: ZoneContents) -> str:
    if [host for _, host in zone.exchangers] == ["."]:
        return "this domain takes no mail (RFC 7505)"
    return "where mail for the domain goes: the lowest preference is tried first"


def _mx(exchanger: Exchanger, origin: str) -> str:
    preference, host = exchanger
    return f"{preference} {_short(host, origin)}"


def _address_records(addresses: Iterable[Address], origin: str) -> list[tuple[str, str, str]]:
    return [
        (_short(host, origin), "AAAA" if ":" in address else "A", address)
        for host, address in addresses
    ]


def _columns(records: Sequence[tuple[str, str, str]]) -> list[str]:
    names = max(len(name) for name, _, _ in records)
    types = max(len(rdtype) for _, rdtype, _ in records)
    return [f"{name:{names}} IN {rdtype:{types}} {data}" for name, rdtype, data in records]


def _short(name: str, origin: str) -> str:
    """A name as it is written in a zone: relative where it can be, else with its final dot."""
    if name == origin:
        return "@"
    if origin != "." and name.endswith(f".{origin}"):
        return name.removesuffix(f".{origin}")
    return _absolute(name)


def _absolute(name: str) -> str:
    return name if name == "." else f"{name}."


def _parent(name: str) -> str:
    return name.partition(".")[2] or name
