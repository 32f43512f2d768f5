"""The table of many mails: domains with their counts; in a domain, every recipient."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from simulator.tui.canvas import Canvas, shorten
from simulator.tui.index import RunIndex
from simulator.tui.palette import Palette, ink
from simulator.tui.stage import Stage
from simulator.tui.widgets.crowd_chart import SHOWN, SIGNS, state_colour
from simulator.tui.widgets.line_view import LineView
from simulator.views.crowd import STATES, Recipient, State
from simulator.views.safe import safe

_NAME_LIMIT = 200
_BAR = 10
_FILLS: dict[State, str] = {"delivered": "█", "under_way": "·", "deferred": "▒", "bounced": "╳"}
"""What a share of the bar is made of: told apart without colour too."""


class CrowdTable(LineView):
    """Up and down choose, enter opens a domain or the way to a recipient, backspace goes back."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "choose(-1)", "up", show=False),
        Binding("down", "choose(1)", "down", show=False),
        Binding("pageup", "choose(-10)", "up", show=False),
        Binding("pagedown", "choose(10)", "down", show=False),
        Binding("enter", "open", "open", show=False),
        Binding("backspace", "back", "back", show=False),
    ]

    class Opened(Message):
        """The way of the mail to one recipient is to be shown."""

        def __init__(self, recipient: Recipient) -> None:
            super().__init__()
            self.recipient = recipient

    class Turned(Message):
        """Another domain, or all of them, are listed now."""

    def __init__(self, index: RunIndex, palette: Palette, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(palette, id=id)
        self._index = index
        self._domain = ""
        self._chosen = 0
        self._domains: list[str] = []

    def heading(self, stage: Stage) -> str:
        """What the table shows now."""
        return safe(self._domain, limit=_NAME_LIMIT) or stage.say("crowd.domains")

    def count(self, stage: Stage, width: int) -> int:
        """A line a domain; or the way back, and a line a recipient."""
        crowd = self._index.crowd
        if len(self._domains) != len(crowd.by_domain) or stage.growing:
            self._domains = crowd.domains()
        return 1 + len(crowd.by_domain[self._domain]) if self._domain else len(self._domains)

    def draw_line(self, canvas: Canvas, index: int, stage: Stage, palette: Palette) -> None:
        """The chosen line stands out."""
        chosen = index == self._chosen
        back = palette.row if chosen else palette.background
        canvas.fill(0, 0, canvas.width, 1, ink(palette.text, back))
        if chosen:
            canvas.put(0, 0, "▶", ink(palette.accent, back, bold=True))
        if not self._domain:
            self._draw_domain(canvas, self._domains[index], stage, palette, back)
        elif index == 0:
            words = f"◀ {stage.say('crowd.all_domains')}"
            canvas.put(2, 0, words, ink(palette.accent, back, bold=True))
        else:
            recipient = self._index.crowd.by_domain[self._domain][index - 1]
            self._draw_recipient(canvas, recipient, stage, palette, back)

    def _draw_domain(
        self, canvas: Canvas, domain: str, stage: Stage, palette: Palette, back: str
    ) -> None:
        """The name, a bar of shares, and the numbers."""
        crowd = self._index.crowd
        counts = {state: crowd.count(state, stage.cursor, domain) for state in STATES}
        total = len(crowd.by_domain[domain])
        digits = len(str(max(map(len, crowd.by_domain.values()))))
        x = canvas.width - 1
        for state in reversed(SHOWN):
            text = f"{SIGNS[state]} {counts[state]:>{digits}}" if counts[state] else ""
            x -= digits + 3
            canvas.put(x, 0, text, ink(state_colour(state, palette), back, bold=True))
        if x > _BAR + 16:
            x -= _BAR + 1
            self._draw_bar(canvas, x, counts, total, palette, back)
        name = shorten(safe(domain, limit=_NAME_LIMIT), x - 3)
        canvas.put(2, 0, name, ink(palette.text, back, bold=True))

    @staticmethod
    def _draw_bar(
        canvas: Canvas, x: int, counts: dict[State, int], total: int, palette: Palette, back: str
    ) -> None:
        """Each state by its share, none of those that there are left out."""
        fullest = max(STATES, key=lambda state: counts[state])
        cells = {
            state: max(counts[state] * _BAR // max(1, total), 1 if counts[state] else 0)
            for state in STATES
        }
        cells[fullest] += _BAR - sum(cells.values()) if any(counts.values()) else 0
        for state in STATES:
            canvas.put(x, 0, _FILLS[state] * cells[state], ink(state_colour(state, palette), back))
            x += cells[state]

    def _draw_recipient(
        self, canvas: Canvas, recipient: Recipient, stage: Stage, palette: Palette, back: str
    ) -> None:
        """The sign, the address, and the state in a word."""
        state = recipient.state(stage.cursor)
        word = stage.say(f"crowd.{state}") if state is not None else ""
        room = canvas.width - cell_len(word) - 6
        address = shorten(safe(recipient.address, limit=_NAME_LIMIT), room)
        canvas.put(4, 0, address, ink(palette.text, back))
        if state is not None:
            style = ink(state_colour(state, palette), back, bold=True)
            canvas.put(2, 0, SIGNS[state], style)
            canvas.put(canvas.width - cell_len(word) - 1, 0, word, style)

    def action_choose(self, by: int) -> None:
        """The next line, or the one before."""
        self._chosen = max(0, min(self._count - 1, self._chosen + by))
        self.keep_in_view(self._chosen, self._chosen)
        self.refresh()

    def action_open(self) -> None:
        """Into the domain, to the recipient, or back."""
        if not self._domain:
            if self._chosen < len(self._domains):
                self._enter(self._domains[self._chosen], 1)
        elif self._chosen == 0:
            self.action_back()
        else:
            recipient = self._index.crowd.by_domain[self._domain][self._chosen - 1]
            self.post_message(self.Opened(recipient))

    def action_back(self) -> None:
        """All domains again."""
        if self._domain:
            self._enter("", self._domains.index(self._domain))

    def _enter(self, domain: str, chosen: int) -> None:
        self._domain, self._chosen = domain, chosen
        self.measure_lines()
        self.scroll_to(y=0, animate=False, force=True)
        self.keep_in_view(chosen, chosen)
        self.post_message(self.Turned())

    def on_click(self, event: events.Click) -> None:
        """A click chooses and opens."""
        line = event.y + self.scroll_offset.y
        if line < self._count:
            self._chosen = line
            self.action_open()
