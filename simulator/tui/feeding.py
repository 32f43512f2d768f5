"""A run that is still being made: its events, pulled in a thread and handed on in small batches."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from simulator.trace.event import Event

_BATCH_SECONDS = 0.1
_BATCH_SIZE = 500


def feed(
    events: Iterable[Event],
    deliver: Callable[[list[Event]], None],
    is_cancelled: Callable[[], bool],
) -> None:
    """Hand all events on: the first at once, the others in batches of at most a tenth of a second.

    Whatever the making of the events raises is raised here, after what came before it was handed
    on.
    """
    batch: list[Event] = []
    due = time.monotonic()
    try:
        for event in events:
            if is_cancelled():
                batch.clear()
                return
            batch.append(event)
            if len(batch) >= _BATCH_SIZE or time.monotonic() >= due:
                deliver(batch)
                batch = []
                due = time.monotonic() + _BATCH_SECONDS
    finally:
        if batch:
            deliver(batch)
