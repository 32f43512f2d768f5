"""Where the events of a kind are in a run: one octet an event, so that any is found at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypeAlias

from simulator.trace.crossroads import crossroads_at
from simulator.trace.event import (
    Answer,
    Bounced,
    Closed,
    Event,
    Judged,
    Query,
    Refused,
    Reply,
    Retried,
    Tls,
)

Landmark: TypeAlias = Literal["dns", "tls", "failure", "crossroads"]

_NOTHING, _DNS, _FAILED_DNS, _TLS, _FAILED_TLS, _FAILED, _CROSSROADS = range(7)
_CODES: dict[Landmark, tuple[int, ...]] = {
    "dns": (_DNS, _FAILED_DNS),
    "tls": (_TLS, _FAILED_TLS),
    "failure": (_FAILED, _FAILED_DNS, _FAILED_TLS),
    "crossroads": (_CROSSROADS,),
}
_FAILED_RULES = frozenset({"queue.expired", "loop", "route.null-mx"})
_ARRANGED_RULES = frozenset({"fault", "intervention"})
_NO_FAILURE = frozenset({"up", "policy", "route"})
"""What is arranged and hurts nobody."""
_FAILED_VERDICTS = frozenset({"deferred", "bounced", "rejected", "denied", "refused", "fail"})


def is_failure(event: Event) -> bool:
    """Whether something does not go as the one who tried had hoped."""
    match event.fact:
        case Reply(code=code):
            return str(code).upper().startswith(("4", "5", "-", "NO", "BAD"))
        case Closed(reason=reason):
            return reason != "quit"
        case Tls(reason=reason):
            return bool(reason)
        case Answer(rcode=rcode):
            return rcode != "NOERROR"
        case Judged(rule=rule, verdict=verdict):
            arranged = rule in _ARRANGED_RULES and verdict not in _NO_FAILURE
            return arranged or rule in _FAILED_RULES or verdict in _FAILED_VERDICTS
        case fact:
            return isinstance(fact, Refused | Retried | Bounced)


class Landmarks:
    """The events of a run by kind; grows with the run."""

    def __init__(self) -> None:
        self._codes = bytearray()

    def extend(self, events: Iterable[Event]) -> None:
        """Take in the events that follow."""
        self._codes.extend(map(_code, events))

    def before(self, landmark: Landmark, cursor: int) -> int | None:
        """The place of the last one among the first ``cursor`` events, or None."""
        found = max(self._codes.rfind(code, 0, max(0, cursor)) for code in _CODES[landmark])
        return found if found >= 0 else None

    def after(self, landmark: Landmark, cursor: int) -> int | None:
        """The place of the first one from the place ``cursor`` on, or None."""
        found = (self._codes.find(code, cursor) for code in _CODES[landmark])
        return min((place for place in found if place >= 0), default=None)


def _code(event: Event) -> int:
    failed = is_failure(event)
    if isinstance(event.fact, Query | Answer):
        return _FAILED_DNS if failed else _DNS
    if isinstance(event.fact, Tls):
        return _FAILED_TLS if failed else _TLS
    if crossroads_at(event) is not None:
        return _CROSSROADS
    return _FAILED if failed else _NOTHING
