"""The tabs of the lens: which there are, which one fits an event, and what each shows."""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

from simulator.trace.event import Answer, Event, Fetched, Judged, Query, Read, Stored, Tls
from simulator.trace.scene import Copy
from simulator.tui.landmarks import Landmark, Landmarks
from simulator.tui.stage import Stage
from simulator.views.lens import letter, places
from simulator.views.lens.dns import dns
from simulator.views.lens.parts import parts
from simulator.views.lens.rows import Sheet, said

Tab: TypeAlias = Literal["envelope", "header", "parts", "source", "dns", "queue", "mailbox", "tls"]
TABS: tuple[Tab, ...] = get_args(Tab)

OF_THE_MAIL: frozenset[Tab] = frozenset({"envelope", "header", "parts", "source"})
"""The tabs that show the mail as one host holds it."""


_OF_KIND: dict[str, Tab] = {
    "query": "dns",
    "answer": "dns",
    "tls": "tls",
    "stamped": "header",
    "content": "header",
    "queued": "queue",
    "retried": "queue",
    "bounced": "queue",
    "removed": "queue",
    "stored": "mailbox",
    "fetched": "mailbox",
    "read": "mailbox",
}
_OF_RULE: tuple[tuple[str, Tab], ...] = (
    ("queue.", "queue"),
    ("route.destination", "envelope"),
    ("route.relay", "envelope"),
    ("route.", "dns"),
    ("mailbox.delivery", "mailbox"),
    ("quota", "mailbox"),
    ("trust.folder", "mailbox"),
    ("trust.", "header"),
)
"""Beginnings of the rules of decisions; the first that fits."""


def fitting(event: Event | None) -> Tab:
    """The tab that shows what an event is about; for most of what is said the envelope."""
    if event is None:
        return "envelope"
    if isinstance(event.fact, Judged):
        rule = event.fact.rule
        return next((tab for begin, tab in _OF_RULE if rule.startswith(begin)), "envelope")
    return _OF_KIND.get(event.kind, "envelope")


def holders(stage: Stage) -> tuple[str, ...]:
    """Every host that holds the mail of the current event, in the order of the map."""
    if stage.event is None:
        return ()
    journey = stage.event.journey
    copies = stage.scene.copies
    return tuple(host.name for host in stage.scene.hosts if (host.name, journey) in copies)


def held_copy(stage: Stage, chosen: str | None = None) -> tuple[str, Copy] | None:
    """Whose copy is shown: the chosen host's, else the actor's, the listener's, or that of whoever
    is answerable.
    """
    event = stage.event
    if event is None:
        return None
    actors = [host.name for host in (stage.speaker, stage.listener) if host is not None]
    custody = [
        host for (journey, _), host in stage.scene.custody.items() if journey == event.journey
    ]
    for name in [chosen] if chosen is not None else [*actors, *custody]:
        copy = stage.scene.copies.get((name, event.journey))
        if copy is not None:
            return name, copy
    return None


def sheet_of(tab: Tab, stage: Stage, landmarks: Landmarks, chosen: str | None) -> Sheet:
    """What a tab shows at this moment; ``chosen`` is whose copy of the mail is wanted."""
    if tab in OF_THE_MAIL:
        held = held_copy(stage, chosen)
        return _absent(stage, chosen) if held is None else _of_copy(tab, held[1], stage)
    words, scene = stage.words, stage.scene
    match tab:
        case "dns":
            event = _last("dns", stage, landmarks)
            message = event.fact if event is not None else None
            return dns(message if isinstance(message, Query | Answer) else None, scene, words)
        case "queue":
            return places.queues(scene, words)
        case "mailbox":
            return places.mailboxes(scene, words, _mailbox(stage))
        case _:
            event = _last("tls", stage, landmarks)
            tls = event.fact if event is not None and isinstance(event.fact, Tls) else None
            return places.connections(tls, event.host if event else "", scene, words)


def _mailbox(stage: Stage) -> str:
    """The mailbox that the current event is about, or none."""
    fact = stage.event.fact if stage.event is not None else None
    return fact.mailbox if isinstance(fact, Stored | Fetched | Read) else ""


def _of_copy(tab: Tab, copy: Copy, stage: Stage) -> Sheet:
    match tab:
        case "envelope":
            return letter.envelope(copy, stage.words)
        case "header":
            return letter.header(copy, stage.words)
        case "parts":
            return parts(copy, stage.words)
        case _:
            return letter.source(copy, stage.words, line_ends=stage.depth == "bytes")


def _absent(stage: Stage, chosen: str | None) -> Sheet:
    if chosen is None or stage.event is None:
        return Sheet((said(stage.say("lens.none"), "dim"),))
    name = stage.name(stage.hosts.get(chosen), chosen)
    return Sheet((said(stage.say("lens.not_here", host=name), "dim"),))


def _last(landmark: Landmark, stage: Stage, landmarks: Landmarks) -> Event | None:
    place = landmarks.before(landmark, stage.cursor)
    return None if place is None else stage.events[place]
