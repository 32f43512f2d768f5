"""What a teacher asks before an event happens: a question that does not give it away."""

from __future__ import annotations

from typing import Final

from simulator.lessons.language import Catalogue
from simulator.lessons.phrases import Cast
from simulator.trace.addressee import peer_of
from simulator.trace.event import Answer, Event, Reply
from simulator.trace.scene import Scene

_ASKED: Final = frozenset({"reply", "query", "answer", "judged", "connected", "command"})
"""Kinds of event with a question of their own."""


def question_before(event: Event | None, scene: Scene, words: Catalogue) -> str:
    """The question whose answer ``event`` is; a general one where there is none of its own.

    ``scene`` is that before the event: it knows which command waits for its reply.
    """
    if event is None or event.kind not in _ASKED:
        return words.say("think.next")
    cast = Cast(words, scene.hosts)
    peer = peer_of(event.fact) or event.host
    names = {"who": cast.host(event.host), "peer": cast.host(peer)}
    match event.fact:
        case Answer(name=name, type=asked):
            return words.say("think.answer", said=f"{asked} {name.rstrip('.')}", **names)
        case Reply(conn=conn):
            said = _waiting(scene, conn)
            return words.say(f"think.reply{'_to' if said else ''}", said=said, **names)
        case _:
            return words.say(f"think.{event.kind}", **names)


def _waiting(scene: Scene, conn: int) -> str:
    """The command that waits longest for its reply, as it was said; empty where none does."""
    connection = scene.connections.get(conn)
    if connection is None or not connection.pending or connection.pending[0].verb == ".":
        return ""
    pending = connection.pending[0]
    return f"{pending.verb} {pending.argument}".strip()
