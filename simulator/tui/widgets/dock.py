"""What lies below a run while somebody types into it."""

from __future__ import annotations

from textual import events
from textual.containers import Vertical
from textual.message import Message


class Dock(Vertical):
    """Holds the line and what stands around it; tells how many rows that takes."""

    class Grown(Message):
        """It takes ``height`` rows now."""

        def __init__(self, height: int) -> None:
            super().__init__()
            self.height = height

    def on_resize(self, event: events.Resize) -> None:
        """Tell it."""
        self.post_message(self.Grown(event.size.height))
