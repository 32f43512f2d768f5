"""Names of tabs in a row: where each stands, and which are seen where not all fit."""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len

from simulator.tui.canvas import shorten

_LEFT, _RIGHT = "‹", "›"


@dataclass(frozen=True, slots=True)
class TabRow:
    """The names, and the place of the chosen one, which is always seen."""

    names: tuple[str, ...]
    chosen: int

    def laid(self, width: int) -> list[tuple[int, str, int | None]]:
        """What stands where: (x, text, place of the tab; None for the marks of hidden ones)."""
        first, last = self._seen(width)
        row: list[tuple[int, str, int | None]] = []
        x = 1
        if first > 0:
            row.append((0, _LEFT, None))
        for place in range(first, last):
            text = shorten(f" {self.names[place]} ", max(1, width - 2))
            row.append((x, text, place))
            x += cell_len(text)
        if last < len(self.names):
            row.append((max(0, min(x, width - 1)), _RIGHT, None))
        return row

    def at(self, x: int, width: int) -> int | None:
        """The tab at a cell; beside the seen ones the hidden one next to them; else None."""
        first, last = self._seen(width)
        for start, text, place in self.laid(width):
            if start <= x < start + cell_len(text):
                if place is not None:
                    return place
                return first - 1 if text == _LEFT else last
        return None

    def _seen(self, width: int) -> tuple[int, int]:
        """The first tab that is seen and the one behind the last, the chosen one among them."""
        if not self.names:
            return 0, 0
        first, last = self.chosen, self.chosen + 1
        room = width - 2 - self._width(self.chosen)
        while first > 0 or last < len(self.names):
            grows_left = first > 0 and self._width(first - 1) <= room
            grows_right = last < len(self.names) and self._width(last) <= room
            if grows_left and (not grows_right or self.chosen - first < last - 1 - self.chosen):
                first -= 1
                room -= self._width(first)
            elif grows_right:
                room -= self._width(last)
                last += 1
            else:
                break
        return first, last

    def _width(self, place: int) -> int:
        return cell_len(self.names[place]) + 2
