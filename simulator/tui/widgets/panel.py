"""A panel: a heading that says what it is and whether it has the focus, above a list of lines."""

from __future__ import annotations

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.strip import Strip
from textual.widget import Widget

from simulator.tui.canvas import Canvas, shorten
from simulator.tui.palette import Palette, ink
from simulator.tui.stage import Stage
from simulator.tui.widgets.line_view import LineView


class Heading(Widget):
    """One row: the name of the panel on a rule, filled where the panel has the focus."""

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        self._palette = palette
        self._text = self._note = ""

    def show(self, text: str, note: str, palette: Palette) -> None:
        """Name the panel anew; ``note`` stands at the right end."""
        self._text, self._note, self._palette = text, note, palette
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """The heading."""
        palette = self._palette
        width = self.size.width
        focused = isinstance(self.parent, Panel) and self.parent.body.has_focus
        colour = palette.accent if focused else palette.line
        canvas = Canvas(width, 1, ink(colour, palette.background))
        canvas.put(0, 0, ("━" if focused else "─") * width, canvas.blank)
        text = f" {shorten(self._text, width - 6)} "
        fill = ink(palette.on_fill, palette.accent, bold=True)
        plain = ink(palette.text, palette.background, bold=True)
        canvas.put(1, 0, text, fill if focused else plain)
        note = f" {self._note} "
        if self._note and cell_len(text) + cell_len(note) + 4 <= width:
            style = ink(palette.dim, palette.background)
            canvas.put(width - cell_len(note) - 1, 0, note, style)
        return canvas.strip(0)

    async def on_click(self) -> None:
        """The first click gives the panel the focus, a second one makes it large or small again."""
        if not isinstance(self.parent, Panel):
            return
        if self.parent.body.has_focus:
            await self.screen.run_action("maximise")
        else:
            self.parent.body.focus()


class Panel(Vertical):
    """A heading and a body; the screen can make it as large as the window."""

    ALLOW_MAXIMIZE = True

    def __init__(self, body: LineView, palette: Palette, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self.body = body
        self.heading = Heading(palette)

    def compose(self) -> ComposeResult:
        """The heading above the body."""
        yield self.heading
        yield self.body

    def on_descendant_focus(self) -> None:
        """Show that the focus is here."""
        self.heading.refresh()

    def on_descendant_blur(self) -> None:
        """Show that the focus is gone."""
        self.heading.refresh()

    def show(self, heading: str, note: str, stage: Stage, palette: Palette) -> None:
        """Draw another moment; alone on the screen, the heading says how one comes back."""
        alone = self.screen.maximized is self
        notes = filter(None, (note, stage.say("panel.alone") if alone else ""))
        self.heading.show(heading, " · ".join(notes), palette)
        self.body.show(stage, palette)
