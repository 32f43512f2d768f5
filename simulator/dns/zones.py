"""Reading zone files: zone-file text (RFC 1035 section 5) into zones, errors with their lines."""

from __future__ import annotations

from collections.abc import Mapping

import dns.exception
import dns.name
import dns.rdataclass
import dns.rdatatype
import dns.tokenizer
import dns.zone
import dns.zonefile
from dns.name import Name
from dns.zone import Zone

_DIRECTIVES = ("$ORIGIN", "$TTL")
"""Those of RFC 1035 and RFC 2308, without ``$INCLUDE``: a zone is text and reads no file."""


class ZoneError(Exception):
    """A zone cannot be read: which one, on which line (from 1; 0 means the whole), and why."""

    def __init__(self, zone: str, line: int, reason: str) -> None:
        where = f"zone {zone}, line {line}" if line else f"zone {zone}"
        super().__init__(f"{where}: {reason}")
        self.zone = zone
        self.line = line
        self.reason = reason


class _Tokens(dns.tokenizer.Tokenizer):
    """The words of a zone file, and where the last of them stood.

    dnspython's own count is already on the next line when a line's last word is found wrong.
    """

    def __init__(self, text: str, zone_name: str) -> None:
        super().__init__(text, zone_name)
        self._last_line = max(1, len(text.splitlines()))
        self._line = 1

    def place(self) -> int:
        """The line of the last word that ended no line."""
        return min(self._line, self._last_line)

    def get(self, want_leading: bool = False, want_comment: bool = False) -> dns.tokenizer.Token:
        fresh, line = self.ungotten_token is None, self.line_number
        try:
            token = super().get(want_leading, want_comment)
        except dns.exception.SyntaxError:
            self._line = line
            raise
        if fresh and not token.is_eol_or_eof():
            self._line = line
        return token


def read_zones(zone_files: Mapping[str, str]) -> tuple[Zone, ...]:
    """The zones of some zone files, by zone name, in their order.

    Names in a zone are absolute. Raises ZoneError.
    """
    zones: dict[Name, Zone] = {}
    for zone_name, text in zone_files.items():
        zone = _read(zone_name, text)
        if zone.origin in zones:
            raise ZoneError(zone_name, 0, "the zone is given twice")
        zones[_origin(zone)] = zone
    return tuple(zones.values())


def _read(zone_name: str, text: str) -> Zone:
    try:
        zone = Zone(dns.name.from_text(zone_name), relativize=False)
    except (dns.exception.DNSException, UnicodeError) as error:
        raise ZoneError(zone_name, 0, f"no name that a zone can have: {error}") from error
    tokens = _Tokens(text, zone_name)
    try:
        with zone.writer(replacement=True) as transaction:
            reader = dns.zonefile.Reader(
                tokens, dns.rdataclass.IN, transaction, allow_directives=_DIRECTIVES
            )
            # Left to itself the reader passes over names outside of the zone without a word.
            reader.zone_origin = dns.name.root
            reader.read()
    except dns.exception.SyntaxError as error:
        reason = _without_place(zone_name, str(error))
        raise ZoneError(zone_name, tokens.place(), reason) from error
    except KeyError as error:
        reason = f"the name does not lie in the zone {zone.origin}"
        raise ZoneError(zone_name, tokens.place(), reason) from error
    except (dns.exception.DNSException, ValueError) as error:
        raise ZoneError(zone_name, tokens.place(), str(error) or type(error).__name__) from error
    _check_apex(zone_name, zone)
    return zone


def _without_place(zone_name: str, reason: str) -> str:
    """The reason alone: dnspython writes ``file:line: reason``."""
    return reason.removeprefix(f"{zone_name}:").partition(": ")[2] or reason


def _check_apex(zone_name: str, zone: Zone) -> None:
    """A zone has a SOA and nameservers at its top (RFC 1034 section 4.2.1)."""
    for rdtype in (dns.rdatatype.SOA, dns.rdatatype.NS):
        if zone.get_rdataset(_origin(zone), rdtype) is None:
            wanted = dns.rdatatype.to_text(rdtype)
            raise ZoneError(zone_name, 0, f"there is no {wanted} record for the zone itself")


def _origin(zone: Zone) -> Name:
    if zone.origin is None:
        raise ValueError("a zone read here always has an origin")
    return zone.origin
