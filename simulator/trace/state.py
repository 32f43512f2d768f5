"""What a scene is made of: connections, envelopes, copies, queues, caches and mailboxes.

All frozen; ``simulator.trace.scene`` has the fold that makes one scene of another.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple, TypeAlias, overload

import msgspec

from simulator.scenario.model import Host
from simulator.trace.event import Protocol, Step
from simulator.trace.ledger import Ledger

StepState: TypeAlias = Literal["todo", "now", "done", "skipped"]


class Pending(NamedTuple):
    """A command that waits for its reply: the verb in upper case, and what followed it.

    A message is ``.``, its argument the journey.
    """

    verb: str
    argument: str


class Arrival(msgspec.Struct, frozen=True):
    """A message whose final dot was sent, until every reply to it has come."""

    journey: str
    replies: int = 0
    """Replies so far: LMTP gives one a recipient (RFC 2033 section 4.2)."""
    taken: bool = False
    """Whether one of them was positive."""
    displaced: Copy | None = None
    """What the server held of the journey before, which stands again if it refuses."""


class Connection(msgspec.Struct, frozen=True):
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
    pending: tuple[Pending, ...] = ()
    """What was sent and not answered yet, oldest first."""
    arrival: Arrival | None = None
    is_challenged: bool = False
    """Whether the last reply was 334: what comes next answers it (RFC 4954 section 4)."""


class Envelope(msgspec.Struct, frozen=True):
    """Whom a message is from and for, as the first host that had it knew."""

    reverse_path: str
    recipients: tuple[str, ...]


class Copy(msgspec.Struct, frozen=True):
    """A message as one host holds it; ``added`` are the header fields that this host wrote."""

    journey: str
    reverse_path: str
    forward_paths: tuple[str, ...]
    octets: bytes
    received: bytes
    """The octets as they came, before this host wrote anything into them."""
    added: tuple[tuple[str, str], ...] = ()
    queue_id: str = ""
    mailboxes: tuple[str, ...] = ()
    """The mailboxes of this host in which it lies."""

    @property
    def is_kept(self) -> bool:
        """Whether the host has put it into its queue or a mailbox."""
        return bool(self.queue_id or self.mailboxes)


class QueueEntry(msgspec.Struct, frozen=True):
    """A message in a host's queue; ``next_attempt`` in virtual microseconds, None while active."""

    queue_id: str
    journey: str
    recipients: tuple[str, ...]
    reason: str
    next_attempt: int | None


class CacheEntry(msgspec.Struct, frozen=True):
    """What a resolver remembers of a question, until ``expires_at`` (virtual microseconds)."""

    name: str
    type: str
    rcode: str
    records: tuple[str, ...]
    expires_at: int


class StoredMail(msgspec.Struct, frozen=True):
    """A message in a mailbox on ``host``; ``state`` moves from stored to fetched to read."""

    uid: str
    journey: str
    octets: bytes
    state: Literal["stored", "fetched", "read"]
    on_server: bool
    host: str
    folder: str = "INBOX"


class Mailbox(Sequence[StoredMail]):
    """The mails of one mailbox, in the order in which they came; also found by uid."""

    __slots__ = ("_by_uid",)

    def __init__(self, by_uid: Ledger[str, StoredMail] | None = None) -> None:
        self._by_uid: Ledger[str, StoredMail] = Ledger() if by_uid is None else by_uid

    def find(self, uid: str) -> StoredMail | None:
        """The mail of that uid, or None."""
        return self._by_uid.get(uid)

    def put(self, mail: StoredMail) -> Mailbox:
        """The same with ``mail``, which takes the place of an earlier one of its uid."""
        return Mailbox(self._by_uid.put(mail.uid, mail))

    def drop(self, uid: str) -> Mailbox:
        """The same without the mail of that uid."""
        return Mailbox(self._by_uid.drop(uid))

    @overload
    def __getitem__(self, index: int) -> StoredMail: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[StoredMail, ...]: ...
    def __getitem__(self, index: int | slice) -> StoredMail | tuple[StoredMail, ...]:
        return tuple(self)[index]

    def __iter__(self) -> Iterator[StoredMail]:
        return iter(self._by_uid.values())

    def __len__(self) -> int:
        return len(self._by_uid)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return f"Mailbox({tuple(self)!r})"


Question: TypeAlias = tuple[str, str]
"""A name in lower case and a record type."""


def _all_to_do() -> Ledger[int, StepState]:
    return Ledger(dict.fromkeys(range(1, 7), "todo"))


class Scene(msgspec.Struct, frozen=True):
    """The state after ``cursor`` events have happened; ``at`` in virtual microseconds."""

    hosts: tuple[Host, ...]
    resolvers: frozenset[str] = frozenset()
    """The names of the hosts that resolve for others: only they have a cache."""
    cursor: int = 0
    at: int = 0
    step: Step | None = None
    steps: Ledger[int, StepState] = msgspec.field(default_factory=_all_to_do)
    connections: Ledger[int, Connection] = msgspec.field(default_factory=Ledger)
    broken: Ledger[tuple[str, str], str] = msgspec.field(default_factory=Ledger)
    """By client and server: the journey for which the wire between them is broken."""
    envelopes: Ledger[str, Envelope] = msgspec.field(default_factory=Ledger)
    """By journey."""
    copies: Ledger[tuple[str, str], Copy] = msgspec.field(default_factory=Ledger)
    """The message as each host holds it, by (host, journey)."""
    custody: Ledger[tuple[str, str], str] = msgspec.field(default_factory=Ledger)
    """Who is answerable, by (journey, recipient): moves only with the 250 after the final dot."""
    queues: Ledger[str, Ledger[str, QueueEntry]] = msgspec.field(default_factory=Ledger)
    """By host and queue id; a host whose queue is empty is not in it."""
    caches: Ledger[str, Ledger[Question, CacheEntry]] = msgspec.field(default_factory=Ledger)
    """By resolver and question; nothing that has expired."""
    next_expiry: int | None = None
    """When the first entry of ``caches`` expires."""
    mailboxes: Ledger[str, Mailbox] = msgspec.field(default_factory=Ledger)
