"""A run told as plain text: who says what to whom, what it means, and what came of it.

Lines come as the events come; nothing waits for the end. The text needs no colour and no wide
screen, and reads well aloud.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple

from simulator.lessons.explain import Explanation, explain
from simulator.lessons.language import Catalogue, Language, catalogue
from simulator.lessons.topics import topic_of
from simulator.scenario.model import Host
from simulator.trace.ending import stops_midway
from simulator.trace.event import (
    Event,
    Stamped,
)
from simulator.trace.margin import BLANK, Margin
from simulator.trace.scene import Scene, fold, opening
from simulator.trace.steps import DEPTHS, Depth, depth_of
from simulator.views.chapters import Chapters
from simulator.views.clock import clock
from simulator.views.columns import LONGEST, table, wrap
from simulator.views.marginalia import Aside, asides
from simulator.views.outcome import Outcome
from simulator.views.parties import parties
from simulator.views.safe import safe, safe_lines
from simulator.views.wire import Roles, roles_of, wire_lines

WIDTH = 96
"""Columns that prose is wrapped to where nobody says how many there are; what was said on a wire is
never wrapped."""

NARROWEST, WIDEST = 40, 120
"""Columns between which prose can be read; a wider window does not make a line easier to read."""

_CLOCK, _HINT = 11, 4
_TEXT = _CLOCK + 2 + _HINT
_OWN = " · "
"""Stands where the hint of a spoken line would: a host decides or does something by itself."""
_WRITTEN = " + "
"""Stands before a header field that a host writes into the message."""


class Piece(NamedTuple):
    """Lines of a transcript that belong together, and whether its author asks something there."""

    lines: tuple[str, ...]
    asks: bool = False


def narrate(
    title: str,
    hosts: tuple[Host, ...],
    events: Iterable[Event],
    *,
    language: Language = "en",
    depth: Depth = "commands",
    width: int = WIDTH,
    margin: Margin = BLANK,
) -> Iterator[str]:
    """The transcript of a run, line by line, each safe to print and without its line end.

    ``story`` tells each event in one sentence, ``commands`` shows what was said and why each
    decision was taken, ``bytes`` leaves nothing out. What the author wrote in the ``margin`` stands
    below the events. Prose is wrapped to ``width`` columns, brought into what can be read.
    """
    pieces = narrate_by_event(
        title, hosts, events, language=language, depth=depth, width=width, margin=margin
    )
    return (line for piece in pieces for line in piece.lines)


def narrate_by_event(
    title: str,
    hosts: tuple[Host, ...],
    events: Iterable[Event],
    *,
    language: Language = "en",
    depth: Depth = "commands",
    width: int = WIDTH,
    margin: Margin = BLANK,
) -> Iterator[Piece]:
    """The same transcript in pieces: the introduction, each event that is told, the end."""
    columns = max(NARROWEST, min(width, WIDEST))
    narrator = _Narrator(catalogue(language), roles_of(hosts), depth, opening(hosts), columns)
    below = asides(margin, language)
    blank = False
    by = narrator.words.say("fork.author", author=margin.author) if margin.author else ""
    for event, piece in _told(narrator, (title, by), events, below):
        lines = []
        for line in piece:
            if line or not blank:
                lines.append(line)
            blank = not line
        if lines:
            yield Piece(tuple(lines), event is not None and margin.asks_at(event.seq))


def _told(
    narrator: _Narrator,
    heading: tuple[str, str],
    events: Iterable[Event],
    below: Mapping[int, tuple[Aside, ...]],
) -> Iterator[tuple[Event | None, Iterator[str]]]:
    yield None, narrator.introduction(*heading)
    for event in events:
        yield event, chain(narrator.tell(event), narrator.add(below.get(event.seq, ())))
    yield None, narrator.conclusion()


@dataclass(slots=True)
class _Narrator:
    """Where the telling stands."""

    words: Catalogue
    roles: Roles
    depth: Depth
    scene: Scene
    width: int
    chapters: Chapters = field(init=False)
    outcome: Outcome = field(init=False)
    _spoken_of: tuple[str, ...] = ()
    """The conversation whose heading was printed last."""
    _clock: str = ""
    _taught: set[str] = field(default_factory=set)
    """Topics whose rule has been told: once is enough."""

    def __post_init__(self) -> None:
        self.chapters = Chapters(self.words)
        self.outcome = Outcome(self.roles)

    # The frame -------------------------------------------------------------------------------

    def introduction(self, title: str, by: str) -> Iterator[str]:
        """The title, whose it is, and who takes part."""
        heading = safe(title, limit=self.width)
        yield heading
        yield "=" * len(heading)
        if by:
            yield safe(by, limit=self.width)
        yield ""
        yield f"{self.words.say('transcript.cast')}:"
        rows = [
            (
                safe(host.label, limit=20),
                self.words.say(f"role.{host.role}"),
                safe(host.name, limit=40),
                safe(", ".join(host.addresses), limit=40),
            )
            for host in self.scene.hosts
        ]
        yield from table(rows, self.width)

    def conclusion(self) -> Iterator[str]:
        """What came of it: for each recipient, and in numbers."""
        yield from self._chapter(self.chapters.at_the_end())
        yield ""
        if not self.outcome.has_begun:
            yield self.words.say("transcript.nothing")
            return
        if stops_midway(self.scene):
            yield from wrap(self.words.say("ui.stops_midway"), self.width)
            yield ""
        heading = self.words.say("transcript.outcome")
        yield heading
        yield "-" * len(heading)
        fates = list(self.outcome.sentences(self.words))
        if not fates:
            yield f"  {self.words.say('transcript.nobody')}"
        several = len({fate.journey for fate, _ in fates}) > 1
        yield from table(
            [
                (*([safe(fate.journey, limit=10)] * several), safe(fate.recipient), sentence)
                for fate, sentence in fates
            ],
            self.width,
        )
        yield ""
        yield from wrap(self.outcome.totals(self.words), self.width)

    # One event -------------------------------------------------------------------------------

    def tell(self, event: Event) -> Iterator[str]:
        """The lines about the next event."""
        before, self.scene = self.scene, fold(self.scene, event)
        self.outcome.follow(event)
        self.chapters.follow(event)
        finer = DEPTHS.index(depth_of(event, self.scene.resolvers)) > DEPTHS.index(self.depth)
        if finer:
            return
        yield from self._chapter(self.chapters.reach(event))
        if self.depth == "story":
            yield from self._prose(event.at, explain(event, before, self.words.language).sentence)
            return
        lines = wire_lines(event, depth=self.depth, roles=self.roles, language=self.words.language)
        if lines:
            yield from self._conversation(event, before)
            for line in lines:
                yield self._timed(event.at, str(line))
        else:
            yield from self._own_act(event, before)

    def _own_act(self, event: Event, before: Scene) -> Iterator[str]:
        """A host decides or does something by itself; its rule is told the first time."""
        told = explain(event, before, self.words.language)
        yield from self._prose(event.at, told.sentence, _OWN)
        if isinstance(event.fact, Stamped) and event.fact.where != "whole":
            for name, value in event.fact.headers:
                for line in safe_lines(f"{name}: {value}"):
                    yield self._timed(event.at, f"{_WRITTEN} {line}")
        topic = topic_of(event, before)
        if topic not in self._taught:
            self._taught.add(topic)
            yield from self._lesson(told)

    def _lesson(self, told: Explanation) -> Iterator[str]:
        source = f" [{told.source}]" if told.source else ""
        yield from self._below(f"{self.words.say('transcript.why', why=told.why)}{source}")
        if told.textbook is not None:
            says, really = told.textbook
            yield from self._below(self.words.say("transcript.says", says=says))
            yield from self._below(self.words.say("transcript.really", really=really))

    def _chapter(self, lines: Iterable[str]) -> Iterator[str]:
        """A heading and what belongs to it; then each conversation needs its heading again."""
        begun = False
        for line in lines:
            if not begun:
                yield ""
            begun = True
            yield from wrap(line, self.width, hanging="   " if line[1:3] == "  " else "") or [""]
        if begun:
            yield ""
            self._spoken_of = ()
            self._clock = ""

    def _conversation(self, event: Event, before: Scene) -> Iterator[str]:
        """Who speaks with whom, where that is not whom the last line was about."""
        key, heading = parties(event, before)
        if key != self._spoken_of:
            self._spoken_of = key
            self._clock = ""
            yield ""
            yield f"{' ' * (_CLOCK + 2)}{safe(heading, limit=self.width)}"

    def add(self, said: tuple[Aside, ...]) -> Iterator[str]:
        """What the author wrote beside the event."""
        for kind, text in said:
            yield ""
            before = "--- " if kind == "chapter" else " " * (_CLOCK + 2)
            rows = wrap(safe(text, limit=LONGEST), self.width - len(before))
            yield from (f"{before}{row}" for row in rows)
        if said:
            yield ""

    # Lines -----------------------------------------------------------------------------------

    def _timed(self, at: int, text: str) -> str:
        """A line with the clock before it, where the clock has moved since the last one."""
        now = clock(at, self.words)
        shown = "" if now == self._clock else now
        self._clock = now
        return f"{shown:>{_CLOCK}}  {text}".rstrip()

    def _prose(self, at: int, sentence: str, hint: str = "") -> Iterator[str]:
        indent = len(hint) + 1 if hint else 0
        rows = wrap(safe(sentence, limit=LONGEST), self.width - _CLOCK - 2 - indent)
        for number, row in enumerate(rows):
            if number == 0:
                yield self._timed(at, f"{hint} {row}" if hint else row)
            else:
                yield f"{' ' * (_CLOCK + 2 + indent)}{row}"

    def _below(self, text: str) -> Iterator[str]:
        for row in wrap(safe(text, limit=LONGEST), self.width - _TEXT):
            yield f"{' ' * _TEXT}{row}"
