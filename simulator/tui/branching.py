"""Makes the branches that are asked for on the screen, and puts each above what it grew from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import takewhile
from typing import TYPE_CHECKING

from simulator.lessons.language import catalogue
from simulator.scenario.change_words import write_change
from simulator.scenario.model import Scenario
from simulator.scenario.topology import hosts_of
from simulator.trace.event import Event
from simulator.trace.redaction import redacted
from simulator.tui.branches import Branch
from simulator.tui.opened import Run
from simulator.tui.playing import PlayingApp
from simulator.tui.screens.forking import ForkingScreen
from simulator.tui.screens.joining import JoiningScreen
from simulator.tui.screens.player import PlayerScreen
from simulator.tui.screens.talking import TalkScreen, heard
from simulator.tui.screens.wandering import WanderingScreen
from simulator.views.safe import safe

if TYPE_CHECKING:
    from simulator.engine.taking_part import ClientPart


class BranchingApp(PlayingApp):
    """An app that plays runs, and runs with something changed."""

    _simulate: Callable[[Scenario], Run] | None = None

    def on_forking_screen_forked(self, message: ForkingScreen.Forked) -> None:
        """Make a branch: a moment's work, but not for the screen's own loop."""
        if self._simulate is None:
            self._warn(message, "what_if_nothing")
            return
        making = partial(self._make_branch, self._simulate, message)
        self.run_worker(making, thread=True, exclusive=True, group="branch")

    def _make_branch(
        self, simulate: Callable[[Scenario], Run], message: ForkingScreen.Forked
    ) -> None:
        base, change = message.base, message.change
        if base.scenario is None or change.after is None:
            return
        try:
            run = simulate(base.scenario.until(change.after).changed(change))
            run = run._replace(events=list(run.events))
        except Exception as problem:  # noqa: BLE001 - told, and raised again if it is a bug
            self.call_from_thread(self.tell_trouble, problem)
            return
        self.call_from_thread(self._show_branch, run, message)  # type: ignore[arg-type]

    async def _show_branch(self, run: Run, message: ForkingScreen.Forked) -> None:
        """Put the branch into the tree and show it; it stands where they part."""
        base, events = message.base, list(run.events)
        name, after = write_change(message.change), message.change.after or 0
        known = list(redacted(base.drive.events[: after + 1]))
        if list(redacted(events[: after + 1])) != known:
            self._warn(message, "what_if_differs")
            return
        margin = base.drive.margin.until(after)
        title = f"{margin.title or run.title} · {name}"
        branch = self.branch_of(run._replace(title=title, events=events, margin=margin))
        branch.name, branch.after = name, after
        branch.drive.depth = base.drive.depth
        branch.drive.seek(after + 2)  # what was changed has just happened
        screen = await self.go_to(base.grow(branch))
        if screen is not None and message.router:
            screen.route_for(message.router)
            screen.drive.toggle()  # the run answers, up to the next decision

    async def on_wandering_screen_wanted(self, message: WanderingScreen.Wanted) -> None:
        """Show another branch of the tree."""
        await self.go_to(message.branch)

    async def go_to(self, branch: Branch) -> PlayerScreen | None:
        """Show a branch; below it lies what it grew from, so that one comes back to that.

        None where its tree is no longer shown.
        """
        shown = [one for one in self.screen_stack if isinstance(one, PlayerScreen)]
        here = next((one for one in reversed(shown) if one.branch.trunk is branch.trunk), None)
        if here is None:
            return None
        branch.trunk.left = here.branch
        view, path = here.view, branch.path
        while here.branch not in path:
            await self.pop_screen()
            here = shown[shown.index(here) - 1]
        for one in path[path.index(here.branch) + 1 :]:
            here = self.screen_of(one, shown[-1].language)
            await self.push_screen(here)
        here.language = shown[-1].language
        here.call_after_refresh(here.look, view)  # once there is room to scroll in
        return here

    def on_joining_screen_joined(self, message: JoiningScreen.Joined) -> None:
        """Connect a person to a server, in a thread as a branch is made."""
        making = partial(self._connect, message)
        self.run_worker(making, thread=True, exclusive=True, group="branch")

    def _connect(self, message: JoiningScreen.Joined) -> None:
        from simulator.engine.taking_part import ClientPart  # noqa: PLC0415 - loads the engine

        part = ClientPart(message.scenario, message.session)
        try:
            part.begin()
        except Exception as problem:  # noqa: BLE001 - told, and raised again if it is a bug
            self.call_from_thread(self.tell_trouble, problem)
            return
        self.call_from_thread(self._show_session, part, message)  # type: ignore[arg-type]

    def on_talk_screen_broken(self, message: TalkScreen.Broken) -> None:
        """What was typed could not be answered: say so."""
        self.tell_trouble(message.problem)

    async def _show_session(self, part: ClientPart, message: JoiningScreen.Joined) -> None:
        """Put the run with the person in it into the tree, show it, and let them type."""
        base, session = message.base, message.session
        name = f"{session.server}:{session.port}"
        after = _last_in_both(base.drive.events, part.events)
        title = f"{base.titled(message.screen.language)} · {name}"
        margin, hosts = base.drive.margin.until(after), hosts_of(part.scenario)
        run = Run(title, hosts, part.events, scenario=part.scenario, margin=margin)
        branch = self.branch_of(run)
        branch.name, branch.after = name, after
        branch.drive.depth = base.drive.depth
        if part.said:
            branch.drive.index.sift(heard(part))
            branch.drive.seek(part.said[-1].seq + 1)
        screen = await self.go_to(base.grow(branch))
        if screen is not None:
            self.push_screen(TalkScreen(part, session, screen))

    def _warn(self, message: ForkingScreen.Forked, key: str) -> None:
        text = catalogue(message.screen.language).say(f"ui.say.{key}")
        self.notify(safe(text), severity="warning", markup=False)


def _last_in_both(one: Sequence[Event], other: Sequence[Event]) -> int:
    """The seq of the last event up to which two runs are the same; or -1."""
    pairs = zip(redacted(one), redacted(other), strict=False)
    same = takewhile(lambda pair: pair[0] == pair[1], pairs)
    return max((event.seq for event, _ in same), default=-1)
