"""The ``Authentication-Results`` field: what a server found out, for whoever reads the mail next.

RFC 8601. Only a field with the server's own name in it can be believed, so a server takes away
those that came in with a mail and claim to be its own (section 5).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from simulator.mail.authentication.dkim_verify import DkimResult
from simulator.mail.authentication.dmarc import DmarcResult
from simulator.mail.authentication.spf import SpfResult
from simulator.mail.header import Field, split_header

_NAME = "Authentication-Results"
_LINE = 78  # RFC 5322 section 2.1.1
_FOLD = "\r\n\t"

_VALUE = re.compile(
    # A token (RFC 2045 section 5.1), or a mailbox of which the local part may be missing.
    r"[!#$%&'*+.^_`{|}~0-9A-Za-z-]+|[!#$%&'*+.^_`{|}~0-9A-Za-z-]*@[0-9A-Za-z.-]+"
)
_UNPRINTABLE = re.compile(r"[^ -~]")
_LONGEST_VALUE = 254
"""Characters of a value that are written: as many as an address may have (RFC 5321 4.5.3.1.3)."""

_FIELD_STARTS = re.compile(rb"(?<=\n)(?=[^ \t])")
_OWN_KIND = re.compile(rb"authentication-results[ \t]*:(.*)", re.IGNORECASE | re.DOTALL)
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*+)"', re.DOTALL)
_UNQUOTED = re.compile(r'[^\s;()"]+')


def authentication_results(
    authserv_id: str,
    *,
    spf: SpfResult | None = None,
    dkim: Sequence[DkimResult] = (),
    dmarc: DmarcResult | None = None,
) -> Field:
    """The field of one server, for those checks that it made; each result on lines of its own.

    ``authserv_id`` is the name by which the server knows its own fields: its host name.
    """
    results = [
        *([_spf(spf)] if spf is not None else []),
        *(_dkim(result) for result in dkim),
        *([_dmarc(dmarc)] if dmarc is not None else []),
    ]
    folded = [_folded(result) for result in results] or ["none"]
    return _NAME, _FOLD.join((f"{authserv_id};", f";{_FOLD}".join(folded)))


def without_forged(octets: bytes, authserv_id: str) -> tuple[bytes, tuple[str, ...]]:
    """A message without the fields that claim to be ``authserv_id``'s, and the values of those.

    Also taken away are fields of which nobody can tell whose they are. All else keeps its octets.
    """
    header = split_header(octets)[0]
    kept, removed = [], []
    for field in _FIELD_STARTS.split(header):
        claimed = _OWN_KIND.match(field)
        if claimed is None or not _could_be(claimed[1].decode("latin-1"), authserv_id):
            kept.append(field)
        else:
            removed.append(claimed[1].decode("latin-1").strip())
    return b"".join((*kept, octets[len(header) :])), tuple(removed)


def _spf(result: SpfResult) -> Iterator[str]:
    yield f"spf={result.verdict}"
    if result.verdict != "pass":
        yield from _reason(result.reason)
    yield from _properties({f"smtp.{result.identity}": result.domain})


def _dkim(result: DkimResult) -> Iterator[str]:
    yield f"dkim={result.verdict}"
    if result.key_bits:
        yield f"({result.key_bits}-bit key)"
    yield from _reason(result.reason)
    yield from _properties(
        {
            "header.d": result.domain,
            "header.i": result.identity,
            "header.a": result.algorithm,
            "header.s": result.selector,
            "header.b": result.begins,
        }
    )


def _dmarc(result: DmarcResult) -> Iterator[str]:
    yield f"dmarc={result.verdict}"
    if result.policy_domain:
        # As large receivers write it: what the owner asks for, and the disposition.
        yield f"(p={result.requested} dis={result.applied})"
    yield from _reason(result.reason)
    # RFC 9989 section 9.1: the policy is a property of a mail that one was applied to.
    applied = result.applied if result.verdict == "fail" else ""
    yield from _properties({"header.from": result.author_domain, "policy.dmarc": applied})


def _reason(reason: str) -> Iterator[str]:
    if reason:
        yield f"reason={_value(reason)}"


def _properties(values: dict[str, str]) -> Iterator[str]:
    return (f"{name}={_value(value)}" for name, value in values.items() if value)


def _value(text: str) -> str:
    """A value as it is where the grammar lets it, else as a quoted string of printable ASCII."""
    safe = _UNPRINTABLE.sub("?", text)[:_LONGEST_VALUE]
    if _VALUE.fullmatch(safe):
        return safe
    escaped = safe.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _folded(words: Iterator[str]) -> str:
    """The words of one result on lines that are not too long."""
    lines = [next(words)]
    for word in words:
        if len(lines[-1]) + len(word) + len("\t ;") > _LINE:
            lines.append(word)
        else:
            lines[-1] += f" {word}"
    return _FOLD.join(lines)


def _could_be(value: str, authserv_id: str) -> bool:
    """Whether a field's value begins with this name, or with what is no name (section 2.2)."""
    text = _after_comments(value)
    quoted = _QUOTED.match(text)
    if quoted is not None:
        name = re.sub(r"\\(.)", r"\1", quoted[1])
    else:
        unquoted = _UNQUOTED.match(text)
        name = unquoted[0] if unquoted is not None else ""
    return name.lower().removesuffix(".") in {"", authserv_id.lower()}


def _after_comments(text: str) -> str:
    """What follows the blanks and comments at the beginning; comments nest (RFC 5322 3.2.2)."""
    depth = place = 0
    while place < len(text):
        character = text[place]
        if character == "(":
            depth += 1
        elif character == ")" and depth:
            depth -= 1
        elif character == "\\" and depth:
            place += 1
        elif not depth and not character.isspace():
            break
        place += 1
    return text[place:]
