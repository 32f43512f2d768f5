"""How a mail client finds the server that it is set up with: by name, and by no MX."""

from __future__ import annotations

from simulator.mail.site import Errand, Site
from simulator.trace.event import Judged


async def address_of_own_server(site: Site, server: str, errand: Errand) -> str:
    """The server's first address, or nothing where the DNS has none; the trace says so then."""
    addresses: list[str] = []
    for rdtype in ("A", "AAAA"):
        addresses.extend((await site.resolve(server, rdtype, errand)).data)
    if not addresses:
        fact = Judged(rule="route.no-host", verdict="failed", inputs={"domain": server})
        site.emit(errand, fact)
        return ""
    return addresses[0]
