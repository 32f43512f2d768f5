"""The last row of a screen: the keys that matter most here, each of which can be clicked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from rich.cells import cell_len
from textual import events
from textual.strip import Strip
from textual.widget import Widget

from simulator.lessons.language import Catalogue
from simulator.tui.canvas import Canvas
from simulator.tui.keys import FOOTER_SHOWN, Key
from simulator.tui.palette import Palette, ink

_GAP = 2
_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Entry:
    """A key with its word, from the cell ``x`` on."""

    key: Key
    shown: str
    word: str
    x: int = 0

    @property
    def width(self) -> int:
        """Cells that it takes."""
        return cell_len(self.shown) + 1 + cell_len(self.word)


class KeyBar(Widget):
    """Those of ``keys`` that have a rank; a click on one does what the key does.

    As many as fit, by their ranks; those for going and for help stand at the right end.
    """

    can_focus = False
    DEFAULT_CSS = "KeyBar { height: 1; }"

    def __init__(self, keys: tuple[Key, ...], palette: Palette) -> None:
        super().__init__(id="keys")
        self._keys = [key for key in keys if key.footer]
        self._palette = palette
        self._words: Catalogue | None = None
        self._without: Collection[str] = ()
        self._now: Mapping[str, str] = _NOTHING

    def show_in(
        self,
        words: Catalogue,
        palette: Palette,
        *,
        without: Collection[str] = (),
        now: Mapping[str, str] = _NOTHING,
    ) -> None:
        """Draw in a language and colours.

        Actions of ``without`` do nothing here. Those of ``now`` are what this moment is for: they
        come first, stand out, and are called by the word below ``ui.key`` given here.
        """
        self._words, self._palette = words, palette
        self._without, self._now = without, now
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """The one row."""
        palette = self._palette
        canvas = Canvas(self.size.width, 1, ink(palette.text, palette.raised))
        here = ink(palette.on_fill, palette.accent, bold=True)
        for entry in self.entries(canvas.width):
            is_now = entry.key.action in self._now
            head = here if is_now else ink(palette.accent, palette.raised, bold=True)
            canvas.put(entry.x, 0, entry.shown, head)
            rest = here if is_now else canvas.blank
            canvas.put(entry.x + cell_len(entry.shown), 0, f" {entry.word}", rest)
        return canvas.strip(0)

    async def on_click(self, event: events.Click) -> None:
        """Do what the key under the pointer does."""
        for entry in self.entries(self.size.width):
            if entry.x <= event.x < entry.x + entry.width:
                await self.screen.run_action(entry.key.action)

    def entries(self, width: int) -> list[Entry]:
        """What stands where on a row of so many cells."""
        if self._words is None:
            return []
        keys = [key for key in self._keys if key.action not in self._without]
        keys.sort(key=lambda key: (key.action not in self._now, key.footer))
        chosen: list[Entry] = []
        room = width - 1
        for entry in (self._entry(key, self._words) for key in keys):
            if entry.width + _GAP <= room:
                chosen.append(entry)
                room -= entry.width + _GAP
        return [
            *_laid([entry for entry in chosen if not entry.key.is_last], 1),
            *_laid_from_right([entry for entry in chosen if entry.key.is_last], width),
        ]

    def _entry(self, key: Key, words: Catalogue) -> Entry:
        word = self._now.get(key.action) or key.footer_word or key.word
        return Entry(key, FOOTER_SHOWN.get(key.action, key.shown), words.say(f"ui.key.{word}"))


def _laid(entries: list[Entry], x: int) -> list[Entry]:
    laid = []
    for entry in entries:
        laid.append(Entry(entry.key, entry.shown, entry.word, x))
        x += entry.width + _GAP
    return laid


def _laid_from_right(entries: list[Entry], width: int) -> list[Entry]:
    taken = sum(entry.width + _GAP for entry in entries)
    return _laid(entries, width - taken + _GAP - 1)
