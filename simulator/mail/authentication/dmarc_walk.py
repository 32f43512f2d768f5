"""The DNS Tree Walk: from a domain up to the one that answers for it (RFC 9989 section 4.10)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from simulator.mail.authentication.dmarc_record import PolicyRecord, parse_policy
from simulator.mail.authentication.inquiry import Inquiry

_MOST_LABELS = 7
"""Labels that a long name is cut to after the first question: no walk asks more than eight."""


@dataclass(frozen=True, slots=True)
class Published:
    """A record, and the domain at whose ``_dmarc`` it stands."""

    domain: str
    record: PolicyRecord


@dataclass(frozen=True, slots=True)
class Policy:
    """The record that counts for an Author Domain; ``organizational_domain`` is "" where finding
    it took no walk (section 4.10.1)."""

    published: Published
    organizational_domain: str = ""


class TreeWalks:
    """The walks that one message calls for; what two of them share is asked once."""

    def __init__(self, inquiry: Inquiry) -> None:
        self._inquiry = inquiry

    async def policy_for(self, author: str) -> Policy | None:
        """The policy of an Author Domain: its own, its Organizational Domain's, its suffix's.

        Raises DnsFailure.
        """
        own = await self._published(author)
        if own is not None:
            return Policy(own)
        found = await self._walk(author)
        organizational = _organizational(author, found)
        by_domain = {one.domain: one for one in found}
        suffix = next((one for one in found if one.record.psd == "y"), None)
        published = by_domain.get(organizational) or suffix
        return Policy(published, organizational) if published is not None else None

    async def organizational_domain(self, domain: str) -> str:
        """The domain on top of those that are run together with this one (section 4.10.2).

        Raises DnsFailure.
        """
        return _organizational(domain, await self._walk(domain))

    async def _walk(self, domain: str) -> tuple[Published, ...]:
        """The records on the way up, the longest name first."""
        found = []
        for name in names_on_the_way(domain):
            published = await self._published(name)
            if published is not None:
                found.append(published)
                if published.record.psd != "u":
                    break
        return tuple(found)

    async def _published(self, domain: str) -> Published | None:
        """The record of one domain; several are as good as none."""
        texts = await self._inquiry.texts(f"_dmarc.{domain}")
        records = [record for record in map(parse_policy, texts) if record is not None]
        return Published(domain, records[0]) if len(records) == 1 else None


def names_on_the_way(domain: str) -> Iterator[str]:
    """The domains whose ``_dmarc`` is asked for, if nothing ends the walk before its end."""
    labels = domain.split(".")
    while labels:
        yield ".".join(labels)
        labels = labels[max(1, len(labels) - _MOST_LABELS) :]


def _organizational(domain: str, found: tuple[Published, ...]) -> str:
    for one in found:
        if one.record.psd == "n":
            return one.domain
        if one.record.psd == "y":
            # One label below it; where the walk began at the suffix itself, that is all there is.
            labels = domain.split(".")
            return ".".join(labels[-1 - len(one.domain.split(".")) :])
    return found[-1].domain if found else domain
