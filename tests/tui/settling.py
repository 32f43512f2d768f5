"""Waiting on the screen until there is nothing left to do, and not a moment longer.

Textual's own way is to wait until the processor is idle, by the clock: 20 ms at the least, several
times for each key, and up to a second each time where the machine has other things to do. But
whether anything is left to run can be asked of the event loop itself.
"""

from __future__ import annotations

import asyncio
from typing import Any

from textual._context import active_app
from textual.app import App

_DRAWINGS = 3
"""What is drawn may call for a layout, and that for another drawing."""
_GLANCE, _MOST_GLANCES = 1 / 250, 250


async def settled(_min_sleep: float = 0, _max_sleep: float = 0) -> None:
    """Return once every message is dealt with and what it changed is drawn."""
    app = active_app.get()
    for _ in range(_DRAWINGS):
        await _nothing_left_to_run()
        await _threads_are_done(app)
        while _has_put_something_off(app):
            await asyncio.sleep(_GLANCE)
            await _nothing_left_to_run()
        if app.is_running and app.screen_stack:
            # What shows through from below a modal screen is laid out by a timer of its own.
            for screen in (*app._background_screens, app.screen):
                screen._on_timer_update()
    await _nothing_left_to_run()


async def _threads_are_done(app: App[object]) -> None:
    """A thread that makes a run again is waited for as Textual does it: for a second.

    One that waits for the network is not: the screen has to go on meanwhile.
    """
    for _ in range(_MOST_GLANCES):
        threads = (one for one in app.workers if one._thread_worker and one.group != "network")
        if not any(thread.is_running for thread in threads):
            return
        await asyncio.sleep(_GLANCE)


async def _nothing_left_to_run() -> None:
    loop: Any = asyncio.get_running_loop()
    await asyncio.sleep(0)
    while loop._ready:  # noqa: ASYNC110 - nothing tells when it is empty
        await asyncio.sleep(0)


def _has_put_something_off(app: App[object]) -> bool:
    """Whether Textual waits a few milliseconds for more of the same: resizes, or new screens."""
    ends = app._exit or not app.is_running
    return not ends and (app._resize_timer is not None or app._batch_count > 0)
