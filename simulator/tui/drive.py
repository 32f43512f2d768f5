"""Moving through a run: the cursor, playing or not, how fast, how finely. It knows no screen."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from simulator.scenario.model import Host
from simulator.trace.event import Event, Step
from simulator.trace.margin import BLANK, Margin
from simulator.trace.player import Player
from simulator.trace.steps import DEPTHS, Depth, resolvers_of
from simulator.tui.index import RunIndex
from simulator.tui.moments import SPEEDS
from simulator.tui.pace import PARKED, Pace, pace, parked, resumed
from simulator.tui.time_marks import place_of


class Drive:
    """A player with a clock on the wall; ``clock`` gives seconds and never goes back."""

    def __init__(
        self,
        hosts: tuple[Host, ...],
        events: Iterable[Event],
        clock: Callable[[], float],
        *,
        speed: float = 1.0,
        depth: Depth = "commands",
        margin: Margin = BLANK,
    ) -> None:
        self.player = Player(hosts, events)
        self.events = self.player.events
        self.index = RunIndex(hosts, self.events)
        self.index.grow()
        self.margin = margin
        self.speed = speed
        self.depth: Depth = depth
        self.is_playing = False
        self.is_growing = False
        self.clock = clock
        self.halts_at: Callable[[Event], bool] | None = None
        """Says of an event whether it is a person's turn there: nothing leads past it."""
        self._resolvers = resolvers_of(hosts)
        self._reached = 0
        """The farthest cursor so far: what the author asks up to there has been answered."""
        self._pace = self._fresh()

    @property
    def event(self) -> Event | None:
        """The event that has just happened."""
        return self.player.event

    @property
    def curtain(self) -> int:
        """The place of the first event that is hidden: behind a question not yet gone past."""
        seq = self.events[self._reached - 1].seq if self._reached else -1
        stop = min((one.after for one in self.margin.stops if one.after >= seq), default=None)
        return len(self.events) if stop is None else place_of(self.events, stop) + 1

    def extend(self, events: Iterable[Event]) -> None:
        """Further events of a run that is still being made."""
        self.player.extend(events)
        self.index.grow()

    def seek(self, cursor: int) -> None:
        """Stand after ``cursor`` events (brought into the run)."""
        self.player.seek(cursor)
        self._begin()

    def step(self, by: int) -> None:
        """One stop of the present depth forward (1) or back (-1), of those that one wants to see.

        Where none follows, the end (or the beginning). Where its author asks something, or it is a
        person's turn, nothing leads past that.
        """
        start = self.player.cursor
        moved = False
        while self.player.step(by, self.depth):
            moved = True
            if self.event is None or self.index.sieve.passes(self.event):
                break
        if by > 0:
            self._go_no_further_than_asked(start)
            self._go_no_further_than_halted(start)
        if moved:
            self._begin()

    def _go_no_further_than_asked(self, start: int) -> None:
        if self.event is None:
            return
        before = self.events[start - 1].seq if start else -1
        stop = self.margin.first_stop(before, self.event.seq)
        if stop is not None:
            self.player.seek(min(place_of(self.events, stop) + 1, self.player.cursor))

    def _go_no_further_than_halted(self, start: int) -> None:
        if self.halts_at is None:
            return
        for place in range(start, self.player.cursor):
            if self.halts_at(self.events[place]):
                self.player.seek(place + 1)
                return

    def is_halted(self) -> bool:
        """Whether it is a person's turn."""
        return self.event is not None and self.halts_at is not None and self.halts_at(self.event)

    def find(self, wanted: Callable[[Event], bool], by: int) -> int | None:
        """The place of the nearest event after (1) or before (-1) this one that is wanted, or None.

        Of those that are shown at the present depth.
        """
        here = self.player.cursor - 1
        places = range(here + 1, len(self.events)) if by > 0 else range(here - 1, -1, -1)
        for place in places:
            if self.index.is_shown(place, self.depth) and wanted(self.events[place]):
                return place
        return None

    def goto_step(self, step: Step) -> bool:
        """Stand at the first event of a step; False where the step does not happen."""
        found = self.player.seek_step(step)
        self._begin()
        return found

    def neighbour_step(self, by: int) -> None:
        """The beginning of the next step (1), or of this or the previous one (-1)."""
        if by < 0:
            self.player.previous_step()
        elif not self.player.next_step():
            self.player.end()
        self._begin()

    def toggle(self) -> None:
        """Play or pause; at the end, play from the beginning."""
        now = self.clock()
        if self.is_playing:
            self.is_playing = False
            self._pace = parked(self._pace, now)
            return
        if self.player.at_end and not self.is_growing:
            self._reached = 0  # another class sees it
            self.seek(0)
        self.is_playing = True
        self._pace = resumed(self._pace, now)

    def pause(self) -> None:
        """Stop playing, if it plays."""
        if self.is_playing:
            self.toggle()

    def faster(self, by: int) -> None:
        """The next higher (1) or lower (-1) speed."""
        place = min(range(len(SPEEDS)), key=lambda n: abs(SPEEDS[n] - self.speed)) + by
        self.speed = SPEEDS[max(0, min(place, len(SPEEDS) - 1))]
        self._pace = self._fresh()

    def next_depth(self) -> None:
        """The next depth, after the last again the first."""
        self.depth = DEPTHS[(DEPTHS.index(self.depth) + 1) % len(DEPTHS)]

    def tick(self) -> bool:
        """Let time pass: True where another event is shown now, or playing has ended."""
        if not self.is_playing or not self._pace.is_over(self.clock()):
            return False
        if self.player.at_end:
            if self.is_growing:
                return False
            self.is_playing = False
            self._pace = parked(self._pace, self.clock())
            return True
        self.step(1)
        asks = self.event is not None and self.margin.asks_at(self.event.seq)
        if asks or self.is_halted():
            self.pause()
        return True

    def phase(self, *, is_still: bool) -> float:
        """Where what is under way stands; ``is_still`` is for screens without motion."""
        if is_still:
            return PARKED
        return self._pace.phase(self.clock(), playing=self.is_playing)

    def is_resting(self) -> bool:
        """Whether nothing will move until a key is pressed."""
        return not self.is_playing and self._pace.is_resting(self.clock())

    def _fresh(self) -> Pace:
        return pace(self.event, self.depth, self.speed, self.clock(), self._resolvers)

    def _begin(self) -> None:
        self._reached = max(self._reached, self.player.cursor)
        self._pace = self._fresh()
