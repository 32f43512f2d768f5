"""A look into the text: points for what spam tends to say, and a mark for what has too many.

Accepted is not the inbox: a mail with too many points is taken with a 250 and filed as Junk. It
writes as SpamAssassin does.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from simulator.mail.header import Field, fields_of, split_header, subject_of, without_fields
from simulator.mail.local_delivery import JUNK_MARK, is_marked_as_junk
from simulator.mail.mime_parts import words_of
from simulator.mail.reply import Ruled
from simulator.mail.site import Site
from simulator.mail.visitor import Finding, Trust, Visitor
from simulator.trace.event import Judged

_RULES = Path(__file__).with_name("content_rules.toml")
_FOLD = "\r\n\t"
_OWN_FIELDS = frozenset({"x-spam-flag", "x-spam-score", "x-spam-status", "x-spam-level"})
_LONGEST_TEXT = 200_000
"""Characters that are looked at; spam says what it wants to say sooner."""


class ContentRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that is looked for, and what a finding is worth."""

    name: str
    points: float
    pattern: str
    where: Literal["text", "subject"] = "text"
    """The subject alone, or everything that people read."""
    capitals_count: bool = False


class RuleBook(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All rules, and from how many points on a mail is spam."""

    required: float
    rule: tuple[ContentRule, ...]


@dataclass(frozen=True, slots=True)
class Scan:
    """What was found in a message."""

    hits: tuple[ContentRule, ...]
    required: float

    @property
    def score(self) -> float:
        """The points of all findings."""
        return sum(hit.points for hit in self.hits)

    @property
    def is_spam(self) -> bool:
        """Whether there are as many points as make a mail spam."""
        return self.score >= self.required

    def inputs(self) -> dict[str, str]:
        """What the trace shows of it (``content.scan``)."""
        return {
            "score": f"{self.score:.1f}",
            "required": f"{self.required:.1f}",
            "rules": ", ".join(f"{hit.name} {hit.points:.1f}" for hit in self.hits) or "-",
        }

    def fields(self) -> tuple[Field, ...]:
        """The fields to put on top, without the mark that decides the folder."""
        names = ",".join(hit.name for hit in self.hits) or "none"
        verdict = "Yes" if self.is_spam else "No"
        status = (
            f"{verdict}, score={self.score:.1f} required={self.required:.1f}{_FOLD}tests={names}"
        )
        return (("X-Spam-Score", f"{self.score:.1f}"), ("X-Spam-Status", status))


@cache
def rule_book() -> RuleBook:
    """The rules as they are shipped."""
    return msgspec.convert(tomllib.loads(_RULES.read_text("utf-8")), RuleBook)


def scan(octets: bytes) -> Scan:
    """Look at a message's subject and texts; never raises."""
    subject = subject_of(octets)
    text = f"{subject}\n{' '.join(words_of(octets).split())}"[:_LONGEST_TEXT]
    book = rule_book()
    hits = (
        rule for rule in book.rule if _found(rule, subject if rule.where == "subject" else text)
    )
    return Scan(tuple(hits), book.required)


def _found(rule: ContentRule, text: str) -> bool:
    flags = 0 if rule.capitals_count else re.IGNORECASE
    return re.search(rule.pattern, text, flags) is not None


class Scanning:
    """A receiving port that looks into the text, after whatever else it checks.

    ``own_servers`` are the addresses of the domain's other exchangers, which have looked already.
    """

    def __init__(self, site: Site, own_servers: frozenset[str], checking: Trust | None) -> None:
        self._site = site
        self._own_servers = own_servers
        self._checking = checking

    async def judge_client(self, visitor: Visitor, forward_path: str) -> Ruled | None:
        """A text has not come yet."""
        return await self._checking.judge_client(visitor, forward_path) if self._checking else None

    async def judge_message(self, visitor: Visitor, octets: bytes) -> Finding:
        """Score the message; what it claims of itself counts for nothing."""
        finding = Finding(octets)
        if self._checking:
            finding = await self._checking.judge_message(visitor, octets)
        if finding.refusal is not None:
            return finding
        if visitor.address in self._own_servers:
            marked = not finding.stamps and is_marked_as_junk(octets)
            return Finding(octets, (JUNK_MARK,)) if marked else finding
        found = scan(finding.octets)
        verdict = "spam" if found.is_spam else "clean"
        fact = Judged(rule="content.scan", verdict=verdict, inputs=found.inputs())
        self._site.emit(visitor.wire.errand, fact)
        others = tuple(stamp for stamp in finding.stamps if stamp != JUNK_MARK)
        junk = found.is_spam or len(others) < len(finding.stamps)
        stamps = (*((JUNK_MARK,) if junk else ()), *found.fields(), *others)
        return Finding(self._without_claims(visitor, finding.octets), stamps)

    def _without_claims(self, visitor: Visitor, octets: bytes) -> bytes:
        """A message without the fields in which it speaks as a scan does; each is told."""
        header = split_header(octets)[0]
        for name, value in fields_of(header):
            if name.lower() in _OWN_FIELDS:
                claim = {"name": name, "value": " ".join(value.split())}
                fact = Judged(rule="content.claim", verdict="removed", inputs=claim)
                self._site.emit(visitor.wire.errand, fact)
        return without_fields(header, _OWN_FIELDS) + octets[len(header) :]
