"""Moments of virtual time as a column of a transcript shows them."""

from __future__ import annotations

from simulator.lessons.language import Catalogue

_MINUTE = 60_000
_DAY = 86_400


def clock(moment: int, words: Catalogue) -> str:
    """Virtual microseconds as ``0.709 s``, ``1:02.500``, ``2:05:00`` or ``5d 02:05:00``.

    Milliseconds matter while servers talk; when a mail waits for hours, nobody misses them.
    """
    milliseconds, point = moment // 1000, words.say("number.decimals")
    if milliseconds < _MINUTE:
        return f"{milliseconds / 1000:.3f} s".replace(".", point)
    seconds, fraction = divmod(milliseconds, 1000)
    days, seconds = divmod(seconds, _DAY)
    hours, seconds = divmod(seconds, 3600)
    minutes, seconds = divmod(seconds, 60)
    if days:
        return f"{days}d {hours:02}:{minutes:02}:{seconds:02}"
    if hours:
        return f"{hours}:{minutes:02}:{seconds:02}"
    return f"{minutes}:{seconds:02}{point}{fraction:03}"
