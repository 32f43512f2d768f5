"""What a fault makes of a server's answer to a DNS question."""

from __future__ import annotations

from simulator.dns.stub import describe, refusal
from simulator.engine.site import Asked, SimulatedSite
from simulator.mail.mishap import struck


async def despite_faults(
    site: SimulatedSite, question: bytes, answer: bytes, asked: Asked
) -> bytes | None:
    """The answer, or what a fault makes of it: silence, a late answer, another rcode.

    Raises ConnectionResetError where the wire of a stream is cut.
    """
    about = describe(question)
    argument = f"{about.name} {about.type}{' tcp' if asked.transport == 'tcp' else ''}"
    fault = struck(site, asked.errand, "dns", argument)
    if fault is None:
        return answer
    match fault.do:
        case "drop" if asked.transport == "tcp":
            raise ConnectionResetError(104, "the wire was cut")
        case "silence" | "drop" | "down":
            return None
        case "delay":
            await site.sleep(fault.delay)
            return answer
        case "reply" | "refuse":
            return refusal(question, fault.text or "SERVFAIL")
