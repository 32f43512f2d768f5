"""What a change makes of a server's answer to a DNS question."""

from __future__ import annotations

from typing import assert_never

from simulator.dns.made_up import made_up
from simulator.dns.stub import describe
from simulator.engine.dns_facts import Asked
from simulator.engine.site import SimulatedSite
from simulator.mail.mishap import tell
from simulator.scenario.changes import AnswerInstead, Delay, Drop, Refuse, SayInstead, Silence


async def despite_changes(
    site: SimulatedSite, question: bytes, answer: bytes, asked: Asked, *, final: bool
) -> bytes | None:
    """The answer, or what a change makes of it: silence, a late answer, another one.

    ``final``: it answers the question, and refers to nobody else. Raises ConnectionResetError
    where the wire of a stream is cut.
    """
    about = describe(question)
    argument = f"{about.name} {about.type}{' tcp' if asked.transport == 'tcp' else ''}"
    struck = site.strike("dns", argument, final=final)
    if struck is None:
        return answer
    tell(site, asked.errand, struck, argument)
    match struck.deed:
        case Drop() if asked.transport == "tcp":
            raise ConnectionResetError(104, "the wire was cut")
        case Silence() | Drop():
            return None
        case Delay(duration=duration):
            await site.sleep(duration)
            return answer
        case AnswerInstead(rcode=rcode, records=records):
            return made_up(question, rcode, records, asked.transport)
        case Refuse() | SayInstead():
            raise ValueError(f"{struck.deed} is for connections, not for the DNS")
        case _:
            assert_never(struck.deed)
