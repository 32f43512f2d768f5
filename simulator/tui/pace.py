"""How time passes on the screen: when the next event is due, and how far the mail has flown.

Everything follows from when the present event was shown, so nothing adds up errors.
"""

from __future__ import annotations

from dataclasses import dataclass

from simulator.trace.event import Event, peer_of
from simulator.trace.steps import Depth

PARKED = 0.5
"""Where a mail rests while the player is paused: in the middle of its wire, to be looked at."""

_FLIGHT = 0.7
"""Wall seconds in which a mail flies to the middle of its wire after a single step."""

_CROSSING = 0.85
"""The part of an event's time in which the mail crosses; the rest it has arrived."""

_DWELL = {"content": 3.0, "composed": 2.6, "stored": 2.6, "read": 2.6, "queued": 2.2}
_DWELL_SPOKEN, _DWELL_ALONE, _DWELL_DNS = 1.7, 1.9, 1.4
_STORY_FACTOR = 1.7
"""In the story each stop is read as a sentence."""


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


def pace(event: Event | None, depth: Depth, speed: float, now: float) -> Pace:
    """The pace of an event that is shown from ``now`` on."""
    return Pace(now, _dwell(event, depth) / speed)


def resumed(before: Pace, now: float) -> Pace:
    """The pace after a pause: the mail goes on from the middle, where it rested."""
    return Pace(now - before.dwell * _CROSSING * PARKED, before.dwell)


def parked(before: Pace, now: float) -> Pace:
    """The pace of a pause: the mail is at rest in the middle at once."""
    return Pace(now - _FLIGHT, before.dwell)


def _dwell(event: Event | None, depth: Depth) -> float:
    if event is None:
        return _DWELL_ALONE
    if event.kind in {"query", "answer"}:
        seconds = _DWELL_DNS
    else:
        alone = _DWELL_ALONE if peer_of(event.fact) is None else _DWELL_SPOKEN
        seconds = _DWELL.get(event.kind, alone)
    return seconds * (_STORY_FACTOR if depth == "story" else 1.0)
