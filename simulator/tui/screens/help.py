"""The help: every key and every sign, made from the tables that the screen itself uses."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from simulator.tui.canvas import fit
from simulator.tui.keys import GROUPS, PLAYER_KEYS, Key
from simulator.tui.palette import Palette, ink
from simulator.tui.stage import Stage
from simulator.tui.widgets.panel import Panel
from simulator.tui.widgets.text_view import Line, TextView, paragraph

_SIGNS: tuple[tuple[str, str, Callable[[Palette], str]], ...] = (
    (" EHLO ", "command", lambda palette: palette.client),
    (" ✓ 250 ", "good", lambda palette: palette.ok),
    (" › 354 ", "go_on", lambda palette: palette.accent),
    (" ! 450 ", "for_now", lambda palette: palette.accent),
    (" ✗ 550 ", "never", lambda palette: palette.error),
    (" ╲__╱ ", "mail", lambda palette: palette.paper),
    (" ? MX ", "question", lambda palette: palette.dns),
    (" = 1 MX ", "answer", lambda palette: palette.dns),
    ("▓EHLO▓", "sealed", lambda palette: palette.client),
    (" ╲╱ ", "custody", lambda palette: palette.envelope),
)
"""Signs on the wires, the keys of their words, and their colours."""

_MAILS = frozenset({"mail", "custody"})
_KEY_WIDTH, _SIGN_WIDTH = 12, 10


class HelpView(TextView):
    """The lines of the help."""

    def __init__(self, keys: tuple[Key, ...], palette: Palette) -> None:
        super().__init__(palette)
        self._keys = keys

    def write(self, stage: Stage, palette: Palette, width: int) -> list[Line]:
        """Keys first, then, where there is a map, what the signs on its wires mean."""
        back = palette.background
        plain = ink(palette.text, back)
        accent = ink(palette.accent, back, bold=True)
        strong = ink(palette.client, back, bold=True)
        lines: list[Line] = []
        for group in GROUPS:
            if not any(key.group == group for key in self._keys):
                continue
            lines.append(((stage.say(f"help.group.{group}"), accent),))
            for key in self._keys:
                if key.group != group or key.number > 1:
                    continue
                shown = "1-6" if key.number else key.shown
                word = stage.say("key.goto_any" if key.number else f"key.{key.word}")
                head = fit(shown, _KEY_WIDTH)
                lines += paragraph(word, plain, width, head=head, bold=strong)
            lines.append(())
        if self._keys is PLAYER_KEYS:
            lines += [*paragraph(stage.say("help.mouse"), plain, width), ()]
            lines += [*_signs(stage, palette), ()]
        return [*lines, *paragraph(stage.say("help.close"), plain, width)]


def _signs(stage: Stage, palette: Palette) -> list[Line]:
    """What the signs on the wires mean."""
    plain = ink(palette.text, palette.background)
    accent = ink(palette.accent, palette.background, bold=True)
    lines: list[Line] = [((stage.say("help.signs"), accent),)]
    for sign, word, colour in _SIGNS:
        text = palette.seal if word in _MAILS else palette.on_fill
        pad = " " * (_SIGN_WIDTH + 2 - cell_len(sign))
        chip = (sign, ink(text, colour(palette), bold=True))
        lines.append((chip, (pad, plain), (stage.say(f"help.{word}"), plain)))
    return lines


class HelpScreen(ModalScreen[None]):
    """The help above the player; escape or any of the keys that opened it closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,f1,q,enter", "close", "close", show=False, priority=True)
    ]
    CSS = """
    HelpScreen { align: center middle; background: $background 60%; }
    HelpScreen > Panel {
        width: 64; max-width: 96%; height: 72; max-height: 96%;
        background: $background; border: round $accent;
    }
    HelpScreen Heading { height: 1; }
    HelpScreen LineView { height: 1fr; scrollbar-size-vertical: 1; overflow-x: hidden; }
    """

    def __init__(self, stage: Stage, palette: Palette, keys: tuple[Key, ...]) -> None:
        super().__init__()
        self._stage = stage
        self._palette = palette
        self._keys = keys

    def compose(self) -> ComposeResult:
        """One panel."""
        yield Panel(HelpView(self._keys, self._palette), self._palette, id="help")

    def on_mount(self) -> None:
        """Draw it."""
        title = self._stage.say("help.title")
        self.query_one(Panel).show(title, "", self._stage, self._palette)

    def action_close(self) -> None:
        """Back to the player."""
        self.dismiss()
