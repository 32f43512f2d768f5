"""What a DKIM signature and the key it names must be like, as tables (RFC 6376, 8301, 8463)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

import dkim  # type: ignore[import-untyped]
import dkim.util  # type: ignore[import-untyped]
import nacl.exceptions

from simulator.mail.authentication.dkim_keys import KEY_TYPE

Tags: TypeAlias = dict[bytes, bytes]

BROKEN = (
    dkim.DKIMException,
    dkim.util.InvalidTagValueList,
    nacl.exceptions.CryptoError,
    ValueError,
    TypeError,
    LookupError,
)
"""What dkimpy raises on messages, signatures and keys that are no such thing."""

_LONGEST_SIGNATURE = 4_000
"""Octets of a field that is looked at: dkimpy's time grows faster than its length."""
_RSA_BITS = range(1_024, 4_096 + 1)
"""RFC 8301 section 3.2: smaller keys are no good, larger ones need not be tried."""

_REQUIRED = (b"v", b"a", b"b", b"bh", b"d", b"h", b"s")
_UNPRINTABLE = re.compile(r"[^!-~]")


class Unfit(Exception):  # noqa: N818 - no error of ours: the signature's PERMFAIL
    """A signature or a key that cannot be used, and why (RFC 6376 section 6.1)."""


@dataclass(frozen=True, slots=True)
class VerifyingKey:
    """A key from the DNS, as dkimpy holds it."""

    public: Any
    bits: int
    type: bytes


def signature_tags(value: bytes) -> Tags:
    """The tags of a ``DKIM-Signature`` field. Raises Unfit where it is no list of tags."""
    if len(value) > _LONGEST_SIGNATURE:
        raise Unfit("signature too long")
    return _tags(value, "signature syntax error")


def signed_fields(tags: Tags, at: datetime) -> list[bytes]:
    """The names of the fields that a signature covers, in lower case.

    Raises Unfit where the signature breaks a rule, whatever its key.
    """
    for reason, broken in _SIGNATURE_RULES:
        if broken(tags):
            raise Unfit(reason)
    try:
        # The moments are ours to judge: dkimpy holds them against the machine's clock.
        dkim.validate_signature_fields(
            {tag: value for tag, value in tags.items() if tag not in {b"t", b"x"}}
        )
        expires = int(tags.get(b"x", b"0"))
        signed = int(tags.get(b"t", b"0"))
    except BROKEN as error:
        raise Unfit("signature syntax error") from error
    if b"x" in tags and (expires < at.timestamp() or expires < signed):
        raise Unfit("signature expired")
    return _names(tags)


def key_of(records: Iterable[bytes], tags: Tags) -> VerifyingKey:
    """The first key for this signature among those at its selector (RFC 6376 section 6.1.2).

    Raises Unfit, for the last of them, where none will do.
    """
    unfit = Unfit("no key for signature")
    for record in records:
        try:
            return _key(record, tags)
        except Unfit as reason:
            unfit = reason
    raise unfit


def text_of(value: bytes | None) -> str:
    """A tag's value in printable ASCII, "" where there is none."""
    return _UNPRINTABLE.sub("?", (value or b"").decode("utf-8", "replace"))


def _key(record: bytes, tags: Tags) -> VerifyingKey:
    key = _tags(record, "key syntax error")
    for reason, broken in _KEY_RULES:
        if broken(key, tags):
            raise Unfit(reason)
    type_of_key = KEY_TYPE[tags[b"a"].decode()].encode()
    try:
        # Only what dkimpy needs: it takes lists in other tags for unknown words.
        essence = b"k=%b; p=%b" % (type_of_key, key[b"p"])
        public, bits, _, _ = dkim.evaluate_pk(b"", essence)
    except BROKEN as error:
        raise Unfit("key syntax error") from error
    if type_of_key == b"rsa":
        _check_rsa(public, bits)
    return VerifyingKey(public, bits, type_of_key)


def _check_rsa(public: dict[str, int], bits: int) -> None:
    if bits < _RSA_BITS.start:
        raise Unfit("key too small")
    if bits >= _RSA_BITS.stop or not 0 < public["publicExponent"] < public["modulus"]:
        raise Unfit("key too large")


def _tags(text: bytes, reason: str) -> Tags:
    try:
        tags: Tags = dkim.util.parse_tag_value(text)
    except BROKEN as error:
        raise Unfit(reason) from error
    return tags


def _names(tags: Tags) -> list[bytes]:
    return [name.lower() for name in re.split(rb"\s*:\s*", tags[b"h"])]


def _listed(value: bytes) -> set[bytes]:
    return {word.strip() for word in value.split(b":")}


def _identity_domain(tags: Tags) -> bytes:
    """The domain of ``i=``, which is that of ``d=`` where there is none."""
    return tags.get(b"i", b"@" + tags[b"d"]).rpartition(b"@")[2].lower()


def _is_outside(tags: Tags) -> bool:
    identity, domain = _identity_domain(tags), tags[b"d"].lower()
    return identity != domain and not identity.endswith(b"." + domain)


_SIGNATURE_RULES: tuple[tuple[str, Callable[[Tags], bool]], ...] = (
    ("signature missing required tag", lambda tags: any(tag not in tags for tag in _REQUIRED)),
    ("incompatible version", lambda tags: tags[b"v"] != b"1"),
    # RFC 8301 section 3.1: rsa-sha1 has failed for good.
    ("algorithm not allowed", lambda tags: tags[b"a"].decode("latin-1") not in KEY_TYPE),
    ("From field not signed", lambda tags: b"from" not in _names(tags)),
    ("domain mismatch", _is_outside),
)
"""RFC 6376 section 6.1.1: in order, the reason for a PERMFAIL and what calls for it."""

_KEY_RULES: tuple[tuple[str, Callable[[Tags, Tags], bool]], ...] = (
    ("key syntax error", lambda key, _: key.get(b"v", b"DKIM1") != b"DKIM1" or b"p" not in key),
    ("key revoked", lambda key, _: not key[b"p"]),
    (
        "inappropriate key algorithm",
        lambda key, tags: key.get(b"k", b"rsa").decode("latin-1") != KEY_TYPE[tags[b"a"].decode()],
    ),
    (
        "inappropriate hash algorithm",
        lambda key, _: b"h" in key and b"sha256" not in _listed(key[b"h"]),
    ),
    (
        "key not for mail",
        lambda key, _: not _listed(key.get(b"s", b"*")) & {b"*", b"email"},
    ),
    (
        "domain mismatch",
        lambda key, tags: (
            b"s" in _listed(key.get(b"t", b"")) and _identity_domain(tags) != tags[b"d"].lower()
        ),
    ),
)
"""RFC 6376 sections 3.6.1 and 6.1.2, given the key record's tags and the signature's."""
