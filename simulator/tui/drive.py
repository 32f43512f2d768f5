"""Moving through a run: the cursor, playing or not, how fast, how finely. It knows no screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from simulator.scenario.model import Host
from simulator.trace.event import Event
from simulator.trace.player import Depth, Player
from simulator.trace.steps import stops
from simulator.tui.index import RunIndex
from simulator.tui.moments import SPEEDS
from simulator.tui.pace import PARKED, Pace, pace, parked, resumed

DEPTHS: tuple[Depth, ...] = ("story", "commands", "bytes")


class Drive:
    """A player with a clock on the wall; ``clock`` gives seconds and never goes back."""

    def __init__(
        self,
        hosts: tuple[Host, ...],
        events: list[Event],
        clock: Callable[[], float],
        *,
        speed: float = 1.0,
        depth: Depth = "commands",
    ) -> None:
        self.events = events
        self.player = Player(hosts, events)
        self.index = RunIndex(events)
        self.index.grow()
        self.speed = speed
        self.depth: Depth = depth
        self.is_playing = False
        self.is_growing = False
        self._clock = clock
        self._pace = self._fresh()

    @property
    def event(self) -> Event | None:
        """The event that has just happened."""
        cursor = self.player.cursor
        return self.events[cursor - 1] if cursor else None

    @property
    def is_at_end(self) -> bool:
        """Whether nothing more is known to happen."""
        return self.player.cursor >= len(self.events)

    def extend(self, events: Sequence[Event]) -> None:
        """Further events of a run that is still being made."""
        self.player.extend(events)
        self.index.grow()

    def seek(self, cursor: int) -> None:
        """Stand after ``cursor`` events (brought into the run)."""
        wanted = max(0, min(cursor, len(self.events)))
        if wanted != self.player.cursor:
            self.player.seek(wanted)
            self._pace = self._fresh()

    def step(self, by: int) -> None:
        """One stop of the present depth forward (1) or back (-1)."""
        before = self.player.cursor
        self.player.step(by, self.depth)
        if self.player.cursor != before:
            self._pace = self._fresh()

    def goto_step(self, step: int) -> bool:
        """Stand at the first event of a step; False where the step does not happen."""
        place = self.index.first_of(step)
        if place is None:
            return False
        self.seek(self._first_stop(place) + 1)
        return True

    def neighbour_step(self, by: int) -> None:
        """The beginning of the next step (1), or of this or the previous one (-1)."""
        cursor = self.player.cursor
        begins = [place + 1 for step in range(1, 7) if (place := self.index.first_of(step)) is not None]
        begins = sorted({self._first_stop(place - 1) + 1 for place in begins})
        if by > 0:
            self.seek(next((begin for begin in begins if begin > cursor), len(self.events)))
        else:
            self.seek(max((begin for begin in begins if begin < cursor), default=0))

    def toggle(self) -> None:
        """Play or pause; at the end, play from the beginning."""
        now = self._clock()
        if self.is_playing:
            self.is_playing = False
            self._pace = parked(self._pace, now)
            return
        if self.is_at_end and not self.is_growing:
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
        if not self.is_playing or not self._pace.is_over(self._clock()):
            return False
        if self.is_at_end:
            if self.is_growing:
                return False
            self.is_playing = False
            self._pace = parked(self._pace, self._clock())
            return True
        before = self.player.cursor
        self.step(1)
        if self.player.cursor == before:
            self.seek(len(self.events))
        return True

    def phase(self, *, is_still: bool) -> float:
        """Where what is under way stands; ``is_still`` is for screens without motion."""
        if is_still:
            return PARKED
        return self._pace.phase(self._clock(), playing=self.is_playing)

    def is_resting(self) -> bool:
        """Whether nothing will move until a key is pressed."""
        return not self.is_playing and self._pace.is_resting(self._clock())

    def _fresh(self) -> Pace:
        return pace(self.event, self.depth, self.speed, self._clock())

    def _first_stop(self, place: int) -> int:
        """The first place from ``place`` on, in the same step, at which this depth stops."""
        step = self.events[place].step
        for other in range(place, len(self.events)):
            event = self.events[other]
            if event.step == step and stops(event, self.depth):
                return other
        return place
