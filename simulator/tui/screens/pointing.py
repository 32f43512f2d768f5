"""What a click does: on a step, a box, the time line, or a line of what is said and told."""

from __future__ import annotations

from simulator.tui.screens.joining import JoiningScreen
from simulator.tui.widgets.net_map import NetMap
from simulator.tui.widgets.step_strip import StepStrip
from simulator.tui.widgets.story import StoryView
from simulator.tui.widgets.time_line import TimeLine
from simulator.tui.widgets.transcript import Transcript


class PointingScreen(JoiningScreen):
    """Goes where the pointer was."""

    def on_step_strip_picked(self, message: StepStrip.Picked) -> None:
        """A click on a step goes there."""
        self.action_goto_step(message.step)

    def on_net_map_picked(self, message: NetMap.Picked) -> None:
        """A click on a box goes to the next thing that its host does."""
        place = self.drive.index.first_of_host(message.host, self.drive.player.cursor - 1)
        if place is not None:
            self.drive.seek(place + 1)
            self.show()

    def on_time_line_sought(self, message: TimeLine.Sought) -> None:
        """A click on the time line goes there, and so does dragging."""
        self.drive.seek(message.cursor)
        self.show()

    def on_time_line_toggled(self) -> None:
        """A click on the sign of playing plays or pauses."""
        self.action_play()

    def on_transcript_picked(self, message: Transcript.Picked) -> None:
        """A click on a line goes there."""
        self._go(message.place)

    def on_story_view_picked(self, message: StoryView.Picked) -> None:
        """A click on a sentence goes there."""
        self._go(message.place)

    def _go(self, place: int) -> None:
        self.drive.seek(place + 1)
        self.show()
