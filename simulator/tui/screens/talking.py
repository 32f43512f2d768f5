"""The line that a person types to a server, below the run in which the server answers."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input, Static
from textual.worker import get_current_worker

from simulator.lessons.language import catalogue
from simulator.scenario.doors import example_names
from simulator.scenario.typed import Session
from simulator.trace.event import Event, Refused
from simulator.trace.legal import Offer, completions, offers, standing_of
from simulator.tui.keys import TALK_KEYS, bindings
from simulator.tui.screens.player import PlayerScreen
from simulator.tui.sieve import Sieve
from simulator.tui.widgets.dock import Dock
from simulator.tui.widgets.form_field import Line
from simulator.tui.widgets.key_bar import KeyBar
from simulator.views.safe import safe

if TYPE_CHECKING:  # the engine is loaded where the first run is made
    from simulator.engine.taking_part import ClientPart

_LIMIT = 600


class TalkScreen(ModalScreen[None]):
    """Each line is added to the session, and the run below is made again with it."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(TALK_KEYS)
    CSS = """
    TalkScreen { align: center bottom; background: $background 0%; }
    Dock { height: auto; width: 100%; background: $panel; }
    TalkScreen Line { border: none; height: 1; padding: 0 1; background: $background; }
    TalkScreen #title { color: $accent; text-style: bold; height: 1; padding: 0 1; }
    TalkScreen #hint { height: auto; max-height: 4; padding: 0 1; }
    """

    class Broken(Message):
        """What was typed could not be answered."""

        def __init__(self, problem: Exception) -> None:
            super().__init__()
            self.problem = problem

    def __init__(self, part: ClientPart, session: Session, below: PlayerScreen) -> None:
        super().__init__()
        self._part, self._session, self._below = part, session, below
        self._words = catalogue(below.language)
        self._names = example_names(part.scenario, session)
        self._past: list[str] = []
        self._place = 0
        """Where one is in what was typed: at its end while one types something new."""
        self._found: tuple[str, ...] = ()
        """What tab goes round in."""
        self.is_busy = False
        self._has_asked = False
        """Whether a question mark was answered last: the enter after it says nothing."""

    def compose(self) -> ComposeResult:
        """Whom one types to, the line, and what may be said."""
        session = self._session
        title = self._words.say(
            "ui.take_part.you",
            protocol=session.protocol.upper(),
            host=session.server,
            port=session.port,
        )
        with Dock():
            yield Static(_content(title), id="title")
            yield Line(id="line")
            yield Static(id="hint")
            yield KeyBar(TALK_KEYS, self._below.palette)

    def on_mount(self) -> None:
        """Type at once."""
        self._below.add_class("-talking")
        self.query_one(KeyBar).show_in(self._words, self._below.palette)
        self.query_one(Line).focus()
        self._say_how_it_stands()

    def on_input_changed(self, event: Input.Changed) -> None:
        """A question mark alone asks for what may be said now."""
        if event.value.strip() == "?" and not self._part.is_writing:
            event.input.value = ""
            self._has_asked = True
            self.action_hint()
        elif event.value:
            self._has_asked = False
        if event.value not in self._found:
            self._found = ()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Say it: the run is made again in a thread of its own."""
        line = event.value
        asked, self._has_asked = self._has_asked, False
        if self.is_busy or self._part.is_over or (asked and not line):
            return
        if line:
            self._past.append(line)
        self._place = len(self._past)
        event.input.value = ""
        self.is_busy = True
        self.run_worker(partial(self._say, line), thread=True)

    def _say(self, line: str) -> None:
        worker = get_current_worker()
        try:
            new = self._part.type(line)
        except Exception as problem:  # noqa: BLE001 - told, and raised again if it is a bug
            self.app.call_from_thread(self._failed, problem)
            return
        if not worker.is_cancelled:
            self.app.call_from_thread(self._heard, new)  # type: ignore[arg-type]

    def _failed(self, problem: Exception) -> None:
        self.is_busy = False
        self.post_message(self.Broken(problem))

    async def _heard(self, new: tuple[Event, ...]) -> None:
        """Show what is new on the connection, and stand there."""
        if new:
            part = self._part
            cursor = new[-1].seq + 1
            await self._below.replay(part.scenario, part.events, cursor, heard(part))
        self.is_busy = False
        self._say_how_it_stands()

    def _say_how_it_stands(self) -> None:
        said = self._part.said
        if self._part.is_over:
            refused = not said or isinstance(said[-1].fact, Refused)
            self._hint(self._words.say(f"ui.take_part.{'refused' if refused else 'closed'}"))
        else:
            state = "writing" if self._part.is_writing else "keys"
            self._hint(self._words.say(f"ui.take_part.{state}"))

    def _hint(self, text: str) -> None:
        self.query_one("#hint", Static).update(_content(text))

    def on_dock_grown(self, message: Dock.Grown) -> None:
        """The run ends where the typing begins, so that no line is hidden."""
        self._below.styles.padding = (0, 0, message.height, 0)

    def _offers(self) -> tuple[Offer, ...]:
        return offers(standing_of(self._part.said), self._names)

    def action_hint(self) -> None:
        """Say what may be said now."""
        legal = " · ".join(offer.example for offer in self._offers())
        self._hint(self._words.say("ui.take_part.legal", legal=legal))

    def action_lens(self) -> None:
        """Open the lens of the run, or close it again."""
        self._below.action_lens()

    def action_page(self) -> None:
        """The next page of the lens."""
        self._below.action_next_tab()

    def action_recall(self, by: int) -> None:
        """What was typed before; after the last of it an empty line."""
        self._place = max(0, min(self._place + by, len(self._past)))
        self._write(self._past[self._place] if self._place < len(self._past) else "")

    def action_complete(self) -> None:
        """The next of the lines that this beginning could become."""
        line = self.query_one(Line)
        if not self._found:
            self._found = completions(line.value, self._offers())
        if self._found:
            there = line.value in self._found
            place = self._found.index(line.value) + 1 if there else 0
            self._write(self._found[place % len(self._found)])

    def _write(self, text: str) -> None:
        line = self.query_one(Line)
        line.value = text
        line.cursor_position = len(text)

    def action_save(self) -> None:
        """Save what was played so far."""
        if not self.is_busy:
            self._below.action_save()

    def action_leave(self) -> None:
        """Hang up; the branch stays."""
        if not self.is_busy:
            self._below.remove_class("-talking")
            self._below.styles.padding = 0
            sieve = self._below.drive.index.sieve
            self._below.sift(replace(sieve, open_end=-1))
            self.dismiss()


def heard(part: ClientPart) -> Sieve:
    """What a person sees of the run while they type: their own conversation, as yet without end."""
    journey = part.said[0].journey if part.said else ""
    return Sieve(journey=journey, open_end=part.end.seq if part.end is not None else -1)


def _content(text: str) -> Content:
    """Text from anywhere: never markup, never a control character."""
    return Content(safe(text, limit=_LIMIT))
