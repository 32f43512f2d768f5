"""A relay: takes mail from a server that it trusts and hands it on; no mailbox is its own."""

from __future__ import annotations

from simulator.engine.site import SimulatedSite
from simulator.mail.doorway import Doorway
from simulator.mail.habits import Habits
from simulator.mail.outbox import Outbox, Routes
from simulator.mail.reception import MailReception
from simulator.mail.smtp.server import SmtpServer
from simulator.scenario.domain import Domain

_SMTP_PORT = 25


class Relay:
    """One hop on the way, there because somebody configured it.

    Of its domain's settings it follows those about how mail is carried; the others are about users
    and mailboxes, which a relay has not.
    """

    def __init__(
        self, site: SimulatedSite, domain: Domain, trusted: frozenset[str], next_relay: str
    ) -> None:
        self._site = site
        self._domain = domain
        self._doorway = Doorway(
            domain.size_limit,
            trusted=trusted,
            offers_tls=domain.starttls,
            follows=domain.follows,
            habits=Habits.of(domain),
            lacks=frozenset(domain.lacks),
            recipient_limit=domain.recipient_limit,
            hop_limit=domain.hop_limit,
            longest_line=domain.longest_line,
        )
        routes = Routes(
            relay=next_relay,
            tls=domain.tls,
            checks_mta_sts=domain.checks_mta_sts,
            retry=domain.schedule,
        )
        self._outbox = Outbox(site, routes, delivery=None)

    def open(self) -> None:
        """Listen on port 25 for those whose mail it carries."""
        reception = MailReception(self._site, self._doorway, self._outbox, originates=False)
        self._site.follow(self._domain.name, reception.adopt)
        self._site.listen(
            _SMTP_PORT, lambda: SmtpServer(reception, self._site.name, self._site.loop)
        )
