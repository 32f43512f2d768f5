"""The margin of a run: what its author wrote beside the events, and where a player stops to ask."""

from __future__ import annotations

from dataclasses import dataclass

from simulator.trace.recording_format import Note


@dataclass(frozen=True, slots=True)
class Margin:
    """Notes and questions, each at the seq of the event after which it is said."""

    notes: tuple[Note, ...] = ()
    stops: tuple[Note, ...] = ()

    def notes_at(self, seq: int, language: str) -> tuple[str, ...]:
        """What is noted at an event, in that language."""
        return tuple(note.said(language) for note in self.notes if note.after == seq)

    def questions_at(self, seq: int, language: str) -> tuple[str, ...]:
        """What is asked at an event, in that language."""
        return tuple(stop.said(language) for stop in self.stops if stop.after == seq)

    def asks_at(self, seq: int) -> bool:
        """Whether a player stops at an event."""
        return any(stop.after == seq for stop in self.stops)

    def first_stop(self, after: int, before: int) -> int | None:
        """The seq of the first stop between two events, both of them left out; or None."""
        between = (stop.after for stop in self.stops if after < stop.after < before)
        return min(between, default=None)


BLANK = Margin()
"""The margin of a run that nobody wrote anything beside."""
