"""How a sending server learns a domain's MTA-STS policy: the DNS, HTTPS, and what it remembers."""

from __future__ import annotations

import ssl
from dataclasses import dataclass

from simulator.mail.authentication.inquiry import strings_of
from simulator.mail.https_client import HttpError, get
from simulator.mail.site import Errand, Site
from simulator.mail.sts import WELL_KNOWN, Policy, PolicyError, identity_in, read_policy
from simulator.scenario.virtual_time import SECOND
from simulator.trace.event import Judged

HTTPS_PORT = 443


@dataclass(frozen=True, slots=True)
class _Kept:
    identity: str
    policy: Policy
    until: int


class StsLookup:
    """The policies that one server knows."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._kept: dict[str, _Kept] = {}

    async def policy(self, domain: str, errand: Errand) -> Policy | None:
        """What the domain wants, as far as can be known now; the trace says how it is known."""
        identity = await self._identity(domain, errand)
        kept = self._kept.get(domain)
        if kept is not None and kept.until <= self._site.now():
            kept = self._kept.pop(domain) and None
        how, reason = "remembered", ""
        if identity and (kept is None or kept.identity != identity):
            fetched, reason = await self._fetched(domain, errand)
            if fetched is not None:
                how = "fetched"
                until = self._site.now() + fetched.max_age * SECOND
                kept = self._kept[domain] = _Kept(identity, fetched, until)
        if kept is None:
            verdict = "unavailable" if identity else "absent"
            self._tell(errand, verdict, domain, "", "", reason)
            return None
        mx = ", ".join(kept.policy.mx)
        self._tell(errand, kept.policy.mode, domain, mx, how, reason)
        return kept.policy

    async def _identity(self, domain: str, errand: Errand) -> str:
        """The id at ``_mta-sts``; where the DNS says nothing, what is remembered counts on."""
        said = await self._site.resolve(f"_mta-sts.{domain}", "TXT", errand)
        return identity_in(b"".join(strings_of(data)) for data in said.data)

    async def _fetched(self, domain: str, errand: Errand) -> tuple[Policy | None, str]:
        """The policy, or why there is none: it may come from nobody else (RFC 8461 section 3.3)."""
        host = f"mta-sts.{domain}"
        addresses = (await self._site.resolve(host, "A", errand)).data
        if not addresses:
            return None, f"{host} has no address"
        try:
            line = await self._site.call(host, addresses[0], HTTPS_PORT, "https", errand)
        except (ConnectionError, TimeoutError):
            return None, f"{host} does not answer"
        try:
            await line.start_tls(host, verify=True)
            return read_policy(await get(line, host, WELL_KNOWN)), ""
        except ssl.SSLError as error:
            return None, f"{host} does not prove its name: {error.reason or error}"
        except (OSError, HttpError, PolicyError) as error:
            return None, str(error) or type(error).__name__
        finally:
            line.close("quit")

    def _tell(
        self, errand: Errand, verdict: str, domain: str, mx: str, how: str, reason: str
    ) -> None:
        inputs = {"domain": domain, "mx": mx, "how": how, "reason": reason}
        self._site.emit(errand, Judged(rule="sts.policy", verdict=verdict, inputs=inputs))
