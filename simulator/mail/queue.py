"""A mail in a server's queue, and when it is tried again (RFC 5321 section 4.5.4.1)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

_SECOND = 1_000_000


@dataclass(frozen=True, slots=True)
class QueuedMail:
    """A mail that this server answers for; ``recipients`` are those not done with yet."""

    queue_id: str
    journey: str
    reverse_path: str
    recipients: tuple[str, ...]
    octets: bytes
    arrived: int
    originates: bool
    """Whether the mail begins its way here (submitted, or a report written here)."""
    mail_parameters: tuple[str, ...] = ()
    recipient_parameters: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def only(self, recipients: tuple[str, ...]) -> QueuedMail:
        """The same mail for fewer recipients."""
        return replace(self, recipients=recipients)


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a deferred mail is tried again; times in virtual microseconds.

    The defaults are Postfix's (minimal_backoff_time, maximal_backoff_time,
    maximal_queue_lifetime): the wait is as long as the mail is old, within bounds, so that tries
    fall near 0, 5, 10, 20, 40, 80 and 147 minutes, then every 67.
    """

    shortest_wait: int = 300 * _SECOND
    longest_wait: int = 4_000 * _SECOND
    lifetime: int = 5 * 86_400 * _SECOND

    def wait(self, age: int) -> int:
        """How long a mail of this age waits for its next try."""
        return min(max(age, self.shortest_wait), self.longest_wait)

    def has_expired(self, age: int) -> bool:
        """Whether the server gives up on a mail of this age."""
        return age >= self.lifetime
