"""What a change does to an SMTP session: another reply, a cut wire, silence, a delay."""

from __future__ import annotations

from typing import assert_never

from simulator.mail.site import Errand, Site, Struck, Wire
from simulator.mail.visitor import Reception, Visitor
from simulator.scenario.changes import (
    AnswerInstead,
    Delay,
    Drop,
    Refuse,
    SayInstead,
    Silence,
    verb_of,
)
from simulator.scenario.deed_words import write_deed
from simulator.trace.event import Judged


def struck(site: Site, wire: Wire, on: str, argument: str = "") -> Struck | None:
    """What goes otherwise on a wire of this host now; the trace says that it was meant to."""
    found = site.strike(on, argument, wire.conn)
    if found is not None:
        tell(site, wire.errand, found, argument)
    return found


def tell(site: Site, errand: Errand, found: Struck, argument: str) -> None:
    """Say in the trace that this was meant to go otherwise, unless it has been said."""
    if found.is_news:
        site.emit(errand, meant(found, argument))


def meant(found: Struck, argument: str) -> Judged:
    """The fact that something went otherwise because it was meant to."""
    said = {"on": found.on, "argument": argument, "text": write_deed(found.deed)}
    return Judged(rule=found.rule, verdict=verb_of(found.deed), inputs=said)


class CutWireError(Exception):
    """The wire is to be cut here."""


class SilentError(Exception):
    """This is never to be answered."""


async def suffer(reception: Reception, visitor: Visitor, found: Struck) -> None:
    """Let what strikes have its way.

    A reply that is to be said instead is then what the wire is overruled with. Raises CutWireError
    or SilentError where the session is to end so.
    """
    match found.deed:
        case Delay(duration=duration):
            await reception.sleep(duration)
        case Drop():
            raise CutWireError
        case Silence():
            raise SilentError
        case SayInstead() as deed:
            visitor.wire.overrule(deed, found.rule)
        case AnswerInstead() | Refuse():
            raise ValueError(f"{found.deed} comes to no moment of a session")
        case _:
            assert_never(found.deed)
