"""MTA-STS without IO: its record in the DNS, its policy file, whom a policy names (RFC 8461)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

Mode: TypeAlias = Literal["none", "testing", "enforce"]
_MODES: dict[str, Mode] = {mode: mode for mode in get_args(Mode)}

WELL_KNOWN = "/.well-known/mta-sts.txt"
"""Where the policy lies on the host ``mta-sts`` of the domain (section 3.3)."""

_RECORD = re.compile(rb"v=STSv1[ \t]*;[ \t]*id=([A-Za-z0-9]{1,32})[ \t]*(?:;.*)?", re.DOTALL)
_LONGEST_MAX_AGE = 31_557_600
_LARGEST_POLICY = 64 * 1024
"""Octets of a policy that are read; section 3.3 wants a limit."""


class PolicyError(ValueError):
    """What was fetched is no policy; ``str()`` says why."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What a domain wants of those who send to it; ``max_age`` in seconds."""

    mode: Mode
    mx: tuple[str, ...]
    max_age: int

    def names(self, host: str) -> bool:
        """Whether mail may be handed to that host: ``*`` stands for one label (section 4.1)."""
        wanted = host.rstrip(".").lower()
        parent = wanted.partition(".")[2]
        return any(
            one == wanted or (one.startswith("*.") and one[2:] == parent and parent)
            for one in self.mx
        )

    def text(self) -> bytes:
        """The policy file."""
        lines = (
            "version: STSv1",
            f"mode: {self.mode}",
            *(f"mx: {one}" for one in self.mx),
            f"max_age: {self.max_age}",
        )
        return "".join(f"{line}\r\n" for line in lines).encode("ascii")


def record(identity: str) -> str:
    """The text of the TXT record at ``_mta-sts`` (section 3.1)."""
    return f"v=STSv1; id={identity};"


def identity_in(texts: Iterable[bytes]) -> str:
    """The id of the one MTA-STS record among TXT records; none where there are none, or several."""
    found = [text for text in texts if text.startswith(b"v=STSv1")]
    match = _RECORD.fullmatch(found[0]) if len(found) == 1 else None
    return match[1].decode("ascii") if match else ""


def read_policy(octets: bytes) -> Policy:
    """A policy file as values (section 3.2). Raises PolicyError."""
    if len(octets) > _LARGEST_POLICY:
        raise PolicyError("the policy is too large")
    pairs = list(_pairs(octets))
    fields = dict(reversed(pairs))  # of a field given twice the first counts
    if fields.get("version") != "STSv1":
        raise PolicyError("the policy's version is not STSv1")
    mode, age = fields.get("mode", ""), fields.get("max_age", "")
    if mode not in _MODES:
        raise PolicyError("the policy has no mode")
    if not (age.isascii() and age.isdigit() and len(age) < 11):
        raise PolicyError("the policy has no max_age")
    mx = tuple(value.lower() for key, value in pairs if key == "mx")
    if not mx and mode != "none":
        raise PolicyError("the policy names no mx")
    return Policy(_MODES[mode], mx, min(int(age), _LONGEST_MAX_AGE))


def _pairs(octets: bytes) -> Iterator[tuple[str, str]]:
    for line in octets.decode("utf-8", "replace").splitlines():
        key, colon, value = line.partition(":")
        if colon:
            yield key.strip(), value.strip()
