"""Small turns of speech that every sentence needs: durations, lists, and what a host is called."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from simulator.lessons.language import Catalogue
from simulator.scenario.model import Host
from simulator.scenario.virtual_time import SECOND

_UNITS = (
    ("duration.day", 86_400 * SECOND),
    ("duration.hour", 3_600 * SECOND),
    ("duration.minute", 60 * SECOND),
    ("duration.second", SECOND),
)
_NAMED_AT_MOST = 3
_COMPUTER = "pc-"
"""How the name of a person's own machine begins."""


def duration(words: Catalogue, microseconds: int) -> str:
    """A span of virtual time in its two largest units: ``1 hour 6 minutes``.

    Below ten seconds it is in seconds with a fraction, below one in milliseconds.
    """
    if microseconds < SECOND:
        return words.say_count("duration.millisecond", round(microseconds / 1000))
    if microseconds < 10 * SECOND:
        seconds = f"{microseconds / SECOND:.1f}".replace(".", words.say("number.decimals"))
        return words.say("duration.second.other", count=seconds)
    parts = []
    rest = round(microseconds / SECOND) * SECOND
    for key, unit in _UNITS:
        count, rest = divmod(rest, unit)
        if count:
            parts.append(words.say_count(key, count))
    return " ".join(parts[:2])


def listed(words: Catalogue, things: Sequence[str]) -> str:
    """Things in a row: ``a, b and c``; of many only the first, and how many more there are."""
    if len(things) > _NAMED_AT_MOST + 1:
        rest = words.say("list.more", count=words.number(len(things) - _NAMED_AT_MOST))
        things = (*things[:_NAMED_AT_MOST], rest)
    if len(things) < 2:
        return "".join(things)
    *first, last = things
    return words.say("list.last", first=", ".join(first), last=last)


def person(host: Host) -> str:
    """The person at a mail client, by the name that people would say: ``Ani``."""
    return host.label[:1].upper() + host.label[1:]


class Cast:
    """What the hosts of a run are called in sentences."""

    def __init__(self, words: Catalogue, hosts: Iterable[Host]) -> None:
        self._words = words
        self._hosts = {host.name: host for host in hosts}

    def host(self, name: str) -> str:
        """``Ani's mail client``, ``Tamu's computer`` where somebody types, or a server's name.

        A stranger keeps its name too, and so does a server in whose place somebody types.
        """
        host = self._hosts.get(name)
        if host is None or host.role != "mail_client":
            return name
        if host.owner:
            return self._words.say("host.mail_client", person=person(host))
        if name.startswith(_COMPUTER):
            return self._words.say("host.typist", person=person(host))
        return name

    def person(self, name: str) -> str:
        """Who sits at a mail client; of any other host its name."""
        host = self._hosts.get(name)
        return person(host) if host is not None else name
