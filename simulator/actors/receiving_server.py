"""The receiving server: an MX of the recipient's domain.

It recognises its domain and its users at RCPT, writes Received, and brings the mail to the
mailbox. One that is not the best MX is a backup: it takes the mail and brings it to the better
one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.engine.site import SimulatedSite
from simulator.mail.local_delivery import HandsOver, WritesItself
from simulator.mail.outbox import Outbox, Routes
from simulator.mail.reception import Doorway, MailReception
from simulator.mail.smtp_server import SmtpServer
from simulator.scenario.model import Domain
from simulator.scenario.topology import addressed_aliases

if TYPE_CHECKING:
    from simulator.mail.trust import Trust

_SMTP_PORT = 25


class ReceivingServer:
    """One exchanger of a domain; ``delivery`` is None for a backup."""

    def __init__(
        self,
        site: SimulatedSite,
        domain: Domain,
        users: frozenset[str],
        delivery: WritesItself | HandsOver | None,
        *,
        checking: Trust | None = None,
    ) -> None:
        self._site = site
        self._name = domain.name
        own = frozenset({domain.name})
        self._doorway = Doorway(
            domain.size_limit,
            offers_tls=domain.starttls,
            own_domains=own,
            users=users | frozenset(addressed_aliases(domain)),
            greylist=domain.greylist,
            recipient_limit=domain.recipient_limit,
            # A backup knows who exists, but leaves it to the end of the way to replace them.
            aliases=addressed_aliases(domain) if delivery else {},
            trust=checking,
        )
        routes = Routes(
            own_domains=own if delivery else frozenset(), tls=domain.tls, retry=domain.retry
        )
        self._outbox = Outbox(site, routes, delivery)

    def open(self) -> None:
        """Listen on port 25 for the world."""
        reception = MailReception(self._site, self._doorway, self._outbox, originates=False)
        self._site.follow(self._name, reception.adopt)
        self._site.listen(
            _SMTP_PORT, lambda: SmtpServer(reception, self._site.name, self._site.loop)
        )
