"""The further lines of a domain's zone file: that they stand alone, and can be read.

This room loads no DNS library; a line of a rarer type is left to the DNS itself.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable

from simulator.scenario.addresses import check_line
from simulator.scenario.errors import Place, ScenarioError
from simulator.scenario.section import Section, Written

_MOST_RECORDS = 100

_RECORD = re.compile(
    r"""(?P<name> @ | [*\w.-]+ ) [ ]+ (?: [0-9]{1,9} [ ]+ )? (?: IN [ ]+ )? (?! IN\b )
    (?P<type> [A-Z][A-Z0-9]* )
    (?P<data> (?: [ ]+ (?: "(?: [^"\\] | \\. )*" | [^\s"();]+ ) )+ )""",
    re.VERBOSE | re.ASCII,
)
"""A line of a zone file (RFC 1035 section 5.1) that stands alone: name, TTL, class, type, data."""

_HOST = re.compile(r"@|\.|(?:[\w-]{1,63}\.)*[\w-]{1,63}\.?", re.ASCII)
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"|\S+')
_LONGEST_STRING = 255
"""Octets of a character-string (RFC 1035 section 3.3)."""

_LEFT_TO_THE_DNS = frozenset(
    [
        "CAA",
        "DNAME",
        "DS",
        "HINFO",
        "HTTPS",
        "LOC",
        "NAPTR",
        "OPENPGPKEY",
        "RP",
        "SMIMEA",
        "SOA",
        "SPF",
        "SSHFP",
        "SVCB",
        "TLSA",
        "URI",
    ]
)
"""Further types of the IANA registry (DNS Parameters) that somebody may write."""


def read_records(section: Section) -> tuple[str, ...]:
    """Lines of the domain's zone file; mistakes go to the section's list."""
    domain = str(section.path[-1])
    entries = section.at_most(_MOST_RECORDS, "records", section.texts("records") or ())
    for entry in entries:
        with section.mistakes.noted():
            check_line(entry.value, "records", entry.place)
            _check_record(entry.value, domain, entry.place)
    owners = [owner_of(entry.value, domain) for entry in entries]
    for cname in cnames_of(section):
        if cname.value == domain.lower() or owners.count(cname.value) > 1:
            section.mistakes.add(not_alone(cname))
    return tuple(entry.value for entry in entries)


def cnames_of(section: Section) -> tuple[Written[str], ...]:
    """The whole name of every CNAME among the domain's records, without a final dot."""
    domain = str(section.path[-1])
    found = ((entry, _RECORD.fullmatch(entry.value)) for entry in section.texts("records") or ())
    return tuple(
        Written(owner_of(entry.value, domain), entry.place)
        for entry, line in found
        if line is not None and line["type"] == "CNAME"
    )


def not_alone(cname: Written[str]) -> ScenarioError:
    """A CNAME at a name that has other records: there it may not be (RFC 1034 section 3.6.2)."""
    return cname.place.mistake("scenario.record-not-alone", found=cname.value)


def owner_of(line: str, domain: str) -> str:
    """The whole name that a line is about, in lower case and without a final dot."""
    name = line.split(" ", 1)[0].lower()
    if name.endswith("."):
        return name.removesuffix(".")
    return domain.lower() if name == "@" else f"{name}.{domain.lower()}"


def _check_record(text: str, domain: str, place: Place) -> None:
    """Raise ScenarioError where a line is none, or one that no zone of this domain can hold."""
    found = _RECORD.fullmatch(text)
    if found is None:
        raise place.mistake("scenario.record", found=text)
    name, rdtype, data = found["name"], found["type"], found["data"].strip()
    if name.endswith(".") and not f".{name}".lower().endswith(f".{domain.lower()}."):
        raise place.mistake("scenario.record-outside", found=name, domain=domain)
    if rdtype in _LEFT_TO_THE_DNS:
        return
    if rdtype not in _READ:
        raise place.mistake("scenario.record-type", found=rdtype)
    can_be_read, example = _READ[rdtype]
    if not can_be_read(data):
        values = {"found": data, "type": rdtype, "example": example}
        raise place.mistake("scenario.record-data", **values)


def _is_address(version: int) -> Callable[[str], bool]:
    def is_one(data: str) -> bool:
        try:
            return ipaddress.ip_address(data).version == version and "%" not in data
        except ValueError:
            return False

    return is_one


def _numbers_and_host(count: int) -> Callable[[str], bool]:
    def are_they(data: str) -> bool:
        *numbers, host = data.split()
        return (
            len(numbers) == count
            and all(one.isdecimal() and len(one) < 6 and int(one) < 65536 for one in numbers)
            and _HOST.fullmatch(host) is not None
        )

    return are_they


def _are_strings(data: str) -> bool:
    return all(len(one.strip('"').encode()) <= _LONGEST_STRING for one in _STRING.findall(data))


_READ: dict[str, tuple[Callable[[str], bool], str]] = {
    "A": (_is_address(4), "www IN A 192.0.2.80"),
    "AAAA": (_is_address(6), "www IN AAAA 2001:db8::80"),
    "CNAME": (_numbers_and_host(0), "surel IN CNAME mx1"),
    "MX": (_numbers_and_host(1), "@ IN MX 10 mx1"),
    "NS": (_numbers_and_host(0), "cabang IN NS ns1"),
    "PTR": (_numbers_and_host(0), "10 IN PTR mx1"),
    "SRV": (_numbers_and_host(3), "_submission._tcp IN SRV 0 1 587 smtp"),
    "TXT": (_are_strings, '@ IN TXT "v=spf1 mx -all"'),
}
"""How each type's data is told from what the DNS could not read, and an example."""
