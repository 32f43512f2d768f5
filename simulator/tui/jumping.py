"""Where a person wants to go who types a number, a share, or a moment of virtual time."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from simulator.scenario.virtual_time import SECOND
from simulator.trace.event import Event
from simulator.tui.time_marks import place_of

_UNITS = {"ms": SECOND // 1000, "s": SECOND, "min": 60 * SECOND, "h": 3600 * SECOND}
_UNITS["d"] = 24 * _UNITS["h"]
_NUMBER = re.compile(r"\d{1,12}", re.ASCII)
_SHARE = re.compile(r"(\d{1,3}(?:[.,]\d{1,3})?) ?%", re.ASCII)
_SPAN = re.compile(r"(\d{1,9}(?:[.,]\d{1,6})?) ?(ms|s|min|h|d)", re.ASCII)
_CLOCK = re.compile(
    r"(?:(\d{1,4})d ?)?(?:(\d{1,4}):)?(\d{1,2}):(\d{2})(?:[.,](\d{1,3}))?", re.ASCII
)


def target(text: str, events: Sequence[Event]) -> int | None:
    """The cursor that ``text`` means, or None where it means none.

    ``98`` is the number of an event (the first is 0), ``50%`` a share of the run, ``2.5 s``,
    ``3 h``, ``1:30`` (minutes and seconds) and ``2:05:00`` moments of virtual time.
    """
    wanted = text.strip().lower()
    if _NUMBER.fullmatch(wanted):
        place = place_of(events, int(wanted))
        return place + 1 if place < len(events) else None
    share = _SHARE.fullmatch(wanted)
    if share:
        part = _decimal(share[1])
        return round(len(events) * part / 100) if part <= 100 else None
    moment = _moment(wanted)
    if moment is None:
        return None
    return bisect_right(events, moment, key=lambda event: event.at)


def _moment(text: str) -> int | None:
    """Virtual microseconds."""
    span = _SPAN.fullmatch(text)
    if span:
        return round(_decimal(span[1]) * _UNITS[span[2]])
    found = _CLOCK.fullmatch(text)
    if not found:
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups()[:4])
    thousandths = int((found[5] or "0").ljust(3, "0"))
    whole = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    return whole * SECOND + thousandths * 1000


def _decimal(text: str) -> float:
    return float(text.replace(",", "."))
