"""DMARC: whether the domain in From stands behind a mail, and what it asks for if not (RFC 9989).

Held against the working group's last text before it became the RFC (draft-ietf-dmarc-dmarcbis-41),
and against what checkers that name the RFC do.

A mail passes where SPF or DKIM passed for a domain that is aligned with the Author Domain, the
domain in From, which is the one that people see.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from simulator.mail.authentication.dkim_verify import DkimResult
from simulator.mail.authentication.dmarc_record import Alignment, Request
from simulator.mail.authentication.dmarc_walk import Policy, TreeWalks
from simulator.mail.authentication.inquiry import DnsFailure, Inquiry, Lookup
from simulator.mail.authentication.spf import SpfResult
from simulator.mail.host_names import a_labels

DmarcVerdict: TypeAlias = Literal["pass", "fail", "none", "permerror", "temperror"]
"""``none``: no policy applies. ``permerror``: there is not one Author Domain to ask for."""

_ONE_LEVEL_BELOW: dict[Request, Request] = {
    "none": "none",
    "quarantine": "none",
    "reject": "quarantine",
}
"""What ``t=y`` makes of a request (section 4.7)."""


@dataclass(frozen=True, slots=True)
class DmarcResult:
    """What came of the evaluation.

    ``requested`` is what the policy asks for mail from this domain that fails; ``applied`` what is
    to be done with this mail: nothing unless it failed, and one level less where the owner is
    ``testing``. ``organizational_domain`` is "" where nothing made it necessary to look for it.
    """

    verdict: DmarcVerdict
    author_domain: str
    policy_domain: str = ""
    organizational_domain: str = ""
    requested: Request = "none"
    applied: Request = "none"
    aligned_spf: bool = False
    aligned_dkim: bool = False
    testing: bool = False
    reason: str = ""

    def inputs(self) -> dict[str, str]:
        """What the trace shows of the decision (``trust.dmarc``)."""
        return {
            "author": self.author_domain,
            "policy_domain": self.policy_domain,
            "organizational_domain": self.organizational_domain,
            "requested": self.requested,
            "applied": self.applied,
            "spf": _aligned_or_not(self.aligned_spf),
            "dkim": _aligned_or_not(self.aligned_dkim),
            "testing": "yes" if self.testing else "no",
            "reason": self.reason,
        }


async def evaluate(
    from_domain: str | None, spf: SpfResult, dkim: Sequence[DkimResult], lookup: Lookup
) -> DmarcResult:
    """Discover the policy, compare the identifiers, decide (sections 4.10 and 5.3).

    ``from_domain`` is what ``author_domain`` found; None where it is not one domain, and then
    nothing can be evaluated.
    """
    if from_domain is None:
        return DmarcResult("permerror", "", reason="not one author domain")
    author = a_labels(from_domain)
    inquiry = Inquiry(lookup)
    walks = TreeWalks(inquiry)
    try:
        policy = await walks.policy_for(author)
        if policy is None or not policy.published.record.usable:
            return DmarcResult("none", author)
        requested = await _request(author, policy, inquiry)
    except DnsFailure as failure:
        return DmarcResult("temperror", author, reason=str(failure))
    return await _decided(author, policy, requested, spf, dkim, walks)


async def _request(author: str, policy: Policy, inquiry: Inquiry) -> Request:
    """What the policy asks for; whether a subdomain exists is found out only where it matters."""
    record = policy.published.record
    subdomain = policy.published.domain != author
    existing = record.request_for(subdomain=subdomain)
    missing = record.request_for(subdomain=subdomain, exists=False)
    if existing == missing or await inquiry.exists(author):
        return existing
    return missing


async def _decided(
    author: str,
    policy: Policy,
    requested: Request,
    spf: SpfResult,
    dkim: Sequence[DkimResult],
    walks: TreeWalks,
) -> DmarcResult:
    record = policy.published.record
    alignments = _Alignments(author, policy.organizational_domain, walks)
    by_spf = [spf.domain] if spf.verdict == "pass" else []
    by_dkim = [result.domain for result in dkim if result.verdict == "pass"]
    spf_aligned = await alignments.any_of(by_spf, record.aspf)
    dkim_aligned = await alignments.any_of(by_dkim, record.adkim)
    verdict = _verdict(spf_aligned, dkim_aligned)
    # Where nobody had to look further, the common domain is taken for the Organizational Domain.
    common = author if verdict == "pass" else ""
    to_apply = _ONE_LEVEL_BELOW[requested] if record.testing else requested
    return DmarcResult(
        verdict,
        author,
        policy_domain=policy.published.domain,
        organizational_domain=alignments.organizational_domain or common,
        requested=requested,
        applied=to_apply if verdict == "fail" else "none",
        aligned_spf=spf_aligned is True,
        aligned_dkim=dkim_aligned is True,
        testing=record.testing,
        reason=alignments.failure if verdict == "temperror" else "",
    )


def _verdict(*aligned: bool | None) -> DmarcVerdict:
    """Section 5.3.5: one aligned identifier is enough; None is where the DNS did not say."""
    if True in aligned:
        return "pass"
    return "temperror" if None in aligned else "fail"


class _Alignments:
    """Which authenticated domains belong together with the Author Domain (section 4.10.2)."""

    def __init__(self, author: str, organizational_domain: str, walks: TreeWalks) -> None:
        self._author = author
        self._walks = walks
        self.organizational_domain = organizational_domain
        self.failure = ""
        """What the DNS did not say."""

    async def any_of(self, identifiers: Iterable[str], mode: Alignment) -> bool | None:
        """Whether one of them is aligned; None where the DNS failed before one was."""
        failed = False
        for identifier in dict.fromkeys(map(a_labels, identifiers)):
            try:
                if await self._is_aligned(identifier, mode):
                    return True
            except DnsFailure as failure:
                failed, self.failure = True, str(failure)
        return None if failed else False

    async def _is_aligned(self, identifier: str, mode: Alignment) -> bool:
        if identifier == self._author or mode == "s":
            return identifier == self._author
        return await self._has_same_organization(identifier)

    async def _has_same_organization(self, identifier: str) -> bool:
        """Relaxed alignment; a name outside the Organizational Domain needs no walk."""
        if not self.organizational_domain:
            walk = self._walks.organizational_domain(self._author)
            self.organizational_domain = await walk
        organization = self.organizational_domain
        if identifier != organization and not identifier.endswith(f".{organization}"):
            return False
        return await self._walks.organizational_domain(identifier) == organization


def _aligned_or_not(aligned: bool) -> str:
    return "aligned" if aligned else "not aligned"
