"""Many mails in the place of the map: the chart at the left, the table at the right."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal

from simulator.tui.index import RunIndex
from simulator.tui.palette import Palette
from simulator.tui.stage import Stage
from simulator.tui.widgets.crowd_chart import CrowdChart
from simulator.tui.widgets.crowd_table import CrowdTable
from simulator.tui.widgets.panel import Panel

MANY = 24
"""So many recipients are more than a map can show."""


class CrowdView(Horizontal):
    """Shows a moment of a run with many recipients."""

    def __init__(self, index: RunIndex, palette: Palette) -> None:
        super().__init__(id="crowd")
        self._index = index
        self.chart = CrowdChart(index, palette, id="chart")
        self.table = CrowdTable(index, palette)
        self._panel = Panel(self.table, palette, id="domains")

    @property
    def is_needed(self) -> bool:
        """Whether there are more recipients than a map can show."""
        return len(self._index.crowd.recipients) > MANY

    def compose(self) -> ComposeResult:
        """The chart beside the table."""
        yield self.chart
        yield self._panel

    def show(self, stage: Stage, palette: Palette) -> None:
        """Draw another moment; the chart is drawn with all other rows of the screen."""
        self._panel.show(self.table.heading(stage), "", stage, palette)
