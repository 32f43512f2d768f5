"""A nameserver: answers what its zones hold, refers to others for what they delegate."""

from __future__ import annotations

from simulator.dns.message import Transport
from simulator.dns.nameserver import Nameserver
from simulator.dns.stub import describe
from simulator.engine.dns_changes import despite_changes
from simulator.engine.dns_facts import Asked
from simulator.engine.site import SimulatedSite


class NameserverActor:
    """One authoritative server of the simulated DNS."""

    def __init__(self, site: SimulatedSite, nameserver: Nameserver) -> None:
        self._site = site
        self._nameserver = nameserver
        self._answers: dict[tuple[bytes, Transport], bytes | None] = {}

    def open(self) -> None:
        """Listen on port 53."""
        self._site.answer(self._reply)

    async def _reply(self, question: bytes, asked: Asked) -> bytes | None:
        answer = self._answer(question, asked.transport)
        if answer is not None:
            final = describe(answer).authoritative
            answer = await despite_changes(self._site, question, answer, asked, final=final)
        if answer is not None:
            self._site.answered(answer, asked)
        return answer

    def _answer(self, question: bytes, transport: Transport) -> bytes | None:
        """Zones do not change in a run: the same question, but for its id, has one answer."""
        known = (question[2:], transport)
        if known not in self._answers:
            self._answers[known] = self._nameserver.answer(question, transport=transport)
        answer = self._answers[known]
        return None if answer is None else question[:2] + answer[2:]
