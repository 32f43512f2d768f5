"""Whether a run has come to its end, or only stops: so does a recording that was cut short."""

from __future__ import annotations

from simulator.trace.state import QueueEntry, Scene


def stops_midway(scene: Scene) -> bool:
    """Whether something is under way that nobody waits with: no run ends like that by itself.

    It ends when no connection is open, and every mail that is still queued has a later attempt.
    """
    return bool(scene.connections) or any(
        _is_at_work_on(entry, scene.at)
        for queue in scene.queues.values()
        for entry in queue.values()
    )


def _is_at_work_on(entry: QueueEntry, now: int) -> bool:
    return entry.next_attempt is None or entry.next_attempt <= now
