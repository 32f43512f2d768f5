"""Which address a path names, as Postfix reads it, and which paths no server takes."""

from __future__ import annotations

import ipaddress
import re
import unicodedata

from simulator.mail.host_names import a_labels, is_host_name

_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_PARTS = re.compile(r'"(?:[^"\\]|\\.)*"|\\.|[ \t]+|\([^()]*\)|[^"\\ \t(]+|.')
"""Quoted strings, escaped signs, blanks, comments, and all else."""
_SPECIAL = "@.:,"
_LONGEST_DOMAIN = 255  # RFC 5321 section 4.5.3.1.2
_ATOM = re.compile(r"[^\s\"(),;<>@\[\\\]\x00-\x1f\x7f]+")
"""A dot-string (RFC 5321 section 4.1.2), with dots wherever people put them."""
_ROUTE = re.compile(r"@[^:@,]+(?:,@[^:@,]+)*:")
"""A source route, to be ignored (appendix C)."""
_LITERAL = re.compile(r"\[(?:IPv6:(?P<six>[^\]]*)|(?P<four>[^\]]*))\]", re.IGNORECASE)


def address_in(path: str) -> str | None:
    """The address in a path, ``""`` for the null one; None where it names none.

    Brackets may be missing, as Postfix and most others allow; a source route is left out.
    """
    if any(unicodedata.category(sign) in {"Cc", "Cs", "Zl", "Zp"} for sign in path):
        return None  # a line break, also a quoted one, could end a command of the next hop
    inside = _inside(path)
    address = None if inside is None else _without_blanks(inside)
    if address is None:
        return None
    address = _ROUTE.sub("", address, count=1) if address.startswith("@") else address
    local, at, domain = address.rpartition("@")
    if not at:
        return _unquoted(address) if _is_local_part(address) else None
    domain = domain.removesuffix(".")
    if domain.endswith(".") or not is_domain(domain) or not _is_local_part(local):
        return None
    return f"{_unquoted(local)}@{domain}"


def is_domain(domain: str) -> bool:
    """Whether it could be a domain, or an address in brackets."""
    if domain.startswith("["):
        return is_literal(domain)
    if len(domain) > _LONGEST_DOMAIN:
        return False
    domain = a_labels(domain)
    labels = domain.split(".")
    hyphens = any(label.startswith("-") or label.endswith("-") for label in labels)
    return is_host_name(domain) and not hyphens and not all(label.isdigit() for label in labels)


def is_literal(domain: str) -> bool:
    """Whether a domain is an address in brackets (RFC 5321 section 4.1.3)."""
    return address_in_brackets(domain) is not None


def address_in_brackets(
    domain: str,
) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address that stands in brackets in place of a domain; None where none does."""
    found = _LITERAL.fullmatch(domain)
    if found is None:
        return None
    try:
        if found["six"] is not None:
            return ipaddress.IPv6Address(found["six"])
        return ipaddress.IPv4Address(found["four"])
    except ValueError:
        return None


def routes_itself(local_part: str) -> bool:
    """Whether it asks for a way of its own: ``user%elsewhere``, ``elsewhere!user``, ``a@b``.

    Postfix still knows these in order to deny them to strangers (allow_untrusted_routing).
    """
    return any(sign in local_part for sign in "%!@")


def _inside(path: str) -> str | None:
    """A path without its brackets; None where something stands outside of them."""
    path = re.sub(r"^\([^()]*\)", "", path)
    if not path.startswith("<"):
        return path.removesuffix(">")
    while path.startswith("<"):
        if not path.endswith(">"):
            return None
        path = path[1:-1]
    return None if re.search("[<>]", _QUOTED.sub("", path)) else path


def _without_blanks(text: str) -> str | None:
    """Without comments, and blanks beside a sign that parts words; None where one parts two."""
    parts = [part for part in _PARTS.findall(text.strip()) if not part.startswith("(")]
    kept = ""
    for place, part in enumerate(parts):
        if part.isspace():
            after = parts[place + 1][:1] if place + 1 < len(parts) else ""
            if after and after not in _SPECIAL and kept[-1:] not in _SPECIAL:
                return None
        else:
            kept += part
    return kept


def _is_local_part(text: str) -> bool:
    if text.startswith('"'):
        return _QUOTED.fullmatch(text) is not None
    plain = re.sub(r"\\.", "", text)
    return all(not piece or _ATOM.fullmatch(piece) for piece in plain.split("@"))


def _unquoted(local: str) -> str:
    """Without quotes that are not needed (section 4.1.2)."""
    bare = local[1:-1]
    return bare if local.startswith('"') and _ATOM.fullmatch(bare) else local
