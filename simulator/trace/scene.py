"""The scene: the state of the simulated world after an event, and the one fold that makes it.

State only: what happened before is ``events[:cursor]``. A scene is never changed; ``fold`` gives
the next one, which shares with it all that is still the same. What an event says may come from
outside: whatever it refers to and the scene does not have is passed over, nothing is raised.
"""

from __future__ import annotations

from typing import assert_never

from msgspec.structs import replace

from simulator.scenario.model import Host
from simulator.trace import breaks, conversation, custody, dns_cache, mailboxes, queues
from simulator.trace.event import (
    Answer,
    Bounced,
    Closed,
    Command,
    Composed,
    Connected,
    Content,
    Event,
    Fetched,
    Intervened,
    Judged,
    Query,
    Queued,
    Read,
    Refused,
    Removed,
    Reply,
    Retried,
    Stamped,
    Step,
    Stored,
    Tls,
)
from simulator.trace.state import (
    Arrival,
    CacheEntry,
    Connection,
    Copy,
    Envelope,
    Mailbox,
    Pending,
    QueueEntry,
    Scene,
    StepState,
    StoredMail,
)
from simulator.trace.steps import resolvers_of

__all__ = [
    "Arrival",
    "CacheEntry",
    "Connection",
    "Copy",
    "Envelope",
    "Mailbox",
    "Pending",
    "QueueEntry",
    "Scene",
    "StepState",
    "StoredMail",
    "fold",
    "opening",
]

_STEPS_BETWEEN_DOMAINS: tuple[Step, ...] = (4, 5)
"""Resolve and transfer: a mail within one domain needs neither."""


def opening(hosts: tuple[Host, ...]) -> Scene:
    """The scene before the first event."""
    return Scene(hosts=hosts, resolvers=resolvers_of(hosts))


def fold(scene: Scene, event: Event) -> Scene:
    """The scene after ``event``. Pure: neither argument is changed. Raises nothing."""
    fact, before = event.fact, scene
    scene = _moved_on(scene, event)
    match fact:
        case Command() | Reply() | Content() | Connected() | Closed() | Tls():
            scene = conversation.fold(scene, event, fact)
        case Answer():
            scene = dns_cache.fold(scene, event, fact)
        case Judged():
            scene = custody.decided(scene, event, fact)
            scene = _judged(mailboxes.decided(scene, fact), fact)
        case Composed() | Stamped():
            scene = custody.fold(scene, event, fact)
        case Queued() | Retried() | Bounced() | Removed():
            scene = queues.fold(scene, event, fact)
        case Stored() | Fetched() | Read():
            scene = mailboxes.fold(scene, event, fact)
        case Refused() | Query() | Intervened():
            pass  # they change nothing but the clock
        case _:
            assert_never(fact)
    return breaks.fold(before, scene, event)


def _moved_on(scene: Scene, event: Event) -> Scene:
    """One event further: the clock, the step, and what resolvers have forgotten meanwhile."""
    steps = scene.steps
    if event.step != scene.step:
        if scene.step is not None:
            steps = steps.put(scene.step, "done")
        steps = steps.put(event.step, "now")
    if scene.next_expiry is not None and event.at >= scene.next_expiry:
        scene = dns_cache.without_expired(scene, event.at)
    return replace(scene, cursor=scene.cursor + 1, at=event.at, step=event.step, steps=steps)


def _judged(scene: Scene, fact: Judged) -> Scene:
    if (fact.rule, fact.verdict) != ("route.destination", "local"):
        return scene
    not_needed: dict[int, StepState] = {
        step: "skipped" for step in _STEPS_BETWEEN_DOMAINS if scene.steps[step] == "todo"
    }
    return replace(scene, steps=scene.steps.put_all(not_needed)) if not_needed else scene
