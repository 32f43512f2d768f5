"""A list of lines that are drawn only when they are seen: a million cost no more than ten."""

from __future__ import annotations

from rich.style import Style
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from simulator.tui.canvas import Canvas
from simulator.tui.palette import Palette, ink
from simulator.tui.stage import Stage


class LineView(ScrollView, can_focus=True):
    """Shows ``count`` lines, each drawn by ``draw_line`` upon a sheet one row high."""

    def __init__(self, palette: Palette, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._palette = palette
        self._stage: Stage | None = None
        self._count = 0

    def show(self, stage: Stage, palette: Palette) -> None:
        """Draw another moment."""
        self._stage = stage
        self._palette = palette
        self.measure_lines()
        self.stay()

    def measure_lines(self) -> None:
        """Count the lines anew, and draw them."""
        if self._stage is None or not self.size.width:
            return  # before there is room, no line can be broken to it
        self._count = self.count(self._stage, self.scrollable_content_region.width)
        self.virtual_size = Size(self.scrollable_content_region.width, self._count)
        self.refresh()

    def on_resize(self) -> None:
        """Lines are broken for a width, so another width makes other lines."""
        self.measure_lines()
        self.stay()

    def stay(self) -> None:
        """Scroll to what is to be seen at this moment. To be given by kinds that follow the run."""

    def count(self, stage: Stage, width: int) -> int:
        """How many lines there are. To be given by each kind."""
        raise NotImplementedError

    def draw_line(self, canvas: Canvas, index: int, stage: Stage, palette: Palette) -> None:
        """Draw line ``index`` upon a sheet of one row. To be given by each kind."""
        raise NotImplementedError

    def blank(self) -> Style:
        """The style of cells on which nothing is drawn."""
        return ink(self._palette.text, self._palette.background)

    def render_line(self, y: int) -> Strip:
        """One visible row."""
        width = self.size.width
        canvas = Canvas(width, 1, self.blank())
        index = y + self.scroll_offset.y
        if self._stage is not None and index < self._count:
            self.draw_line(canvas, index, self._stage, self._palette)
        return canvas.strip(0)

    def keep_in_view(self, first: int, last: int) -> None:
        """Scroll so that the lines ``first`` to ``last`` are seen, with some of what follows."""
        height = self.scrollable_content_region.height
        top = self.scroll_offset.y
        if height < 1:
            return
        margin = min(3, height // 4)
        if first < top + margin or last >= top + height - margin:
            wanted = max(0, min(first - height // 2, self._count - height))
            if last - first + 1 > height // 2:
                wanted = max(0, min(first - margin, self._count - height))
            self.scroll_to(y=wanted, animate=False, force=True)
