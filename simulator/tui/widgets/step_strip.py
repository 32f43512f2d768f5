"""The six steps: which is done, which is now, which never happen in this run."""

from __future__ import annotations

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.message import Message

from simulator.trace.event import Step
from simulator.trace.steps import STEPS
from simulator.tui.canvas import Canvas, centre, shorten
from simulator.tui.palette import Palette, ink
from simulator.tui.stage import Stage
from simulator.tui.widgets.stage_rows import StageRows

_DONE, _SKIPPED = "✓", "↷"
_GAP = 1
_SKIPPABLE: tuple[Step, ...] = (4, 5)


class StepStrip(StageRows):
    """One block a step; where there is a second row, it shows how far the step has come."""

    class Picked(Message):
        """A step was clicked."""

        def __init__(self, step: Step) -> None:
            super().__init__()
            self.step = step

    def draw(self, canvas: Canvas, stage: Stage, palette: Palette) -> None:
        """The blocks beside each other."""
        states = stage.scene.steps
        for step in STEPS:
            first, last = _span(step, canvas.width)
            width = last - first
            state = states.get(step, "todo")
            if state == "now" and stage.is_last and not stage.stops_midway:
                state = "done"
            fill, text, bold = _colours(state, palette)
            style = ink(text, fill, bold=bold)
            canvas.put(first, 0, centre(_label(stage, step, state, canvas.width), width), style)
            if canvas.height > 1:
                done = 1.0 if state == "done" else stage.progress.get(step, 0.0)
                if state == "skipped":
                    done = 0.0
                cells = round(width * done)
                bar = palette.accent if state == "now" else palette.ok
                canvas.put(first, 1, "▔" * width, ink(palette.line, palette.background))
                canvas.put(first, 1, "▀" * cells, ink(bar, palette.background))
        skipped = skipped_sentence(stage)
        self.tooltip = Content(skipped) if skipped else None

    def on_click(self, event: events.Click) -> None:
        """Tell which step was clicked."""
        for step in STEPS:
            first, last = _span(step, self.size.width)
            if first <= event.x < last:
                self.post_message(self.Picked(step))


def skipped_sentence(stage: Stage) -> str:
    """Which steps are skipped so far, and why; empty where none is."""
    skipped = [step for step in STEPS if stage.scene.steps.get(step) == "skipped"]
    if not skipped:
        return ""
    names = ", ".join(f"{step} {stage.say(f'step.{step}')}" for step in skipped)
    return stage.say("skipped", steps=names)


def _span(step: Step, width: int) -> tuple[int, int]:
    inner = width - 2
    first = 1 + inner * (step - 1) // 6
    last = 1 + inner * step // 6 - (_GAP if step < 6 else 0)
    return first, last


def _width(step: Step, room: int) -> int:
    first, last = _span(step, room)
    return last - first


def _skipped(stage: Stage, step: Step) -> str:
    return f"{_SKIPPED} {stage.say(f'step.{step}')}: {stage.say('step_state.skipped')}"


def _label(stage: Stage, step: Step, state: str, room: int) -> str:
    width = _width(step, room)
    sign = {"done": _DONE, "skipped": _SKIPPED}.get(state, str(step))
    long = f"{sign} {stage.say(f'step_long.{step}')}"
    if state == "skipped":
        # Two of them stand side by side: both say it, or neither.
        if all(cell_len(_skipped(stage, one)) <= _width(one, room) for one in _SKIPPABLE):
            return _skipped(stage, step)
    elif cell_len(long) <= width - 2:
        return long
    return shorten(f"{sign} {stage.say(f'step.{step}')}", width)


def _colours(state: str, palette: Palette) -> tuple[str, str, bool]:
    match state:
        case "now":
            return palette.accent, palette.on_fill, True
        case "done":
            return palette.done, palette.text, True
        case _:
            return palette.raised, palette.dim, False
