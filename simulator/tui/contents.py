"""What lies where at one moment, counted once for all boxes of the map."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from simulator.trace.scene import Scene


@dataclass(slots=True)
class Custody:
    """For how many recipients a host is answerable now, and whether a report is among the mails."""

    recipients: int = 0
    has_report: bool = False


@dataclass(slots=True)
class Contents:
    """By host: mails in mailboxes and in junk folders, custody; by mailbox: mails read."""

    mails: Counter[str] = field(default_factory=Counter)
    junk: Counter[str] = field(default_factory=Counter)
    read: Counter[str] = field(default_factory=Counter)
    custody: dict[str, Custody] = field(default_factory=lambda: defaultdict(Custody))


def contents_of(scene: Scene) -> Contents:
    """What lies where in a scene."""
    contents = Contents()
    for mailbox, mails in scene.mailboxes.items():
        for mail in mails:
            if mail.on_server:
                kind = contents.mails if mail.folder == "INBOX" else contents.junk
                kind[mail.host] += 1
            contents.read[mailbox] += mail.state == "read"
    for (journey, _), host in scene.custody.items():
        held = contents.custody[host]
        held.recipients += 1
        envelope = scene.envelopes.get(journey)
        # A report has the null reverse-path (RFC 5321 section 4.5.5).
        held.has_report |= envelope is not None and envelope.reverse_path in {"", "<>"}
    return contents
