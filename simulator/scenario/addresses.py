"""Addresses and names as a scenario may have them: checked, and the domain in lower case."""

from __future__ import annotations

import re
from email.errors import MessageError
from email.headerregistry import Address
from email.utils import getaddresses

from simulator.scenario.domain import MailExchanger
from simulator.scenario.domain_labels import with_a_labels
from simulator.scenario.errors import Place, ScenarioError
from simulator.scenario.section import Section, Written, has_control_character

MOST_RECIPIENTS = 1000
"""Entries of one address list; RFC 5321 section 4.5.3.1.8 asks servers for 100 at least."""

LONGEST_LOCAL_PART = 64
"""Octets before the @ (RFC 5321 section 4.5.3.1.1)."""

LONGEST_HOST_NAME = 253
"""Octets of a name in dots: 255 on the wire less the first length and the root (RFC 1035 3.1)."""

LONGEST_DOMAIN = LONGEST_HOST_NAME - 64
"""Octets of a mail domain: RFC 5321 section 4.5.3.1.2 has 255, DNS has 253 for a name, and the
simulator puts one label (``smtp``, ``pc-ani``) and a dot in front."""

_LONGEST_ADDRESS = LONGEST_LOCAL_PART + 1 + 255
"""Octets that the parsers of the standard library are given; they recurse for each bracket."""

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\u00a1-\U0010ffff-]+"
_DOT_ATOM = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
"""The local parts that are simulated: also those of RFC 6531 section 3.3 with letters beyond ASCII;
RFC 5321 section 4.1.2 has quoted ones too."""

_LABEL = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)")
"""Letters, digits, hyphens; no hyphen at an end (RFC 1123 section 2.1)."""

_EXCHANGER = re.compile(r"([0-9]{1,9}) +(\S+)")
_HIGHEST_PREFERENCE = 65_535
"""RFC 1035 section 3.3.9: sixteen bits."""

NULL_MX = "."
"""The host of an MX that says: this domain takes no mail (RFC 7505)."""

_RESERVED = ("example", "test", "example.com", "example.net", "example.org")
"""Names that nobody can own, and so nobody is hurt by (RFC 2606, RFC 6761)."""


def read_address(entry: Written[str], key: str) -> str:
    """The address, its domain in lower case; raises ScenarioError where it is none."""
    check_line(entry.value, key, entry.place)
    if not _is_address(entry.value):
        raise _no_address(entry)
    local_part, _, domain = entry.value.rpartition("@")
    _check_local_part_length(local_part, entry.place)
    return f"{local_part}@{read_domain_name(domain, entry.place)}"


def read_addresses(
    section: Section, key: str, entries: tuple[Written[str], ...]
) -> tuple[Written[str], ...]:
    """The entries of a list that are addresses, each once; mistakes go to the section's list."""
    found: dict[str, Written[str]] = {}
    for entry in section.at_most(MOST_RECIPIENTS, key, entries):
        with section.mistakes.noted():
            address = read_address(entry, key)
            found.setdefault(address, Written(address, entry.place))
    return tuple(found.values())


def read_user(entry: Written[str], key: str = "users") -> str:
    """A user's name in lower case: the local part of the address; raises ScenarioError.

    RFC 5321 section 2.4 lets a host tell capitals apart and advises against it; ours does not.
    """
    check_line(entry.value, key, entry.place)
    _check_local_part_length(entry.value, entry.place)
    if not _DOT_ATOM.fullmatch(entry.value):
        raise entry.place.mistake("scenario.user", found=entry.value)
    return entry.value.lower()


def read_domain_name(written_name: str, place: Place) -> str:
    """A mail domain in lower case, its labels as the DNS has them; raises ScenarioError.

    It is a host name of two labels or more, and may be written with letters beyond ASCII.
    """
    name = _as_the_dns_has_it(written_name, place)
    if len(name) > LONGEST_DOMAIN:
        raise place.mistake(
            "scenario.domain-too-long", count=str(len(name)), limit=str(LONGEST_DOMAIN)
        )
    if not _is_host_name(name):
        raise place.mistake("scenario.host-name", found=name, example="kantor.example")
    if "." not in name:
        raise place.mistake("scenario.short-domain", domain=name)
    return name.lower()


def read_host_name(entry: Written[str], example: str) -> str:
    """A host name in lower case, as the DNS has it; raises ScenarioError where it is none."""
    name = _as_the_dns_has_it(entry.value, entry.place)
    if not _is_host_name(name) or "." not in name:
        raise entry.place.mistake("scenario.host-name", found=entry.value, example=example)
    return name.lower()


def read_exchanger(entry: Written[str]) -> MailExchanger:
    """An MX as ``10 mx1.kantor.example``, or the null MX ``0 .``; raises ScenarioError."""
    match = _EXCHANGER.fullmatch(entry.value)
    if match is None:
        raise entry.place.mistake("scenario.exchanger", found=entry.value)
    preference, host = int(match[1]), match[2]
    if preference > _HIGHEST_PREFERENCE:
        raise entry.place.mistake(
            "scenario.out-of-range",
            key="mx",
            found=match[1],
            lowest="0",
            highest=str(_HIGHEST_PREFERENCE),
        )
    if host != NULL_MX:
        host = read_host_name(Written(host, entry.place), "mx1.kantor.example")
    return MailExchanger(preference=preference, host=host)


def check_line(text: str, key: str, place: Place) -> None:
    """Raise ScenarioError where a text is not one line of printable UTF-8."""
    check_utf8(text, key, place)
    if has_control_character(text):
        raise place.mistake("scenario.control-character", key=key)


def check_utf8(text: str, key: str, place: Place) -> None:
    """Raise ScenarioError where a text holds octets that were no UTF-8 (from a command line)."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise place.mistake("scenario.not-text", key=key) from None


def check_reserved(domain: str, local_part: str, place: Place) -> None:
    """Raise ScenarioError where a domain that nobody declared may really belong to someone."""
    if not any(domain == name or domain.endswith(f".{name}") for name in _RESERVED):
        first = domain.partition(".")[0]
        example = f"{local_part}@{first}.example"
        raise place.mistake("scenario.real-domain", domain=domain, example=example)


def _as_the_dns_has_it(name: str, place: Place) -> str:
    # What is longer than any name is not looked at letter by letter.
    return name if len(name) > LONGEST_HOST_NAME else with_a_labels(name, place)


def _check_local_part_length(local_part: str, place: Place) -> None:
    if len(local_part.encode("utf-8", "replace")) > LONGEST_LOCAL_PART:
        raise place.mistake(
            "scenario.local-part-too-long",
            count=str(len(local_part.encode("utf-8", "replace"))),
            limit=str(LONGEST_LOCAL_PART),
        )


def _is_address(text: str) -> bool:
    """Whether the standard library and the simulator both take it for one plain address."""
    if len(text) > _LONGEST_ADDRESS:
        return False
    if not text.isprintable() or not _DOT_ATOM.fullmatch(text.rpartition("@")[0]):
        return False
    # The standard library knows no letters beyond ASCII: it is shown a plain one in their place.
    plain = "".join(sign if sign.isascii() else "x" for sign in text)
    try:
        return Address(addr_spec=plain).addr_spec == plain
    except (ValueError, IndexError, MessageError):
        return False


def _no_address(entry: Written[str]) -> ScenarioError:
    """What to say of a text that is not one plain address."""
    found, place = entry.value, entry.place
    local_part, at, domain = found.rpartition("@")
    if len(found) <= _LONGEST_ADDRESS:
        several = [address for _, address in getaddresses([found]) if _is_address(address)]
        if len(several) > 1:
            example = "[" + ", ".join(f'"{address}"' for address in several) + "]"
            return place.mistake("scenario.several-addresses", found=found, example=example)
        if several:
            return place.mistake("scenario.address-with-name", found=found, address=several[0])
    elif at:
        _check_local_part_length(local_part, place)
        read_domain_name(domain, place)
    return place.mistake("scenario.address", found=found)


def _is_host_name(name: str) -> bool:
    """Letters, digits, hyphens and dots; the last label not a number (RFC 1123 section 2.1)."""
    labels = name.split(".")
    return (
        len(name) <= LONGEST_HOST_NAME
        and all(_LABEL.fullmatch(label) for label in labels)
        and not labels[-1].isdigit()
    )
