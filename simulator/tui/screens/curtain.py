"""What hides the run from the class: the blackout, and the countdown for "think first"."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Literal, TypeAlias

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Digits, Static

from simulator.lessons.language import Catalogue
from simulator.views.safe import safe

_FIRST_SECONDS, _SHORTEST, _LONGEST, _MORE = 30, 5, 300, 10
_TICK = 0.2


class BlackoutScreen(ModalScreen[None]):
    """Nothing at all, so that the class looks at the teacher; any key or click ends it."""

    CSS = "BlackoutScreen { background: black; }"

    def on_key(self, event: events.Key) -> None:
        """Show the run again; the key does nothing else."""
        event.stop()
        event.prevent_default()
        self.dismiss()

    def on_click(self) -> None:
        """Show the run again."""
        self.dismiss()


Thought: TypeAlias = Literal["show", "back"]
"""What comes after thinking: the answer is shown, or nothing happens yet."""


class ThinkScreen(ModalScreen[Thought]):
    """A question and seconds that run down, until they have or somebody presses a key.

    It covers the lower half, where the transcript would give the answer away.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "give_up", show=False, priority=True),
        Binding("enter,space,right", "reveal", show=False, priority=True),
        Binding("plus,equals_sign,up", f"change({_MORE})", show=False, priority=True),
        Binding("minus,down", f"change(-{_MORE})", show=False, priority=True),
    ]
    CSS = """
    ThinkScreen { align: center bottom; background: transparent; }
    ThinkScreen > Vertical {
        width: 100%; height: 47%; padding: 0 3; align: center middle;
        background: $panel; border: heavy $accent;
    }
    ThinkScreen Static { width: 100%; text-align: center; color: $foreground; }
    ThinkScreen #think { color: $accent; text-style: bold; }
    ThinkScreen #question { padding: 1 0; text-style: bold; }
    ThinkScreen Digits { width: 100%; text-align: center; color: $accent; }
    ThinkScreen #how { padding-top: 1; }
    """

    def __init__(self, question: str, words: Catalogue, clock: Callable[[], float]) -> None:
        super().__init__()
        self._question = question
        self._words = words
        self._clock = clock
        self._until = clock() + _FIRST_SECONDS

    @property
    def left(self) -> int:
        """Whole seconds that are left."""
        return max(0, round(self._until - self._clock()))

    def compose(self) -> ComposeResult:
        """What to do, what to think about, how long, and the keys."""
        with Vertical():
            yield Static(Content(self._words.say("think.first")), id="think")
            yield Static(Content(safe(self._question, limit=400)), id="question")
            yield Digits(str(self.left))
            yield Static(Content(self._words.say("think.how")), id="how")

    def on_mount(self) -> None:
        """The seconds run."""
        self.set_interval(_TICK, self.pulse)

    def pulse(self) -> None:
        """Show what is left; at zero show what happens."""
        self.query_one(Digits).update(str(self.left))
        if not self.left:
            self.action_reveal()

    def action_change(self, by: int) -> None:
        """More time, or less."""
        left = min(_LONGEST, max(_SHORTEST, self.left + by))
        self._until = self._clock() + left
        self.query_one(Digits).update(str(self.left))

    def action_reveal(self) -> None:
        """Go on: what was asked for happens now."""
        if self.is_current:
            self.dismiss("show")

    def action_give_up(self) -> None:
        """Back, and nothing happens yet."""
        self.dismiss("back")
