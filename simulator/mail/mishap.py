"""What a fault does to an SMTP session: another reply, a cut wire, silence, a delay."""

from __future__ import annotations

from simulator.mail.reply import Ruled
from simulator.mail.site import Errand, Site
from simulator.mail.visitor import Reception, Visitor
from simulator.scenario.model import Fault
from simulator.trace.event import Judged


def struck(site: Site, errand: Errand, on: str, argument: str = "") -> Fault | None:
    """What goes wrong at this host now, if anything; the trace says that it was meant to."""
    fault = site.fault(on, argument)
    if fault is not None:
        tell(site, errand, fault, argument)
    return fault


def tell(site: Site, errand: Errand, fault: Fault, argument: str) -> None:
    """Say in the trace that this was meant to go wrong."""
    said = {"on": fault.on, "argument": argument, "text": fault.text}
    site.emit(errand, Judged(rule="fault", verdict=fault.do, inputs=said))


class CutWireError(Exception):
    """The fault says: drop the connection here."""


class SilentError(Exception):
    """The fault says: never answer this."""


async def suffer(
    reception: Reception, visitor: Visitor, on: str, argument: str = ""
) -> Ruled | None:
    """Let a fault of this moment have its way; gives the reply to say instead, if one is said.

    Raises CutWireError or SilentError where the fault wants that. None: go on as usual.
    """
    fault = reception.fault(visitor, on, argument)
    if fault is None:
        return None
    match fault.do:
        case "delay":
            await reception.sleep(fault.delay)
            return None
        case "drop":
            raise CutWireError
        case "silence":
            raise SilentError
        case "reply" | "refuse" | "down":
            return Ruled(_text(fault), "fault")


def _text(fault: Fault) -> str:
    return fault.text or "421 4.3.2 Service not available"
