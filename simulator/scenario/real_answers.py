"""What the real DNS said, as values, and reading it: exchangers, texts, what SPF refers to."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator
from typing import Literal

import msgspec

MOST_EXCHANGERS = 10
"""Exchangers of a domain that are asked about and simulated, the best ones first."""
_MOST_ADDRESSES = 4
"""Addresses of one host that are simulated, of each kind."""
_MOST_SPF_RECORDS = 10
_MACRO = "%"
_PLAIN = re.compile(r"(?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}")


class RealAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One question that the real DNS was asked before the run, and what came of it.

    ``name`` without its final dot; ``server`` who answered (``192.0.2.53#53``), or who was asked
    and did not. ``rcode`` is that of the answer, or ``TIMEOUT``, ``UNREACHABLE`` where nothing
    could be sent, or ``CLOSED`` where nobody listens. ``records`` and ``authority`` are lines of a
    zone file, at most a hundred; ``omitted`` says how many more there were. ``took`` is in
    microseconds of real time.
    """

    name: str
    type: str
    server: str
    rcode: str
    flags: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    authority: tuple[str, ...] = ()
    omitted: int = 0
    took: int = 0
    transport: Literal["udp", "tcp"] = "udp"
    octets: int = 0


class LookedUp(msgspec.Struct, frozen=True, kw_only=True):
    """What the real DNS said of the domains of a scenario's addresses.

    The simulated hosts take these names and addresses; nothing else of the real world does.
    """

    domains: tuple[str, ...]
    answers: tuple[RealAnswer, ...]

    def answer(self, name: str, rdtype: str) -> RealAnswer | None:
        """What came of that question, or None where it was not asked."""
        wanted = (name.lower(), rdtype)
        return next((one for one in self.answers if (one.name.lower(), one.type) == wanted), None)


def answer_to(name: str, rdtype: str, answers: Iterable[RealAnswer]) -> RealAnswer | None:
    """What came of a question, or None where it was not asked."""
    return next((one for one in answers if (one.name, one.type) == (name, rdtype)), None)


def exchangers_in(answer: RealAnswer | None) -> tuple[tuple[int, str], ...]:
    """The exchangers that an answer names, best first, in lower case without final dots."""
    found = set()
    for data in data_of(answer, "MX"):
        preference, _, host = data.partition(" ")
        if preference.isdecimal():
            found.add((int(preference), host.removesuffix(".").lower() or "."))
    return tuple(sorted(found))


def data_of(answer: RealAnswer | None, rdtype: str) -> tuple[str, ...]:
    """The data of the answer's records of one type."""
    lines = (line.split(None, 4) for line in (answer.records if answer is not None else ()))
    return tuple(words[4] for words in lines if len(words) == 5 and words[3] == rdtype)


def spf_terms(name: str, answers: Iterable[RealAnswer]) -> tuple[str, ...]:
    """The terms of the SPF record of a name; none where there is no record, or several."""
    texts = texts_in(answer_to(name, "TXT", answers))
    records = [text for text in texts if text.lower().split(" ")[0] == "v=spf1"]
    return tuple(records[0].split()[1:]) if len(records) == 1 else ()


def texts_in(answer: RealAnswer | None) -> tuple[str, ...]:
    """The TXT records of an answer, each with its character-strings joined."""
    return tuple(_text(data) for data in data_of(answer, "TXT"))


def spf_target(term: str) -> tuple[str, str]:
    """The mechanism or modifier that asks for another name, and that name; else nothing."""
    plain = term.lstrip("+-~?").lower()
    for mechanism, mark in (("include", ":"), ("redirect", "="), ("a", ":"), ("mx", ":")):
        if plain.startswith(f"{mechanism}{mark}"):
            target = plain[len(mechanism) + 1 :].partition("/")[0].removesuffix(".")
            # What a macro stands for is known only when a client has connected.
            return mechanism, "" if _MACRO in target else target
    return "", ""


def _text(data: str) -> str:
    """A TXT record's character-strings joined, as far as they are plain (RFC 7208 section 3.3)."""
    return "".join(data.split('"')[1::2]) if data.startswith('"') else data


def real_addresses(looked_up: LookedUp, host: str) -> tuple[str, ...]:
    """The addresses of a host, after the aliases that lead to them; none where it has none."""
    found: list[str] = []
    for rdtype, version in (("A", 4), ("AAAA", 6)):
        data = data_of(looked_up.answer(host, rdtype), rdtype)
        found += [one for one in data if _version(one) == version][:_MOST_ADDRESSES]
    return tuple(dict.fromkeys(found))


def was_asked(looked_up: LookedUp, host: str) -> bool:
    """Whether the real DNS was asked for the host's addresses."""
    return looked_up.answer(host, "A") is not None


def is_key_told(looked_up: LookedUp | None, domain: str, selector: str) -> bool:
    """Whether the real DNS has said which DKIM key a domain publishes, or that it has none."""
    if looked_up is None:
        return False
    answer = looked_up.answer(f"{selector}._domainkey.{domain}", "TXT")
    return answer is not None and answer.rcode in {"NOERROR", "NXDOMAIN"}


def address_to_send_from(looked_up: LookedUp, domain: str) -> str:
    """An address from which the domain's SPF record lets mail come; nothing where it names none.

    The first that is written there, or that ``mx`` or ``a`` stand for.
    """
    left, seen = [domain], set[str]()
    while left and len(seen) < _MOST_SPF_RECORDS:
        name = left.pop(0)
        seen.add(name)
        for term in spf_terms(name, looked_up.answers):
            address = _named_by(term, name, looked_up)
            if address:
                return address
            mechanism, target = spf_target(term)
            if mechanism in {"include", "redirect"} and target and target not in seen:
                left.append(target)
    return ""


def _named_by(term: str, name: str, looked_up: LookedUp) -> str:
    """The first address that a term of an SPF record lets through; nothing where it has none."""
    plain = term.removeprefix("+").lower()
    if plain.startswith("ip4:"):
        return _first_of(plain.removeprefix("ip4:"))
    if plain.partition("/")[0] == "a":
        return next(iter(real_addresses(looked_up, name)), "")
    if plain.partition("/")[0] == "mx":
        hosts = (host for _, host in exchangers_in(looked_up.answer(name, "MX")))
        return next((one for host in hosts for one in real_addresses(looked_up, host)), "")
    return ""


def _first_of(network: str) -> str:
    """The first address of a network that a host can have."""
    try:
        return str(next(iter(ipaddress.IPv4Network(network, strict=False).hosts())))
    except ValueError:
        return ""


def _version(address: str) -> int:
    try:
        return ipaddress.ip_address(address).version
    except ValueError:
        return 0


def records_in(looked_up: LookedUp) -> Iterator[tuple[str, str, str, str]]:
    """Every record that was told: its owner without the final dot, TTL, type and data.

    Owners that no honest name would be like are left out.
    """
    for answer in looked_up.answers:
        for line in answer.records:
            words = line.split(None, 4)
            owner = words[0].removesuffix(".").lower() if words else ""
            if len(words) == 5 and words[1].isdecimal() and _PLAIN.fullmatch(owner):
                yield owner, words[1], words[3], words[4]


def zone_of(name: str) -> str:
    """In which zone a name probably lies: the DNS does not say it, and a guess serves.

    The last two labels, or three below a registry such as ``ac.id``.
    """
    labels = name.split(".")
    second = labels[-2] if len(labels) > 1 else ""
    below_registry = len(labels[-1]) == 2 and len(second) <= 3
    return ".".join(labels[-3:] if below_registry else labels[-2:])
