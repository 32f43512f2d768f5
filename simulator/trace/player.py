"""The player: a cursor over the events of a run, and the scene that belongs to it.

Synchronous and without a screen. Nothing happens again when the cursor moves: the scene is
folded from the nearest checkpoint. Not for several threads at once.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Final

from simulator.scenario.model import Host
from simulator.scenario.virtual_time import SECOND
from simulator.trace.event import Event, Step
from simulator.trace.scene import Scene, fold, opening
from simulator.trace.steps import DEPTHS, STEPS, Depth
from simulator.trace.stops import Stops

__all__ = ["BEAT", "DEPTHS", "STEPS", "Checkpoints", "Depth", "Player"]

BEAT: Final = 0.9
"""Seconds for which a stop is in the making at speed 1, however little virtual time it took."""


class Checkpoints:
    """Scenes that are kept, so that any other is at most ``spacing`` events from one.

    When there are more than ``limit`` of them, every other one is given up and ``spacing``
    doubles: with the defaults that happens above two million events.
    """

    def __init__(self, first: Scene, *, spacing: int = 256, limit: int = 8192) -> None:
        self.spacing = spacing
        self._limit = limit
        self._scenes: dict[int, Scene] = {first.cursor: first}
        self._cursors: list[int] = [first.cursor]

    def offer(self, scene: Scene) -> None:
        """Keep the scene if it lies where one is due, and none is there."""
        if scene.cursor % self.spacing == 0 and scene.cursor > self._cursors[-1]:
            self._scenes[scene.cursor] = scene
            self._cursors.append(scene.cursor)
            if len(self._cursors) > self._limit:
                self._thin()

    def _thin(self) -> None:
        self.spacing *= 2
        self._cursors = [cursor for cursor in self._cursors if cursor % self.spacing == 0]
        self._scenes = {cursor: self._scenes[cursor] for cursor in self._cursors}

    def before(self, cursor: int) -> Scene:
        """The last one that is not after ``cursor``."""
        return self._scenes[self._cursors[bisect_right(self._cursors, cursor) - 1]]

    def __len__(self) -> int:
        return len(self._cursors)


class Player:
    """Moves through the events of a run, forwards and backwards.

    The cursor is the number of events that have happened, from 0 to ``len(events)``. At a stop,
    the event of that stop is the last that has happened.
    """

    def __init__(
        self,
        hosts: tuple[Host, ...],
        events: Iterable[Event] = (),
        *,
        depth: Depth = "commands",
        beat: float = BEAT,
    ) -> None:
        self.depth: Depth = depth
        """Where ``tick`` stops, and ``step`` unless told otherwise."""
        self.beat = beat
        self._scene = opening(hosts)
        self._events: list[Event] = []
        self._stops = Stops(self._scene.resolvers)
        self._checkpoints = Checkpoints(self._scene)
        self._cursor = 0
        self._spent = 0.0  # seconds at speed 1 since the last stop
        self.extend(events)

    # What there is to see ----------------------------------------------------------------------

    @property
    def events(self) -> Sequence[Event]:
        """Every event that is known so far."""
        return self._events

    @property
    def cursor(self) -> int:
        """How many events have happened."""
        return self._cursor

    @property
    def at_end(self) -> bool:
        """Whether every event that is known has happened."""
        return self._cursor == len(self._events)

    @property
    def event(self) -> Event | None:
        """The last event that has happened."""
        return self._events[self._cursor - 1] if self._cursor else None

    @property
    def upcoming(self) -> Event | None:
        """The event that ``tick`` moves towards: the next stop, or the last event of all."""
        target = self._target(self.depth)
        return None if target is None else self._events[target]

    @property
    def scene(self) -> Scene:
        """The state after the events that have happened; folded when it is asked for."""
        self._scene = self._scene_at(self._cursor, near=self._scene)
        return self._scene

    def _scene_at(self, cursor: int, near: Scene) -> Scene:
        scene = self._checkpoints.before(cursor)
        if scene.cursor <= near.cursor <= cursor:
            scene = near
        for index in range(scene.cursor, cursor):
            scene = fold(scene, self._events[index])
            self._checkpoints.offer(scene)
        return scene

    # A run that still goes on ------------------------------------------------------------------

    def extend(self, events: Iterable[Event]) -> None:
        """Take in further events of the run; the cursor stays."""
        for event in events:
            self._events.append(event)
            self._stops.add(event)

    # Moving the cursor -------------------------------------------------------------------------

    def seek(self, cursor: int) -> None:
        """Go to where ``cursor`` events have happened; what is out of range is brought into it."""
        self._cursor = min(max(cursor, 0), len(self._events))
        self._spent = 0.0

    def home(self) -> None:
        """Go to before the first event."""
        self.seek(0)

    def end(self) -> None:
        """Go to after the last event that is known."""
        self.seek(len(self._events))

    def step(self, by: int = 1, depth: Depth | None = None) -> bool:
        """Go ``by`` stops of ``depth`` on, or back where it is negative.

        After the last stop comes the end, before the first one the beginning. Gives whether the
        cursor moved.
        """
        start = self._cursor
        for _ in range(abs(by)):
            before = self._cursor
            self._step_once(by > 0, depth or self.depth)
            if self._cursor == before:
                break
        return self._cursor != start

    def _step_once(self, forwards: bool, depth: Depth) -> None:
        if forwards:
            target = self._target(depth)
        else:
            target = self._stops.previous(self._cursor - 1, depth)
            if target is None:
                self.home()
        if target is not None:
            self.seek(target + 1)

    def _target(self, depth: Depth) -> int | None:
        """The index of the next stop, else of the last event; None where all has happened."""
        if self.at_end:
            return None
        stop = self._stops.next(self._cursor, depth)
        return len(self._events) - 1 if stop is None else stop

    def next_step(self) -> bool:
        """Go to where the next of the six steps begins; gives whether there is one."""
        beginning = self._stops.next_beginning(self._cursor)
        if beginning is not None:
            self.seek(beginning + 1)
        return beginning is not None

    def previous_step(self) -> bool:
        """Go back to where this step began, or the one before; gives whether the cursor moved."""
        start = self._cursor
        beginning = self._stops.previous_beginning(self._cursor - 1)
        self.seek(0 if beginning is None else beginning + 1)
        return self._cursor != start

    def seek_step(self, step: Step) -> bool:
        """Go to the first event of one of the six steps; gives whether it has any."""
        first = self._stops.first.get(step)
        if first is not None:
            self.seek(first + 1)
        return first is not None

    # Playing -----------------------------------------------------------------------------------

    def tick(self, wall_seconds: float, speed: float = 1.0, idle_cap: float = 2.0) -> float:
        """Let ``wall_seconds`` pass; gives how far, from 0 to 1, the upcoming stop has come.

        At speed 1 a stop takes as long as it took in virtual time, but no less than ``beat`` and
        no more than ``idle_cap`` seconds. The events before it happen with it. Raises ValueError
        where a number makes no sense.
        """
        if not (wall_seconds >= 0 and 0 < speed < math.inf and idle_cap >= 0):
            raise ValueError(f"cannot play {wall_seconds} s at speed {speed}, idle {idle_cap} s")
        spent = self._spent + wall_seconds * speed
        target = self._target(self.depth)
        while target is not None:
            duration = self._duration(target, idle_cap)
            if spent < duration:
                self._spent = spent
                return spent / duration
            spent -= duration
            self.seek(target + 1)
            target = self._target(self.depth)
        self._spent = 0.0
        return 0.0

    def _duration(self, target: int, idle_cap: float) -> float:
        """Seconds at speed 1 from the cursor to after the event ``target``."""
        now = self.event.at if self.event is not None else 0
        waited = (self._events[target].at - now) / SECOND
        return max(self.beat, min(waited, idle_cap))
