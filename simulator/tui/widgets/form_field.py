"""One field of a form: its name, what is typed, and below it what is wrong with that."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from simulator.scenario.draft import Field
from simulator.tui.canvas import Canvas
from simulator.tui.palette import Palette, ink
from simulator.views.safe import safe, safe_lines

_LONGEST = 2_000


class Line(Input):
    """One line of typing; a control character that is pasted becomes its visible sign."""

    def validate_value(self, value: str) -> str:
        """What may stand in a line."""
        return safe(value, limit=_LONGEST)


class Lines(TextArea):
    """Several lines of typing, made harmless in the same way."""

    def on_paste(self, event: events.Paste) -> None:
        """Before the text area takes it."""
        event.text = "\n".join(safe_lines(event.text, limit=_LONGEST))


class Choice(Widget, can_focus=True):
    """One of a few words, changed with the arrow keys, the space bar or a click."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space,right,enter", "turn(1)", show=False),
        Binding("left", "turn(-1)", show=False),
    ]

    class Changed(Message):
        """Another word was chosen."""

    def __init__(self, words: tuple[str, ...], palette: Palette, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._words = words
        self._palette = palette
        self.place = 0

    def say(self, words: tuple[str, ...], palette: Palette) -> None:
        """The same choice in another language or in other colours."""
        self._words, self._palette = words, palette
        self.refresh()

    def action_turn(self, by: int) -> None:
        """The next word, or the one before."""
        self.place = (self.place + by) % len(self._words)
        self.refresh()
        self.post_message(self.Changed())

    def on_click(self) -> None:
        """The next word."""
        self.action_turn(1)

    def render_line(self, y: int) -> Strip:
        """All words, the chosen one marked; colour is not the only sign."""
        palette = self._palette
        canvas = Canvas(self.size.width, 1, ink(palette.text, palette.background))
        x = 0
        for place, word in enumerate(self._words):
            chosen = place == self.place
            shown = f"(•) {word}" if chosen else f"( ) {word}"
            colour = palette.accent if chosen and self.has_focus else palette.text
            style = ink(colour if chosen else palette.dim, palette.background, bold=chosen)
            canvas.put(x, 0, shown, style)
            x += cell_len(shown) + 3
        return canvas.strip(0)


class FormField(Vertical):
    """A field with its name before it; the mistake below takes no room where there is none."""

    class Changed(Message):
        """What the field holds is another."""

    def __init__(self, field: Field, first: str, palette: Palette) -> None:
        super().__init__(id=f"field-{field.name}")
        self.field = field
        self._first = first
        self._palette = palette
        self._label = Static(classes="name")
        self._mistake = Static(classes="mistake")
        self._body = self._made()

    def compose(self) -> ComposeResult:
        """The name beside what is typed, the mistake below."""
        with Horizontal():
            yield self._label
            yield self._body
        yield self._mistake

    @property
    def value(self) -> str:
        """What is typed, or the word of a choice as the file writes it."""
        match self._body:
            case Line():
                return self._body.value
            case Lines():
                return self._body.text
            case _:
                return self._choices[self._body.place]

    def say(self, name: str, hint: str, choices: tuple[str, ...], palette: Palette) -> None:
        """The field's words in a language: its name, an example, the words of a choice."""
        self._label.update(Content(name))
        match self._body:
            case Line():
                self._body.placeholder = hint
            case Choice():
                self._body.say(choices, palette)

    def complain(self, sentence: str) -> None:
        """Say what is wrong; empty: nothing is."""
        self._mistake.update(Content(f"✗ {safe(sentence)}" if sentence else ""))
        self._mistake.display = bool(sentence)

    def on_descendant_focus(self) -> None:
        """The name of the field that one is in stands out."""
        self._label.add_class("-here")

    def on_descendant_blur(self) -> None:
        """One has left it."""
        self._label.remove_class("-here")

    def on_input_changed(self) -> None:
        """Somebody typed."""
        self.post_message(self.Changed())

    def on_text_area_changed(self) -> None:
        """Somebody typed."""
        self.post_message(self.Changed())

    def on_choice_changed(self) -> None:
        """Somebody chose."""
        self.post_message(self.Changed())

    @property
    def _choices(self) -> tuple[str, ...]:
        return self.field.choices or ("", "yes")

    def _made(self) -> Line | Lines | Choice:
        name = f"typed-{self.field.name}"
        if self.field.kind in {"choice", "flag"}:
            return Choice(self._choices, self._palette, id=name)
        if self.field.name == "body":
            return Lines(self._first, id=name, highlight_cursor_line=False)
        return Line(self._first, id=name, select_on_focus=False)
