"""What is to be taken away: the run, and how it is wanted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from simulator.lessons.language import Language
from simulator.scenario.model import Host, Scenario
from simulator.scenario.virtual_time import LOCAL_LATENCY
from simulator.trace.event import Event
from simulator.trace.margin import BLANK, Margin, margin_of, title_of
from simulator.trace.recording_format import Header
from simulator.trace.steps import Depth

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
"""Before it no packet can have been seen."""


class ExportError(Exception):
    """What was asked for cannot be made: ``key`` and ``values`` are those of the words for it."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key, self.values = key, values


@dataclass(frozen=True, slots=True)
class Order:
    """A run to its end, or as far as it is wanted.

    ``host`` and ``journey`` choose a mail; ``with_keys`` puts the keys of TLS into a capture.
    """

    header: Header
    events: tuple[Event, ...]
    language: Language = "en"
    depth: Depth = "commands"
    host: str | None = None
    journey: str | None = None
    with_keys: bool = True

    @property
    def scenario(self) -> Scenario:
        """What was simulated."""
        return self.header.scenario

    @property
    def hosts(self) -> tuple[Host, ...]:
        """Who takes part."""
        return self.header.hosts

    @property
    def margin(self) -> Margin:
        """What the run's author wrote beside the events that are wanted."""
        return margin_of(self.header).until(self.events[-1].seq) if self.events else BLANK

    def title(self) -> str:
        """The recording's title, or the scenario's in the wanted language; not yet safe."""
        return title_of(self.header, self.language)

    def date(self, at: int) -> datetime:
        """A moment of the run as a date in the scenario's zone.

        Raises ExportError where a recording begins at no moment since 1970 that a date can be.
        """
        start = self.scenario.start
        try:
            date = datetime.fromisoformat(start) + timedelta(microseconds=at)
            date = date if date.tzinfo is not None else date.replace(tzinfo=UTC)
            date.astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise ExportError("start", start=start) from error
        if date < _BEGINNING:
            raise ExportError("start", start=start)
        return date

    def latency(self, one: str, other: str) -> int:
        """Virtual microseconds between two addresses; none in a live run, where time was real."""
        if not self.header.deterministic:
            return 0
        return LOCAL_LATENCY if one == other else self.scenario.latency
