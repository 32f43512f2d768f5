"""The map: every actor in a box, and what is being said on its way from one to another."""

from __future__ import annotations

from dataclasses import replace

from rich.cells import cell_len
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from simulator.scenario.model import Host
from simulator.tui.canvas import Canvas, shorten
from simulator.tui.cast import Cast
from simulator.tui.floor import Floor, lay_out, present_of
from simulator.tui.palette import Palette, ink
from simulator.tui.parcel import Placed, parcel_of, place
from simulator.tui.picture import active_route, draw_map
from simulator.tui.places import on_the_way, rows_of
from simulator.tui.stage import Stage
from simulator.views.safe import safe

_NAME_LIMIT = 200


class NetMap(Widget):
    """Draws a stage; ``move`` moves what is under way and repaints only those cells."""

    can_focus = False

    class Picked(Message):
        """A box was clicked: ``host`` is the name of the (first) host in it."""

        def __init__(self, host: str) -> None:
            super().__init__()
            self.host = host

    def __init__(self, cast: Cast, palette: Palette, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._cast = cast
        self._palette = palette
        self._stage: Stage | None = None
        self._floor: Floor | None = None
        self._known = (-1, -1, "")
        self._hosts: tuple[Host, ...] = ()
        self._is_stacked = False
        self.recipient = ""
        """To whom the way is shown; empty where everyone's is."""
        self._canvas: Canvas | None = None
        self._strips: dict[int, Strip] = {}
        self._placed: Placed | None = None
        self._phase = 0.0

    @property
    def is_stacked(self) -> bool:
        """Whether hosts stand one above another, so that the map needs more rows."""
        return self._is_stacked

    def show(self, stage: Stage, palette: Palette) -> None:
        """Draw another moment."""
        self._stage = stage
        self._palette = palette
        known = (len(self._cast.names), len(self._cast.writers), self.recipient)
        if known != self._known:
            self._floor = None
            self._known = known
            self._hosts = self._shown(stage)
            self._is_stacked = rows_of(present_of(self._hosts, self._cast), self._cast) > 1
        self._redraw()

    def move(self, phase: float) -> None:
        """Bring what is under way to ``phase`` (0 at the speaker, 1 at the listener)."""
        self._phase = phase
        before = self._placed
        self._placed = self._place()
        if before == self._placed:
            return
        regions = [self._region(placed) for placed in (before, self._placed) if placed is not None]
        if regions:
            self.refresh(*regions)

    def on_resize(self) -> None:
        """Lay the boxes out anew."""
        self._floor = None
        self._redraw()

    def on_click(self, event: events.Click) -> None:
        """Tell which box was clicked."""
        box = self._floor.box_at(event.x, event.y) if self._floor is not None else None
        if box is not None:
            self.post_message(self.Picked(box.hosts[0].name))

    def render_line(self, y: int) -> Strip:
        """One row: the still picture, and upon it what is under way."""
        canvas = self._canvas
        if canvas is None or y >= canvas.height:
            style = ink(self._palette.text, self._palette.background)
            return Strip.blank(self.size.width, style)
        placed = self._placed
        if placed is not None and placed.top <= y < placed.top + len(placed.rows):
            row = canvas.copy_row(y)
            placed.draw(row, 0, y - placed.top)
            return row.strip(0)
        if y not in self._strips:
            self._strips[y] = canvas.strip(y)
        return self._strips[y]

    def _redraw(self) -> None:
        width, height = self.size
        if self._stage is None or width < 20 or height < 4:
            self._canvas = None
            self.refresh()
            return
        if self._floor is None:
            rows = height - 1 if self.recipient else height  # below it is said whose way it is
            floor = lay_out(self._hosts, self._cast, width, rows)
            self._floor = replace(floor, height=height)
        self._canvas = draw_map(self._floor, self._stage, self._cast, self._palette)
        if self.recipient:
            recipient = safe(self.recipient, limit=_NAME_LIMIT)
            way = shorten(self._stage.say("crowd.way", recipient=recipient), width - 2)
            style = ink(self._palette.accent, self._palette.background, bold=True)
            self._canvas.put(1, height - 1, way, style)
        self._strips.clear()
        self._placed = self._place()
        self.refresh()

    def _shown(self, stage: Stage) -> tuple[Host, ...]:
        hosts = stage.scene.hosts
        if not self.recipient:
            return hosts
        return tuple(on_the_way(hosts, self._cast.writers, self.recipient))

    def _place(self) -> Placed | None:
        stage, floor = self._stage, self._floor
        if stage is None or floor is None or stage.event is None or stage.speaker is None:
            return None
        way = active_route(floor, stage)
        parcel = parcel_of(stage.event, stage.speaker, self._palette, is_report=stage.is_report)
        if way is None or parcel is None or not way.cells:
            return None
        return place(parcel, way, self._phase, floor.width)

    @staticmethod
    def _region(placed: Placed) -> Region:
        first, last = placed.cells
        width = max(1, min(last - first + 1, cell_len(placed.rows[0]) + 2))
        return Region(first, placed.top, width, len(placed.rows))
