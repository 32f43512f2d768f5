"""What our own servers and clients do in a case, written down as the captures are."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field

import msgspec

from simulator.engine.cast import raise_actors
from simulator.engine.world import World
from simulator.mail.transparency import dot_unstuff
from simulator.scenario.domain import Retry
from simulator.scenario.library import find
from simulator.scenario.loader import load
from simulator.scenario.model import Scenario
from simulator.scenario.topology import RESOLVER, hosts_of
from simulator.scenario.virtual_time import SECOND
from simulator.trace.event import (
    Answer,
    Command,
    Connected,
    Content,
    Event,
    Judged,
    Query,
    Queued,
    Refused,
    Reply,
    Stored,
    Tls,
)
from simulator.trace.octets import octets_of
from tests.truth.by_hand import with_sessions
from tests.truth.captures import REFUSED, SEALED, Capture, Conversation, captured
from tests.truth.rendering import (
    Ends,
    Script,
    is_report,
    question,
    report_lines,
    story_of_the_header,
    waits,
)


def as_it_is(scenario: Scenario) -> Scenario:
    """Changes nothing."""
    return scenario


def sealing(scenario: Scenario) -> Scenario:
    """Every server uses STARTTLS where the other side offers it."""
    domains = tuple(msgspec.structs.replace(one, tls="may") for one in scenario.domains)
    return msgspec.structs.replace(scenario, domains=domains)


@dataclass(frozen=True, slots=True)
class Case:
    """A capture, and what of ours is to be the same: a shipped scenario, with these changes.

    ``to`` is another recipient, who need not exist. ``by_hand`` are the captured conversations
    that a person held with the servers, by their places in the capture: their client lines are
    said to ours too. ``retry`` is the schedule of the captured servers, where it was another
    than Postfix's own; ``renamed`` is a captured host, and what it is called here.
    """

    name: str
    scenario: str
    to: str = ""
    change: Callable[[Scenario], Scenario] = as_it_is
    by_hand: tuple[int, ...] = ()
    retry: Retry = field(default_factory=Retry)
    renamed: tuple[str, str] | None = None

    def truth(self) -> Capture:
        """The capture."""
        found = captured(self.name, self.renamed)
        return Capture(found.name, [*map(sealed, found.conversations)], self._told(found.told))

    def left_out(self) -> set[str]:
        """What the capture has besides: only openings."""
        return openings(self.name, range(len(captured(self.name).conversations)))

    def _told(self, told: dict[str, list[str]]) -> dict[str, list[str]]:
        """With what a schedule makes of ages."""
        others = {name: lines for name, lines in told.items() if name != "ages"}
        return others | {"waits": [waits(line, self.retry) for line in told.get("ages", ())]}

    def play(self) -> Capture:
        """The same of ours."""
        truth = captured(self.name)
        scenario = self.change(self._addressed(load(find(self.scenario))))
        domains = tuple(msgspec.structs.replace(one, retry=self.retry) for one in scenario.domains)
        scenario = msgspec.structs.replace(scenario, domains=domains)
        scenario = with_sessions(scenario, [truth.conversations[one] for one in self.by_hand])
        world = World(scenario, hosts_of(scenario))
        raise_actors(world)
        unseen = {one.topic for one in truth.conversations if SEALED in one.script}
        ours = as_capture(self.name, world, events_of(world), unseen)
        return Capture(self.name, ours.conversations, self._told(ours.told))

    def _addressed(self, scenario: Scenario) -> Scenario:
        (mail,) = scenario.mails
        mail = msgspec.structs.replace(mail, to=(self.to,)) if self.to else mail
        return msgspec.structs.replace(scenario, mails=(mail,))


def sealed(conversation: Conversation) -> Conversation:
    """Our clients never say a password in the clear, the captured ones mostly did.

    Where a submission was captured without TLS, it is compared from AUTH on, and what comes
    before is that of the capture with TLS.
    """
    script = conversation.script
    if conversation.port != 587 or "TLS" in script:
        return conversation
    opening = captured("starttls").conversations[0].script
    before, after = (_place_of_auth(lines) for lines in (opening, script))
    client, server = conversation.client, conversation.server
    return Conversation(587, client, server, opening[:before] + script[after:])


def openings(case: str, places: Iterable[int]) -> set[str]:
    """What of these conversations of a capture is not compared, because it was not sealed."""
    found = captured(case)
    return {
        f"{found.spoken()[place]}, opening"
        for place in places
        if sealed(found.conversations[place]) != found.conversations[place]
    }


def _place_of_auth(script: list[str]) -> int:
    return next(place for place, line in enumerate(script) if line.startswith("C: AUTH"))


# What the events say ---------------------------------------------------------------------------


def events_of(world: World) -> list[Event]:
    """Let everything happen; gives the events."""
    with closing(world):
        return list(world.told())


def as_capture(name: str, world: World, events: list[Event], unseen: Collection[str]) -> Capture:
    """A run, as a capture has it: conversations, DNS questions, header or bounce.

    ``unseen`` are the conversations of which nobody could see the message.
    """
    machine = _Machines(world)
    ended = ends_of(events, machine)
    told = {
        "dns": list(_questions(events)),
        "ended": ended.outcomes(),
        "ages": ended.ages(),
    }
    stored = [octets_of(e.fact) for e in events if isinstance(e.fact, Stored)]
    reports = [octets for octets in stored if is_report(octets)]
    for kind, report in zip(("bounce", "warning"), reversed(reports), strict=False):
        told[kind] = list(report_lines(report))
    if not reports:
        told["header"] = list(story_of_the_header(_versions(events, machine, unseen)))
    return Capture(name, list(conversations_of(world, events)), told)


def ends_of(events: list[Event], machine: _Machines) -> Ends:
    """What came of every attempt to deliver, and how old the mail was then."""
    ended = Ends()
    arrived: dict[tuple[str, str], int] = {}
    reached: dict[tuple[str, str], str] = {}
    for event in events:
        if event.host not in machine:
            continue
        host = machine[event.host]
        mail = (host, event.journey)
        age = (event.at - arrived.get(mail, event.at)) / SECOND
        match event.fact:
            case Queued():
                arrived[mail] = event.at
            case Judged(rule="route.destination", verdict=verdict):
                reached[mail] = "mailbox" if verdict == "local" else "none"
            case Connected(protocol="smtp", peer=peer):
                reached[mail] = peer
            case Judged(rule="delivery.outcome", verdict=verdict, inputs=inputs):
                outcome = f"{verdict} {inputs['status']}"
                to = reached[mail]
                ended.attempt(host, event.journey, inputs["recipient"], to, age, outcome)
            case Stored(mailbox=mailbox):
                ended.attempt(host, event.journey, mailbox, "mailbox", age, "sent 2.0.0")
    return ended


class _Machines:
    """On which machine a host is: the mailbox server is a program beside another server."""

    def __init__(self, world: World) -> None:
        self._first: dict[str, str] = {}
        for host in world.hosts.values():
            self._first.setdefault(host.addresses[0], host.name)
        self._address = {host.name: host.addresses[0] for host in world.hosts.values()}

    def __contains__(self, host: str) -> bool:
        return host in self._address

    def __getitem__(self, host: str) -> str:
        return self._first[self._address[host]]


def conversations_of(world: World, events: list[Event]) -> Iterator[Conversation]:
    """All that was spoken in SMTP and LMTP, a conversation a connection."""
    machine = _Machines(world)
    for opened in events:
        match opened.fact:
            case Connected(protocol="smtp" | "lmtp", conn=conn):
                script = _script([e for e in events if getattr(e.fact, "conn", None) == conn])
                yield _conversation(opened, machine, script)
            case Refused():
                yield _conversation(opened, machine, [REFUSED])


def _conversation(opened: Event, machine: _Machines, script: list[str]) -> Conversation:
    fact = opened.fact
    assert isinstance(fact, Connected | Refused)
    return Conversation(fact.port, machine[opened.host], machine[fact.peer], script)


def _script(events: list[Event]) -> list[str]:
    script = Script()
    for event in events:
        match event.fact:
            case Command(line=line):
                script.command(line)
            case Content():
                script.message()
            case Reply(lines=lines):
                script.reply(list(lines))
            case Tls(reason=""):
                script.tls()
    return script.lines


def _questions(events: list[Event]) -> Iterator[str]:
    """What the hosts asked their resolver, in the order of the questions, and what it said."""
    for place, event in enumerate(events):
        match event.fact:
            case Query(server=server, id=asked, type=rdtype, name=name) if server == RESOLVER:
                answers = (e.fact for e in events[place:] if isinstance(e.fact, Answer))
                told = (one for one in answers if (one.peer, one.id) == (event.host, asked))
                said = next(told, None)
                rcode = "TIMEOUT" if said is None else said.rcode
                yield question(event.host, rdtype, name, rcode, _data(said) if said else ())


def _data(said: Answer) -> list[str]:
    """The data of the answer's records of the type that was asked for."""
    records = (record.split() for record in said.records)
    return [_without_dot(" ".join(one[4:])) for one in records if one[3] == said.type]


def _without_dot(data: str) -> str:
    """A name without the dot at its end; the null MX is that dot alone."""
    return data if data.endswith(" .") else data.removesuffix(".")


def _mail_by_mail(events: list[Event]) -> list[Event]:
    first = {event.journey: event.seq for event in reversed(events)}
    return sorted(events, key=lambda event: (first[event.journey], event.seq))


def _versions(
    events: list[Event], machine: _Machines, unseen: Collection[str]
) -> Iterator[tuple[str, bytes]]:
    """The messages as each host sent them by SMTP or LMTP, and as they lay in the mailbox."""
    seen: set[int] = set()
    for event in _mail_by_mail(events):
        match event.fact:
            case Connected(protocol="smtp" | "lmtp", conn=conn):
                if _conversation(event, machine, []).topic not in unseen:
                    seen.add(conn)
            case Content(conn=conn) if conn in seen:
                yield machine[event.host], dot_unstuff(octets_of(event.fact))
            case Stored():
                yield machine[event.host], octets_of(event.fact)
