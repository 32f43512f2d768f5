"""What a server does with SPF, DKIM and DMARC: it signs, checks, refuses, and writes down.

Only where a domain has these settings is this module imported: the libraries behind it take a
while.
"""

from __future__ import annotations

import random

from simulator.mail.authentication import dkim_verify, dmarc, spf
from simulator.mail.authentication.author import author_domain
from simulator.mail.authentication.dkim_keys import PrivateKey, public_record, throwaway_key
from simulator.mail.authentication.dkim_sign import sign
from simulator.mail.authentication.inquiry import Lookup
from simulator.mail.authentication.results import authentication_results, without_forged
from simulator.mail.header import Field
from simulator.mail.local_delivery import JUNK_MARK, is_marked_as_junk
from simulator.mail.reply import Ruled
from simulator.mail.site import Errand, Resolved, Site
from simulator.mail.visitor import Finding, Visitor
from simulator.trace.event import Judged


def dkim_key(seed: int, domain: str) -> PrivateKey:
    """The key that a domain signs with in a run of this seed."""
    return throwaway_key("rsa-sha256", random.Random(f"{seed}:dkim:{domain}"))


def dkim_record(selector: str, key: PrivateKey) -> str:
    """The line of the domain's zone file that publishes a key (RFC 6376 section 3.6.2)."""
    return f"{selector}._domainkey 3600 IN TXT {public_record(key)}"


class Signing:
    """Signs what begins its way at this server in its domain's name (RFC 6376 section 5.1).

    On a submission port that is its users' mail; ``any_author`` is for mail that the server
    writes itself, such as a list's: a domain may sign for more than its own authors. It
    ``stands_in`` where the key that the DNS shows is another's: then no signature fits.
    """

    def __init__(
        self,
        site: Site,
        domain: str,
        selector: str,
        key: PrivateKey,
        *,
        any_author: bool = False,
        stands_in: bool = False,
    ) -> None:
        self._site = site
        self._domain = domain
        self._selector = selector
        self._key = key
        self._any_author = any_author
        self._stands_in = stands_in

    async def judge_client(self, visitor: Visitor, forward_path: str) -> Ruled | None:
        """Its own users have proved who they are."""
        return None

    async def judge_message(self, visitor: Visitor, octets: bytes) -> Finding:
        """Sign a user's mail."""
        return Finding(octets, self.signature(octets, visitor.wire.errand))

    def signature(self, octets: bytes, errand: Errand) -> tuple[Field, ...]:
        """The signature, where there is one to give; a mail that cannot be signed goes without."""
        author = author_domain(octets)
        if author != self._domain and not self._any_author:
            self._tell(errand, "unsigned", f"From is of {author or 'nobody'}")
            return ()
        try:
            signature = sign(
                octets,
                domain=self._domain,
                selector=self._selector,
                private_key=self._key,
                at=self._site.date(),
            )
        except ValueError as error:
            self._tell(errand, "unsigned", str(error))
            return ()
        self._tell(errand, "stand-in" if self._stands_in else "signed", "")
        return (signature,)

    def _tell(self, errand: Errand, verdict: str, reason: str) -> None:
        inputs = {"domain": self._domain, "selector": self._selector, "reason": reason}
        self._site.emit(errand, Judged(rule="trust.dkim-sign", verdict=verdict, inputs=inputs))


class Checking:
    """A receiving port checks SPF at RCPT, DKIM and DMARC after the message.

    ``own_servers`` are the addresses of the domain's other exchangers. Who is behind them they
    alone have seen, so what they found out stands and nothing is checked again.
    """

    def __init__(self, site: Site, own_servers: frozenset[str]) -> None:
        self._site = site
        self._own_servers = own_servers

    async def judge_client(self, visitor: Visitor, forward_path: str) -> Ruled | None:
        """Whether the client may use these names; refused is only what their owners deny.

        RFC 7208 section 8.4 leaves the refusal to the receiver; policyd-spf refuses.
        """
        if visitor.address in self._own_servers:
            return None
        result = await self._spf_of(visitor)
        if result.verdict != "fail":
            return None
        why = spf.refusal(_claim(visitor, result.identity), result, self._site.name)
        text = f"550 5.7.23 <{forward_path}>: Recipient address rejected: {why}"
        return Ruled(text, "rcpt.spf-fail")

    async def judge_message(self, visitor: Visitor, octets: bytes) -> Finding:
        """Verify its signatures, and do what the author's domain asks for (RFC 9989)."""
        if visitor.address in self._own_servers:
            return Finding(octets, (JUNK_MARK,) if is_marked_as_junk(octets) else ())
        octets = self._without_forged(visitor, octets)
        result = await self._spf_of(visitor)
        lookup = self._lookup(visitor)
        signatures = await dkim_verify.verify(octets, lookup, at=self._site.date())
        for signature in signatures:
            self._judge(visitor, "trust.dkim", signature.verdict, **signature.inputs())
        policy = await dmarc.evaluate(author_domain(octets), result, signatures, lookup)
        self._judge(visitor, "trust.dmarc", policy.verdict, **policy.inputs())
        if policy.applied == "reject":
            # OpenDMARC's words.
            text = f"550 5.7.1 rejected by DMARC policy for {policy.author_domain}"
            return Finding(octets, refusal=Ruled(text, "data.dmarc-reject"))
        name = self._site.name
        stamps: tuple[Field, ...] = (
            authentication_results(name, spf=result, dkim=signatures, dmarc=policy),
            spf.received_spf(_claim(visitor, result.identity), result, name),
        )
        if policy.applied == "quarantine":
            self._judge(visitor, "trust.folder", "junk", author=policy.author_domain)
            stamps = (JUNK_MARK, *stamps)
        return Finding(octets, stamps)

    async def _spf_of(self, visitor: Visitor) -> spf.SpfResult:
        """The result for this mail transaction; the DNS is asked once.

        HELO comes first, as RFC 7208 section 2.3 recommends, and decides where its owner denies
        it, or where there is no reverse-path.
        """
        if visitor.spf is None:
            visitor.spf = await self._checked(visitor, "helo")
            if visitor.spf.verdict != "fail" and visitor.reverse_path:
                visitor.spf = await self._checked(visitor, "mailfrom")
        return visitor.spf

    async def _checked(self, visitor: Visitor, identity: spf.Identity) -> spf.SpfResult:
        claim = _claim(visitor, identity)
        lookup = self._lookup(visitor)
        name, date = self._site.name, self._site.date()
        result = await spf.check(claim, lookup, receiver=name, at=date)
        inputs = {"address": visitor.address, **result.inputs()}
        self._judge(visitor, "trust.spf", result.verdict, **inputs)
        return result

    def _without_forged(self, visitor: Visitor, octets: bytes) -> bytes:
        kept, forged = without_forged(octets, self._site.name)
        for value in forged:
            self._judge(visitor, "trust.forged", "removed", value=" ".join(value.split()))
        return kept

    def _lookup(self, visitor: Visitor) -> Lookup:
        async def lookup(name: str, rdtype: str) -> Resolved:
            return await self._site.resolve(name, rdtype, visitor.wire.errand)

        return lookup

    def _judge(self, visitor: Visitor, rule: str, verdict: str, **inputs: str) -> None:
        self._site.emit(visitor.wire.errand, Judged(rule=rule, verdict=verdict, inputs=inputs))


def _claim(visitor: Visitor, identity: spf.Identity) -> spf.Claim:
    """What the client says of itself, as far as this check looks at it."""
    reverse_path = visitor.reverse_path if identity == "mailfrom" else ""
    return spf.Claim(visitor.address, visitor.helo, reverse_path)
