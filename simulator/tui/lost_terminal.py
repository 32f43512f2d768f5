"""When the terminal goes away: nobody watches any more, and nothing is to go on for nobody.

Textual's reader neither ends nor rests at the end of its input; so this waits for the hang-up by
itself. Where the terminal controls the process, SIGHUP ends it before that.
"""

from __future__ import annotations

import os
import select
import threading
from collections.abc import Callable
from typing import Final

HUNG_UP: Final = 129
"""The exit status: what a shell says of a process that SIGHUP ended."""

_PATIENCE = 2.0
"""Wall seconds for leaving in good order; what is written to a lost terminal may wait for ever."""


def watch(terminal: int, leave: Callable[[], object]) -> None:
    """Call ``leave`` once the terminal with this file descriptor is gone; soon after that, end.

    It watches in a thread that ends with the process, and where the system has no ``poll``, or
    cannot poll this terminal, not at all.
    """
    if hasattr(select, "poll"):
        threading.Thread(target=_wait, args=(terminal, leave), daemon=True).start()


def _wait(terminal: int, leave: Callable[[], object]) -> None:
    poll = select.poll()
    poll.register(terminal, 0)  # hanging up is always told
    if not any(what & select.POLLHUP for _, what in poll.poll()):
        return
    end = threading.Timer(_PATIENCE, os._exit, (HUNG_UP,))
    end.daemon = True
    end.start()
    leave()
