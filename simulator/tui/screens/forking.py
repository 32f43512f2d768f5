"""The keys that ask "what if": a menu at the present event, a branch, and both side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from msgspec.structs import replace
from textual.message import Message

from simulator.lessons.choices import label_of
from simulator.scenario.change_tables import check_change
from simulator.scenario.change_words import WHOLE, read_change, write_change
from simulator.scenario.changes import Change
from simulator.scenario.deed_words import VERBS
from simulator.scenario.errors import Place, ScenarioError
from simulator.scenario.model import Scenario
from simulator.trace.event import Event
from simulator.trace.what_if import what_makes_sense
from simulator.tui.screens.asking import AskScreen
from simulator.tui.screens.choosing import ChoiceScreen
from simulator.tui.screens.comparing import CompareScreen
from simulator.tui.screens.presenting import PresentingScreen
from simulator.views.comparison import Side

_PLACE = Place("what if")


@dataclass(frozen=True, slots=True)
class Trunk:
    """What a branch grew from: the run that it is compared with, and its name there."""

    title: str
    events: Sequence[Event]


class ForkingScreen(PresentingScreen):
    """Makes branches of a run; ``origin`` is the run's scenario, where it is known."""

    origin: Scenario | None = None
    trunk: Trunk | None = None
    forks: tuple[int, ...] = ()
    """The seqs of the events after which branches were made here."""

    @property
    def parted(self) -> tuple[int, ...]:
        """The seqs after which this run and others part: its branches, and its own changes."""
        own = self.origin.forks if self.origin is not None else ()
        return (*self.forks, *(one.after for one in own if one.after is not None))

    def mark_time_line(self) -> None:
        """Show on the time line where branches part. To be given by the screen."""
        raise NotImplementedError

    class Forked(Message):
        """Somebody wants to see how it goes with one change more."""

        def __init__(
            self, screen: ForkingScreen, scenario: Scenario, after: int, change: str, router: str
        ) -> None:
            super().__init__()
            self.screen, self.scenario = screen, scenario
            self.after, self.change, self.router = after, change, router

    def action_what_if(self) -> None:
        """Choose what is to go otherwise from here on."""
        self.drive.pause()
        event = self.drive.event
        if self.origin is None or event is None or self.drive.is_growing:
            self._tell("say.what_if_nothing")
            return
        choices = what_makes_sense(event, self.drive.player.scene)
        labels = [f"{label_of(one, self.language)} ({write_change(one.change)})" for one in choices]
        own = self.stage().say("what_if.own")
        title = self._what_if_title(event.seq)
        hint = self.stage().say("what_if.hint")

        def chosen(place: int | None) -> None:
            if place == len(choices):
                self._ask_for_a_change(event.seq)
            elif place is not None:
                self.fork(event.seq, choices[place].change)

        self.app.push_screen(ChoiceScreen(title, hint, [*labels, own], self.palette), chosen)

    def _what_if_title(self, after: int) -> str:
        told = self.stage().explanation
        return self.stage().say("what_if.title", label=told.label if told else "", n=after)

    def _ask_for_a_change(self, after: int) -> None:
        title = self._what_if_title(after)

        def written(text: str | None) -> None:
            if text:
                self.fork(after, self._read(text, after))

        hint = " · ".join((WHOLE, *VERBS.values()))
        self.app.push_screen(
            AskScreen(title, hint, lambda text: self._mistake_in(text, after)), written
        )

    def _read(self, text: str, after: int) -> Change:
        """The change that was typed. Raises ScenarioError where it is none, or none of this run."""
        change = read_change(text, _PLACE, after)
        if self.origin is not None:
            check_change(change, self.origin, _PLACE)
        return change

    def _mistake_in(self, text: str, after: int) -> str:
        try:
            self._read(text, after)
        except ScenarioError as mistake:
            return mistake.sentence(self.language)
        return ""

    def fork(self, after: int, change: Change, router: str = "") -> None:
        """Have a branch made with one change more; ``router`` is in whose place a person routes."""
        if self.origin is None:
            return
        scenario = self.origin.changed(replace(change, after=after))
        self.post_message(self.Forked(self, scenario, after, write_change(change), router))

    def action_compare(self) -> None:
        """This branch beside the run that it grew from."""
        self.drive.pause()
        if self.trunk is None:
            self._tell("say.compare_nothing")
            return
        stage, hosts = self.stage(), self.drive.player.scene.hosts
        left = Side(self.trunk.title, hosts, self.trunk.events)
        right = Side(stage.title, hosts, tuple(self.drive.events))
        self.app.push_screen(CompareScreen(left, right, stage, self.palette))
