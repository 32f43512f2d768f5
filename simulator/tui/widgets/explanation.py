"""What the current event means: the sentence, the reason, the source, and what books leave out."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.tui.laying import lines_of
from simulator.tui.palette import Palette, ink
from simulator.tui.stage import Stage
from simulator.tui.widgets.step_strip import skipped_sentence
from simulator.tui.widgets.text_view import Line, TextView, paragraph
from simulator.views.lens.facts import facts
from simulator.views.lens.rows import Sheet
from simulator.views.safe import safe

_TEXT_LIMIT = 1500


class ExplanationView(TextView):
    """The explanation of the current event, most important first."""

    is_roomy = True
    """Whether paragraphs are parted by an empty row."""

    def write(self, stage: Stage, palette: Palette, width: int) -> list[Line]:
        """Sentence, why, textbook and reality, source; then which steps are skipped, and why."""
        back = palette.background
        plain = ink(palette.text, back)
        strong = ink(palette.text, back, bold=True)
        accent = ink(palette.accent, back, bold=True)
        dim = ink(palette.dim, back)
        explanation = stage.explanation
        trouble = ink(palette.error, back, bold=True)
        parts = [paragraph(text, trouble, width) for text in _troubles(stage)]
        if explanation is None:
            goal = safe(stage.goal, limit=_TEXT_LIMIT)
            # What to press stands in the caption, which is always seen.
            parts.append(paragraph(goal or stage.say("nothing"), strong, width))
            return _joined(parts, roomy=True)

        def told(key: str, text: str) -> list[Line]:
            head = f"{stage.say(f'explanation.{key}')}:"
            shown = safe(text, limit=_TEXT_LIMIT)
            return paragraph(shown, plain, width, head=head, bold=accent)

        parts.append(paragraph(safe(explanation.sentence, limit=_TEXT_LIMIT), strong, width))
        parts.extend(told("question", question) for question in stage.questions)
        parts.extend(told("note", note) for note in stage.notes)
        # The story tells what happens; only who wants to see commands wants to know the rule.
        if explanation.why and stage.depth != "story":
            parts.append(told("why", explanation.why))
        if explanation.textbook is not None:
            says, really = explanation.textbook
            parts.extend((told("says", says), told("really", really)))
        if explanation.source and stage.depth != "story":
            source = f"{stage.say('explanation.source')}: {explanation.source}"
            parts.append(paragraph(safe(source, limit=_TEXT_LIMIT), dim, width))
        skipped = skipped_sentence(stage)
        if skipped:
            parts.append(paragraph(f"↷ {skipped}", dim, width))
        if stage.depth == "bytes" and stage.event is not None:
            parts.append([((stage.say("explanation.facts"), accent),)])
            rows = facts(stage.event, stage.words)
            parts[-1] += lines_of(Sheet(rows), width, palette)
        if stage.growing:
            parts.append(paragraph(stage.say("working"), dim, width))
        return _joined(parts, roomy=self.is_roomy)


def _troubles(stage: Stage) -> Iterator[str]:
    """Why the run goes no further than this, where that is not its end."""
    if stage.problem:
        yield stage.say("failed", problem=safe(stage.problem, limit=_TEXT_LIMIT))
    if stage.stops_midway:
        yield stage.say("stops_midway")


def _joined(parts: list[list[Line]], *, roomy: bool) -> list[Line]:
    lines: list[Line] = []
    for part in filter(None, parts):
        if lines and roomy:
            lines.append(())
        lines.extend(part)
    return lines
