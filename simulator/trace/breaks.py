"""Which wires are broken: where a connection could not be opened or sealed, or was cut."""

from __future__ import annotations

from msgspec.structs import replace

from simulator.trace.event import Closed, Connected, Event, Fact, Refused, Removed, Tls
from simulator.trace.state import Scene


def is_broken(fact: Fact) -> bool:
    """Whether a connection could not be opened, was cut, or could not be sealed."""
    match fact:
        case Refused():
            return True
        case Tls(reason=reason):
            return bool(reason)
        case Closed(reason=reason):
            return reason != "quit"
        case _:
            return False


def fold(before: Scene, scene: Scene, event: Event) -> Scene:
    """``scene`` with what is broken after ``event``; ``before`` still has what it closed.

    A wire stays broken until the same client reaches the same server again, or the client is done
    with the mail.
    """
    match event.fact:
        case Connected(peer=peer):
            return _mended(scene, (event.host, peer))
        case Refused(peer=peer):
            return _broken(scene, (event.host, peer), event.journey)
        case Closed(conn=conn) | Tls(conn=conn) as fact if is_broken(fact):
            wire = before.connections.get(conn)
            return _broken(scene, (wire.client, wire.server), event.journey) if wire else scene
        case Removed():
            return _done(scene, event.host, event.journey)
        case _:
            return scene


def _broken(scene: Scene, wire: tuple[str, str], journey: str) -> Scene:
    return replace(scene, broken=scene.broken.put(wire, journey))


def _mended(scene: Scene, wire: tuple[str, str]) -> Scene:
    return replace(scene, broken=scene.broken.drop(wire)) if wire in scene.broken else scene


def _done(scene: Scene, host: str, journey: str) -> Scene:
    for wire, its_journey in tuple(scene.broken.items()):
        if wire[0] == host and its_journey == journey:
            scene = _mended(scene, wire)
    return scene
