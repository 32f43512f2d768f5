"""The list of scenarios by chapter: what each is called, what it shows, how long, seen or not."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import groupby
from typing import NamedTuple

from rich.cells import cell_len
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from simulator.lessons.language import Catalogue
from simulator.tui.canvas import Canvas, shorten
from simulator.tui.entry import LibraryEntry
from simulator.tui.palette import Palette, ink
from simulator.tui.wrapping import wrap
from simulator.views.safe import safe

_TEXT_LIMIT = 400
_HERE, _SEEN, _NOT_SEEN = "▶", "✓", "·"
_TEXT = 5
"""Where titles and goals begin."""


class _Row(NamedTuple):
    """One row of the list: of a chapter's heading (``place`` is None), or of an entry."""

    chapter: str
    place: int | None = None
    goal: str = ""


class LibraryList(ScrollView, can_focus=True):
    """Chapters with their scenarios; the chosen one is marked."""

    class Picked(Message):
        """The scenario under the mark was clicked."""

    def __init__(
        self,
        entries: Sequence[LibraryEntry],
        seen: Collection[str],
        palette: Palette,
        *,
        id: str,  # noqa: A002
    ) -> None:
        super().__init__(id=id)
        # By chapter, the chapters in the order in which they first come.
        order = {name: n for n, name in enumerate(dict.fromkeys(one.chapter for one in entries))}
        self._all = sorted(entries, key=lambda entry: order[entry.chapter])
        self._entries = self._all
        self._seen = seen
        self._palette = palette
        self._words: Catalogue | None = None
        self._place = 0
        self._rows: list[_Row] = []

    @property
    def chosen(self) -> LibraryEntry | None:
        """The scenario under the mark."""
        return self._entries[self._place] if self._entries else None

    def narrow(self, needle: str, words: Catalogue) -> int:
        """Show only what has all words of ``needle`` somewhere; gives how many that are."""
        chosen, wanted = self.chosen, needle.casefold().split()
        self._entries = [
            entry for entry in self._all if all(word in _text(entry, words) for word in wanted)
        ]
        self._place = self._entries.index(chosen) if chosen in self._entries else 0
        self._measure()
        self.choose(0)
        return len(self._entries)

    def show_in(self, words: Catalogue, palette: Palette) -> None:
        """Draw in a language and colours."""
        self._words, self._palette = words, palette
        self._measure()

    def on_resize(self) -> None:
        """The list is as wide as the window."""
        self._measure()

    def choose(self, by: int) -> None:
        """Move the mark."""
        self._place = max(0, min(self._place + by, len(self._entries) - 1))
        rows = [n for n, row in enumerate(self._rows) if row.place == self._place]
        if rows:
            top, height = self.scroll_offset.y, self.size.height
            first = rows[0] - 2 if self._begins_chapter(self._place) else rows[0]
            if first < top:
                self.scroll_to(y=max(0, first), animate=False, force=True)
            elif rows[-1] + 2 > top + height:
                self.scroll_to(y=rows[-1] + 2 - height, animate=False, force=True)
        self.refresh()

    def choose_chapter(self, by: int) -> None:
        """Move the mark to the first scenario of a chapter below (1), or above (-1)."""
        places = range(self._place + 1, len(self._entries))
        if by < 0:
            places = range(self._place - 1, -1, -1)
        found = next(filter(self._begins_chapter, places), self._place)
        self.choose(found - self._place)

    def on_click(self, event: events.Click) -> None:
        """Put the mark where the click was; where it was there already, open."""
        row = event.y + self.scroll_offset.y
        place = self._rows[row].place if row < len(self._rows) else None
        if place is None:
            return
        if place == self._place:
            self.post_message(self.Picked())
        else:
            self.choose(place - self._place)

    def render_line(self, y: int) -> Strip:
        """One visible row."""
        palette = self._palette
        canvas = Canvas(self.size.width, 1, ink(palette.text, palette.background))
        row = y + self.scroll_offset.y
        if self._words is not None and row < len(self._rows):
            self._draw(canvas, self._rows[row], self._words)
        elif self._words is not None and not self._entries and y == 1:
            canvas.put(3, 0, self._words.say("ui.library.none"), canvas.blank)
        return canvas.strip(0)

    def _begins_chapter(self, place: int) -> bool:
        return place == 0 or self._entries[place - 1].chapter != self._entries[place].chapter

    def _measure(self) -> None:
        if self._words is not None:
            self._rows = list(self._laid(self._words, self.scrollable_content_region.width))
        self.virtual_size = Size(self.scrollable_content_region.width, len(self._rows) + 1)
        self.refresh()

    def _laid(self, words: Catalogue, width: int) -> list[_Row]:
        rows: list[_Row] = []
        numbered = enumerate(self._entries)
        for chapter, entries in groupby(numbered, key=lambda pair: pair[1].chapter):
            rows += [_Row(""), _Row(chapter)]
            for place, entry in entries:
                goal = safe(entry.in_language(words.language).goal, limit=_TEXT_LIMIT)
                rows.append(_Row(chapter, place))
                rows += [_Row(chapter, place, line) for line in wrap(goal, width - _TEXT - 1)]
        return rows

    def _draw(self, canvas: Canvas, row: _Row, words: Catalogue) -> None:
        palette = self._palette
        if row.place is None:
            if row.chapter:
                self._draw_chapter(canvas, row.chapter, words)
            return
        entry, here = self._entries[row.place], row.place == self._place
        back = palette.row if here else palette.background
        canvas.fill(0, 0, canvas.width, 1, ink(palette.text, back))
        if row.goal:
            canvas.put(_TEXT, 0, row.goal, ink(palette.text if here else palette.dim, back))
            return
        if here:
            canvas.put(1, 0, _HERE, ink(palette.accent, back, bold=True))
        seen = entry.name in self._seen
        mark = ink(palette.ok if seen else palette.dim, back, bold=seen)
        canvas.put(3, 0, _SEEN if seen else _NOT_SEEN, mark)
        facts = words.say("ui.library.minutes", n=entry.minutes) if entry.minutes else ""
        title = safe(entry.in_language(words.language).title, limit=_TEXT_LIMIT)
        title = shorten(title, canvas.width - cell_len(facts) - _TEXT - 4)
        canvas.put(_TEXT, 0, title, ink(palette.text, back, bold=True))
        canvas.put(canvas.width - cell_len(facts) - 2, 0, facts, ink(palette.dim, back))

    def _draw_chapter(self, canvas: Canvas, chapter: str, words: Catalogue) -> None:
        """Its name, and how many of its scenarios were seen."""
        palette = self._palette
        names = [entry.name for entry in self._entries if entry.chapter == chapter]
        seen = sum(name in self._seen for name in names)
        line = ink(palette.line, palette.background)
        canvas.put(1, 0, "─" * (canvas.width - 2), line)
        name = _chapter(chapter, words)
        title = f" {name[:1].upper()}{name[1:]} "
        canvas.put(3, 0, title, ink(palette.accent, palette.background, bold=True))
        count = f" {words.say('ui.library.seen', n=seen, total=len(names))} "
        if 3 + cell_len(title) + cell_len(count) + 4 < canvas.width:
            dim = ink(palette.dim, palette.background)
            canvas.put(canvas.width - cell_len(count) - 2, 0, count, dim)


def _text(entry: LibraryEntry, words: Catalogue) -> str:
    """What an entry can be found by: its name, its title and goal, and its chapter."""
    said = entry.in_language(words.language)
    parts = (entry.name, said.title, said.goal, _chapter(entry.chapter, words))
    return " ".join(parts).casefold()


def _chapter(name: str, words: Catalogue) -> str:
    """A chapter as people call it; one that a scenario of one's own invents, as it is."""
    key = f"ui.chapter.{name}"
    return words.say(key) if key in words else safe(name, limit=40)
