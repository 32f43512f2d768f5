"""An authoritative nameserver: octets in, octets out; it knows its zones and asks nobody."""

from __future__ import annotations

from collections.abc import Iterable

from dns.name import Name
from dns.rcode import REFUSED
from dns.rdataclass import IN
from dns.rdatatype import AXFR, IXFR
from dns.zone import Zone

from simulator.dns.authority import Authority, Order, as_written
from simulator.dns.message import NotAQuestion, Reply, Transport, parse_question, write_reply


class Nameserver:
    """Answers for some zones as NSD does; the same question always gets the same octets.

    ``order`` puts the records of a set in the order in which they are sent: give it the
    scenario's random to rotate them.
    """

    def __init__(self, zones: Iterable[Zone], *, order: Order = as_written) -> None:
        authorities = (Authority(zone, order) for zone in zones)
        self._authorities = {authority.origin: authority for authority in authorities}

    def answer(self, wire: bytes, *, transport: Transport) -> bytes | None:
        """The octets to send back to what came in, or None where silence is right.

        Whatever comes in, nothing is raised.
        """
        try:
            query = parse_question(wire)
        except NotAQuestion as unanswerable:
            return unanswerable.reply
        question = query.question[0]
        authority = self._authority_for(question.name)
        # Zone transfers are for secondaries; a stranger is refused.
        if authority is None or question.rdclass != IN or question.rdtype in (AXFR, IXFR):
            return write_reply(query, Reply(REFUSED), transport)
        reply = authority.look_up(question.name, question.rdtype)
        return write_reply(query, reply, transport)

    def _authority_for(self, name: Name) -> Authority | None:
        """The zone nearest to the name among those that it lies in."""
        for depth in range(len(name), 0, -1):
            authority = self._authorities.get(name.split(depth)[1])
            if authority is not None:
                return authority
        return None
