"""The keys to take part: type to a server, or answer in its place."""

from __future__ import annotations

from itertools import islice

from textual.message import Message

from simulator.lessons.language import catalogue
from simulator.scenario.changes import SayInstead
from simulator.scenario.doors import Door, doors_of, session_at
from simulator.scenario.model import Scenario
from simulator.scenario.typed import Session
from simulator.trace.event import Reply
from simulator.trace.what_if import what_makes_sense
from simulator.tui.palette import DARK, PALETTES
from simulator.tui.screens.choosing import ChoiceScreen
from simulator.tui.screens.keeping import KeepingScreen


class JoiningScreen(KeepingScreen):
    """Lets a person into the run: as a client beside it, or in the place of a server."""

    class Joined(Message):
        """Somebody wants to type to a server."""

        def __init__(self, screen: JoiningScreen, scenario: Scenario, session: Session) -> None:
            super().__init__()
            self.screen, self.scenario, self.session = screen, scenario, session

    def action_take_part(self) -> None:
        """Choose whom to type to, or to answer in the place of the server whose turn it is."""
        self.drive.pause()
        scenario = self.origin
        doors = doors_of(scenario) if scenario is not None else ()
        if scenario is None or not doors or self.drive.is_growing:
            self._tell("say.take_part_nothing")
            return
        words, answer = catalogue(self.language), self._answer()
        labels = [*answer, *map(self._label, doors)]

        def chosen(place: int | None) -> None:
            if place is None:
                return
            if place < len(answer):
                self.action_what_if()
                return
            now = self.drive.event.at if self.drive.event is not None else 0
            session = session_at(scenario, doors[place - len(answer)], now)
            self.post_message(self.Joined(self, scenario, session))

        title, hint = words.say("ui.take_part.title"), words.say("ui.what_if.hint")
        palette = PALETTES.get(self.app.theme, DARK)
        # To type is what the key is for: the first server is marked.
        menu = ChoiceScreen(title, hint, labels, palette, chosen=len(answer))
        self.app.push_screen(menu, chosen)

    def _answer(self) -> list[str]:
        """The offer to answer in a server's place, where it is a server's turn."""
        event = self.drive.event
        choices = what_makes_sense(event, self.drive.player.scene) if event is not None else ()
        if event is None or not any(isinstance(one.change, SayInstead) for one in choices):
            return []
        # Of commands sent together, the first reply may come after the last of them.
        conn = getattr(event.fact, "conn", None)
        for one in islice(self.drive.events, self.drive.player.cursor, None):
            if isinstance(one.fact, Reply) and one.fact.conn == conn:
                return [catalogue(self.language).say("ui.take_part.answer", host=one.host)]
        return []

    def _label(self, door: Door) -> str:
        words = catalogue(self.language)
        protocol = door.protocol.upper() + (" + STARTTLS" if door.tls else "")
        return words.say("ui.take_part.door", host=door.host, port=door.port, protocol=protocol)
