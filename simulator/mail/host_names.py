"""Names of hosts: which ones can be, and which one the DNS confirms for an address."""

from __future__ import annotations

import re

import dns.exception
import dns.name

from simulator.dns.stub import reverse_name
from simulator.mail.site import Errand, Site

_HOST_NAME = re.compile(r"[A-Za-z0-9_.-]+")


async def confirmed_name(site: Site, address: str, errand: Errand) -> str:
    """The client's name, where PTR and A agree (forward-confirmed); else nothing."""
    pointer = await site.resolve(reverse_name(address), "PTR", errand)
    if not pointer.data:
        return ""
    name = min(pointer.data).rstrip(".")
    forward = await site.resolve(name, "A", errand)
    return name if address in forward.data else ""


def is_host_name(text: str) -> bool:
    """Whether the DNS can have such a name: labels of 63 octets, 255 in all, none empty."""
    try:
        dns.name.from_text(text)
    except dns.exception.DNSException:
        return False
    return _HOST_NAME.fullmatch(text) is not None
