"""A decision in a word or two, as it stands on the frame of the box that decided."""

from __future__ import annotations

from rich.cells import cell_len

from simulator.scenario.virtual_time import SECOND
from simulator.trace.event import Judged
from simulator.tui.moments import span_text
from simulator.tui.stage import Stage
from simulator.views.safe import safe

_TEXT_LIMIT = 60
_LONGEST_SECONDS = 12
_CHECKS = {"trust.spf": "SPF", "trust.dkim": "DKIM", "trust.dmarc": "DMARC"}
"""Their verdicts are the words of Authentication-Results (RFC 8601), the same in each language."""


def verdict_text(fact: Judged, stage: Stage, room: int) -> str:
    """What was decided, harmless to show: a word, a wait, a host, or what a check found.

    The name of a host that has no room in ``room`` columns becomes its short one.
    """
    verdict = safe(fact.verdict, limit=_TEXT_LIMIT)
    if fact.rule in _CHECKS:
        long = f"{_CHECKS[fact.rule]} {verdict}"
        return long if cell_len(long) <= room else verdict
    if fact.rule == "queue.schedule" and _is_seconds(fact.verdict):
        return span_text(stage.words, int(fact.verdict) * SECOND)
    key = f"ui.verdict.{fact.verdict}"
    if key in stage.words:
        return stage.words.say(key)
    host = stage.hosts.get(fact.verdict)
    if host is not None and cell_len(host.name) > room:
        return stage.name(host)
    return verdict


def _is_seconds(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < _LONGEST_SECONDS
