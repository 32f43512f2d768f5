"""What a check has asked the DNS and been told: every question once, answers as plain text.

The checks take one door to the DNS, ``Lookup``; in a simulation the host's resolver stands
behind it. Libraries that expect to wait for an answer are run again with what is known now
until they ask nothing new (``Inquiry.settle``), so they need no thread and no patch.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias, TypeVar, cast

import dns.exception
import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype
from dns.rdtypes.ANY.TXT import TXT

from simulator.mail.site import Resolved

Lookup: TypeAlias = Callable[[str, str], Awaitable[Resolved]]
"""Asks the DNS for a name (without its final dot) and a type. What it gives never raises here:
an rcode other than NOERROR and NXDOMAIN, such as SERVFAIL or TIMEOUT, means: not known now."""

Recall: TypeAlias = Callable[[str, str], tuple[str, ...]]
"""Gives the data of a name and a type at once; raises DnsFailure where the DNS failed."""

_Settled = TypeVar("_Settled")

_LONGEST_STRING = 255
"""Octets of one character-string in a TXT record (RFC 1035 section 3.3)."""


class DnsFailure(Exception):  # noqa: N818 - no error of ours: the DNS did not say, now
    """The DNS did not say; asking again later may help."""

    def __init__(self, name: str, rdtype: str, rcode: str) -> None:
        super().__init__(f"{rcode} for {name} {rdtype}")


class _NotYetKnown(Exception):  # noqa: N818 - a signal that never leaves this module
    """Whoever is being run wants to know something that nobody has asked yet."""


class Inquiry:
    """One check's questions to the DNS; each is put once, however often it comes up."""

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup
        self._said: dict[tuple[str, str], Resolved] = {}

    async def data(self, name: str, rdtype: str) -> tuple[str, ...]:
        """The data of the records; empty where there are none, or where no such name can be.

        Raises DnsFailure.
        """
        asked = askable(name)
        if asked is None:
            return ()
        await self._learn(asked, rdtype)
        return self._known(asked, rdtype)

    async def texts(self, name: str) -> tuple[bytes, ...]:
        """The TXT records of a name, each as one text. Raises DnsFailure."""
        return tuple(b"".join(strings_of(data)) for data in await self.data(name, "TXT"))

    async def exists(self, name: str) -> bool:
        """Whether the name stands in the DNS, with whatever records (RFC 8020).

        Raises DnsFailure.
        """
        asked = askable(name)
        if asked is None:
            return False
        await self._learn(asked, "A")
        self._known(asked, "A")
        return self._said[asked, "A"].rcode != "NXDOMAIN"

    async def settle(self, work: Callable[[Recall], _Settled]) -> _Settled:
        """What ``work`` comes to, once everything that it wants to recall is known."""
        while True:
            missing: list[tuple[str, str]] = []
            try:
                result = work(self._recall(missing))
            except _NotYetKnown:
                pass
            else:
                # A library may have swallowed the signal and gone on with less than it asked for.
                if not missing:
                    return result
            await self._learn(*missing[0])

    def _recall(self, missing: list[tuple[str, str]]) -> Recall:
        def recall(name: str, rdtype: str) -> tuple[str, ...]:
            asked = askable(name)
            if asked is None:
                return ()
            if (asked, rdtype) not in self._said:
                missing.append((asked, rdtype))
                raise _NotYetKnown
            return self._known(asked, rdtype)

        return recall

    async def _learn(self, asked: str, rdtype: str) -> None:
        if (asked, rdtype) not in self._said:
            self._said[asked, rdtype] = await self._lookup(asked, rdtype)

    def _known(self, asked: str, rdtype: str) -> tuple[str, ...]:
        said = self._said[asked, rdtype]
        if said.rcode not in {"NOERROR", "NXDOMAIN"}:
            raise DnsFailure(asked, rdtype, said.rcode)
        return said.data


def askable(name: str) -> str | None:
    """A name in lower case as a question can hold it, or None where no DNS name is like that.

    Every character but the dot stands for itself: what would mean something in a zone file is
    escaped (RFC 1035 section 5.1).
    """
    try:
        labels = [label.encode("ascii") for label in name.removesuffix(".").lower().split(".")]
        return dns.name.Name((*labels, b"")).to_text(omit_final_dot=True)
    except (UnicodeEncodeError, dns.exception.DNSException):
        return None


def strings_of(data: str) -> tuple[bytes, ...]:
    """The character-strings of a TXT record, from its data as a zone file has it."""
    rdata = dns.rdata.from_text(dns.rdataclass.IN, dns.rdatatype.TXT, data)
    return cast("TXT", rdata).strings


def txt_data(text: str) -> str:
    """A text as the data of a TXT record, in as many character-strings as it needs.

    Raises UnicodeEncodeError for a text that is not ASCII.
    """
    octets = text.encode("ascii")
    starts = range(0, len(octets) or 1, _LONGEST_STRING)
    strings = [octets[start : start + _LONGEST_STRING] for start in starts]
    return TXT(dns.rdataclass.IN, dns.rdatatype.TXT, strings).to_text()
