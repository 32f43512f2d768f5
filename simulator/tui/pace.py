"""How time passes on the screen: when the next event is due, and how far the mail has flown.

Everything follows from when the present event was shown, so nothing adds up errors.
"""

from __future__ import annotations

from dataclasses import dataclass

from simulator.trace.event import Content, Event, Reply
from simulator.trace.steps import Depth, depth_of

PARKED = 0.5
"""Where a mail rests while the player is paused: in the middle of its wire, to be looked at."""

_FLIGHT = 0.7
"""Wall seconds in which a mail flies to the middle of its wire after a single step."""

_CROSSING = 0.85
"""The part of an event's time in which the mail crosses; the rest it has arrived."""

_DWELL: dict[Depth, float] = {"story": 2.9, "commands": 1.1, "bytes": 0.6}
"""Wall seconds for an event, by the coarsest depth at which one stops at it: what matters to the
story is a sentence to be read, a command is a line, what a resolver asks on its own a glance."""

_DWELL_OF_KIND = {"query": 0.8, "answer": 0.8, "judged": 1.6, "stamped": 1.6, "closed": 0.8}
"""Where an event of the depth ``commands`` is quicker or needs more thought than a command."""

_DWELL_OF_MESSAGE, _DWELL_OF_LIST, _DWELL_OF_NOTHING = 3.4, 0.9, 1.9
_STORY_FACTOR = 1.1
"""In the story there is nothing but sentences."""


@dataclass(frozen=True, slots=True)
class Pace:
    """One event on the screen: ``since`` (wall seconds) it was shown, or would have been."""

    since: float
    dwell: float

    def phase(self, now: float, *, playing: bool) -> float:
        """Where what is under way stands, 0 at the speaker and 1 at the listener."""
        passed = max(0.0, now - self.since)
        if playing:
            return min(1.0, passed / (self.dwell * _CROSSING))
        share = min(1.0, passed / _FLIGHT)
        return PARKED * (1.0 - (1.0 - share) ** 2)

    def is_over(self, now: float) -> bool:
        """Whether the next event is due while playing."""
        return now - self.since >= self.dwell

    def is_resting(self, now: float) -> bool:
        """Whether, while paused, nothing moves any more."""
        return now - self.since >= _FLIGHT


def pace(
    event: Event | None,
    depth: Depth,
    speed: float,
    now: float,
    resolvers: frozenset[str] = frozenset(),
) -> Pace:
    """The pace of an event that is shown from ``now`` on; ``resolvers`` are hosts by name."""
    seconds = _dwell(event, resolvers) * (_STORY_FACTOR if depth == "story" else 1.0)
    return Pace(now, seconds / speed)


def resumed(before: Pace, now: float) -> Pace:
    """The pace after a pause: the mail goes on from the middle, where it rested."""
    return Pace(now - before.dwell * _CROSSING * PARKED, before.dwell)


def parked(before: Pace, now: float) -> Pace:
    """The pace of a pause: the mail is at rest in the middle at once."""
    return Pace(now - _FLIGHT, before.dwell)


def _dwell(event: Event | None, resolvers: frozenset[str]) -> float:
    if event is None:
        return _DWELL_OF_NOTHING
    coarsest = depth_of(event, resolvers)
    match event.fact:
        case Content():
            return _DWELL_OF_MESSAGE
        case Reply(lines=lines) if coarsest == "commands" and len(lines) > 1:
            return _DWELL_OF_LIST
        case _ if coarsest == "commands":
            return _DWELL_OF_KIND.get(event.kind, _DWELL[coarsest])
        case _:
            return _DWELL[coarsest]
