"""A relay: takes mail from a server that it trusts and hands it on; no mailbox is its own."""

from __future__ import annotations

from simulator.engine.site import SimulatedSite
from simulator.mail.doorway import Doorway
from simulator.mail.outbox import Outbox, Routes
from simulator.mail.reception import MailReception
from simulator.mail.smtp.server import SmtpServer
from simulator.scenario.domain import Retry

_SMTP_PORT = 25
_SIZE_LIMIT = 50_000_000


class Relay:
    """One hop on the way, there because somebody configured it."""

    def __init__(
        self, site: SimulatedSite, trusted: frozenset[str], next_relay: str, retry: Retry
    ) -> None:
        self._site = site
        self._doorway = Doorway(_SIZE_LIMIT, trusted=trusted)
        self._outbox = Outbox(site, Routes(relay=next_relay, retry=retry), delivery=None)

    def open(self) -> None:
        """Listen on port 25 for those whose mail it carries."""
        reception = MailReception(self._site, self._doorway, self._outbox, originates=False)
        self._site.listen(
            _SMTP_PORT, lambda: SmtpServer(reception, self._site.name, self._site.loop)
        )
