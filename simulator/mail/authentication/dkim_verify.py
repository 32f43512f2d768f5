"""Verifying DKIM: whether what a domain signed arrived as it was signed (RFC 6376 section 6).

Canonicalization and cryptography are dkimpy's. What a signature and a key must be like is checked
here: dkimpy judges by the machine's clock, overlooks some rules of the key record, and does not
say why it refuses.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeAlias

import dkim  # type: ignore[import-untyped]
import dkim.util  # type: ignore[import-untyped]
import nacl.exceptions

from simulator.mail.authentication.dkim_keys import KEY_TYPE
from simulator.mail.authentication.inquiry import DnsFailure, Inquiry, Lookup
from simulator.mail.header import fields_of, header_block

DkimVerdict: TypeAlias = Literal["none", "pass", "fail", "permerror", "temperror"]
"""RFC 8601 section 2.7.1; ``fail`` only where a signature that can be checked does not match."""

Tags: TypeAlias = dict[bytes, bytes]

MOST_SIGNATURES = 20
"""Signatures of a message that are verified, topmost first (RFC 6376 section 6.1 allows it)."""

_LONGEST_SIGNATURE = 4_000
"""Octets of a field that is looked at: reading takes time that grows faster than its length."""
_SMALLEST_RSA_KEY, _LARGEST_RSA_KEY = 1_024, 4_096
"""Bits of a key (RFC 8301 section 3.2)."""

# What dkimpy is known to raise on signatures and keys that are broken beyond its own errors.
_BROKEN = (
    dkim.DKIMException,
    dkim.util.InvalidTagValueList,
    nacl.exceptions.CryptoError,
    ValueError,
    TypeError,
    LookupError,
)


@dataclass(frozen=True, slots=True)
class DkimResult:
    """What came of one signature; all but the verdict is empty where there was none.

    ``domain``, ``selector``, ``identity`` and ``algorithm`` are the tags d, s, i and a in printable
    ASCII; ``begins`` is how b= begins, which tells signatures apart (RFC 6008).
    """

    verdict: DkimVerdict
    domain: str = ""
    selector: str = ""
    identity: str = ""
    algorithm: str = ""
    begins: str = ""
    key_bits: int = 0
    reason: str = ""

    def inputs(self) -> dict[str, str]:
        """What the trace shows of the decision (``trust.dkim``)."""
        return {
            "domain": self.domain,
            "selector": self.selector,
            "identity": self.identity,
            "algorithm": self.algorithm,
            "key_bits": str(self.key_bits or ""),
            "reason": self.reason,
        }


class _Unfit(Exception):  # noqa: N818 - no error of ours: the signature's PERMFAIL
    """A signature or a key that cannot be used, and why (RFC 6376 section 6.1)."""


async def verify(octets: bytes, lookup: Lookup, *, at: datetime) -> tuple[DkimResult, ...]:
    """The result of every signature, topmost first; ``none`` alone where there is none.

    ``at``, with its zone, is the moment against which ``x=`` is held. Never raises for what a
    message or the DNS says.
    """
    count = sum(1 for name, _ in fields_of(header_block(octets)) if _is_signature(name))
    if not count:
        return (DkimResult("none"),)
    inquiry = Inquiry(lookup)
    try:
        message = dkim.DKIM(octets)
    except _BROKEN:
        return (DkimResult("permerror", reason="the header cannot be read"),)
    fields = [field for field in message.headers if field[0].lower() == b"dkim-signature"]
    return tuple(
        [await _judged(message, field, inquiry, at) for field in fields[:MOST_SIGNATURES]]
    )
