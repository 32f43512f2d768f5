"""The compose screen: one's own mail and servers by a form that is checked while one types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import ClassVar, Literal

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Static

from simulator.lessons.language import LANGUAGES, Language, catalogue
from simulator.lessons.refusals import refusal_said
from simulator.scenario.draft import (
    FIELDS,
    FIRST,
    Draft,
    Field,
    draft_of,
    mistakes_in_draft,
    scenario_of_draft,
)
from simulator.scenario.errors import ScenarioError
from simulator.scenario.keys import KEYS
from simulator.scenario.model import Scenario
from simulator.tui.keys import COMPOSE_KEYS, bindings
from simulator.tui.palette import DARK, PALETTES, Palette
from simulator.tui.screens.help import HelpScreen
from simulator.tui.stage import nowhere
from simulator.tui.widgets.compose_frame import ComposeHead
from simulator.tui.widgets.form_field import FormField
from simulator.tui.widgets.key_bar import KeyBar
from simulator.tui.widgets.library_frame import LibraryFrame
from simulator.views.safe import safe

_WIDE = 110
_FILE = Field("file", "file", "mail")
_FIRST_FILE = "my-scenario.toml"
_NAME = "my-scenario"


class ComposeScreen(Screen[None]):
    """A form of ``FIELDS``, beside it the file that it makes."""

    CSS_PATH = "compose.tcss"
    BINDINGS: ClassVar[list[BindingType]] = bindings(COMPOSE_KEYS)

    class Play(Message):
        """This scenario is to be played."""

        def __init__(self, scenario: Scenario, language: Language) -> None:
            super().__init__()
            self.scenario = scenario
            self.language = language

    def __init__(self, *, language: Language = "en", folder: Path | None = None) -> None:
        super().__init__()
        self.language: Language = language
        self._folder = folder or Path()
        self._saved: Path | None = None
        self._kept = ""
        """The text that nobody would miss: as the form was at first, or as it is on the disk."""
        self._warned_of = ""

    @property
    def palette(self) -> Palette:
        """The colours of the present theme."""
        return PALETTES.get(self.app.theme, DARK)

    def compose(self) -> ComposeResult:
        """The form by groups, the file that it makes, the keys."""
        palette = self.palette
        yield ComposeHead(palette, id="head")
        with Horizontal(id="body"):
            with VerticalScroll(id="form", can_focus=False):
                yield from self._fields(palette)
            with Vertical(id="paper"):
                yield Static(classes="group", id="group-made")
                yield Static(id="made")
        yield KeyBar(COMPOSE_KEYS, palette)

    def _fields(self, palette: Palette) -> Iterator[Static | FormField]:
        group = ""
        for field in FIELDS:
            if field.table != group:
                group = field.table
                yield Static(classes="group", id=f"group-{group}")
            yield FormField(field, FIRST.get(field.name, ""), palette)
        yield Static(classes="group", id="group-file")
        yield FormField(_FILE, _FIRST_FILE, palette)

    def on_mount(self) -> None:
        """Say everything, and begin with the first field."""
        self.app.theme_changed_signal.subscribe(self, lambda _: self.show())
        self.show()
        self._kept = self.draft().text
        self.query_one("#typed-from").focus()

    def on_resize(self, event: events.Resize) -> None:
        """A narrow window has room for the form alone."""
        self.set_class(event.size.width >= _WIDE, "-wide")

    def show(self) -> None:
        """Say everything in the present language and colours."""
        words, palette = catalogue(self.language), self.palette
        for frame in self.query(LibraryFrame):
            frame.show_in(words, palette)
        self.query_one(KeyBar).show_in(words, palette)
        for group in self.query(".group").results(Static):
            group.update(Content(words.say(f"compose.{(group.id or '').replace('-', '.')}")))
        for one in self.query(FormField):
            one.say(*self._words_of(one.field), palette)
        self.check()

    def _words_of(self, field: Field) -> tuple[str, str, tuple[str, ...]]:
        words = catalogue(self.language)
        name = words.say(f"compose.field.{field.name}")
        chosen = field.choices or ("no", "yes")
        choices = tuple(words.say(f"compose.choice.{one}") for one in chosen)
        return name, _example(field), choices

    # The file that the form makes ---------------------------------------------------------------

    @property
    def values(self) -> Mapping[str, str]:
        """What every field holds."""
        return {one.field.name: one.value for one in self.query(FormField)}

    def draft(self) -> Draft:
        """The file that the form makes now."""
        return draft_of(self.values)

    def check(self) -> Mapping[str, ScenarioError]:
        """Say in each field what is wrong with it; gives the mistakes by field."""
        draft = self.draft()
        mistakes = mistakes_in_draft(draft, self._folder)
        for one in self.query(FormField):
            mistake = mistakes.get(one.field.name)
            one.complain(mistake.sentence(self.language) if mistake else "")
        text = "\n".join(safe(line, limit=400) for line in draft.text.splitlines())
        self.query_one("#made", Static).update(Content(text))
        return mistakes

    def on_form_field_changed(self) -> None:
        """Check while somebody types."""
        self.check()

    # What the keys do ---------------------------------------------------------------------------

    def action_play(self) -> None:
        """Play the scenario; with a mistake in it go there instead."""
        if not self._to_first_mistake():
            scenario = scenario_of_draft(self.draft(), file=_NAME, folder=self._folder)
            self.post_message(self.Play(scenario, self.language))

    def action_save(self) -> None:
        """Write the file; never over one that this form has not written."""
        words = catalogue(self.language)
        path = self._folder / self.values["file"].strip()
        if self._to_first_mistake():
            return
        if path.suffix != ".toml":
            self._tell(words.say("compose.say.suffix", file=path.name), "error")
        elif path != self._saved and path.exists():
            self._tell(words.say("compose.say.exists", file=path), "error")
        else:
            self._write(path)

    def _write(self, path: Path) -> None:
        words = catalogue(self.language)
        try:
            path.write_text(self.draft().text, encoding="utf-8")
        except OSError as trouble:
            reason = refusal_said(trouble, words)
            self._tell(words.say("compose.say.failed", file=path, reason=reason), "error")
            return
        self._saved = path
        self._kept = self.draft().text
        self._tell(words.say("compose.say.saved", file=path.resolve()), "information")

    def action_language(self) -> None:
        """The other language; what is typed stays."""
        self.language = LANGUAGES[(LANGUAGES.index(self.language) + 1) % len(LANGUAGES)]
        self.show()

    def action_help(self) -> None:
        """Its keys."""
        self.app.push_screen(HelpScreen(lambda: nowhere(self.language), COMPOSE_KEYS))

    def action_leave(self) -> None:
        """Back to where one came from; what was written and not saved is lost the second time."""
        if self.draft().text in {self._kept, self._warned_of}:
            self.dismiss()
            return
        self._warned_of = self.draft().text
        self._tell(catalogue(self.language).say("compose.say.unsaved"), "warning")

    def _to_first_mistake(self) -> bool:
        """Put the cursor into the first field that is wrong; gives whether there is one."""
        mistakes = self.check()
        first = next((field.name for field in FIELDS if field.name in mistakes), None)
        if first is None:
            return False
        self.query_one(f"#typed-{first}").focus()
        return True

    def _tell(self, text: str, severity: Literal["error", "information", "warning"]) -> None:
        self.notify(safe(text), severity=severity, markup=False)


def _example(field: Field) -> str:
    """What one could write, from the table of the scenario's keys."""
    table = {"sender": "domains", "recipient": "domains"}.get(field.table, field.table)
    example = KEYS[table].get(field.key, "")  # type: ignore[index]
    return example.partition(" = ")[2].strip("[]").replace('"', "").replace("_", "")
