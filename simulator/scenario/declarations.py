"""The domains and the pick-ups that a scenario file declares."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TypeVar

from simulator.scenario.addresses import (
    NULL_MX,
    read_address,
    read_domain_name,
    read_exchanger,
    read_host_name,
    read_user,
)
from simulator.scenario.aliases import read_aliases
from simulator.scenario.defaults import DeclaredDomain, with_given
from simulator.scenario.domain import MailExchanger
from simulator.scenario.keys import KEYS
from simulator.scenario.lines import KeyPath
from simulator.scenario.lists import read_lists
from simulator.scenario.model import PickUp
from simulator.scenario.policies import read_policies
from simulator.scenario.records import cnames_of
from simulator.scenario.section import LATEST, Section, Written

Value = TypeVar("Value")

_DEVICE = re.compile(r"[a-z][a-z0-9]{0,19}")

NOBODY = "none"
"""What ``pickup`` says where nobody fetches their mail."""

_MOST_DOMAINS = 500
"""Each needs its nameserver, its servers and its users' machines."""


def tables(top: Section, key: str) -> Iterator[tuple[KeyPath, dict[str, object]]]:
    """The path and the values of ``[key]``, or of each ``[[key]]``."""
    value = top.values.get(key, [])
    if isinstance(value, list):
        entries: list[tuple[KeyPath, object]] = [((key, at), one) for at, one in enumerate(value)]
    else:
        entries = [((key,), value)]
    for path, entry in entries:
        if isinstance(entry, dict):
            yield path, entry
        else:
            top.wrong(key, entry, *path[1:])


def read_domains(top: Section) -> tuple[DeclaredDomain, ...] | None:
    """Every ``[domains."…"]`` of the file; mistakes go to the section's list.

    None where one cannot be told from its name: then nobody knows which domains there are.
    """
    declared = top.values.get("domains", {})
    if not isinstance(declared, dict):
        top.wrong("domains", declared)
        return None
    if len(declared) > _MOST_DOMAINS:
        count, limit = str(len(declared)), str(_MOST_DOMAINS)
        top.add("scenario.too-many", "domains", key="domains", count=count, limit=limit)
        return None
    found: dict[str, DeclaredDomain] = {}
    for name, values in declared.items():
        with top.mistakes.noted():
            domain = _domain_name(top, name, values)
            if domain in found:
                raise top.place("domains", name).mistake("scenario.domain-twice", domain=domain)
            if isinstance(values, dict):
                path = ("domains", name)
                section = Section("domains", values, path, top.document, top.mistakes)
                found[domain] = _read_domain(section, domain)
            else:
                top.wrong("domains", values, name)
    return tuple(found.values()) if len(found) == len(declared) else None


def read_pickups(top: Section) -> tuple[Written[PickUp], ...] | None:
    """Every ``[[pickup]]`` of the file; None where it says that nobody picks up."""
    if top.values.get("pickup") in (NOBODY, []):
        return None
    found: list[Written[PickUp]] = []
    for path, values in tables(top, "pickup"):
        section = Section("pickup", values, path, top.document, top.mistakes)
        section.require("mailbox")
        protocol = section.choice("protocol", ("pop3", "imap"))
        mailbox = section.text("mailbox")
        after = section.duration("after", "0 s", LATEST)
        keep = section.flag("keep")
        device, idle = _device(section), section.flag("idle")
        if idle and protocol != "imap":
            section.add("scenario.idle-without-imap", "idle")
        if mailbox is not None:
            with section.mistakes.noted():
                place = section.place("mailbox")
                address = read_address(Written(mailbox, place), "mailbox")
                if any(_same_device(one.value, address, device) for one in found):
                    raise place.mistake("scenario.device-twice", mailbox=address)
                pickup = with_given(
                    PickUp(mailbox=address.lower()),
                    protocol=protocol,
                    after=after,
                    keep=keep,
                    device=device,
                    idle=idle,
                )
                found.append(Written(pickup, place))
    return tuple(found)


def _same_device(pickup: PickUp, mailbox: str, device: str | None) -> bool:
    return (pickup.mailbox, pickup.device) == (mailbox.lower(), device or "")


def _device(section: Section) -> str | None:
    """The name of a device, which is the first word of its host's name."""
    text = section.text("device")
    if text is not None and not _DEVICE.fullmatch(text):
        section.add("scenario.device", "device", found=text)
        return None
    return text


def _read_domain(section: Section, name: str) -> DeclaredDomain:
    submission = _host(section, "submission", "smtp.kantor.example")
    mailbox = _host(section, "mailbox", "mail.kantor.example")
    relays = _each(section, "relays", _read_relay)
    exchangers = _each(section, "mx", read_exchanger)
    _check_null_mx(section, exchangers or ())
    _check_relays(section, relays or ())
    users = _each(section, "users", read_user)
    exchanger_hosts = (Written(one.value.host, one.place) for one in exchangers or ())
    named = (submission, mailbox, *(relays or ()), *exchanger_hosts)
    aliases = read_aliases(section, name)
    return DeclaredDomain(
        name=name,
        hosts=tuple(host for host in named if host is not None),
        users=_once(users),
        exchangers=_once(exchangers),
        submission=None if submission is None else submission.value,
        mailbox=None if mailbox is None else mailbox.value,
        relays=_once(relays),
        aliases=aliases,
        lists=read_lists(section, aliases),
        cnames=cnames_of(section),
        policies=read_policies(section),
    )


def _read_relay(entry: Written[str]) -> str:
    return read_host_name(entry, "relay1.transit.example")


def _each(
    section: Section, key: str, read: Callable[[Written[str]], Value]
) -> tuple[Written[Value], ...] | None:
    """What ``read`` makes of each text of a list.

    None where the list is left out, or has a mistake: half a list would only mislead.
    """
    mistakes = len(section.mistakes.found)
    found: list[Written[Value]] = []
    entries = section.texts(key)
    for entry in entries or ():
        with section.mistakes.noted():
            found.append(Written(read(entry), entry.place))
    sound = len(section.mistakes.found) == mistakes
    return tuple(found) if sound and entries is not None else None


def _host(section: Section, key: str, example: str) -> Written[str] | None:
    text = section.text(key)
    if text is not None:
        with section.mistakes.noted():
            place = section.place(key)
            return Written(read_host_name(Written(text, place), example), place)
    return None


def _once(entries: tuple[Written[Value], ...] | None) -> tuple[Value, ...] | None:
    return None if entries is None else tuple(dict.fromkeys(entry.value for entry in entries))


def _check_null_mx(section: Section, exchangers: tuple[Written[MailExchanger], ...]) -> None:
    """The null MX stands alone (RFC 7505 section 3)."""
    for one in exchangers:
        if one.value.host == NULL_MX and len(exchangers) > 1:
            section.mistakes.add(one.place.mistake("scenario.null-mx-not-alone"))


def _check_relays(section: Section, relays: tuple[Written[str], ...]) -> None:
    """A relay hands mail to the next one, so that none can stand in the list twice."""
    seen: set[str] = set()
    for relay in relays:
        if relay.value in seen:
            section.mistakes.add(relay.place.mistake("scenario.relay-twice", found=relay.value))
        seen.add(relay.value)


def _domain_name(top: Section, name: str, values: object) -> str:
    """The name of a declared domain; raises ScenarioError where it is none.

    ``[domains.kantor.example]`` is a table in a table: say that the dots need quotes.
    """
    labels = [name]
    path: KeyPath = ("domains", name)
    while isinstance(values, dict) and values and _holds_only_tables(values):
        label, values = next(iter(values.items()))
        labels.append(label)
        path = (*path, label)
    if len(labels) > 1:
        domain = ".".join(labels)
        raise top.place(*path).mistake("scenario.domain-without-quotes", domain=domain)
    return read_domain_name(name, top.place("domains", name))


def _holds_only_tables(values: dict[str, object]) -> bool:
    return all(
        isinstance(value, dict) and key not in KEYS["domains"] for key, value in values.items()
    )
