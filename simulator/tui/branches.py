"""The tree of a run and its branches: what each is made from, and where it parts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from simulator.lessons.language import Language
from simulator.scenario.model import Scenario, Words
from simulator.trace.position import Source
from simulator.tui.drive import Drive


@dataclass(eq=False)
class Branch:
    """A run with something changed, and what grew from it; the trunk grew from nothing.

    It stays while one looks at another one: ``drive`` remembers where one stood in it.
    """

    title: str
    name: str
    """What the tree calls it: what is changed in it, or what a person calls it."""
    drive: Drive
    scenario: Scenario | None = None
    """What it can be simulated from again."""
    source: Source | None = None
    words: Mapping[str, Words] = field(default_factory=dict)
    grown_from: Branch | None = None
    after: int = -1
    """The seq of the last event that it has in common with what it grew from."""
    is_kept: bool = True
    """Whether it would still be there if the program ended: it was opened, or saved."""
    branches: list[Branch] = field(default_factory=list)
    left: Branch | None = None
    """Of a trunk: the branch that one looked at before the present one."""

    def grow(self, branch: Branch) -> Branch:
        """Put a branch into the tree that was made from this one; gives it."""
        branch.grown_from, branch.is_kept = self, False
        self.branches.append(branch)
        return branch

    def titled(self, language: Language) -> str:
        """Its title: its author's, or in that language."""
        words = self.words.get(language)
        return self.title if words is None or self.drive.margin.title else words.title

    @property
    def path(self) -> tuple[Branch, ...]:
        """What it grew from, the trunk first, and itself last."""
        return (*(self.grown_from.path if self.grown_from is not None else ()), self)

    @property
    def trunk(self) -> Branch:
        """The run that all of this grew from."""
        return self.path[0]

    @property
    def rows(self) -> tuple[Branch, ...]:
        """It and all that grew from it, as a tree is written: who parts last stands nearest."""
        return tuple(self._rows())

    def _rows(self) -> Iterator[Branch]:
        yield self
        for branch in sorted(self.branches, key=lambda one: -one.after):
            yield from branch.rows

    @property
    def unkept(self) -> tuple[Branch, ...]:
        """What of it would be lost."""
        return tuple(one for one in self.rows if not one.is_kept)

    def where_grows(self, seq: int) -> Branch:
        """What a branch grows from that parts after this event: whose event it is."""
        if self.grown_from is None or seq > self.after:
            return self
        return self.grown_from.where_grows(seq)
