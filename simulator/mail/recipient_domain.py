"""Does a recipient's domain take mail at all? Asked at RCPT, as long as the sender is there.

Postfix calls it reject_unknown_recipient_domain: MX, then A and AAAA; where the DNS has none of
them the reply is 450, because it may be the DNS that is in trouble.
"""

from __future__ import annotations

from simulator.mail.reply import Ruled
from simulator.mail.site import Errand, Site
from simulator.trace.event import Judged


async def refusal_of_domain(site: Site, forward_path: str, errand: Errand) -> Ruled | None:
    """The reply where the DNS knows of no server for the recipient; None where it knows one."""
    domain = forward_path.rpartition("@")[2].lower()
    verdict = await _look_up(site, domain, errand)
    inputs = {"recipient": forward_path, "domain": domain}
    site.emit(errand, Judged(rule="recipient.domain", verdict=verdict, inputs=inputs))
    said = f"<{forward_path}>: Recipient address rejected:"
    if verdict == "null-mx":
        text = f"556 5.1.10 {said} Domain {domain} does not accept mail (nullMX)"  # RFC 7505
        return Ruled(text, "rcpt.domain-null-mx")
    if verdict == "unknown":
        return Ruled(f"450 4.1.2 {said} Domain not found", "rcpt.domain-unknown")
    return None


async def _look_up(site: Site, domain: str, errand: Errand) -> str:
    for rdtype in ("MX", "A", "AAAA"):
        answer = await site.resolve(domain, rdtype, errand)
        if rdtype == "MX" and [data.split()[-1] for data in answer.data] == ["."]:
            return "null-mx"
        if answer.data:
            return "found"
    return "unknown"
