"""A nameserver: answers what its zones hold, refers to others for what they delegate."""

from __future__ import annotations

from simulator.dns.nameserver import Nameserver
from simulator.engine.world import Asked, SimulatedSite


class NameserverActor:
    """One authoritative server of the simulated DNS."""

    def __init__(self, site: SimulatedSite, nameserver: Nameserver) -> None:
        self._site = site
        self._nameserver = nameserver

    def open(self) -> None:
        """Listen on port 53."""
        self._site.answer(self._reply)

    async def _reply(self, question: bytes, asked: Asked) -> bytes | None:
        answer = self._nameserver.answer(question, transport=asked.transport)
        if answer is not None:
            self._site.answered(answer, asked)
        return answer
