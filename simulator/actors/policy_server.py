"""The policy server: tells over HTTPS what a domain wants of those who send mail to it."""

from __future__ import annotations

from simulator.engine.site import SimulatedSite
from simulator.mail.https_server import OneFileServer
from simulator.mail.sealed import sealed
from simulator.mail.sts import WELL_KNOWN, Policy
from simulator.mail.sts_lookup import HTTPS_PORT


class PolicyServer:
    """The host ``mta-sts`` of a domain (RFC 8461 section 3.3)."""

    def __init__(self, site: SimulatedSite, policy: Policy) -> None:
        self._site = site
        self._policy = policy

    def open(self) -> None:
        """Listen for those who ask."""
        site, text = self._site, self._policy.text()
        site.listen(
            HTTPS_PORT,
            lambda: sealed(OneFileServer(WELL_KNOWN, text), site.tls_context(), site.loop),
        )
