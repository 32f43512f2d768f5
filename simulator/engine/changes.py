"""What goes otherwise in one run: each change takes hold at its time, and says so.

A change after an event is not felt before: the events up to and with that one are those of the
run without it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from msgspec.structs import replace

from simulator.dns.made_up import data_of
from simulator.engine.conditions import Conditions
from simulator.engine.ground import Ground
from simulator.engine.wire import SimulatedWire
from simulator.mail.site import Errand
from simulator.scenario.change_words import write_change
from simulator.scenario.changes import (
    NEXT,
    AnswerInstead,
    Change,
    Down,
    Drop,
    SayInstead,
    SendVia,
    SetPolicy,
    Strike,
    Up,
    Wait,
    verb_of,
)
from simulator.scenario.deed_words import write_deed
from simulator.trace.event import (
    Answer,
    Closed,
    Command,
    Content,
    Event,
    Intervened,
    Query,
)


class Changes:
    """The changes of one world: those that wait for their event, and what holds by now."""

    def __init__(self, ground: Ground, changes: tuple[Change, ...]) -> None:
        self._ground = ground
        self._wires: dict[int, SimulatedWire] = {}
        """The open connections by number."""
        self._after: defaultdict[int, list[Change]] = defaultdict(list)
        self._from_the_start = tuple(one for one in changes if one.after is None)
        self._conditions = Conditions(ground)
        for one in changes:
            if one.after is not None:
                self._after[one.after].append(one)

    def begin(self) -> None:
        """The run begins: what holds from its start on takes hold."""
        for change in self._from_the_start:
            match change.deed:
                case Down() | Up() | SetPolicy() | Wait() | SendVia() as deed:
                    self._conditions.plan(change, deed)
                case deed:
                    self._ground.strikes.wait(change, deed, self._ground.loop.now)

    def after(self, event: Event) -> None:
        """``event`` has happened: change what is to be changed now, and say so."""
        if isinstance(event.fact, Closed):
            self._wires.pop(event.fact.conn, None)
        for change in self._after.pop(event.seq, ()):
            match change.deed:
                case Down() | Up() | SetPolicy() | Wait() | SendVia() as deed:
                    self._tell(change, event, change.at or self._conditions.place_of(deed, event))
                    self._conditions.plan_after(event, change, deed)
                case deed:
                    self._make_strike(change, deed, event)

    def opened(self, wire: SimulatedWire) -> None:
        """A connection is open: from now on a change can be about what is said there."""
        self._wires[wire.conn] = wire

    def next_hop(self, host: str, domain: str) -> str:
        """The host that mail for a domain is to go to next from ``host``, or nothing."""
        return self._conditions.next_hop(host, domain)

    def when_up(self, host: str, act: Callable[[], None]) -> None:
        """Have something done as soon as that host, which is down, is up again."""
        self._conditions.when_up(host, act)

    def exchanger(self, host: str, domain: str) -> str:
        """The exchanger of a domain that ``host`` is to try first, or nothing."""
        return self._conditions.exchanger(host, domain)

    # Strikes after an event ------------------------------------------------------------------

    def _make_strike(self, change: Change, deed: Strike, event: Event) -> None:
        conn: int | None = getattr(event.fact, "conn", None)
        question = event.fact if isinstance(event.fact, Query | Answer) else None
        if not change.is_about_the_event:
            self._tell(change, event, change.at)
            self._ground.strikes.wait(change, deed, self._ground.loop.now)
        elif isinstance(deed, Drop):
            self._tell(change, event, conn=conn)
            self._ground.network.cut(lambda wire: wire.conn == conn)
        elif question is not None and change.on != NEXT and not isinstance(deed, SayInstead):
            self._put_into_the_dns(change, deed, event, question)
        elif isinstance(deed, AnswerInstead):
            self._tell(change, event)  # nobody has asked anything
        else:
            self._put_before_a_reply(change, deed, event, conn)

    def _put_into_the_dns(
        self, change: Change, deed: Strike, event: Event, question: Query | Answer
    ) -> None:
        """Another answer comes from whoever knows the name, silence from the server asked."""
        about = f"{question.name} {question.type}"
        at = "" if isinstance(deed, AnswerInstead) else question.server
        waiting = replace(change, on="dns", at=at, only=about)
        check_records(waiting)
        self._tell(change, event, about)
        self._ground.strikes.wait(waiting, deed, self._ground.loop.now)

    def _put_before_a_reply(
        self, change: Change, deed: Strike, event: Event, conn: int | None
    ) -> None:
        wire = self._wires.get(conn) if conn is not None else None
        self._tell(change, event, conn=conn, host=wire.server if wire else "")
        skip = 0
        if wire is not None and change.on != NEXT and isinstance(event.fact, Command | Content):
            skip = max(wire.owed - 1, 0)
        if wire is not None or conn is None:
            self._ground.strikes.put_before(deed, conn, skip, change)

    def _tell(
        self,
        change: Change,
        event: Event,
        target: str = "",
        conn: int | None = None,
        host: str = "",
    ) -> None:
        """A person has changed the run here; what comes later is told as it is written."""
        later = not change.is_about_the_event and (change.on or change.start or change.end)
        host = host or (target if target in self._ground.hosts else event.host)
        text = write_change(change) if later else write_deed(change.deed).partition(" ")[2]
        fact = Intervened(
            change="arranged" if later else verb_of(change.deed),
            target=change.only if isinstance(change.deed, SendVia) else target,
            text=text,
            conn=conn,
        )
        self._ground.emit(host, Errand(event.journey, event.step), fact)


def check_records(change: Change) -> None:
    """Raises DnsMessageError where the DNS cannot give this answer: before the first event."""
    rdtype = change.only.rpartition(" ")[2]
    if isinstance(change.deed, AnswerInstead) and change.deed.records and rdtype:
        data_of(rdtype, change.deed.records)
