"""The facts of the captured cases: what real Postfix, Dovecot and their clients did."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

CAPTURED = Path(__file__).parent / "captured"
REFUSED = "(refused)"
"""All there is of a conversation where nobody listened on the port."""
BARE = "<bare LF>"
"""How the captures mark a line that ended in LF alone."""
SEALED = "C: (message, sealed)"
"""A message that was sent inside TLS: that it was sent is known, not what it was."""

_SHORT_NAMES = {"evil": "host99.asing.example", "exim": "mail.warung.example"}
"""What the captures call two hosts where they ask the DNS."""
_PARTS = ("header", "notification", "status", "returned mail")
"""A bounce's header, and its parts in order (RFC 6522 section 3)."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """One connection: who spoke to whom, and the lines that were said."""

    port: int
    client: str
    server: str
    script: list[str]

    @property
    def topic(self) -> str:
        """What it is called in the table of differences."""
        return f"{self.port} {self.client} > {self.server}"

    @property
    def seen(self) -> list[str]:
        """The lines, with every message told alike, also one that was taken for commands."""
        return list(_with_whole_messages(self.script))


def _with_whole_messages(script: Iterable[str]) -> Iterator[str]:
    """What was sent ahead behind DATA, or with a bare LF, is a message to who sent it."""
    sign, before = "", ""
    for line in script:
        is_end = line[3:].startswith("(message")
        if not sign and (line.endswith(BARE) or (before[3:] == "DATA" and line.startswith("C+"))):
            sign = line[:2]
        if is_end:
            yield f"{sign or line[:2]} (message)"
        elif not sign:
            yield line
        sign, before = "" if is_end else sign, line


@dataclass(frozen=True, slots=True)
class Capture:
    """One case."""

    name: str
    conversations: list[Conversation]
    told: dict[str, list[str]]
    """``dns``, ``ended``, and ``ages`` or ``waits``; ``header``, or ``bounce`` and ``warning``."""

    def spoken(self) -> list[str]:
        """What its conversations are called, in their order."""
        found: dict[str, None] = {}
        for one in self.conversations:
            found[_free(one.topic, found)] = None
        return list(found)

    def without(self, places: Collection[int], told: Collection[str]) -> set[str]:
        """The topics that stay when the conversations at these places, and what is told so, go."""
        others = {name: lines for name, lines in self.told.items() if name not in told}
        silent = {topic for place, topic in enumerate(self.spoken()) if place not in places}
        return silent | set(Capture(self.name, [], others).topics())

    def topics(self) -> dict[str, list[str]]:
        """All that is compared, each under its name in the table of differences."""
        named = zip(self.spoken(), self.conversations, strict=True)
        found = {topic: one.seen for topic, one in named}
        found |= {name: self.told[name] for name in ("dns", "waits", "ages") if name in self.told}
        if "ended" in self.told:
            found["ended"] = sorted(self.told["ended"], key=lambda line: line.partition(":")[0])
        for line in self.told.get("header", ()):
            host, _, text = line.partition(": ")
            found.setdefault(f"header by {host}", []).append(text)
        for report in ("bounce", "warning"):
            part = 0
            for line in self.told.get(report, ()):
                part += line == "--"
                found.setdefault(f"{report}, {_PARTS[part]}", []).append(line)
        return found


def _free(topic: str, taken: Collection[str]) -> str:
    """The topic, numbered where there is one of that name already."""
    number = sum(name.partition(" #")[0] == topic for name in taken) + 1
    return topic if number == 1 else f"{topic} #{number}"


def _with_whole_name(question: str) -> str:
    host, colon, asked = question.partition(":")
    return f"{_SHORT_NAMES.get(host, host)}{colon}{asked}"


def captured(case: str, renamed: tuple[str, str] | None = None) -> Capture:
    """The case of that name, as it was captured; ``renamed`` is a host and another name for it."""
    text = (CAPTURED / f"{case}.toml").read_text("utf-8")
    facts = tomllib.loads(text.replace(*renamed) if renamed else text)
    conversations = [
        Conversation(one["port"], one["client"], one["server"], one["script"].splitlines())
        for one in facts.get("conversation", ())
    ]
    told = {name: lines.splitlines() for name, lines in facts["told"].items()}
    told["dns"] = [_with_whole_name(line) for line in told["dns"]]
    return Capture(facts["case"], conversations, told)
