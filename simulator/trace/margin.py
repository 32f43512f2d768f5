"""The margin of a run: what its author wrote beside the events, and where a player stops to ask."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from simulator.trace.recording_format import Header, Note


@dataclass(frozen=True, slots=True)
class Margin:
    """What its author calls a run, and chapters, notes and questions, each at the seq of the event
    after which it is said.
    """

    notes: tuple[Note, ...] = ()
    stops: tuple[Note, ...] = ()
    chapters: tuple[Note, ...] = ()
    title: str = ""
    author: str = ""

    @property
    def everything(self) -> tuple[Note, ...]:
        """All that is said at events."""
        return (*self.chapters, *self.notes, *self.stops)

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

    def until(self, seq: int) -> Margin:
        """What of it still holds in a run that goes otherwise after that event."""
        return Margin(
            notes=_until(seq, self.notes),
            stops=_until(seq, self.stops),
            chapters=_until(seq, self.chapters),
            title=self.title,
            author=self.author,
        )

    def written_in(self, header: Header) -> Header:
        """The header of a recording that has this margin."""
        return msgspec.structs.replace(
            header,
            title=self.title,
            author=self.author,
            chapters=self.chapters,
            notes=self.notes,
            stops=self.stops,
        )


BLANK = Margin()
"""The margin of a run that nobody wrote anything beside."""


def margin_of(header: Header) -> Margin:
    """The margin that a recording's header holds, in the order of the events."""
    return Margin(
        notes=_in_order(header.notes),
        stops=_in_order(header.stops),
        chapters=_in_order(header.chapters),
        title=header.title,
        author=header.author,
    )


def title_of(header: Header, language: str) -> str:
    """What a run is called: as its author calls it, or as its scenario is called in that language,
    in any, or by name. Not safe to print.
    """
    if header.title:
        return header.title
    words = header.scenario.words
    fallback = next((one.title for one in words.values()), header.scenario.name)
    return words[language].title if language in words else fallback


def _until(seq: int, notes: tuple[Note, ...]) -> tuple[Note, ...]:
    return tuple(note for note in notes if note.after <= seq)


def _in_order(notes: tuple[Note, ...]) -> tuple[Note, ...]:
    return tuple(sorted(notes, key=lambda note: note.after))
