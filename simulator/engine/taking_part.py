"""A person takes part: what they type becomes scenario data, and the run is made again.

Two parts, without a screen and without a keyboard: the client who types SMTP, POP3 or IMAP to a
real server, and the server whose replies a person chooses while a real client reacts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from msgspec.structs import replace

from simulator.engine.simulate import simulate
from simulator.scenario.changes import Change, SayInstead
from simulator.scenario.model import Scenario
from simulator.scenario.typed import Session
from simulator.trace.event import (
    Closed,
    Command,
    Connected,
    Content,
    Event,
    Intervened,
    Refused,
    Reply,
)
from simulator.trace.go_ahead import lets_message_follow

MOST_EVENTS = 200_000
"""A run that a person takes part in is cut off here: nobody sits through more."""


class ClientPart:
    """A person who types to a server: a session that grows by a line at a time."""

    def __init__(self, scenario: Scenario, session: Session) -> None:
        self._base = scenario
        self._session = replace(session, lines=())
        self._typing: tuple[str, ...] = ()
        """Lines of a message that has no end yet."""
        self._own: tuple[Event, ...] = ()
        self._end: Event | None = None
        self._events: tuple[Event, ...] = ()

    @property
    def events(self) -> tuple[Event, ...]:
        """The whole run, as it goes with all that was said so far."""
        return self._events

    @property
    def scenario(self) -> Scenario:
        """The scenario with all that was typed so far."""
        lines = (*self._session.lines, *self._typing)
        session = replace(self._session, lines=lines)
        return replace(self._base, sessions=(*self._base.sessions, session))

    @property
    def said(self) -> tuple[Event, ...]:
        """What has happened on the connection so far."""
        return self._own

    @property
    def end(self) -> Event | None:
        """The end of the connection in ``events`` that is there only as nothing more was typed."""
        return self._end

    @property
    def is_over(self) -> bool:
        """Whether the connection is closed, or was never opened."""
        return not self._own or isinstance(self._own[-1].fact, Closed | Refused)

    @property
    def is_writing(self) -> bool:
        """Whether the server waits for a message, whose end is a line with a dot alone."""
        replies = [one.fact for one in self._own if isinstance(one.fact, Reply)]
        return bool(replies) and lets_message_follow(replies[-1].code) and not self.is_over

    def begin(self) -> tuple[Event, ...]:
        """Connect; gives what the server says first."""
        return self._again()

    def type(self, line: str) -> tuple[Event, ...]:
        """Type one line; gives what is new on the connection, which is nothing within a message."""
        if self.is_writing:
            self._typing = (*self._typing, line)
            if line != ".":
                return ()
        typed = self._typing or (line,)
        self._typing = ()
        self._session = replace(self._session, lines=(*self._session.lines, *typed))
        return self._again()

    def _again(self) -> tuple[Event, ...]:
        before = len(self._own)
        self._events = tuple(islice(simulate(self.scenario), MOST_EVENTS))
        self._own = self._on_the_connection(self._events)
        return self._own[before:]

    def _on_the_connection(self, events: tuple[Event, ...]) -> tuple[Event, ...]:
        """What belongs to this session, without its end where only nothing more was typed."""
        mine = [
            event
            for event in events
            if isinstance(event.fact, Connected | Refused) and self._is_mine(event)
        ]
        self._end = None
        if not mine:
            return ()
        conn = mine[-1].fact.conn  # type: ignore[union-attr]
        own = [event for event in events if getattr(event.fact, "conn", None) == conn]
        last = own[-1]
        hung_up = isinstance(last.fact, Closed) and last.fact.reason != "tls"
        self._end = last if hung_up and last.host == self._session.client else None
        return tuple(own if self._end is None else own[:-1])

    def _is_mine(self, event: Event) -> bool:
        called = (getattr(event.fact, "peer", ""), getattr(event.fact, "port", 0))
        return event.host == self._session.client and called == (
            self._session.server,
            self._session.port,
        )


@dataclass(frozen=True, slots=True)
class Due:
    """A reply that is due: what has led to it, and what a standard server would say now."""

    before: tuple[Event, ...]
    """All that has happened since the last reply of this server."""
    latest: Event
    """The last event on the connection."""
    asked: Event
    """What the reply answers: a command, a message, or for a greeting the connection itself."""
    standard: Event


class ServerPart:
    """A person who answers in a server's place, reply by reply."""

    def __init__(self, scenario: Scenario, host: str) -> None:
        self._scenario = scenario
        self._host = host
        self._events: tuple[Event, ...] = ()
        self._cursor = 0
        """Events that have been told."""
        self._again()

    @property
    def scenario(self) -> Scenario:
        """The scenario with all that was decided so far."""
        return self._scenario

    @property
    def events(self) -> tuple[Event, ...]:
        """The whole run, as it would go on if a standard server took over now."""
        return self._events

    def due(self) -> Due | None:
        """The next reply that this server has to give; None where nobody asks it any more."""
        for seq in range(self._cursor, len(self._events)):
            event = self._events[seq]
            if event.host == self._host and isinstance(event.fact, Reply):
                said = self._on(event.fact.conn, seq)
                return Due(self._events[self._cursor : seq], said[-1], _asked(said), event)
        return None

    def rest(self) -> tuple[Event, ...]:
        """What happens after the last reply."""
        rest = self._events[self._cursor :]
        self._cursor = len(self._events)
        return rest

    def accept(self, due: Due) -> Event:
        """Say what a standard server would say; gives the reply."""
        self._cursor = due.standard.seq + 1
        return due.standard

    def change(self, due: Due, change: Change) -> None:
        """Do something else in place of this reply; ``due`` then tells how the run goes on.

        What it leaves out is about the connection that the reply is due on.
        """
        self._scenario = self._scenario.changed(replace(change, after=due.latest.seq))
        self._again()
        self._cursor = max(self._cursor, due.latest.seq + 1)

    def _again(self) -> None:
        self._events = tuple(islice(simulate(self._scenario), MOST_EVENTS))

    def _on(self, conn: int, seq: int) -> list[Event]:
        """What happened on a connection before event ``seq``."""
        return [one for one in self._events[:seq] if getattr(one.fact, "conn", None) == conn]


def _asked(said: Sequence[Event]) -> Event:
    """The first of what was said on a connection that has no reply yet."""
    owed: list[Event] = []
    for event in said:
        if isinstance(event.fact, Command | Content):
            owed.append(event)
        elif isinstance(event.fact, Reply) and owed:
            owed.pop(0)
    return owed[0] if owed else said[0]


@dataclass(frozen=True, slots=True)
class Overruled:
    """A reply that a person chose, and what a standard server would have said in its place."""

    reply: Event
    standard: Event | None
    """None where it would not have come to a reply at all."""


def overruled(scenario: Scenario) -> Iterator[Overruled]:
    """Every reply of a run that a person chose, beside the one that a server would have given."""
    events = tuple(islice(simulate(scenario), MOST_EVENTS))
    changes = scenario.forks
    for number, one in enumerate(changes):
        said = isinstance(one.deed, SayInstead) and one.is_about_the_event
        reply = _reply_after(events, number) if said else None
        if reply is None:
            continue
        before = scenario.without_forks().changed(*changes[:number])
        usual = tuple(islice(simulate(before), MOST_EVENTS))
        yield Overruled(reply, _same_place(events, reply, usual))


def _reply_after(events: Sequence[Event], number: int) -> Event | None:
    """The reply that the change of that number, counted in the run, has brought about."""
    made = [event for event in events if isinstance(event.fact, Intervened)]
    if number >= len(made):
        return None  # the run never came to it
    for event in events[made[number].seq :]:
        if isinstance(event.fact, Reply) and event.fact.rule == "intervention":
            return event
    return None


def _same_place(events: Sequence[Event], reply: Event, usual: Sequence[Event]) -> Event | None:
    """The reply of another run that stands where this one does: as many on the connection."""
    assert isinstance(reply.fact, Reply)  # noqa: S101 - for the type checker
    conn = reply.fact.conn
    place = len([one for one in events[: reply.seq] if _is_reply(one, conn)])
    return next(islice((one for one in usual if _is_reply(one, conn)), place, None), None)


def _is_reply(event: Event, conn: int) -> bool:
    return isinstance(event.fact, Reply) and event.fact.conn == conn
