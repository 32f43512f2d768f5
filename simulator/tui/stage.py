"""What the screen shows at one moment: the scene, the event that led to it, and its words."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from simulator.lessons.explain import Explanation, explain
from simulator.lessons.language import Catalogue, Language, catalogue
from simulator.scenario.model import Host
from simulator.trace.addressee import peer_of
from simulator.trace.ending import stops_midway
from simulator.trace.event import Command, Content, Event, Reply, Stored, Tls
from simulator.trace.margin import BLANK, Margin
from simulator.trace.scene import Scene, opening
from simulator.trace.steps import Depth
from simulator.tui.contents import Contents, contents_of
from simulator.tui.sieve import OPEN, Sieve
from simulator.views.safe import safe

NAME_LIMIT = 60
_NO_NUMBER = "–"


@dataclass(frozen=True)
class Stage:
    """One moment, complete: every widget draws itself from this and from nothing else.

    ``cursor`` events of ``events`` have happened; ``progress`` is how far each
    step has come, 0 to 1; ``goal`` is what the
    scenario is to show; ``growing`` says that the run is still being
    made. ``problem`` is why a run broke off, or empty.
    """

    title: str
    scene: Scene
    events: Sequence[Event]
    cursor: int
    words: Catalogue
    language: Language
    depth: Depth
    playing: bool
    speed: float
    progress: Mapping[int, float]
    goal: str = ""
    growing: bool = False
    problem: str = ""
    needle: str = ""
    """What is searched for, or empty."""
    sieve: Sieve = OPEN
    """What is left out of transcript and story."""
    margin: Margin = BLANK
    """What its author wrote beside the run."""
    curtain: int = sys.maxsize
    """The place of the first event that is not shown yet, as its author asks what it will be."""

    @property
    def event(self) -> Event | None:
        """What has just happened, or None at the very beginning."""
        return self.events[self.cursor - 1] if self.cursor else None

    @property
    def number(self) -> str:
        """The number of the event, as recordings and ``--fork`` count: the first is 0."""
        return str(self.event.seq) if self.event else _NO_NUMBER

    @property
    def last_number(self) -> str:
        """The number of the last event that is known."""
        return str(self.events[-1].seq) if self.events else _NO_NUMBER

    @cached_property
    def hosts(self) -> dict[str, Host]:
        """The hosts by name."""
        return {host.name: host for host in self.scene.hosts}

    @property
    def speaker(self) -> Host | None:
        """Who speaks or acts in the current event."""
        return self.hosts.get(self.event.host) if self.event else None

    @property
    def listener(self) -> Host | None:
        """Who is spoken to in the current event, or None."""
        peer = peer_of(self.event.fact) if self.event else None
        return self.hosts.get(peer) if peer is not None else None

    @property
    def is_sealed(self) -> bool:
        """Whether the current line travels inside TLS."""
        fact = self.event.fact if self.event else None
        return isinstance(fact, Tls) or (
            isinstance(fact, Command | Reply | Content) and fact.secure
        )

    @property
    def is_report(self) -> bool:
        """Whether what travels is a report: its reverse path is empty (RFC 5321 section 4.5.5)."""
        event = self.event
        if event is None or not isinstance(event.fact, Content | Stored):
            return False
        if isinstance(event.fact, Content):
            connection = self.scene.connections.get(event.fact.conn)
            if connection is not None and connection.reverse_path is not None:
                return connection.reverse_path in {"", "<>"}
        envelope = self.scene.envelopes.get(event.journey)
        return envelope is not None and envelope.reverse_path in {"", "<>"}

    @cached_property
    def explanation(self) -> Explanation | None:
        """What the current event means, in the current language."""
        return explain(self.event, self.scene, self.language) if self.event else None

    @property
    def is_last(self) -> bool:
        """Whether nothing follows, nor will."""
        return 0 < self.cursor == len(self.events) and not (self.growing or self.problem)

    @cached_property
    def stops_midway(self) -> bool:
        """Whether nothing follows although something is under way: a recording was cut short."""
        return self.is_last and stops_midway(self.scene)

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What the run's author notes at the current event."""
        return self.margin.notes_at(self.event.seq, self.language) if self.event else ()

    @cached_property
    def questions(self) -> tuple[str, ...]:
        """What the run's author asks after the current event."""
        return self.margin.questions_at(self.event.seq, self.language) if self.event else ()

    @cached_property
    def contents(self) -> Contents:
        """What lies where now."""
        return contents_of(self.scene)

    @cached_property
    def answerable(self) -> frozenset[str]:
        """The hosts that have custody of a mail."""
        return frozenset(self.scene.custody.values())

    def name(self, host: Host | None, fallback: str = "") -> str:
        """The short name of a host, harmless to show."""
        return safe(host.label if host else fallback, limit=NAME_LIMIT)

    def say(self, key: str, /, **values: object) -> str:
        """The words of a key in the current language."""
        return self.words.say(f"ui.{key}", **values)


def nowhere(language: Language) -> Stage:
    """The moment before any run, for what is shown without one."""
    return Stage(
        title="",
        scene=opening(()),
        events=(),
        cursor=0,
        words=catalogue(language),
        language=language,
        depth="commands",
        playing=False,
        speed=1.0,
        progress={},
    )
