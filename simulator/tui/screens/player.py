"""The player: a run on the screen, and the keys that move through it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.message import Message
from textual.timer import Timer

from simulator.lessons.language import Language, catalogue
from simulator.scenario.model import Scenario
from simulator.scenario.topology import hosts_of
from simulator.trace.event import Event
from simulator.trace.position import Podium
from simulator.tui.branches import Branch
from simulator.tui.drive import Drive
from simulator.tui.keys import PLAYER_KEYS, bindings
from simulator.tui.palette import Palette
from simulator.tui.screens.help import HelpScreen
from simulator.tui.screens.pointing import PointingScreen
from simulator.tui.sieve import Sieve, following
from simulator.tui.stage import Stage
from simulator.tui.time_marks import marks_of
from simulator.tui.turns import turn_at
from simulator.tui.widgets.branch_tree import BranchTree
from simulator.tui.widgets.caption import Caption
from simulator.tui.widgets.crowd import CrowdView
from simulator.tui.widgets.crowd_table import CrowdTable
from simulator.tui.widgets.key_bar import KeyBar
from simulator.tui.widgets.lower_half import LowerHalf
from simulator.tui.widgets.net_map import NetMap
from simulator.tui.widgets.stage_rows import StageRows
from simulator.tui.widgets.step_strip import StepStrip
from simulator.tui.widgets.time_line import TimeLine
from simulator.tui.widgets.title_bar import TitleBar
from simulator.tui.widgets.too_small import LEAST_HEIGHT, LEAST_WIDTH, TooSmall

_FRAME = 1 / 30


def _classes(width: int, height: int) -> dict[str, bool]:
    """What the style sheet has to know of the window."""
    return {
        "-tiny": width < LEAST_WIDTH or height < LEAST_HEIGHT,
        "-narrow": width < 100,
        "-wide": width >= 160,
        "-short": height < 32,
        "-tall": height >= 50,
    }


class PlayerScreen(PointingScreen):
    """Shows where a ``Drive`` stands, and drives it."""

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = bindings(PLAYER_KEYS)
    CSS_PATH = "player.tcss"

    class Finished(Message):
        """The viewer has seen the end of the run of this scenario."""

        def __init__(self, scenario: str) -> None:
            super().__init__()
            self.scenario = scenario

    def __init__(
        self,
        branch: Branch,
        *,
        language: Language = "en",
        is_from_library: bool = False,
        podium: Podium | None = None,
        scenario: str = "",
    ) -> None:
        super().__init__(branch.drive, language)
        self.branch = branch
        self.podium = podium
        self._scenario = scenario
        self.problem = ""
        self.can_ask_real_dns = False
        self.is_from_library = is_from_library
        self._timer: Timer | None = None
        self._wants_crowd: bool | None = None

    def compose(self) -> ComposeResult:
        """From top to bottom: title, steps, map, caption, panels, keys."""
        palette, index = self.palette, self.drive.index
        yield TooSmall(palette, id="tiny")
        yield TitleBar(palette, id="title")
        yield StepStrip(palette, id="steps")
        yield NetMap(index.cast, palette, id="map")
        yield CrowdView(index, palette)
        yield Caption(palette, id="caption")
        yield LowerHalf(index, palette)
        line = TimeLine(index, palette, id="time")
        yield line
        yield BranchTree(line.column, palette)
        yield KeyBar(PLAYER_KEYS, palette)

    def on_mount(self) -> None:
        """Begin to draw, and to move."""
        self._timer = self.set_interval(_FRAME, self.pulse)
        self.mark_time_line()
        self.app.theme_changed_signal.subscribe(self, lambda _: self.show())
        if self._is_still:
            self._tell("say.motion")
        self.show()

    def mark_time_line(self) -> None:
        """Show on the time line where the author asks and notes, and where branches part."""
        marks = marks_of(self.drive.events, self.drive.margin, self.parted)
        self.query_one(TimeLine).mark((*marks,))

    def on_resize(self, event: events.Resize) -> None:
        """Choose what there is room for."""
        for name, applies in _classes(event.size.width, event.size.height).items():
            self.set_class(applies, name)
        self.call_after_refresh(self.query_one(LowerHalf).make_room)

    def stage(self) -> Stage:
        """The present moment."""
        drive = self.drive
        words = self.branch.words.get(self.language)
        return Stage(
            title=self.branch.titled(self.language),
            scene=drive.player.scene,
            events=drive.events,
            cursor=drive.player.cursor,
            words=catalogue(self.language),
            language=self.language,
            depth=drive.depth,
            playing=drive.is_playing,
            speed=drive.speed,
            progress=drive.index.progress(drive.player.cursor),
            goal=words.goal if words is not None else "",
            growing=drive.is_growing,
            problem=self.problem,
            needle=self.needle,
            sieve=drive.index.sieve,
            margin=drive.margin,
            curtain=drive.curtain,
        )

    def show(self) -> None:
        """Draw the present moment everywhere."""
        if self._timer is None:
            return  # nothing is mounted yet; on_mount draws
        stage, palette = self.stage(), self.palette
        for rows in self.query(StageRows):
            rows.show(stage, palette)
        tree = self.query_one(BranchTree)
        tree.show_tree(self.branch, stage, palette, is_short=self.has_class("-short"))
        self.query_one(KeyBar).show_in(
            stage.words, palette, without=self._idle(), now=turn_at(stage.event)
        )
        net_map = self.query_one(NetMap)
        net_map.recipient = self.drive.index.sieve.recipient
        net_map.show(stage, palette)
        before = self.classes
        self.set_class(net_map.is_stacked, "-stacked")
        self.set_class(palette.is_roomy, "-projector")
        self._show_crowd(stage, palette)
        lower = self.query_one(LowerHalf)
        lower.show(stage, palette)
        if self.classes != before:
            self.call_after_refresh(lower.make_room)
        self.tell_podium()
        self._move()
        if self._scenario and stage.is_last:
            self.post_message(self.Finished(self._scenario))
        if self._timer is not None:
            self._timer.resume()

    def _idle(self) -> set[str]:
        """The actions that do nothing here."""
        idle = set()
        if self.origin is None or self.drive.is_growing:
            idle |= {"take_part", "what_if"}
        if not self.can_ask_real_dns:
            idle.add("app.real_dns")
        is_branch = self.branch.grown_from is not None
        if not (self.is_from_library or is_branch or self.is_narrowed):
            idle.add("leave")
        return idle

    def _show_crowd(self, stage: Stage, palette: Palette) -> None:
        """Where there are more recipients than a map can show, their chart takes its place."""
        crowd = self.query_one(CrowdView)
        wanted = crowd.is_needed if self._wants_crowd is None else self._wants_crowd
        self.set_class(wanted, "-crowd")
        if wanted:
            crowd.show(stage, palette)

    def pulse(self) -> None:
        """One frame: go on where it is time, and move what is under way."""
        if self._timer is None:
            return
        if self.drive.tick():
            self.show()
            if self.drive.is_halted():
                self.ask_the_way()
        else:
            self._move()
        if self.drive.is_resting():
            self._timer.pause()

    def extend(self, batch: Sequence[Event]) -> None:
        """Take in further events of a run that is still being made."""
        was_at_end = self.drive.player.at_end and not self.drive.is_playing
        self.drive.extend(batch)
        if self.follows_the_end and was_at_end:
            self.drive.seek(len(self.drive.events))
        self.show()

    def finish(self) -> None:
        """The run is complete."""
        self.drive.is_growing = False
        self.show()

    def fail(self, problem: str) -> None:
        """Say that the run broke off; what happened before can still be seen."""
        self.problem = problem
        self.drive.is_growing = False
        self.show()

    async def replay(
        self, scenario: Scenario, run: Sequence[Event], cursor: int, sieve: Sieve
    ) -> None:
        """Show another run in the place of this one, after ``cursor`` of its events.

        Of it what passes ``sieve``; the lens and the story stay as they are.
        """
        timer, self._timer = self._timer, None  # nothing moves while there is nothing to draw
        view = self.query_one(LowerHalf).view
        self.branch.scenario, old = scenario, self.drive
        self.drive = Drive(
            hosts_of(scenario), run, old.clock, speed=old.speed, depth=old.depth, margin=old.margin
        )
        self.branch.drive, self.branch.is_kept = self.drive, False
        self.drive.index.sift(sieve)
        self.drive.seek(cursor)
        await self.recompose()
        self.query_one(LowerHalf).look(view)
        self._timer = timer
        self.mark_time_line()
        self.show()
        self.call_after_refresh(self.show)  # once there is room to scroll in

    @property
    def _is_still(self) -> bool:
        return self.app.animation_level == "none"

    def _move(self) -> None:
        self.query_one(NetMap).move(self.drive.phase(is_still=self._is_still))

    # What the keys do.

    def action_help(self) -> None:
        """Keys and signs."""
        self.app.push_screen(HelpScreen(self.stage, PLAYER_KEYS))

    def lets_go(self) -> bool:
        """Everything again, also the chart; False where that was so already."""
        was_busy = super().lets_go()
        if was_busy:
            self._wants_crowd = None
            self.show()
        return was_busy

    def on_screen_resume(self) -> None:
        """What grew from this run meanwhile is shown."""
        if self._timer is not None:
            self.mark_time_line()
            self.show()

    def action_crowd(self) -> None:
        """The chart of many mails in the place of the map, or the map again."""
        self._wants_crowd = not self.has_class("-crowd")
        self.lets_go()
        self.show()
        if self._wants_crowd:
            self.query_one(CrowdTable).focus()

    def on_crowd_table_opened(self, message: CrowdTable.Opened) -> None:
        """The map of the way to one recipient, at the moment when the mail to them is spoken of."""
        recipient, index = message.recipient, self.drive.index
        self._wants_crowd = False
        self.drive.seek(index.spoken_of(recipient) + 1)
        hosts = self.drive.player.scene.hosts
        self.sift(following(recipient.journey, recipient.address, index.recipients, hosts))

    def on_crowd_table_turned(self) -> None:
        """The heading says which domain is listed."""
        self.show()
