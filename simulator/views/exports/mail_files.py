"""The mail itself, as a file that mail programs open: one message (.eml), or all of them (mbox).

RFC 5322 for the message. The mbox is of the kind ``mboxrd``: a line that begins with ``From``
gets one ``>`` more, so that nothing is lost (RFC 4155 appendix A names the variants).
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC

from simulator.trace.event import Event, Stored
from simulator.trace.octets import octets_or_none
from simulator.trace.scene import fold, opening
from simulator.views.exports.order import ExportError, Order

_FROM_LINE = re.compile(rb"^(>*From )", re.MULTILINE)
_NOBODY = "MAILER-DAEMON"
"""Stands for the null reverse-path in a From line, as local deliveries write it."""
_MOST_NAMED = 8


@dataclass(frozen=True, slots=True)
class _Held:
    """A message as somebody has it, since ``at``; ``reverse_path`` is its envelope's."""

    journey: str
    reverse_path: str
    octets: bytes
    at: int


def eml(order: Order) -> bytes:
    """One message: as the first mailbox holds it, or as ``host`` held it last.

    Raises ExportError where no mailbox, or not that host, has it.
    """
    found = list(_wanted(order))
    if not found:
        raise _nobody_has_it(order)
    return found[0].octets


def mbox(order: Order) -> bytes:
    """Every message that lay in a mailbox, or that ``host`` held. Raises ExportError if none."""
    found = list(_wanted(order))
    if not found:
        raise _nobody_has_it(order)
    return b"".join(_entry(held, order) for held in found)


def _wanted(order: Order) -> Iterator[_Held]:
    held = _in_mailboxes(order) if order.host is None else _at_host(order, order.host)
    journey = order.journey
    return (one for one in held if journey is None or one.journey == journey)


def _in_mailboxes(order: Order) -> Iterator[_Held]:
    scene = opening(order.hosts)
    for event in order.events:
        scene = fold(scene, event)
        octets = _stored_by(event)
        if octets is not None:
            envelope = scene.envelopes.get(event.journey)
            sender = envelope.reverse_path if envelope is not None else ""
            yield _Held(event.journey, sender, octets, event.at)


def _stored_by(event: Event) -> bytes | None:
    return octets_or_none(event.fact) if isinstance(event.fact, Stored) else None


def _at_host(order: Order, host: str) -> Iterator[_Held]:
    """Each message that the host ever held, as it was when the host had it last."""
    host = _named(order, host)
    scene, found = opening(order.hosts), dict[str, _Held]()
    for event in order.events:
        scene = fold(scene, event)
        copy = scene.copies.get((host, event.journey))
        if copy is None or not copy.octets:
            continue
        before = found.get(event.journey)
        if before is None or before.octets != copy.octets:
            found[event.journey] = _Held(event.journey, copy.reverse_path, copy.octets, event.at)
    return iter(found.values())


def _named(order: Order, text: str) -> str:
    """The host of that name, or with that label on the map. Raises ExportError."""
    wanted = text.lower()
    for host in order.hosts:
        if wanted in {host.name.lower(), host.label.lower()}:
            return host.name
    raise ExportError("no-such-host", host=text, hosts=_holders(order))


def _holders(order: Order) -> str:
    """Every host that ever held such a mail, in the order of the way."""
    scene, found = opening(order.hosts), dict[str, None]()
    for event in order.events:
        scene = fold(scene, event)
        copies = scene.copies.items()
        found |= dict.fromkeys(
            host
            for (host, journey), copy in copies
            if copy.octets and order.journey in {None, journey}
        )
    return ", ".join(list(found)[:_MOST_NAMED]) or "–"


def _entry(held: _Held, order: Order) -> bytes:
    """A From line, the message with LF line ends and quoted From lines, and an empty line."""
    # Whitespace would end the address, and any line end the line.
    sender = re.sub(r"\s+", "_", held.reverse_path) or _NOBODY
    date = time.asctime(order.date(held.at).astimezone(UTC).timetuple())
    text = held.octets.replace(b"\r\n", b"\n")
    if not text.endswith(b"\n"):
        text += b"\n"
    return (
        f"From {sender} {date}\n".encode("utf-8", "replace") + _FROM_LINE.sub(rb">\1", text) + b"\n"
    )


def _nobody_has_it(order: Order) -> ExportError:
    if order.journey is not None and order.journey not in _journeys(order):
        known = ", ".join(list(_journeys(order))[:_MOST_NAMED])
        return ExportError("no-such-journey", journey=order.journey, journeys=known)
    if order.host is not None:
        return ExportError("host-without", host=order.host, hosts=_holders(order))
    return ExportError("no-mailbox", hosts=_holders(order))


def _journeys(order: Order) -> dict[str, None]:
    return dict.fromkeys(event.journey for event in order.events)
