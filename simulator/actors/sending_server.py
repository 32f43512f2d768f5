"""The sending server: takes mail from its own users, and sees to it that it gets on.

It lets a user prove who they are, writes Received, queues, and says 250 before it has asked
where the mail must go. Only then it routes.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from simulator.engine.site import SimulatedSite
from simulator.mail.distribution import Distribution
from simulator.mail.doorway import PASSWORD_MECHANISMS, Doorway
from simulator.mail.habits import Habits
from simulator.mail.outbox import Delivery, Outbox, Routes
from simulator.mail.reception import MailReception
from simulator.mail.sealed import sealed
from simulator.mail.smtp.server import SmtpServer
from simulator.scenario.domain import Domain
from simulator.scenario.topology import addressed_aliases, addressed_lists, takers_of
from simulator.scenario.typed import SUBMISSION, SUBMISSIONS

if TYPE_CHECKING:
    from simulator.mail.trust import Signing
    from simulator.mail.visitor import Trust

SMTP_PORT = 25


class SendingServer:
    """The submission server of a domain, and, where its MX names it, its receiving server.

    ``delivery`` is None for a relay service, which brings the domain's own mail to its MX too.
    """

    def __init__(
        self,
        site: SimulatedSite,
        domain: Domain,
        delivery: Delivery | None,
        passwords: dict[str, str],
        *,
        signing: Signing | None = None,
        own_signing: Signing | None = None,
        checking: Trust | None = None,
    ) -> None:
        self._site = site
        self._domain = domain
        self._own = frozenset({domain.name}) if delivery else frozenset[str]()
        self._aliases = addressed_aliases(domain) if delivery else {}
        routes = Routes(
            own_domains=self._own,
            relay=domain.relays[0] if domain.relays else "",
            tls=domain.tls,
            checks_mta_sts=domain.checks_mta_sts,
            retry=domain.schedule,
            aliases=self._aliases,
        )
        self._lists = addressed_lists(domain)
        distribution = Distribution(site, self._lists, delivery) if delivery else None
        self._outbox = Outbox(site, routes, distribution, signing=own_signing)
        if distribution:
            distribution.posts_through(self._outbox)
        self._passwords = passwords
        self._signing = signing
        self._checking = checking

    def open(self) -> None:
        """Listen for one's own users, and for the world where this host is the domain's MX."""
        submission = self._reception(self._for_own_users(), originates=True)
        self._listen(SUBMISSION, submission)
        self._site.listen(SUBMISSIONS, lambda: self._sealed(submission))
        if any(exchanger.host == self._site.name for exchanger in takers_of(self._domain)):
            self._listen(SMTP_PORT, self._reception(self._for_the_world(), originates=False))
        elif self._domain.submission_port == SMTP_PORT:
            self._listen(SMTP_PORT, submission)

    def _for_own_users(self) -> Doorway:
        # An unknown user of one's own domain is found out after the 250, as by Postfix with
        # smtpd_reject_unlisted_recipient=no, its setting for submission.
        return Doorway(
            self._domain.size_limit,
            passwords=self._passwords,
            mechanisms=self._mechanisms(),
            offers_tls=self._domain.starttls,
            follows=self._domain.follows,
            habits=Habits.of(self._domain),
            lacks=frozenset(self._domain.lacks),
            own_domains=self._own,
            recipient_limit=self._domain.recipient_limit,
            sending_limits=self._domain.sending_limits,
            hop_limit=self._domain.hop_limit,
            longest_line=self._domain.longest_line,
            aliases=self._aliases,
            trust=self._signing,
            asks_for_recipients=self._domain.refuses_unknown_domains,
        )

    def _for_the_world(self) -> Doorway:
        """Where anyone may bring mail for this domain; one's own users too, if they come here."""
        submits = self._domain.submission_port == SMTP_PORT
        return Doorway(
            self._domain.size_limit,
            passwords=self._passwords if submits else None,
            mechanisms=self._mechanisms(),
            takes_from_anyone=True,
            sending_limits=self._domain.sending_limits if submits else (),
            offers_tls=self._domain.starttls,
            follows=self._domain.follows,
            habits=Habits.of(self._domain),
            lacks=frozenset(self._domain.lacks),
            own_domains=self._own,
            users=self._users(),
            playground=self._domain.playground,
            greylist=self._domain.greylist,
            recipient_limit=self._domain.recipient_limit,
            hop_limit=self._domain.hop_limit,
            longest_line=self._domain.longest_line,
            aliases=self._aliases,
            trust=self._checking,
            signing=self._signing,
            asks_for_senders=self._domain.refuses_unknown_domains,
        )

    def _users(self) -> frozenset[str] | None:
        """The addresses that exist; in a playground all of them do."""
        if self._domain.playground:
            return None
        return frozenset((*self._passwords, f"postmaster@{self._domain.name}", *self._lists))

    def _mechanisms(self) -> tuple[str, ...]:
        """A digest is offered where clients are set up for it: it needs the password in clear."""
        digest = self._domain.auth == "cram-md5"
        return (*PASSWORD_MECHANISMS, "CRAM-MD5") if digest else PASSWORD_MECHANISMS

    def _reception(self, doorway: Doorway, *, originates: bool) -> MailReception:
        reception = MailReception(self._site, doorway, self._outbox, originates=originates)
        self._site.follow(self._domain.name, reception.adopt)
        return reception

    def _listen(self, port: int, reception: MailReception) -> None:
        self._site.listen(port, lambda: SmtpServer(reception, self._site.name, self._site.loop))

    def _sealed(self, reception: MailReception) -> asyncio.BaseProtocol:
        site = self._site
        server = SmtpServer(reception, site.name, site.loop, sealed=True)
        return sealed(server, site.tls_context(), site.loop)
