"""Makes the branches that are asked for on the screen, and puts each above what it grew from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import takewhile
from typing import TYPE_CHECKING

from simulator.lessons.language import catalogue
from simulator.scenario.model import Scenario
from simulator.scenario.topology import hosts_of
from simulator.trace.event import Event
from simulator.trace.redaction import redacted
from simulator.tui.opened import Run
from simulator.tui.playing import PlayingApp
from simulator.tui.screens.forking import ForkingScreen, Trunk
from simulator.tui.screens.joining import JoiningScreen
from simulator.tui.screens.talking import TalkScreen, heard
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
        try:
            run = simulate(message.scenario)
            run = run._replace(events=list(run.events), title=f"{run.title} · {message.change}")
        except Exception as problem:  # noqa: BLE001 - a person wrote the change: it is told them
            self.call_from_thread(self.notify, safe(str(problem)), severity="error", markup=False)
            return
        self.call_from_thread(self._show_branch, run, message)

    def _show_branch(self, run: Run, message: ForkingScreen.Forked) -> None:
        """Put the branch above the run that it grew from; it stands where they part."""
        trunk, events, shared = message.screen, list(run.events), message.after + 1
        known = list(redacted(trunk.drive.events[:shared]))
        if list(redacted(events[:shared])) != known:
            self._warn(message, "what_if_differs")
            return
        trunk.forks = (*trunk.forks, message.after)
        trunk.mark_time_line()
        margin = trunk.drive.margin.until(message.after)
        if margin.title:
            run = run._replace(title=f"{margin.title} · {message.change}")
        screen = self.play(run._replace(margin=margin), trunk.language)
        screen.trunk = Trunk(trunk.stage().title, tuple(trunk.drive.events))
        screen.drive.depth = trunk.drive.depth
        screen.drive.seek(shared + 1)  # what was changed has just happened
        screen.call_after_refresh(screen.show)  # once there is room to scroll in
        if message.router:
            screen.route_for(message.router)
            screen.drive.toggle()  # the run answers, up to the next decision

    def on_joining_screen_joined(self, message: JoiningScreen.Joined) -> None:
        """Connect a person to a server, in a thread as a branch is made."""
        making = partial(self._connect, message)
        self.run_worker(making, thread=True, exclusive=True, group="branch")

    def _connect(self, message: JoiningScreen.Joined) -> None:
        from simulator.engine.taking_part import ClientPart  # noqa: PLC0415 - loads the engine

        part = ClientPart(message.scenario, message.session)
        try:
            part.begin()
        except Exception as problem:  # noqa: BLE001 - what a person wrote may be in it
            self.call_from_thread(self.notify, safe(str(problem)), severity="error", markup=False)
            return
        self.call_from_thread(self._show_session, part, message)

    def _show_session(self, part: ClientPart, message: JoiningScreen.Joined) -> None:
        """Put the run with the person in it above the run that they joined, and let them type."""
        trunk, session = message.screen, message.session
        title = f"{trunk.stage().title} · {session.server}:{session.port}"
        if trunk.drive.event is not None:
            trunk.forks = (*trunk.forks, trunk.drive.event.seq)
            trunk.mark_time_line()
        hosts = hosts_of(part.scenario)
        margin = trunk.drive.margin.until(_last_in_both(trunk.drive.events, part.events))
        run = Run(title, hosts, part.events, scenario=part.scenario, margin=margin)
        screen = self.play(run, trunk.language)
        screen.trunk = Trunk(trunk.stage().title, tuple(trunk.drive.events))
        screen.drive.depth = trunk.drive.depth
        if part.said:
            screen.drive.index.sift(heard(part))
            screen.drive.seek(part.said[-1].seq + 1)
        screen.call_after_refresh(screen.look_as, trunk)
        self.push_screen(TalkScreen(part, session, screen))

    def _warn(self, message: ForkingScreen.Forked, key: str) -> None:
        text = catalogue(message.screen.language).say(f"ui.say.{key}")
        self.notify(safe(text), severity="warning", markup=False)


def _last_in_both(one: Sequence[Event], other: Sequence[Event]) -> int:
    """The seq of the last event up to which two runs are the same; or -1."""
    pairs = zip(redacted(one), redacted(other), strict=False)
    same = takewhile(lambda pair: pair[0] == pair[1], pairs)
    return max((event.seq for event, _ in same), default=-1)
