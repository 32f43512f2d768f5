"""A DMARC Policy Record: what a domain's owner asks for, as one table of tags (RFC 9989 4.7)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias, cast

Request: TypeAlias = Literal["none", "quarantine", "reject"]
"""What is asked to be done with mail that fails."""
Alignment: TypeAlias = Literal["r", "s"]
"""Relaxed: of the same Organizational Domain; strict: the same domain."""
Suffix: TypeAlias = Literal["u", "y", "n"]
"""Whether the domain is a Public Suffix Domain: y, n, or left open."""

_REQUESTS = ("none", "quarantine", "reject")
_VALUES = {
    "p": _REQUESTS,
    "sp": _REQUESTS,
    "np": _REQUESTS,
    "adkim": ("r", "s"),
    "aspf": ("r", "s"),
    "psd": ("u", "y", "n"),
    "t": ("n", "y"),
}
"""The tags that decide anything and what each may be, its default first (section 4.8)."""

# Section 4.8: the version comes first, its name in any case, its value exactly so.
_VERSION = re.compile(r"[vV][ \t]*=[ \t]*DMARC1[ \t]*(?:;|\Z)")
_BLANK = " \t"
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[!-~]*")


@dataclass(frozen=True, slots=True)
class PolicyRecord:
    """What a record says, defaults filled in; ``sp`` and ``np`` are None where it is silent.

    ``usable`` is false where a request is garbled and no address for reports is given: then
    DMARC is not applied at all (section 4.10.1). Tags of RFC 7489 that are gone (pct, rf, ri) and
    unknown ones are ignored.
    """

    p: Request = "none"
    sp: Request | None = None
    np: Request | None = None
    adkim: Alignment = "r"
    aspf: Alignment = "r"
    psd: Suffix = "u"
    testing: bool = False
    rua: tuple[str, ...] = ()
    usable: bool = True

    def request_for(self, *, subdomain: bool, exists: bool = True) -> Request:
        """The request that counts for the domain itself, or for one below it."""
        if not subdomain:
            return self.p
        below = self.sp or self.p
        return below if exists else self.np or below


def parse_policy(text: bytes) -> PolicyRecord | None:
    """Read a TXT record, or None where it is no DMARC Policy Record."""
    tags = _tags(text.decode("utf-8", "replace"))
    if tags is None:
        return None
    rua = tuple(uri for uri in map(str.strip, tags.get("rua", "").split(",")) if _is_uri(uri))
    # Section 4.7: a record without p= is read as p=none; one with a garbled request, below.
    garbled = any(tags[tag] not in _REQUESTS for tag in ("p", "sp", "np") if tag in tags)
    requests = {} if garbled else tags
    return PolicyRecord(
        p=cast("Request", requests.get("p", "none")),
        sp=cast("Request | None", requests.get("sp")),
        np=cast("Request | None", requests.get("np")),
        adkim=cast("Alignment", _value("adkim", tags)),
        aspf=cast("Alignment", _value("aspf", tags)),
        psd=cast("Suffix", _value("psd", tags)),
        testing=_value("t", tags) == "y",
        rua=rua,
        usable=bool(rua) or not garbled,
    )


def _tags(text: str) -> dict[str, str] | None:
    """The tags by name; None for another version, or where a tag stands twice (RFC 6376 3.2)."""
    if not _VERSION.match(text):
        return None
    tags: dict[str, str] = {}
    for part in text.split(";"):
        name, equals, value = part.partition("=")
        name = name.strip(_BLANK).lower()
        if name in tags:
            return None
        if equals:
            value = value.strip(_BLANK)
            tags[name] = value.lower() if name in _VALUES else value
    return tags


def _value(tag: str, tags: dict[str, str]) -> str:
    """A tag's value; what is none of those it may have is read as the default (section 4.8)."""
    allowed = _VALUES[tag]
    value = tags.get(tag, allowed[0])
    return value if value in allowed else allowed[0]


def _is_uri(text: str) -> bool:
    """Whether an address for reports could be one, such as ``mailto:dmarc@kampus.example``."""
    return _URI.fullmatch(text) is not None
