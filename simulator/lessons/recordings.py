"""What is wrong with a recording, or passed over in it, in words.

What the sentences quote comes from a file that may be hostile, and goes to a terminal: signs that
are not printable are escaped, long pieces are cut.
"""

from __future__ import annotations

from simulator.lessons.language import Language, catalogue
from simulator.lessons.refusals import reason_said
from simulator.scenario.errors import shown
from simulator.trace.complaints import RecordingError, Remark

_LONGEST_QUOTE = 200


def mistake_said(mistake: RecordingError, language: Language) -> str:
    """One sentence that says what is wrong and where."""
    words = catalogue(language)
    return words.say(
        f"recording.mistake.{mistake.rule}",
        file=_quoted(mistake.path),
        line=mistake.line,
        detail=_quoted(reason_said(mistake.detail, words) or mistake.detail),
    )


def remark_said(remark: Remark, language: Language) -> str:
    """One sentence that says what was passed over."""
    return catalogue(language).say(
        f"recording.remark.{remark.rule}",
        line=remark.line,
        count=remark.count,
        kind=_quoted(remark.kind),
    )


def _quoted(text: object) -> str:
    return shown(str(text), _LONGEST_QUOTE)
