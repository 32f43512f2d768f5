"""The Author Domain: the one domain in From, which DMARC speaks of (RFC 9989 section 5.3.1)."""

from __future__ import annotations

import email.errors
import email.policy

from simulator.mail.authentication.inquiry import askable
from simulator.mail.header import fields_of
from simulator.mail.host_names import a_labels

_LONGEST_FROM = 4_000
"""Characters of a From field that are read; the standard parser's time grows faster."""

# What the standard parser is known to raise on broken fields; they name nobody.
_UNREADABLE = (
    email.errors.MessageError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    RecursionError,
)


def author_domain(octets: bytes) -> str | None:
    """The domain of the people in From, in lower case as A-labels; never raises.

    None where there is not exactly one From field, or where it names no domain or several or
    cannot be read: then nobody can say whose policy counts (section 11.5).
    """
    written = [value for name, value in fields_of(octets) if name.lower() == "from"]
    if len(written) != 1 or len(written[0]) > _LONGEST_FROM:
        return None
    try:
        header = email.policy.default.header_factory("From", "".join(written[0].splitlines()))
        domains = {a_labels(address.domain) for address in header.addresses}
        garbled = any(isinstance(one, email.errors.InvalidHeaderDefect) for one in header.defects)
    except _UNREADABLE:
        return None
    if garbled or len(domains) != 1:
        return None
    domain = domains.pop()
    return domain if askable(domain) and not domain.startswith("[") else None
