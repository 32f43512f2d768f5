"""The sending server: takes mail from its own users, and sees to it that it gets on.

It lets a user prove who they are, writes Received, queues, and says 250 before it has asked
where the mail must go. Only then it routes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.actors.mail_client import SUBMISSION_PORT
from simulator.engine.site import SimulatedSite
from simulator.mail.local_delivery import HandsOver, WritesItself
from simulator.mail.outbox import Outbox, Routes
from simulator.mail.reception import Doorway, MailReception
from simulator.mail.smtp_server import SmtpServer
from simulator.scenario.model import Domain
from simulator.scenario.topology import addressed_aliases, takers_of

if TYPE_CHECKING:
    from simulator.mail.trust import Trust

SMTP_PORT = 25


class SendingServer:
    """The submission server of a domain, and, where its MX names it, its receiving server."""

    def __init__(
        self,
        site: SimulatedSite,
        domain: Domain,
        delivery: WritesItself | HandsOver,
        passwords: dict[str, str],
        *,
        signing: Trust | None = None,
        checking: Trust | None = None,
    ) -> None:
        self._site = site
        self._domain = domain
        routes = Routes(
            own_domains=frozenset({domain.name}),
            relay=domain.relays[0] if domain.relays else "",
            tls=domain.tls,
            retry=domain.retry,
        )
        self._outbox = Outbox(site, routes, delivery)
        self._passwords = passwords
        self._signing = signing
        self._checking = checking

    def open(self) -> None:
        """Listen for one's own users, and for the world where this host is the domain's MX."""
        # An unknown user of one's own domain is found out after the 250, as by Postfix with
        # smtpd_reject_unlisted_recipient=no, its setting for submission.
        submission = Doorway(
            self._domain.size_limit,
            passwords=self._passwords,
            offers_tls=self._domain.starttls,
            own_domains=frozenset({self._domain.name}),
            recipient_limit=self._domain.recipient_limit,
            sending_limit=self._domain.sending_limit,
            aliases=addressed_aliases(self._domain),
            trust=self._signing,
            asks_for_domains=self._domain.refuses_unknown_domains,
        )
        self._listen(SUBMISSION_PORT, submission, originates=True)
        if any(exchanger.host == self._site.name for exchanger in takers_of(self._domain)):
            incoming = Doorway(
                self._domain.size_limit,
                offers_tls=self._domain.starttls,
                own_domains=frozenset({self._domain.name}),
                users=frozenset((*self._passwords, f"postmaster@{self._domain.name}")),
                greylist=self._domain.greylist,
                recipient_limit=self._domain.recipient_limit,
                aliases=addressed_aliases(self._domain),
                trust=self._checking,
            )
            self._listen(SMTP_PORT, incoming, originates=False)

    def _listen(self, port: int, doorway: Doorway, *, originates: bool) -> None:
        reception = MailReception(self._site, doorway, self._outbox, originates=originates)
        self._site.follow(self._domain.name, reception.adopt)
        self._site.listen(port, lambda: SmtpServer(reception, self._site.name, self._site.loop))
