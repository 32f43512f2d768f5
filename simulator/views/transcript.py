"""A run told as plain text: who says what to whom, what it means, and what came of it.

Lines come as the events come; nothing waits for the end. The text needs no colour and no wide
screen, and reads well aloud.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from simulator.lessons.explain import Explanation, explain
from simulator.lessons.language import Catalogue, Language, catalogue
from simulator.lessons.topics import topic_of
from simulator.scenario.model import Host
from simulator.trace.event import (
    Answer,
    Closed,
    Command,
    Connected,
    Content,
    Event,
    Judged,
    Query,
    Refused,
    Reply,
    Tls,
)
from simulator.trace.scene import Scene, fold, opening
from simulator.views.chapters import Chapters
from simulator.views.clock import clock
from simulator.views.outcome import Outcome
from simulator.views.safe import safe
from simulator.views.wire import Roles, roles_of, wire_lines

if TYPE_CHECKING:
    from simulator.trace.player import Depth

WIDTH = 96
"""Columns that prose is wrapped to; what was said on a wire is never wrapped."""

_CLOCK, _HINT = 11, 4
_TEXT = _CLOCK + 2 + _HINT
_OWN = " · "
"""Stands where the hint of a spoken line would: a host decides or does something by itself."""
_PROSE_LIMIT = 600
_TALK = Connected | Refused | Closed | Command | Reply | Content | Tls | Query | Answer


def narrate(
    title: str,
    hosts: tuple[Host, ...],
    events: Iterable[Event],
    *,
    language: Language = "en",
    depth: Depth = "commands",
) -> Iterator[str]:
    """The transcript of a run, line by line, each safe to print and without its line end.

    ``story`` tells each event in one sentence, ``commands`` shows what was said and why each
    decision was taken, ``bytes`` leaves nothing out.
    """
    narrator = _Narrator(catalogue(language), roles_of(hosts), depth, opening(hosts))
    yield from narrator.introduction(title)
    for event in events:
        yield from narrator.tell(event)
    yield from narrator.conclusion()


@dataclass(slots=True)
class _Narrator:
    """Where the telling stands."""

    words: Catalogue
    roles: Roles
    depth: Depth
    scene: Scene
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

    def introduction(self, title: str) -> Iterator[str]:
        """The title, and who takes part."""
        heading = safe(title, limit=WIDTH)
        yield heading
        yield "=" * len(heading)
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
        yield from _table(rows)

    def conclusion(self) -> Iterator[str]:
        """What came of it: for each recipient, and in numbers."""
        yield from self._chapter(self.chapters.at_the_end())
        yield ""
        heading = self.words.say("transcript.outcome")
        yield heading
        yield "-" * len(heading)
        rows = [
            (safe(fate.journey, limit=10), safe(fate.recipient, limit=60), sentence)
            for fate, sentence in self.outcome.sentences(self.words)
        ]
        if not rows:
            yield f"  {self.words.say('transcript.nobody')}"
        yield from _table(rows)
        yield ""
        yield self.outcome.totals(self.words)

    # One event -------------------------------------------------------------------------------

    def tell(self, event: Event) -> Iterator[str]:
        """The lines about the next event."""
        before, self.scene = self.scene, fold(self.scene, event)
        self.outcome.follow(event)
        if self.depth == "story":
            yield from self._story(event, before)
            return
        lines = wire_lines(
            event, depth=self.depth, roles=self.roles, language=self.words.language
        )
        if isinstance(event.fact, _TALK) and not lines:
            return
        yield from self._chapter(self.chapters.reach(event))
        if lines:
            yield from self._conversation(event, before)
            for line in lines:
                yield self._timed(event.at, str(line))
        else:
            yield from self._own_act(event, before)

    def _story(self, event: Event, before: Scene) -> Iterator[str]:
        if not is_told(event, self.roles):
            return
        yield from self._chapter(self.chapters.reach(event))
        yield from self._prose(event.at, explain(event, before, self.words.language).sentence)

    def _own_act(self, event: Event, before: Scene) -> Iterator[str]:
        """A host decides or does something; a decision's rule is told the first time."""
        told = explain(event, before, self.words.language)
        yield from self._prose(event.at, told.sentence, _OWN)
        topic = topic_of(event, before)
        if isinstance(event.fact, Judged) and (self.depth == "bytes" or topic not in self._taught):
            self._taught.add(topic)
            yield from self._lesson(told)

    def _lesson(self, told: Explanation) -> Iterator[str]:
        source = f" [{told.source}]" if told.source else ""
        yield from _wrapped(f"{told.why}{source}")
        if told.textbook is not None:
            says, really = told.textbook
            yield from _wrapped(self.words.say("transcript.says", says=says))
            yield from _wrapped(self.words.say("transcript.really", really=really))

    def _chapter(self, lines: Iterable[str]) -> Iterator[str]:
        """A heading and what belongs to it; then each conversation needs its heading again."""
        for number, line in enumerate(lines):
            if number == 0:
                yield ""
                self._spoken_of = ()
                self._clock = ""
            yield from textwrap.wrap(line, WIDTH) or [""]

    def _conversation(self, event: Event, before: Scene) -> Iterator[str]:
        """Who speaks with whom, where that is not whom the last line was about."""
        key, heading = self._parties(event, before)
        if key != self._spoken_of:
            self._spoken_of = key
            self._clock = ""
            yield ""
            yield f"{' ' * (_CLOCK + 2)}{safe(heading, limit=WIDTH)}"

    def _parties(self, event: Event, before: Scene) -> tuple[tuple[str, ...], str]:
        fact = event.fact
        match fact:
            case Query():
                asker, asked = event.host, fact.server
            case Answer():
                asker, asked = fact.peer, event.host
            case Connected() | Refused():
                return self._call(fact.conn, event.host, fact.peer, fact.protocol, fact.port)
            case Closed() | Command() | Reply() | Content() | Tls():
                line = before.connections.get(fact.conn)
                if line is not None:
                    return self._call(
                        fact.conn, line.client, line.server, line.protocol, line.port
                    )
                return (str(fact.conn),), f"{self._name(event.host)} -> {self._name(fact.peer)}"
            case _:
                raise AssertionError(f"nobody speaks in a {event.kind} event")
        return ("dns", asker, asked), f"{self._name(asker)} -> {self._name(asked)}, DNS"

    def _call(
        self, conn: int, client: str, server: str, protocol: str, port: int
    ) -> tuple[tuple[str, ...], str]:
        parties = f"{self._name(client)} -> {self._name(server)}"
        return (str(conn),), f"{parties}, {protocol.upper()}, port {port}"

    def _name(self, host: str) -> str:
        return host

    # Lines -----------------------------------------------------------------------------------

    def _timed(self, at: int, text: str) -> str:
        """A line with the clock before it, where the clock has moved since the last one."""
        now = clock(at)
        shown = "" if now == self._clock else now
        self._clock = now
        return f"{shown:>{_CLOCK}}  {text}".rstrip()

    def _prose(self, at: int, sentence: str, hint: str = "") -> Iterator[str]:
        indent = len(hint) + 1 if hint else 0
        rows = textwrap.wrap(safe(sentence, limit=_PROSE_LIMIT), WIDTH - _CLOCK - 2 - indent)
        for number, row in enumerate(rows):
            if number == 0:
                yield self._timed(at, f"{hint} {row}" if hint else row)
            else:
                yield f"{' ' * (_CLOCK + 2 + indent)}{row}"


def is_told(event: Event, roles: Roles) -> bool:
    """Whether a story tells this event: not every line, but whatever moves the mail along."""
    match event.fact:
        case Command(line=line):
            return line[:4].upper() in {"MAIL", "RCPT", "RETR"}
        case Reply(code=code):
            return str(code).startswith(("4", "5", "-"))
        case Query() | Answer():
            return "resolver" not in {roles.get(event.host)} or isinstance(event.fact, Answer)
        case Closed(reason=reason):
            return reason != "quit"
        case _:
            return True


def _wrapped(text: str) -> Iterator[str]:
    for row in textwrap.wrap(safe(text, limit=_PROSE_LIMIT), WIDTH - _TEXT):
        yield f"{' ' * _TEXT}{row}"


def _table(rows: list[tuple[str, ...]]) -> Iterator[str]:
    """Rows in columns, the last one wrapped below itself."""
    if not rows:
        return
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]) - 1)]
    indent = 2 + sum(width + 2 for width in widths)
    for row in rows:
        cells = "".join(f"{cell:<{width}}  " for cell, width in zip(row, widths, strict=False))
        first, *rest = textwrap.wrap(safe(row[-1], limit=_PROSE_LIMIT), WIDTH - indent) or [""]
        yield f"  {cells}{first}".rstrip()
        yield from (f"{' ' * indent}{line}" for line in rest)
