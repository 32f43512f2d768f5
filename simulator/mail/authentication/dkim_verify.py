"""Verifying DKIM: whether what a domain signed arrived as it was signed (RFC 6376 section 6).

Canonicalization and cryptography are dkimpy's. What a signature and a key must be like is ruled
in ``dkim_rules``: dkimpy judges by the machine's clock, overlooks some rules of the key record,
and does not say why it refuses.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, TypeAlias

import dkim  # type: ignore[import-untyped]

from simulator.mail.authentication.dkim_rules import (
    BROKEN,
    Unfit,
    VerifyingKey,
    key_of,
    signature_tags,
    signed_fields,
    text_of,
)
from simulator.mail.authentication.inquiry import DnsFailure, Inquiry, Lookup
from simulator.mail.header import fields_of

DkimVerdict: TypeAlias = Literal["none", "pass", "fail", "permerror", "temperror"]
"""RFC 8601 section 2.7.1; ``fail`` only where a signature that can be checked does not match."""

MOST_SIGNATURES = 20
"""Signatures of a message that are verified, topmost first (RFC 6376 section 6.1 allows it)."""

_NAME = b"dkim-signature"


@dataclass(frozen=True, slots=True)
class DkimResult:
    """What came of one signature; all but the verdict is empty where there was none.

    ``domain``, ``selector``, ``identity`` and ``algorithm`` are the tags d, s, i and a in printable
    ASCII; ``begins`` is how b= begins, which tells signatures apart (RFC 6008). ``reason`` is in
    the words of RFC 6376 section 6.1.
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
            "key_bits": str(self.key_bits) if self.key_bits else "",
            "reason": self.reason,
        }


async def verify(octets: bytes, lookup: Lookup, *, at: datetime) -> tuple[DkimResult, ...]:
    """The result of every signature, topmost first; ``none`` alone where there is none.

    ``at``, with its zone, is the moment against which ``x=`` is held. Nothing that a message or
    the DNS says makes it raise.
    """
    if not any(name.lower().encode() == _NAME for name, _ in fields_of(octets)):
        return (DkimResult("none"),)
    try:
        message = dkim.DKIM(octets)
    except BROKEN:
        return (DkimResult("permerror", reason="header syntax error"),)
    inquiry = Inquiry(lookup)
    fields = [(name, value) for name, value in message.headers if name.lower() == _NAME]
    return tuple([await _judged(message, one, inquiry, at) for one in fields[:MOST_SIGNATURES]])


async def _judged(
    message: dkim.DKIM, field: tuple[bytes, bytes], inquiry: Inquiry, at: datetime
) -> DkimResult:
    """One signature: is it sound, is there a key, does it match?"""
    result = DkimResult("permerror")
    try:
        tags = signature_tags(field[1])
        result = DkimResult(
            "permerror",
            domain=text_of(tags.get(b"d")),
            selector=text_of(tags.get(b"s")),
            identity=text_of(tags.get(b"i")),
            algorithm=text_of(tags.get(b"a")),
            begins=text_of(b"".join(tags.get(b"b", b"").split())[:8]),
        )
        names = signed_fields(tags, at)
        records = await inquiry.texts(f"{result.selector}._domainkey.{result.domain}")
        return _matched(message, field, tags, names, key_of(records, tags), result)
    except DnsFailure as failure:
        return replace(result, verdict="temperror", reason=f"key unavailable: {failure}")
    except Unfit as unfit:
        return replace(result, reason=str(unfit))


def _matched(
    message: dkim.DKIM,
    field: tuple[bytes, bytes],
    tags: dict[bytes, bytes],
    names: list[bytes],
    key: VerifyingKey,
    result: DkimResult,
) -> DkimResult:
    """Compare the body's hash, then the signature of the header."""
    found = replace(result, verdict="fail", key_bits=key.bits)
    message.pk, message.keysize, message.ktag = key.public, key.bits, key.type
    message.seqtlsrpt = False
    try:
        good = message.verify_sig_process(tags, names, field, None)
    except dkim.ValidationError:
        return replace(found, reason="body hash did not verify")
    except BROKEN as error:
        raise Unfit("signature syntax error") from error
    if good:
        return replace(found, verdict="pass")
    return replace(found, reason="signature did not verify")
