"""Names of hosts: which ones can be, how the DNS has them, and which one it confirms."""

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


def a_labels(domain: str) -> str:
    """A domain in lower case with its letters beyond ASCII as A-labels (RFC 5890 section 2.3.2.1).

    What cannot be written so stays as it is, and no question can hold it.
    """
    plain = domain.removesuffix(".").lower()
    if plain.isascii():
        return plain
    import idna  # noqa: PLC0415 - its tables are large, and few domains need them

    try:
        return idna.encode(plain, uts46=True).decode("ascii")
    except idna.IDNAError:
        return plain


def with_a_labels(address: str) -> str:
    """An address, its domain as the DNS has it; one in plain ASCII is left as it is.

    With SMTPUTF8 a domain may come in either form, and both mean the same (RFC 6531 section 3.3).
    """
    local_part, at, domain = address.rpartition("@")
    return address if domain.isascii() else f"{local_part}{at}{a_labels(domain)}"
