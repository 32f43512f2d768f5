"""Moments, durations and speeds as people read them."""

from __future__ import annotations

from simulator.lessons.language import Catalogue
from simulator.scenario.virtual_time import SECOND

_SPEEDS = {0.25: "¼×", 0.5: "½×", 1.0: "1×", 2.0: "2×", 4.0: "4×"}
SPEEDS = tuple(_SPEEDS)
"""The speeds there are, slowest first."""

_UNITS = (("days", 86_400), ("hours", 3600), ("minutes", 60), ("seconds", 1))


def speed_text(speed: float) -> str:
    """A speed: ``½×``."""
    return _SPEEDS.get(speed, f"{speed:g}×")


def span_text(words: Catalogue, span: int, *, units: int = 2) -> str:
    """Virtual microseconds as a wait, in so many units at the most: ``58 min``, ``4 h 10 min``."""
    left = max(1, round(span / SECOND))
    if left >= 3600:
        left = round(left / 60) * 60  # after hours nobody counts seconds
    parts = []
    for unit, seconds in _UNITS:
        count, left = divmod(left, seconds)
        if count:
            parts.append(words.say(f"ui.span.{unit}", n=count))
    return " ".join(parts[:units])


def since_text(words: Catalogue, moment: int) -> str:
    """The virtual clock: ``+0.709 s`` while servers talk, ``+4 h 10 min`` after a long wait."""
    if moment < 60 * SECOND:
        seconds = f"{moment // 1000 / 1000:.3f}".replace(".", words.say("number.decimals"))
        return f"+{words.say('ui.span.seconds', n=seconds)}"
    return f"+{span_text(words, moment)}"
