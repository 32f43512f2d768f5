"""One of many things to be chosen: typing narrows them down, however many there are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.screen import ModalScreen
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widgets import Input, Static

from simulator.tui.canvas import Canvas, shorten
from simulator.tui.palette import Palette, ink
from simulator.tui.widgets.form_field import Line
from simulator.views.safe import safe

_LIMIT = 300


class ChoiceList(ScrollView, can_focus=False):
    """The things that are left, one a row; only those that are seen are drawn."""

    class Picked(Message):
        """A row was clicked."""

    def __init__(
        self, choices: Sequence[str], palette: Palette, chosen: int, *, keeps_last: bool
    ) -> None:
        super().__init__()
        self._keeps_last = keeps_last
        self._choices = choices
        self._palette = palette
        self._left: Sequence[int] = range(len(choices))
        self._row = chosen

    @property
    def chosen(self) -> int | None:
        """The place of the marked one among all."""
        return self._left[self._row] if self._left else None

    def narrow(self, text: str) -> None:
        """Leave those that hold the text, and the last one where that always fits."""
        wanted = text.strip().lower()
        always = len(self._choices) - 1 if self._keeps_last else None
        self._left = [
            n for n, one in enumerate(self._choices) if n == always or wanted in one.lower()
        ]
        self._row = 0
        self.virtual_size = Size(self.size.width, len(self._left))
        self.scroll_to(y=0, animate=False, force=True)
        self.refresh()

    def move(self, by: int) -> None:
        """Move the mark."""
        self._row = max(0, min(self._row + by, len(self._left) - 1))
        self.scroll_to(y=max(0, self._row - self.size.height // 2), animate=False, force=True)
        self.refresh()

    def on_mount(self) -> None:
        """As many rows as there are choices."""
        self.virtual_size = Size(1, len(self._left))
        self.call_after_refresh(self.move, 0)

    def on_click(self, event: events.Click) -> None:
        """Choose what is under the pointer."""
        row = event.y + self.scroll_offset.y
        if row < len(self._left):
            self._row = row
            self.post_message(self.Picked())

    def render_line(self, y: int) -> Strip:
        """One row."""
        palette = self._palette
        row = y + self.scroll_offset.y
        here = row == self._row
        back = palette.row if here else palette.background
        canvas = Canvas(self.size.width, 1, ink(palette.text, back))
        if row < len(self._left):
            if here:
                canvas.put(0, 0, "▶", ink(palette.accent, back, bold=True))
            text = safe(self._choices[self._left[row]], limit=_LIMIT)
            canvas.put(2, 0, shorten(text, canvas.width - 3), ink(palette.text, back, bold=here))
        return canvas.strip(0)


class ChoiceScreen(ModalScreen[int | None]):
    """Gives the place of what was chosen, or None where the person went away.

    With ``keeps_last`` the last choice is there for what is not among the others: it stays whatever
    is typed, and ``taken_over`` is what was typed for it.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "leave", show=False, priority=True),
        Binding("up", "move(-1)", "up", show=False, priority=True),
        Binding("down", "move(1)", "down", show=False, priority=True),
        Binding("pageup", "move(-10)", "up", show=False, priority=True),
        Binding("pagedown", "move(10)", "down", show=False, priority=True),
    ]
    CSS = """
    ChoiceScreen { align: center middle; background: $background 50%; }
    ChoiceScreen > Vertical {
        width: 90; max-width: 96%; height: auto; max-height: 90%; padding: 0 1;
        background: $background; border: round $accent;
    }
    ChoiceScreen #title { color: $accent; text-style: bold; }
    ChoiceScreen Line { border: none; height: 1; padding: 0; background: $panel; }
    ChoiceList { height: auto; max-height: 20; scrollbar-size-vertical: 1; overflow-x: hidden; }
    """

    def __init__(
        self,
        title: str,
        hint: str,
        choices: Sequence[str],
        palette: Palette,
        *,
        chosen: int = 0,
        keeps_last: bool = False,
    ) -> None:
        super().__init__()
        self._title, self._hint = title, hint
        self._last = choices[-1] if keeps_last else ""
        self._typed = ""
        self._list = ChoiceList(choices, palette, chosen, keeps_last=keeps_last)
        self._list.styles.height = min(20, max(1, len(choices)))

    @property
    def taken_over(self) -> str:
        """What was typed, unless that was to find the last choice."""
        return "" if self._typed.lower() in self._last.lower() else self._typed

    def compose(self) -> ComposeResult:
        """What is to be chosen, the line that narrows it down, and the list."""
        with Vertical():
            yield Static(Content(safe(self._title, limit=_LIMIT)), id="title")
            yield Line(placeholder=self._hint)
            yield self._list

    def on_mount(self) -> None:
        """Type at once."""
        self.query_one(Line).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the list down."""
        self._typed = event.value.strip()
        self._list.narrow(event.value)

    def on_input_submitted(self) -> None:
        """Give what is marked."""
        self._give()

    def on_choice_list_picked(self) -> None:
        """Give what was clicked."""
        self._give()

    def _give(self) -> None:
        if self._list.chosen is not None:
            self.dismiss(self._list.chosen)

    def action_move(self, by: int) -> None:
        """Move the mark."""
        self._list.move(by)

    def action_leave(self) -> None:
        """Give nothing."""
        self.dismiss(None)
