"""SPF: whether a domain's owner lets this client send in the domain's name (RFC 7208).

The records are evaluated by pyspf with the limits of RFC 7208 section 4.6.4: ten terms that ask
the DNS, two answers without data. The header field is the one that policyd-spf writes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeAlias, cast

import spf  # type: ignore[import-untyped]

from simulator.mail.authentication.inquiry import (
    DnsFailure,
    Inquiry,
    Lookup,
    Recall,
    strings_of,
)
from simulator.mail.header import Field
from simulator.mail.host_names import a_labels

SpfVerdict: TypeAlias = Literal[
    "pass", "fail", "softfail", "neutral", "none", "permerror", "temperror"
]
Identity: TypeAlias = Literal["mailfrom", "helo"]
"""What was checked; ``helo`` where there is no reverse-path (RFC 7208 section 2.4)."""

_LONGEST_REASON = 500
"""Characters of an explanation that are kept: it is the domain's own text (section 6.2)."""

_UNPRINTABLE = re.compile(r"[^ -~]")
_UNSAFE_IN_COMMENT = re.compile(r"[^ -~]|[()\\]")
_UNSAFE_IN_VALUE = re.compile(r'[^!-~]|[;"()\\]')


@dataclass(frozen=True, slots=True)
class Claim:
    """What a client says of itself: ``reverse_path`` without angle brackets, "" for ``<>``."""

    client_address: str
    helo: str
    reverse_path: str

    @property
    def identity(self) -> Identity:
        """Which of the two names is checked."""
        return "mailfrom" if self.reverse_path else "helo"


@dataclass(frozen=True, slots=True)
class SpfResult:
    """What came of a check.

    ``domain`` is the one that was asked; ``mechanism`` the directive that decided, or the one
    that is wrong; ``reason`` the explanation in printable ASCII, which may be the domain's own.
    """

    verdict: SpfVerdict
    domain: str
    reason: str = ""
    mechanism: str = ""
    identity: Identity = "mailfrom"

    def inputs(self) -> dict[str, str]:
        """What the trace shows of the decision (``trust.spf``)."""
        return {
            "domain": self.domain,
            "identity": self.identity,
            "mechanism": self.mechanism,
            "reason": self.reason,
        }


async def check(claim: Claim, lookup: Lookup, *, receiver: str, at: datetime) -> SpfResult:
    """Evaluate ``check_host()`` (RFC 7208 section 4) for MAIL FROM, or for HELO without one.

    ``receiver`` and ``at`` (with its zone) are what the macros ``%{r}`` and ``%{t}`` of an
    explanation stand for. Raises ValueError where the client's address is none.
    """

    def evaluate(recall: Recall) -> SpfResult:
        return _Evaluation(claim, recall, receiver, at).result()

    return await Inquiry(lookup).settle(evaluate)


def received_spf(claim: Claim, result: SpfResult, receiver: str) -> Field:
    """The ``Received-SPF`` field (RFC 7208 section 9.1), as policyd-spf 3.0 has it."""
    pairs = {
        "identity": result.identity,
        "client-ip": claim.client_address,
        "helo": claim.helo,
        "envelope-from": claim.reverse_path or "<>",
        "receiver": receiver,
    }
    listed = "; ".join(
        f"{name}={_UNSAFE_IN_VALUE.sub('?', value)}" for name, value in pairs.items()
    )
    # policyd-spf leaves a space at the end.
    return "Received-SPF", f"{result.verdict.capitalize()} ({_comment(result)}) {listed} "


def refusal(claim: Claim, result: SpfResult, receiver: str) -> str:
    """What policyd-spf lets Postfix say after ``550 5.7.23 ...: Recipient address rejected:``."""
    scope, name = ("mfrom", claim.reverse_path) if claim.reverse_path else ("helo", claim.helo)
    query = f"s={scope};id={_UNPRINTABLE.sub('?', name)};ip={claim.client_address};r={receiver}"
    why = f"http://www.openspf.net/Why?{query}"
    return f"Message rejected due to: {result.reason}. Please see {why}"


def _comment(result: SpfResult) -> str:
    """For MAIL FROM, policyd-spf writes the identity where the explanation should be."""
    if result.identity == "mailfrom":
        return "mailfrom"
    return _UNSAFE_IN_COMMENT.sub("?", result.reason or "no SPF record")


class _Evaluation(spf.query):  # type: ignore[misc]
    """pyspf's evaluation of one claim, with its door to the DNS and its clock replaced."""

    def __init__(self, claim: Claim, recall: Recall, receiver: str, at: datetime) -> None:
        local_part, _, domain = claim.reverse_path.rpartition("@")
        sender = f"{local_part}@{a_labels(domain)}" if claim.reverse_path else ""
        try:
            super().__init__(
                i=claim.client_address, s=sender, h=a_labels(claim.helo), receiver=receiver
            )
        except spf.PermError as error:
            raise ValueError(f"{claim.client_address!r} is no IP address") from error
        if sender:
            # pyspf takes the first @, but a quoted local part may hold one (RFC 5321 4.1.2).
            self.l, self.o = local_part or "postmaster", a_labels(domain)
            self.d = self.o
        self.t = str(int(at.timestamp()))
        self._identity = claim.identity
        self._recall = recall

    def result(self) -> SpfResult:
        """Run the check. What the recall raises goes through it, except from ``exp=``."""
        verdict, _, explanation = self.check()
        mechanism = self.mechanism or " ".join(map(str, self.mech))
        return SpfResult(
            verdict=cast("SpfVerdict", verdict),
            domain=self.o,
            reason=_UNPRINTABLE.sub("?", explanation)[:_LONGEST_REASON],
            mechanism=_UNPRINTABLE.sub("?", mechanism),
            identity=self._identity,
        )

    def dns(
        self,
        name: str,
        qtype: str,
        cnames: object = None,
        ignore_void: bool = False,
    ) -> list[Any]:
        """Replace pyspf's own look-up: what is recalled, counting the empty answers."""
        try:
            found = [_READ[qtype](data) for data in self._recall(name, qtype)]
        except DnsFailure as failure:
            raise spf.TempError(f"DNS {failure}") from failure
        if not found and not ignore_void:
            self.void_lookups += 1
            if self.void_lookups > spf.MAX_VOID_LOOKUPS:
                raise spf.PermError(f"Void lookup limit of {spf.MAX_VOID_LOOKUPS} exceeded")
        return found


def _exchanger(data: str) -> tuple[int, str]:
    preference, _, host = data.partition(" ")
    return int(preference), host.removesuffix(".")


def _host(data: str) -> str:
    return data.removesuffix(".")


_READ: dict[str, Any] = {
    "A": str,
    "AAAA": str,
    "MX": _exchanger,
    "PTR": _host,
    "TXT": strings_of,
}
"""How pyspf wants the data of each type that SPF asks for."""
