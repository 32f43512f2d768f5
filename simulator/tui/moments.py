"""Moments, durations and speeds as people read them."""

from __future__ import annotations

_SPEEDS = {0.25: "¼×", 0.5: "½×", 1.0: "1×", 2.0: "2×", 4.0: "4×"}
SPEEDS = tuple(_SPEEDS)
"""The speeds there are, slowest first."""


def speed_text(speed: float) -> str:
    """A speed: ``½×``."""
    return _SPEEDS.get(speed, f"{speed:g}×")


def clock_text(moment: int) -> str:
    """Virtual microseconds since the start: ``0.709 s``, ``1:02.5``, ``2:05:00`` (hours)."""
    milliseconds = moment // 1000
    if milliseconds < 60_000:
        return f"{milliseconds / 1000:.3f} s"
    seconds, rest = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    if minutes < 60:
        return f"{minutes}:{seconds:02}.{rest // 100}"
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}"
