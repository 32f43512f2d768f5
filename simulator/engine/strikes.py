"""Which change strikes now: those that wait for their moment, and those for the next reply."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from simulator.mail.reply import Ruled
from simulator.mail.site import Struck, Wish
from simulator.scenario.changes import AnswerInstead, Change, SayInstead, Strike

_WITHOUT_A_REPLY: Final = frozenset({"connect", "content", "accepted", "dns"})
"""Moments at which no reply is about to be said."""


def rule_of(change: Change) -> Wish:
    """By whose wish a change is made: the scenario's, or a person's."""
    return "fault" if change.after is None else "intervention"


@dataclass(slots=True)
class _Waiting:
    """A change that waits for its moment, made at ``since``, and how often that has come."""

    change: Change
    deed: Strike
    since: int
    met: int = 0


@dataclass(slots=True)
class _Due:
    """What is to come in place of one reply: on ``conn``, or where it is None on any connection."""

    deed: Strike
    conn: int | None
    rule: Wish
    skip: int = 0
    """Replies that come before it."""


class Strikes:
    """The strikes of one world."""

    def __init__(self) -> None:
        self._waiting: list[_Waiting] = []
        self._due: list[_Due] = []

    def wait(self, change: Change, deed: Strike, now: int) -> None:
        """From now on this waits for its moment."""
        self._waiting.append(_Waiting(change, deed, now))

    def put_before(self, deed: Strike, conn: int | None, skip: int, change: Change) -> None:
        """This is to come in place of the reply after the next ``skip`` ones."""
        self._due.append(_Due(deed, conn, rule_of(change), skip))

    def strike(
        self, host: str, on: str, argument: str, now: int, conn: int | None, *, final: bool
    ) -> Struck | None:
        """The first that strikes at this moment, or None; every one that fits is counted.

        ``final``: whether a DNS answer ends the search, and is no referral.
        """
        due = None if on in _WITHOUT_A_REPLY else self._unsaid(conn)
        if due is not None:
            self._due.remove(due)
            return Struck(due.deed, on, due.rule, is_news=False)
        struck: _Waiting | None = None
        for one in self._waiting:
            if not _fits(one, host, on, argument, now, final=final):
                continue
            one.met += 1
            attempt = one.met - one.change.skip
            times = one.change.times
            if struck is None and attempt > 0 and (not times or attempt <= times):
                struck = one
        if struck is None:
            return None
        return Struck(struck.deed, on, rule_of(struck.change))

    def say_next(self, deed: SayInstead, conn: int, rule: Wish) -> None:
        """The very next reply on that connection is this."""
        self._due.insert(0, _Due(deed, conn, rule))

    def saying(self, conn: int) -> Ruled | None:
        """What is to be said on that connection in place of the next reply, lines by CRLF."""
        due = self._next(conn)
        if due is None or not isinstance(due.deed, SayInstead):
            return None
        return Ruled(due.deed.text.replace("\n", "\r\n"), due.rule)

    def said(self, conn: int) -> None:
        """A reply was given on that connection."""
        over = self._next(conn)
        for due in tuple(self._due):
            if due is over:
                self._due.remove(due)
            elif due.conn in {conn, None} and due.skip:
                due.skip -= 1

    def _next(self, conn: int | None) -> _Due | None:
        """What comes in place of the very next reply."""
        return next((one for one in self._due if one.conn in {conn, None} and not one.skip), None)

    def _unsaid(self, conn: int | None) -> _Due | None:
        """What comes in place of the very next reply, if it is no reply itself."""
        due = self._next(conn) if conn is not None else None
        return None if due is None or isinstance(due.deed, SayInstead) else due


def _fits(one: _Waiting, host: str, on: str, argument: str, now: int, *, final: bool) -> bool:
    change, time = one.change, now - one.since
    return (
        change.on.upper() == on.upper()
        and change.at in {host, ""}
        # What is said of a name anywhere is said by whoever knows it, not on the way there.
        and (final or bool(change.at) or not isinstance(one.deed, AnswerInstead))
        and _is_about(change.only.lower(), argument.lower(), on)
        and change.start <= time
        and (change.end is None or time < change.end)
    )


def _is_about(only: str, argument: str, on: str) -> bool:
    """Whether an argument holds a text; a question of the DNS is compared by whole words."""
    if on != "dns":
        return only in argument
    words = {word.rstrip(".") for word in argument.split(" ")}
    return all(word.rstrip(".") in words for word in only.split())
