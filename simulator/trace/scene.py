"""The scene: the state of the simulated world after an event, and the one fold that makes it.

State only: what happened before is ``events[:cursor]``. A scene is never changed; ``fold`` gives
the next one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from simulator.scenario.model import Host
from simulator.trace.event import Event, Protocol, Step

StepState: TypeAlias = Literal["todo", "now", "done", "skipped"]


@dataclass(frozen=True, slots=True)
class Connection:
    """An open connection, and the envelope that is being spoken on it."""

    conn: int
    client: str
    server: str
    port: int
    protocol: Protocol
    journey: str
    secure: bool = False
    reverse_path: str | None = None
    forward_paths: tuple[str, ...] = ()
    """Recipients accepted so far in this mail transaction."""
    pending: tuple[str, ...] = ()
    """Commands (verbs, or ``.`` for content) sent and not answered yet, oldest first."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A message as one host holds it; ``added`` are the header fields that this host wrote."""

    journey: str
    reverse_path: str
    forward_paths: tuple[str, ...]
    octets: bytes
    added: tuple[tuple[str, str], ...] = ()
    queue_id: str = ""


@dataclass(frozen=True, slots=True)
class QueueEntry:
    """A message in a host's queue; ``next_attempt`` in virtual microseconds, None while active."""

    queue_id: str
    journey: str
    recipients: tuple[str, ...]
    reason: str
    next_attempt: int | None


@dataclass(frozen=True, slots=True)
class CacheEntry:
    """What a resolver remembers of a question, until ``expires_at`` (virtual microseconds)."""

    name: str
    type: str
    rcode: str
    records: tuple[str, ...]
    expires_at: int


@dataclass(frozen=True, slots=True)
class StoredMail:
    """A message in a mailbox; ``state`` moves from stored to fetched to read."""

    uid: str
    journey: str
    octets: bytes
    state: Literal["stored", "fetched", "read"]
    on_server: bool


@dataclass(frozen=True, slots=True)
class Scene:
    """The state after ``cursor`` events have happened."""

    hosts: tuple[Host, ...]
    cursor: int = 0
    at: int = 0
    step: Step | None = None
    steps: Mapping[int, StepState] = None  # type: ignore[assignment]
    connections: Mapping[int, Connection] = None  # type: ignore[assignment]
    copies: Mapping[tuple[str, str], Copy] = None  # type: ignore[assignment]
    """The message as each host holds it, by (host, journey)."""
    custody: Mapping[tuple[str, str], str] = None  # type: ignore[assignment]
    """Who is answerable, by (journey, recipient): moves only with the 250 after the final dot."""
    queues: Mapping[str, Mapping[str, QueueEntry]] = None  # type: ignore[assignment]
    caches: Mapping[str, Mapping[tuple[str, str], CacheEntry]] = None  # type: ignore[assignment]
    mailboxes: Mapping[str, tuple[StoredMail, ...]] = None  # type: ignore[assignment]


def opening(hosts: tuple[Host, ...]) -> Scene:
    """The scene before the first event."""
    raise NotImplementedError


def fold(scene: Scene, event: Event) -> Scene:
    """The scene after ``event``. Pure: neither argument is changed."""
    raise NotImplementedError
