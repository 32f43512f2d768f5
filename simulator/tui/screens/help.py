"""The help: every key and every sign, made from the tables that the screen itself uses."""

from __future__ import annotations

from collections.abc import Callable
from itertools import zip_longest
from typing import ClassVar

from rich.cells import cell_len
from rich.style import Style
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from simulator.tui.canvas import fit
from simulator.tui.keys import GROUPS, PLAYER_KEYS, Key
from simulator.tui.palette import Palette, ink
from simulator.tui.screens.above import AboveScreen
from simulator.tui.stage import Stage
from simulator.tui.widgets.panel import Panel
from simulator.tui.widgets.text_view import Line, TextView, paragraph
from simulator.tui.wrapping import wrap

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
_KEY_WIDTH, _SIGN_WIDTH = 10, 10
_TWO_COLUMNS, _BETWEEN = 100, 3
"""From so many cells on there are two columns, with so many between them."""


class HelpView(TextView):
    """The lines of the help."""

    def __init__(self, keys: tuple[Key, ...], palette: Palette) -> None:
        super().__init__(palette)
        self._keys = keys

    def write(self, stage: Stage, palette: Palette, width: int) -> list[Line]:
        """Keys first, then, where there is a map, what the signs on its wires mean.

        In two columns where there is room for them.
        """
        column = (width - _BETWEEN) // 2 if width >= _TWO_COLUMNS else width
        blocks = [self._group(group, stage, palette, column) for group in GROUPS]
        plain = ink(palette.text, palette.background)
        if self._keys is PLAYER_KEYS:
            blocks.append(_signs(stage, palette))
            blocks.append(paragraph(stage.say("help.mouse"), plain, column))
        blocks.append(paragraph(stage.say("help.close"), plain, column))
        blocks = [[*block, ()] for block in blocks if block]
        if column == width:
            return [line for block in blocks for line in block]
        half = sum(map(len, blocks)) / 2
        left: list[Line] = []
        while blocks and len(left) + len(blocks[0]) / 2 <= half:
            left += blocks.pop(0)
        right = [line for block in blocks for line in block]
        return _beside(left, right, column + _BETWEEN, plain)

    def _group(self, group: str, stage: Stage, palette: Palette, width: int) -> list[Line]:
        plain = ink(palette.text, palette.background)
        strong = ink(palette.client, palette.background, bold=True)
        lines: list[Line] = []
        for key in self._keys:
            if key.group != group or key.number > 1:
                continue
            shown = "1-6" if key.number else key.shown
            word = stage.say("key.goto_any" if key.number else f"key.{key.word}")
            for number, line in enumerate(wrap(word, width - _KEY_WIDTH)):
                head = fit(shown if number == 0 else "", _KEY_WIDTH)
                lines.append(((head, strong), (line, plain)))
        accent = ink(palette.accent, palette.background, bold=True)
        return [((stage.say(f"help.group.{group}"), accent),), *lines] if lines else []


def _beside(left: list[Line], right: list[Line], column: int, plain: Style) -> list[Line]:
    """Two columns of lines, the right one from the cell ``column`` on."""
    rows: list[Line] = []
    for one, other in zip_longest(left, right, fillvalue=()):
        taken = sum(cell_len(text) for text, _ in one)
        rows.append((*one, (" " * (column - taken), plain), *other))
    return rows


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


class HelpScreen(AboveScreen):
    """The help above the player; escape or any of the keys that opened it closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark,f1", "close", "close", show=False, priority=True)
    ]
    CSS = """
    HelpScreen { align: center middle; background: $background 60%; }
    HelpScreen > Panel {
        width: 120; max-width: 96%; height: 72; max-height: 96%;
        background: $background; border: round $accent;
    }
    HelpScreen Heading { height: 1; }
    HelpScreen LineView { height: 1fr; scrollbar-size-vertical: 1; overflow-x: hidden; }
    """

    def __init__(self, stage: Callable[[], Stage], keys: tuple[Key, ...]) -> None:
        super().__init__(stage)
        self._keys = keys

    def compose(self) -> ComposeResult:
        """One panel."""
        yield Panel(HelpView(self._keys, self.palette), self.palette, id="help")

    def draw(self) -> None:
        """The keys in the present language."""
        stage = self._stage()
        self.query_one(Panel).show(stage.say("help.title"), "", stage, self.palette)
