"""The resolver: takes a question from a host, walks down from the root, remembers the answer."""

from __future__ import annotations

from simulator.dns.message import Transport
from simulator.dns.resolver import Resolver
from simulator.engine.dns_changes import despite_changes
from simulator.engine.dns_facts import Asked
from simulator.engine.site import SimulatedSite
from simulator.scenario.virtual_time import SECOND

_PATIENCE = 2 * SECOND
"""Virtual microseconds that one question to a nameserver may take, beside the way itself."""


class ResolverActor:
    """The recursive resolver that every simulated host asks."""

    def __init__(self, site: SimulatedSite, root: tuple[str, str]) -> None:
        self._site = site
        self._resolver = Resolver((root,), now=site.now, random=site.random)

    def open(self) -> None:
        """Listen on port 53."""
        self._site.answer(self._reply)

    async def _reply(self, question: bytes, asked: Asked) -> bytes | None:
        async def exchange(
            server: str, address: str, wire: bytes, transport: Transport
        ) -> bytes | None:
            # A stream has to be opened first, which takes a round trip.
            ways = 3 if transport == "udp" else 5
            patience = _PATIENCE + ways * self._site.latency
            return await self._site.exchange(
                server, address, wire, asked.errand, patience, transport
            )

        served = await self._resolver.answer(question, exchange, transport=asked.transport)
        if served is None:
            return None
        answer = await despite_changes(self._site, question, served.wire, asked, final=True)
        if answer is not None:
            self._site.answered(answer, asked, cached=served.cached)
        return answer
