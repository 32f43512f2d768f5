"""What a sending server is put to: a mail, and the scripts of the servers that are to take it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from tests.judges.scripted_server import Script

SENDER, SENDING_SERVER = "ani@kampus.example", "smtp.kampus.example"
MX = ("mx1", "mx2")
"""What the servers are called, in the order of their preference."""
REFUSED: Script = {}
"""No server at all: the port refuses."""

_NUMBER_OF_OCTETS = re.compile(r"\bSIZE=(\d+)")


@dataclass(frozen=True, slots=True)
class Case:
    """One mail to ``users`` of a domain; ``scripts`` are of its exchangers, the first one first."""

    name: str
    scripts: tuple[Script, ...]
    users: tuple[str, ...] = ("citra",)
    mail: dict[str, Any] = field(default_factory=dict)
    """What else is special about the mail (``scenario.model.Mail``); ``{domain}`` is the domain."""

    in_step: bool = True
    """Whether each reply answers a command; else nobody can tell what waited for what."""
    seals: bool = False
    """Whether the sending server uses STARTTLS where it is offered."""

    @property
    def is_slow(self) -> bool:
        """Whether a server says nothing somewhere, so that one must wait."""
        return any("<silent>" in str(script) for script in self.scripts)


@dataclass
class Course:
    """What a sending server did with a case, as lines by topic, its domain under one name."""

    domain: str
    in_step: bool = True
    said: list[str] = field(default_factory=list)
    """What the exchangers heard."""
    outcomes: list[str] = field(default_factory=list)
    """What became of each recipient."""
    reports: list[list[str]] = field(default_factory=list)
    """What its sender was told of it."""
    messages: list[bytes] = field(default_factory=list)
    """What was taken."""
    open: int = 0
    """Connections that are not closed yet."""

    def hear(self, mx: str, segment: list[str]) -> None:
        """A server heard what was said in one segment; ``+`` stands before what did not wait."""
        first, *others = segment
        self.said += [f"{mx}: {first}", *(f"{mx}+ {one}" for one in others)]

    def keep(self, message: bytes) -> None:
        """A server was given a message: the size that was told before must be its own."""
        self.messages.append(message)
        told = "SIZE=(its own)" if f"SIZE={len(message)}" in self._envelope() else "SIZE=(another)"
        self.said = [_NUMBER_OF_OCTETS.sub(told, line) for line in self.said]

    def topics(self) -> dict[str, list[str]]:
        """All of it."""
        said = [_NUMBER_OF_OCTETS.sub("SIZE=n", line) for line in self.said]
        if not self.in_step:
            said = [line.replace("+ ", ": ", 1) for line in said]
        # Which of two reports is written first is chance with Postfix.
        in_order = enumerate(sorted(self.reports, key=_about), 1)
        reports = {f"report {place}": lines for place, lines in in_order}
        found = {"said": said, "outcomes": sorted(self.outcomes), **reports}
        return {topic: [*map(self._masked, lines)] for topic, lines in found.items()}

    def _masked(self, line: str) -> str:
        return line.replace(self.domain, "kantor.example")

    def _envelope(self) -> str:
        return next((line for line in reversed(self.said) if "MAIL FROM" in line), "")


def _about(report: list[str]) -> list[str]:
    """What tells a report from another one on the same mail."""
    return [line for line in report if line.startswith(("Subject:", "Final-Recipient:"))]
