"""What the scene knows of each host's queue of mails that are not done with (RFC 5321 4.5.4)."""

from __future__ import annotations

from typing import TypeAlias, assert_never

from msgspec.structs import replace

from simulator.trace.custody import held, introduced
from simulator.trace.event import Bounced, Event, Queued, Removed, Retried
from simulator.trace.ledger import Ledger
from simulator.trace.state import Envelope, QueueEntry, Scene

QueueFact: TypeAlias = Queued | Retried | Bounced | Removed


def fold(scene: Scene, event: Event, fact: QueueFact) -> Scene:
    """The scene after a mail entered a queue, waits on, is given up for someone, or leaves."""
    match fact:
        case Queued():
            return _queued(_waiting(scene, event, fact), event, fact)
        case Retried():
            return _waiting(scene, event, fact)
        case Bounced():
            return _bounced(scene, event, fact)
        case Removed():
            return _removed(scene, event, fact)
        case _:
            assert_never(fact)


def _queue(scene: Scene, host: str) -> Ledger[str, QueueEntry]:
    return scene.queues.get(host) or Ledger()


def _waiting(scene: Scene, event: Event, fact: Queued | Retried) -> Scene:
    entry = QueueEntry(
        fact.queue_id, event.journey, fact.recipients, fact.reason, fact.next_attempt
    )
    queue = _queue(scene, event.host).put(fact.queue_id, entry)
    return replace(scene, queues=scene.queues.put(event.host, queue))


def _queued(scene: Scene, event: Event, fact: Queued) -> Scene:
    # A mail that begins its way here, as a bounce does, has the null reverse-path.
    scene = introduced(scene, event.journey, Envelope("", fact.recipients), event.host)
    copy = scene.copies.get((event.host, event.journey))
    if copy is None:
        return scene
    return held(scene, event.host, replace(copy, queue_id=fact.queue_id))


def _bounced(scene: Scene, event: Event, fact: Bounced) -> Scene:
    custody = scene.custody
    for recipient in fact.recipients:
        custody = custody.drop((event.journey, recipient))
    scene = replace(scene, custody=custody)
    queue = _queue(scene, event.host)
    entry = queue.get(fact.queue_id)
    if entry is None:
        return scene
    given_up = frozenset(fact.recipients)
    left = tuple(name for name in entry.recipients if name not in given_up)
    queue = queue.put(fact.queue_id, replace(entry, recipients=left, reason=fact.reason))
    return replace(scene, queues=scene.queues.put(event.host, queue))


def _removed(scene: Scene, event: Event, fact: Removed) -> Scene:
    queue = _queue(scene, event.host)
    entry = queue.get(fact.queue_id)
    queue = queue.drop(fact.queue_id)
    queues = scene.queues.put(event.host, queue) if queue else scene.queues.drop(event.host)
    key = (event.host, event.journey if entry is None else entry.journey)
    copy, copies = scene.copies.get(key), scene.copies
    if copy is not None and copy.queue_id == fact.queue_id:
        copies = copies.drop(key)
    return replace(scene, queues=queues, copies=copies)
