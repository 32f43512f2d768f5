"""A mail in a server's queue."""

from __future__ import annotations

from dataclasses import dataclass, field, replace


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

    def wants_word_of(self, recipient: str, event: str) -> bool:
        """Whether the sender wants a report of this (RFC 3461 section 4.1).

        ``event`` is ``SUCCESS``, ``FAILURE`` or ``DELAY``; who asks for nothing hears of the
        last two.
        """
        for parameter in self.recipient_parameters.get(recipient, ()):
            name, _, value = parameter.upper().partition("=")
            if name == "NOTIFY":
                return event in value.split(",")
        return event != "SUCCESS"

    def only(self, recipients: tuple[str, ...]) -> QueuedMail:
        """The same mail for fewer recipients."""
        return replace(self, recipients=recipients)
