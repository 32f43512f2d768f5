"""Does a domain take mail at all? Asked of a user's recipients, and of strangers who send.

Postfix calls it reject_unknown_recipient_domain and reject_unknown_sender_domain: MX, then A and
AAAA; where the DNS has none of them the reply is 450, because it may be the DNS that is in trouble.
Whatever is held against a sender is said at RCPT only (smtpd_delay_reject).
"""

from __future__ import annotations

from simulator.mail.doorway import Doorway
from simulator.mail.reply import Ruled
from simulator.mail.site import Errand, Site
from simulator.mail.visitor import Visitor
from simulator.scenario.topology import domain_of
from simulator.trace.event import Judged


async def refusal_of_recipient(
    site: Site, door: Doorway, visitor: Visitor, forward_path: str
) -> Ruled | None:
    """The reply where the DNS knows of no server for the recipient; None where it knows one."""
    domain = domain_of(forward_path)
    if not door.asks_for_recipients or domain in door.own_domains:
        return None
    verdict = await _look_up(site, domain, visitor.wire.errand)
    _judge(site, visitor, "recipient.domain", verdict, recipient=forward_path, domain=domain)
    said = f"<{forward_path}>: Recipient address rejected:"
    if verdict == "null-mx":
        text = f"556 5.1.10 {said} Domain {domain} does not accept mail (nullMX)"  # RFC 7505
        return Ruled(text, "rcpt.domain-null-mx")
    if verdict == "unknown":
        return Ruled(f"450 4.1.2 {said} Domain not found", "rcpt.domain-unknown")
    return None


async def refusal_of_sender(site: Site, door: Doorway, visitor: Visitor) -> Ruled | None:
    """The reply where no report could ever reach a stranger's sender; None where it could.

    The null reverse-path is nobody's, and an address in brackets has no domain to ask for.
    """
    sender = visitor.reverse_path
    domain = domain_of(sender)
    known = not domain or domain.startswith("[") or domain in door.own_domains
    if not door.asks_for_senders or visitor.user or known:
        return None
    verdict = await _look_up(site, domain, visitor.wire.errand)
    _judge(site, visitor, "sender.domain", verdict, sender=sender, domain=domain)
    said = f"<{sender}>: Sender address rejected:"
    if verdict == "null-mx":
        text = f"550 5.7.27 {said} Domain {domain} does not accept mail (nullMX)"  # section 4.2
        return Ruled(text, "rcpt.sender-null-mx")
    if verdict == "unknown":
        return Ruled(f"450 4.1.8 {said} Domain not found", "rcpt.sender-unknown")
    return None


async def _look_up(site: Site, domain: str, errand: Errand) -> str:
    for rdtype in ("MX", "A", "AAAA"):
        answer = await site.resolve(domain, rdtype, errand)
        if rdtype == "MX" and [data.split()[-1] for data in answer.data] == ["."]:
            return "null-mx"
        if answer.data:
            return "found"
    return "unknown"


def _judge(site: Site, visitor: Visitor, rule: str, verdict: str, **inputs: str) -> None:
    site.emit(visitor.wire.errand, Judged(rule=rule, verdict=verdict, inputs=inputs))
