"""The keys that go about in a tree of branches, and the way out: nothing is lost unsaid."""

from __future__ import annotations

from collections.abc import Callable

from textual.message import Message

from simulator.tui.branches import Branch
from simulator.tui.screens.choosing import ChoiceScreen
from simulator.tui.screens.keeping import KeepingScreen
from simulator.tui.widgets.branch_tree import BranchTree, label
from simulator.views.safe import safe

_LIMIT = 200


class WanderingScreen(KeepingScreen):
    """Leads from branch to branch; ``is_from_library`` says whether the trunk can be left."""

    is_from_library = False

    class Wanted(Message):
        """Somebody wants to look at another branch of the tree."""

        def __init__(self, screen: WanderingScreen, branch: Branch) -> None:
            super().__init__()
            self.screen, self.branch = screen, branch

    def action_branches(self) -> None:
        """Choose the branch to go to; the one that one looked at before is marked."""
        self.drive.pause()
        rows = self.branch.trunk.rows
        if len(rows) == 1:
            self._tell("say.compare_nothing")
            return
        before = self.branch.trunk.left
        marked = rows.index(before) if before in rows else 0
        self._choose_branch("branches.title", rows, marked, self.go_to)

    def action_compare(self) -> None:
        """This branch beside what it grew from, or beside another one where there are more."""
        self.drive.pause()
        others = [one for one in self.branch.trunk.rows if one is not self.branch]
        if not others:
            self._tell("say.compare_nothing")
        elif len(others) == 1:
            self.compare_with(others[0])
        else:
            grown_from = self.branch.grown_from
            marked = 0 if grown_from is None else others.index(grown_from)
            self._choose_branch("branches.compare", others, marked, self.compare_with)

    def go_to(self, branch: Branch) -> None:
        """Look at another branch; this one stays as it is."""
        if branch is not self.branch:
            self.post_message(self.Wanted(self, branch))

    def on_branch_tree_chosen(self, message: BranchTree.Chosen) -> None:
        """A click on a branch goes there."""
        self.drive.pause()
        self.go_to(message.branch)

    def action_leave(self) -> None:
        """All panels again; else everything again; else back to what this was opened from."""
        if self.restores():
            return
        if self.lets_go():
            self.show()
        elif self.branch.grown_from is not None:
            if not self.branch.is_kept:
                self._tell("say.branch_stays")
            self.go_to(self.branch.grown_from)
        elif self.is_from_library:
            self._unless_lost(self.dismiss)

    def action_quit(self) -> None:
        """Leave the program."""
        self._unless_lost(self.app.exit)

    def _unless_lost(self, leave: Callable[[], object]) -> None:
        """Leave at once where every branch is kept, else only where a person says so again."""
        unkept = self.branch.trunk.unkept
        if not unkept:
            leave()
            return
        self.drive.pause()
        stage = self.stage()
        title = stage.say("branches.unkept_title", n=len(unkept))
        look = [stage.say("branches.look", name=label(one, stage)) for one in unkept]
        choices = [stage.say("branches.stay"), *look, stage.say("branches.lose")]

        def chosen(place: int | None) -> None:
            if place == len(choices) - 1:
                leave()
            elif place:
                self.go_to(unkept[place - 1])

        hint = stage.say("choice.hint")
        self.app.push_screen(ChoiceScreen(title, hint, choices, self.palette), chosen)

    def _choose_branch(
        self,
        title: str,
        among: tuple[Branch, ...] | list[Branch],
        marked: int,
        take: Callable[[Branch], None],
    ) -> None:
        stage = self.stage()
        labels = [
            "  " * (len(one.path) - 1)
            + ("● " if one is self.branch else "○ ")
            + safe(label(one, stage), limit=_LIMIT)
            for one in among
        ]

        def chosen(place: int | None) -> None:
            if place is not None:
                take(among[place])

        menu = ChoiceScreen(
            stage.say(title), stage.say("choice.hint"), labels, self.palette, chosen=marked
        )
        self.app.push_screen(menu, chosen)
