"""How a mail client finds the server that it is set up with: by name, and by no MX."""

from __future__ import annotations

from collections.abc import Sequence

from simulator.mail.site import Errand, Resolved, Site
from simulator.trace.event import Judged


async def address_of_own_server(site: Site, server: str, errand: Errand) -> str:
    """The server's first address, or nothing where none was found; the trace says why then."""
    answers = [await site.resolve(server, rdtype, errand) for rdtype in ("A", "AAAA")]
    addresses = [address for answer in answers for address in answer.data]
    if addresses:
        return addresses[0]
    if not site.is_off:
        verdict, rcode = _why(answers)
        inputs = {"server": server, "rcode": rcode}
        site.emit(errand, Judged(rule="own-server", verdict=verdict, inputs=inputs))
    return ""


def _why(answers: Sequence[Resolved]) -> tuple[str, str]:
    """What the answers say of the name, and by which code.

    Only NXDOMAIN says that there is no such name (RFC 8020); a resolver that is silent or in
    trouble has said nothing about it.
    """
    rcodes = [answer.rcode for answer in answers]
    trouble = next((one for one in rcodes if one not in {"NOERROR", "NXDOMAIN"}), "")
    if trouble:
        return ("silent" if trouble == "TIMEOUT" else "failed"), trouble
    return ("unknown", "NXDOMAIN") if "NXDOMAIN" in rcodes else ("no-address", "NOERROR")
