"""DNS messages as the trace has them: a question, an answer, and what travels beside them."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from simulator.dns.message import Transport
from simulator.dns.stub import describe
from simulator.mail.site import Errand
from simulator.trace.event import Answer, Query


@dataclass(frozen=True, slots=True)
class Asked:
    """What travels with a DNS question beside its octets: who asks, for whom, and how."""

    by: str
    errand: Errand
    transport: Transport


def as_query(wire: bytes, server: str, transport: Transport) -> Query:
    """A question to ``server``."""
    asked = describe(wire)
    return Query(
        id=asked.id,
        name=asked.name,
        type=asked.type,
        server=server,
        transport=transport,
        wire=_base64(wire),
    )


def as_answer(wire: bytes, server: str, asked: Asked, *, cached: bool) -> Answer:
    """An answer by ``server`` to who asked."""
    said = describe(wire)
    return Answer(
        id=said.id,
        name=said.name,
        type=said.type,
        server=server,
        peer=asked.by,
        rcode=said.rcode,
        records=said.records,
        authority=said.authority,
        additional=said.additional,
        authoritative=said.authoritative,
        cached=cached,
        transport=asked.transport,
        wire=_base64(wire),
    )


def _base64(octets: bytes) -> str:
    return base64.b64encode(octets).decode("ascii")
