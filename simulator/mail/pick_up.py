"""What a recipient's client brings home from a session, by POP3 or by IMAP."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """A reply that was not +OK, and the verb it answered; ``greeting`` where none was spoken.

    The verb alone, since a whole line may hold a password. Where the connection was lost, the
    reply says how.
    """

    verb: str
    reply: str


@dataclass(frozen=True, slots=True)
class FetchedMessage:
    """A message that the client has now; ``uid`` is empty where the server names none."""

    uid: str
    octets: bytes


@dataclass(frozen=True, slots=True)
class PickUpOutcome:
    """What a session brought.

    ``deleted`` are the ids whose deletion the server confirmed, by its +OK to DELE and to QUIT.
    ``waiting`` is how many messages STAT counted, None where it was not reached.
    """

    fetched: tuple[FetchedMessage, ...]
    deleted: tuple[str, ...] = ()
    waiting: int | None = None
    refusals: tuple[Refusal, ...] = ()
