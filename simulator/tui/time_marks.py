"""What stands on the time line beside the run itself: an author's notes and questions, branches."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

from simulator.trace.event import Event
from simulator.trace.margin import Margin
from simulator.tui.widgets.time_line import Mark


def place_of(events: Sequence[Event], seq: int) -> int:
    """The place of the event with that seq, or of the first behind it (a recording has gaps)."""
    return bisect_left(events, seq, key=lambda event: event.seq)


def marks_of(
    events: Sequence[Event], margin: Margin, parted: Iterable[int] = ()
) -> Iterator[tuple[int, Mark]]:
    """The marks by place; a question covers a note, and a branch both.

    ``parted`` are the seqs of the events after which branches part from the run.
    """
    kinds: tuple[tuple[Mark, tuple[int, ...]], ...] = (
        ("note", tuple(note.after for note in margin.notes)),
        ("question", tuple(stop.after for stop in margin.stops)),
        ("fork", tuple(parted)),
    )
    for kind, found in kinds:
        for seq in found:
            place = place_of(events, seq)
            if place < len(events):
                yield place, kind
