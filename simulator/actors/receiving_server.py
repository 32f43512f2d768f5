"""The receiving server: an MX of the recipient's domain.

It recognises its domain and its users at RCPT, writes Received, and brings the mail to the
mailbox. One that is not the best MX is a backup: it takes the mail and brings it to the better
one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.engine.site import SimulatedSite
from simulator.mail.distribution import Distribution
from simulator.mail.doorway import Doorway
from simulator.mail.habits import Habits
from simulator.mail.local_delivery import ByDomain
from simulator.mail.outbox import Delivery, Outbox, Routes
from simulator.mail.reception import MailReception
from simulator.mail.smtp.server import SmtpServer
from simulator.scenario.domain import Domain, MailingList
from simulator.scenario.topology import addressed_aliases, addressed_lists

if TYPE_CHECKING:
    from simulator.mail.trust import Signing
    from simulator.mail.visitor import Trust

_SMTP_PORT = 25


class ReceivingServer:
    """One exchanger of a domain, or of several; ``delivery`` is None for a backup."""

    def __init__(
        self,
        site: SimulatedSite,
        domain: Domain,
        users: frozenset[str],
        delivery: Delivery | None,
        *,
        own_signing: Signing | None = None,
        checking: Trust | None = None,
    ) -> None:
        self._site = site
        self._own_signing = own_signing
        self._policy = domain
        self._checking = checking
        self._users = frozenset[str]()
        self._aliases: dict[str, tuple[str, ...]] = {}
        self._lists: dict[str, MailingList] = {}
        self._served = frozenset[str]()
        self._deliveries: dict[str, Delivery] = {}
        self.also_serve(domain, users, delivery)

    def also_serve(self, domain: Domain, users: frozenset[str], delivery: Delivery | None) -> None:
        """Take mail for one more domain; how it is taken stays as the first one has it."""
        self._served |= {domain.name}
        lists = addressed_lists(domain)
        self._users |= users | frozenset(addressed_aliases(domain)) | frozenset(lists)
        if delivery is not None:
            self._deliveries[domain.name] = delivery
            # A backup knows who exists, but leaves it to the end of the way to replace them.
            self._aliases |= addressed_aliases(domain)
            self._lists |= lists

    def open(self) -> None:
        """Listen on port 25 for the world."""
        policy = self._policy
        doorway = Doorway(
            policy.size_limit,
            offers_tls=policy.starttls,
            follows=policy.follows,
            habits=Habits.of(policy),
            lacks=frozenset(policy.lacks),
            own_domains=self._served,
            users=None if policy.playground else self._users,
            playground=policy.playground,
            greylist=policy.greylist,
            recipient_limit=policy.recipient_limit,
            hop_limit=policy.hop_limit,
            longest_line=policy.longest_line,
            aliases=self._aliases,
            trust=self._checking,
            asks_for_senders=policy.refuses_unknown_domains,
        )
        routes = Routes(
            own_domains=frozenset(self._deliveries),
            tls=policy.tls,
            checks_mta_sts=policy.checks_mta_sts,
            retry=policy.schedule,
            aliases=self._aliases,
        )
        delivery = self._delivery()
        distribution = Distribution(self._site, self._lists, delivery) if delivery else None
        outbox = Outbox(self._site, routes, distribution, signing=self._own_signing)
        if distribution:
            distribution.posts_through(outbox)
        reception = MailReception(self._site, doorway, outbox, originates=False)
        self._site.follow(policy.name, reception.adopt)
        self._site.listen(
            _SMTP_PORT, lambda: SmtpServer(reception, self._site.name, self._site.loop)
        )

    def _delivery(self) -> Delivery | None:
        if len(self._deliveries) > 1:
            return ByDomain(self._deliveries)
        return next(iter(self._deliveries.values()), None)
