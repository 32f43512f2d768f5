"""A panel to be read above another screen; language and colours change there and here at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from simulator.tui.palette import DARK, PALETTES, Palette
from simulator.tui.stage import Stage


class AboveScreen(ModalScreen[None]):
    """``stage`` gives the present moment of the screen below, in its present language."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter", "close", "close", show=False, priority=True),
        Binding("l,f2", "pass_on('language')", "language", show=False, priority=True),
        Binding("t", "pass_on('theme')", "theme", show=False, priority=True),
    ]

    def __init__(self, stage: Callable[[], Stage]) -> None:
        super().__init__()
        self._stage = stage

    @property
    def palette(self) -> Palette:
        """The colours of the present theme."""
        return PALETTES.get(self.app.theme, DARK)

    def draw(self) -> None:
        """Draw it in the present language and colours. To be given by each kind."""
        raise NotImplementedError

    def on_mount(self) -> None:
        """Draw it."""
        self.draw()

    async def action_pass_on(self, action: str) -> None:
        """Have the screen below do it, and draw anew."""
        await self.app.screen_stack[-2].run_action(action)
        self.draw()

    def action_close(self) -> None:
        """Back to the screen below."""
        self.dismiss()
