"""A mapping that never changes: each change gives a new one that shares nearly all of the old."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Final, Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")

_RECENT: Final = 32
"""Changes that are copied with every further one, before they settle into an older layer."""
_RATIO: Final = 4
"""A layer settles into the one below unless that is at least so many times as large."""


class _Mark(Enum):
    """Stands in a newer layer for a key that an older one still has."""

    GONE = 0


class Ledger(Mapping[K, V], Generic[K, V]):
    """An immutable mapping in layers, the newest over the older, larger ones.

    A scene is kept for every few hundred of a million events, and each event changes one entry: a
    plain copy would cost time and memory in proportion to all entries every time, this in
    proportion to the entries changed (amortised O(log n)). A look-up tries at most log4(n) layers.
    Keys come in the order in which they were first put.
    """

    __slots__ = ("_layers", "_size")

    _layers: tuple[dict[K, V | _Mark], ...]
    _size: int

    def __init__(self, items: Mapping[K, V] | None = None) -> None:
        entries: dict[K, V | _Mark] = dict(items or {})
        self._layers = (entries, {}) if len(entries) > _RECENT else (entries,)
        self._size = len(entries)

    def put(self, key: K, value: V) -> Ledger[K, V]:
        """The same with ``value`` for ``key``."""
        return self._overlaid({key: value}, self._size + (key not in self))

    def put_all(self, items: Mapping[K, V]) -> Ledger[K, V]:
        """The same with all of ``items``."""
        return self._overlaid(items, self._size + sum(key not in self for key in items))

    def drop(self, key: K) -> Ledger[K, V]:
        """The same without ``key``; the same itself where it has none."""
        return self._overlaid({key: _Mark.GONE}, self._size - 1) if key in self else self

    def _overlaid(self, changes: Mapping[K, V | _Mark], size: int) -> Ledger[K, V]:
        *settled, recent = self._layers
        recent = {**recent, **changes}
        if len(recent) > _RECENT:
            while settled and len(settled[-1]) < _RATIO * len(recent):
                recent = {**settled.pop(), **recent}
            if not settled:
                recent = {key: value for key, value in recent.items() if value is not _Mark.GONE}
            settled.append(recent)
            recent = {}
        changed: Ledger[K, V] = Ledger.__new__(Ledger)
        changed._layers = (*settled, recent)
        changed._size = size
        return changed

    def __getitem__(self, key: K) -> V:
        for layer in reversed(self._layers):
            if key in layer:
                value = layer[key]
                if value is _Mark.GONE:
                    break
                return value
        raise KeyError(key)

    def __contains__(self, key: object) -> bool:
        for layer in reversed(self._layers):
            if key in layer:
                return layer[key] is not _Mark.GONE
        return False

    def __iter__(self) -> Iterator[K]:
        merged: dict[K, V | _Mark] = {}
        for layer in self._layers:
            merged.update(layer)
        return (key for key, value in merged.items() if value is not _Mark.GONE)

    def __len__(self) -> int:
        return self._size

    def __repr__(self) -> str:
        return f"Ledger({dict(self)!r})"
