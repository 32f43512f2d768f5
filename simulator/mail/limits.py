"""How much a user may send in a day: counted as providers do, refused as they do.

No RFC sets such a limit; each provider chooses the unit that it counts, the window, and the
reply. So a rule here is data.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime

from simulator.mail.reply import Ruled
from simulator.scenario.domain import SendingLimit
from simulator.scenario.virtual_time import SECOND

_DAY = 86_400 * SECOND


@dataclass(frozen=True, slots=True)
class Spent:
    """One more thing counted against a limit, or refused; ``left`` is what may still be sent."""

    limit: SendingLimit
    left: int
    refusal: Ruled | None = None

    def inputs(self) -> dict[str, str]:
        """What the trace shows of it (``sending.limit``); the period in seconds."""
        return {
            "unit": self.limit.unit,
            "limit": str(self.limit.count),
            "window": self.limit.window,
            "period": str(self.limit.period // SECOND),
            "per": self.limit.per,
            "left": str(self.left),
        }


class SendingAllowance:
    """What the users of one server have sent, held against its limits."""

    def __init__(self, limits: tuple[SendingLimit, ...]) -> None:
        self._limits = limits
        self._spent: dict[tuple[int, str], deque[int]] = {}

    def begin_mail(self, user: str) -> None:
        """A new mail transaction: what is limited for each mail begins anew."""
        for number, limit in enumerate(self._limits):
            if limit.window == "mail":
                self._book(number, limit, user).clear()

    def spend(self, user: str, unit: str, now: int, midnight: int) -> tuple[Spent, ...]:
        """Count one more at ``now`` against each limit of this unit; or the first that refuses.

        ``midnight`` is the latest beginning of a day before ``now``; both in virtual
        microseconds. What is refused is not counted at all.
        """
        books = [
            (limit, self._book(number, limit, user))
            for number, limit in enumerate(self._limits)
            if limit.unit == unit
        ]
        for limit, book in books:
            _forget(limit, book, now, midnight)
            if len(book) >= limit.count:
                return (Spent(limit, 0, Ruled(limit.reply, "sending.limit")),)
        for _, book in books:
            book.append(now)
        return tuple(Spent(limit, limit.count - len(book)) for limit, book in books)

    def _book(self, number: int, limit: SendingLimit, user: str) -> deque[int]:
        whose = user.lower() if limit.per == "user" else ""
        return self._spent.setdefault((number, whose), deque())


def _forget(limit: SendingLimit, book: deque[int], now: int, midnight: int) -> None:
    """Take out what is too old to count."""
    if limit.window == "mail":
        return
    since = midnight if limit.window == "calendar" else now - limit.period + 1
    while book and book[0] < since:
        book.popleft()


def latest_midnight(now: int, first: datetime) -> int:
    """The beginning of the day that ``now`` lies in, in virtual microseconds.

    ``first`` is when the scenario began.
    """
    passed = first - first.replace(hour=0, minute=0, second=0, microsecond=0)
    return now - (now + round(passed.total_seconds() * SECOND)) % _DAY
