"""A mail in a server's queue."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from simulator.mail.dsn_parameters import Wish, wants


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
    utf8: bool = False
    eight_bit: bool = False
    """Whether its client said BODY=8BITMIME, which is passed on as it was said."""
    """Whether it came with SMTPUTF8 (RFC 6531)."""
    mail_parameters: tuple[str, ...] = ()
    recipient_parameters: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def wants_word_of(self, recipient: str, event: Wish) -> bool:
        """Whether the sender wants a report of this."""
        return wants(event, self.recipient_parameters.get(recipient, ()))

    def only(self, recipients: tuple[str, ...]) -> QueuedMail:
        """The same mail for fewer recipients."""
        return replace(self, recipients=recipients)
