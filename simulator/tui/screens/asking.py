"""One line to be typed, checked while it is typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from simulator.tui.widgets.form_field import Line
from simulator.views.safe import safe

_LIMIT = 400


class AskScreen(ModalScreen[str | None]):
    """Asks for a line; ``check`` gives what is wrong with one, or nothing, at every letter.

    What is wrong with an empty line is said only when it is given. Gives the line, or None where
    the person went away.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "leave", show=False, priority=True)
    ]
    CSS = """
    AskScreen { align: center bottom; background: $background 30%; }
    AskScreen > Vertical {
        height: auto; width: 100%; max-width: 100; padding: 0 1; margin-bottom: 1;
        background: $panel; border: round $accent;
    }
    AskScreen Line { border: none; height: 1; padding: 0; background: $background; }
    AskScreen #title { color: $accent; text-style: bold; }
    AskScreen #told { color: $text-muted; height: auto; }
    AskScreen #told.-problem { color: $error; }
    """

    def __init__(
        self, title: str, hint: str, check: Callable[[str], str], *, value: str = ""
    ) -> None:
        super().__init__()
        self._title, self._hint, self._value = title, hint, value
        self._check = check

    def compose(self) -> ComposeResult:
        """What is asked, the line, and what is wrong with it."""
        with Vertical():
            yield Static(_content(self._title), id="title")
            yield Line(self._value, id="line")
            yield Static(_content(self._hint), id="told")

    def on_mount(self) -> None:
        """Type at once."""
        self.query_one(Line).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say what is wrong as soon as something is typed."""
        problem = self._check(event.value)
        self._tell(problem if event.value.strip() else "")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Give the line, if it is right."""
        problem = self._check(event.value)
        if problem:
            self._tell(problem)
        else:
            self.dismiss(event.value.strip())

    def _tell(self, problem: str) -> None:
        told = self.query_one("#told", Static)
        told.update(_content(problem or self._hint))
        told.set_class(bool(problem), "-problem")

    def action_leave(self) -> None:
        """Give nothing."""
        self.dismiss(None)


def _content(text: str) -> Content:
    """Text from anywhere: never markup, never a control character."""
    return Content(safe(text, limit=_LIMIT))
