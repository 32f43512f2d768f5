"""The keys that ask "what if": a menu at the present event, a branch, and both side by side."""

from __future__ import annotations

from functools import partial

from msgspec.structs import replace
from textual.message import Message

from simulator.lessons.choices import label_of
from simulator.scenario.change_tables import check_change
from simulator.scenario.change_words import WHOLE, read_change, write_change
from simulator.scenario.changes import Change
from simulator.scenario.deed_words import VERBS
from simulator.scenario.errors import Place, ScenarioError
from simulator.scenario.model import Scenario
from simulator.trace.asked import asked_at
from simulator.trace.what_if import check_subject, what_makes_sense
from simulator.tui.branches import Branch
from simulator.tui.screens.asking import AskScreen
from simulator.tui.screens.choosing import ChoiceScreen
from simulator.tui.screens.comparing import CompareScreen
from simulator.tui.screens.presenting import PresentingScreen
from simulator.views.comparison import Side

_PLACE = Place("what if")


class ForkingScreen(PresentingScreen):
    """Makes branches of the run that is shown, which is itself one, or the trunk of them."""

    branch: Branch

    @property
    def origin(self) -> Scenario | None:
        """What the run is made from, where that is known."""
        return self.branch.scenario

    @property
    def parted(self) -> tuple[int, ...]:
        """The seqs after which this run and others part: its branches, and its own changes."""
        own = self.origin.forks if self.origin is not None else ()
        grown = (one.after for one in self.branch.branches)
        return (*grown, *(one.after for one in own if one.after is not None))

    def mark_time_line(self) -> None:
        """Show on the time line where branches part. To be given by the screen."""
        raise NotImplementedError

    class Forked(Message):
        """Somebody wants to see how it goes with one change more."""

        def __init__(self, screen: ForkingScreen, base: Branch, change: Change) -> None:
            super().__init__()
            self.screen, self.base, self.change = screen, base, change
            self.router = ""
            """In whose place a person routes."""

    def action_what_if(self) -> None:
        """Choose what is to go otherwise from here on."""
        self.drive.pause()
        event = self.drive.event
        if self.origin is None or event is None or self.drive.is_growing:
            is_before_all = event is None and self.origin is not None
            self._tell("say.what_if_first" if is_before_all else "say.what_if_nothing")
            return
        choices = what_makes_sense(event, self.drive.player.scene)
        labels = [f"{label_of(one, self.language)} ({write_change(one.change)})" for one in choices]
        asked = asked_at(self.drive.events, self.drive.player.cursor - 1)
        if asked is not None:
            number = self.drive.events[asked].seq
            labels.append(self.stage().say("what_if.asked", n=number))
        own = self.stage().say("what_if.own")
        title = self._what_if_title(event.seq)
        hint = self.stage().say("what_if.hint")

        def chosen(place: int | None) -> None:
            if place is None:
                return
            if place == len(labels):
                self._ask_for_a_change(event.seq, menu.taken_over)
            elif place == len(choices) and asked is not None:
                self.drive.seek(asked + 1)
                self.show()
                self.action_what_if()
            else:
                self.fork(event.seq, choices[place].change)

        menu = ChoiceScreen(title, hint, [*labels, own], self.palette, keeps_last=True)
        self.app.push_screen(menu, chosen)

    def _what_if_title(self, after: int) -> str:
        told = self.stage().explanation
        return self.stage().say("what_if.title", label=told.label if told else "", n=after)

    def _ask_for_a_change(self, after: int, begun: str) -> None:
        title = self._what_if_title(after)

        def written(text: str | None) -> None:
            if text:
                self.fork(after, self._read(text, after))

        hint = " · ".join((WHOLE, *VERBS.values()))
        check = partial(self._mistake_in, after)
        self.app.push_screen(AskScreen(title, hint, check, value=begun), written)

    def _read(self, text: str, after: int) -> Change:
        """The change that was typed. Raises ScenarioError where it is none, or none of this run."""
        change = read_change(text, _PLACE, after)
        if self.origin is not None:
            check_change(change, self.origin, _PLACE)
        if self.drive.event is not None:
            check_subject(change, self.drive.event, _PLACE)
        return change

    def _mistake_in(self, after: int, text: str) -> str:
        try:
            self._read(text, after)
        except ScenarioError as mistake:
            return mistake.sentence(self.language)
        return ""

    def fork(self, after: int, change: Change, router: str = "") -> None:
        """Have a branch made with one change more; ``router`` is in whose place a person routes."""
        base = self.base_at(after)
        if base is not None:
            message = self.Forked(self, base, replace(change, after=after))
            message.router = router
            self.post_message(message)

    def base_at(self, seq: int) -> Branch | None:
        """What a branch after this event grows from, and a word about what will not be in it.

        What was changed later is not: once something goes otherwise before them, later events are
        others. None where nothing can grow.
        """
        base = self.branch.where_grows(seq)
        if base.scenario is None:
            return None
        lost = [one for one in base.scenario.forks if one.after is not None and one.after > seq]
        if base is not self.branch:
            self._tell("say.grows_from", n=seq, title=base.titled(self.language))
        if lost:
            said = ", ".join(f"{one.after}={write_change(one)}" for one in lost)
            self._tell("say.left_out", changes=said)
        return base

    def compare_with(self, other: Branch) -> None:
        """Another branch beside this one; the older of the two at the left."""
        pair = [one for one in self.branch.trunk.rows if one in {self.branch, other}]
        left, right = (
            Side(one.titled(self.language), one.drive.player.scene.hosts, tuple(one.drive.events))
            for one in pair
        )
        self.app.push_screen(CompareScreen(left, right, self.stage))
