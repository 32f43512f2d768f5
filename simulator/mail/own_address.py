"""Which addresses are this machine's own, whatever names the DNS gives them."""

from __future__ import annotations

from ipaddress import ip_address

from simulator.mail.site import Site
from simulator.mail.smtp.paths import address_in_brackets


def is_own_address(site: Site, address: str) -> bool:
    """Whether it leads back to this machine (Postfix: inet_interfaces)."""
    return address in site.addresses or ip_address(address).is_loopback


def names_this_machine(site: Site, domain: str) -> bool:
    """Whether a domain is one of our addresses in brackets (RFC 5321 section 4.1.3)."""
    found = address_in_brackets(domain)
    return found is not None and is_own_address(site, str(found))
