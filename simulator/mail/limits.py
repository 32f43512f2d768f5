"""How much a user may send in a day: counted as providers do, refused as they do.

No RFC sets such a limit; each provider chooses the unit that it counts, the window, and the
reply. So a rule here is data.
"""

from __future__ import annotations

from collections import deque

from simulator.mail.reply import Ruled
from simulator.scenario.model import SendingLimit

_DAY = 86_400 * 1_000_000


class SendingAllowance:
    """What each user of one server has sent, held against the limit."""

    def __init__(self, limit: SendingLimit) -> None:
        self._limit = limit
        self._spent: dict[str, deque[int]] = {}

    @property
    def unit(self) -> str:
        """What is counted: ``message``, ``recipient`` or ``transaction``."""
        return self._limit.unit

    def spend(self, user: str, now: int, midnight: int) -> Ruled | None:
        """Count one more at ``now``; the refusal, where the limit is reached, else None.

        ``midnight`` is the latest beginning of a day before ``now``; both in virtual
        microseconds. What is refused is not counted.
        """
        spent = self._spent.setdefault(user, deque())
        since = midnight if self._limit.window == "calendar" else now - self._limit.period + 1
        while spent and spent[0] < since:
            spent.popleft()
        if len(spent) >= self._limit.count:
            return Ruled(self._limit.reply, "sending.limit")
        spent.append(now)
        return None

    def left(self, user: str) -> int:
        """How many more the user may send now."""
        return self._limit.count - len(self._spent.get(user, ()))


def latest_midnight(now: int, start_of_day: int) -> int:
    """The beginning of the day that ``now`` lies in, in virtual microseconds.

    ``start_of_day`` is how long the scenario's first day had lasted when it began.
    """
    return now - (now + start_of_day) % _DAY
