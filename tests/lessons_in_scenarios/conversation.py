"""A run as a conversation: who asks the DNS what, who says what to whom, what comes of it.

Only what decides is kept: of the DNS the search for the way (``Q:`` and ``A:``), of a session
what follows its opening (``C:`` and ``S:``), and what a host does by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from simulator.lessons.language import catalogue
from simulator.scenario.model import Host
from simulator.trace.dns_cache import is_truncated
from simulator.trace.event import (
    Answer,
    Bounced,
    Closed,
    Command,
    Composed,
    Connected,
    Content,
    Event,
    Fact,
    Fetched,
    Intervened,
    Judged,
    Query,
    Read,
    Refused,
    Reply,
    Retried,
    Stored,
    Tls,
)
from simulator.trace.octets import octets_of
from simulator.views.clock import clock

_ENGLISH = catalogue("en")

_DECISIONS = {
    "alias": "recipient",
    "content.scan": "rules",
    "delivery.outcome": "recipient",
    "domain.a-labels": "domain",
    "fault": "on",
    "intervention": "text",
    "greylist": "recipient",
    "list.post": "recipient",
    "loop": "hops",
    "queue.expired": "age",
    "mailbox.by-hand": "mailbox",
    "mailbox.moved": "mailbox",
    "newline.bare": "to",
    "quota": "mailbox",
    "recipient": "recipient",
    "own-server": "rcode",
    "route.alias": "alias",
    "route.dns-failure": "rcode",
    "route.implicit-mx": "domain",
    "route.no-data": "domain",
    "route.no-host": "domain",
    "route.null-mx": "domain",
    "route.self-mx": "domain",
    "fit.8bit": "",
    "fit.line": "",
    "fit.utf8": "",
    "intercept": "server",
    "sts.mx": "host",
    "sts.policy": "domain",
    "sts.tls": "host",
    "sending.limit": "left",
    "tls.refused": "",
    "submission.deferred": "recipient",
    "submission.kept": "recipient",
    "submission.refused": "recipient",
    "trust.dkim": "domain",
    "trust.dkim-sign": "domain",
    "trust.dmarc": "author",
    "trust.folder": "author",
    "trust.forged": "value",
    "trust.spf": "domain",
}
"""The decisions that are shown, and what of each."""

_PLAIN = {
    ("recipient", "known"),
    ("recipient", "remote"),
    ("delivery.outcome", "sent"),
    ("sending.limit", "counted"),
}
"""Those that only say that all goes well."""

_OPENING = frozenset({"EHLO", "STARTTLS", "AUTH", "CAPA", "USER", "PASS", "STAT", "LIST"})
_OPENED = frozenset(
    {"greeting", "ehlo", "starttls", "auth.ok"}
    | {f"pop3.{verb}" for verb in ("greeting", "capa", "user", "pass", "stat", "list")}
)
"""How a user's own session opens, to send or to fetch: always the same."""

_BETWEEN_SERVERS = frozenset({24, 25})


@dataclass(frozen=True, slots=True)
class Line:
    """One line: when (virtual microseconds), who, and what they say or do."""

    at: int
    host: str
    text: str

    def __str__(self) -> str:
        return f"{self.host} {self.text}"


@dataclass(slots=True)
class _Listener:
    """What must be remembered to understand the next event."""

    resolvers: frozenset[str]
    ports: dict[int, int] = field(default_factory=dict)
    written: set[str] = field(default_factory=set)
    """The mails that a client or a server wrote; what is not of them is typed by hand."""
    whole: set[int] = field(default_factory=set)
    """The connections whose opening is shown too."""

    def texts(self, event: Event) -> Iterator[str]:
        """What the event's host says or does, if that decides anything."""
        match event.fact:
            case Query() | Answer() as fact:
                if isinstance(fact, Answer) and is_truncated(fact):
                    yield f"A: {fact.name} {fact.type} is cut off"
                elif fact.transport == "tcp":
                    said = _question(fact) if isinstance(fact, Query) else _amount(fact)
                    yield f"{said} over TCP"
                elif self._is_the_way(event, fact):
                    yield _question(fact) if isinstance(fact, Query) else _answer(fact)
            case Connected() as fact:
                self.ports[fact.conn] = fact.port
                if fact.port in _BETWEEN_SERVERS or event.journey not in self.written:
                    self.whole.add(fact.conn)
                yield f"calls {fact.peer}, port {fact.port}"
            case Refused() as fact:
                yield f"calls {fact.peer}, port {fact.port}: {fact.reason}"
            case Command() | Reply() | Content() as fact:
                yield from self._said(fact)
            case fact:
                yield from self._done(event.journey, fact)

    def _done(self, journey: str, fact: Fact) -> Iterator[str]:
        match fact:
            case Closed(reason=reason, peer=peer) if reason != "quit":
                yield f"hangs up on {peer}: {reason}"
            case Judged():
                yield from _decision(fact)
            case Tls():
                yield from self._sealing(fact)
            case _:
                if isinstance(fact, Composed):
                    self.written.add(journey)
                yield from _act(journey, fact)

    def _is_the_way(self, event: Event, fact: Query | Answer) -> bool:
        asker = event.host if isinstance(fact, Query) else fact.peer
        return asker not in self.resolvers and (event.step == 4 or fact.type == "MX")

    def _sealing(self, fact: Tls) -> Iterator[str]:
        if fact.reason:
            yield f"cannot seal: {fact.reason}"
        elif fact.conn in self.whole:
            proved = f"proved to be {fact.name}" if fact.verified else "whoever that is"
            yield f"seals: {fact.peer}, {proved}"

    def _said(self, fact: Command | Reply | Content) -> Iterator[str]:
        port = self.ports[fact.conn]
        by_server = isinstance(fact, Reply) or (
            isinstance(fact, Content) and port in {110, 143, 443}
        )
        mark = "S:" if by_server else "C:"
        match fact:
            case Command(line=line):
                if fact.conn in self.whole or line.partition(" ")[0] not in _OPENING:
                    yield f"{mark} {line}"
            case Reply(lines=lines, rule=rule):
                if fact.conn in self.whole or rule not in _OPENED:
                    yield f"{mark} {' / '.join(lines)}"
            case Content():
                yield f"{mark} the message, {len(octets_of(fact))} octets"


def lines_of(hosts: tuple[Host, ...], events: tuple[Event, ...]) -> tuple[Line, ...]:
    """The whole run."""
    listener = _Listener(frozenset(host.name for host in hosts if host.role == "resolver"))
    return tuple(
        Line(event.at, event.host, text) for event in events for text in listener.texts(event)
    )


def written(lines: tuple[Line, ...]) -> str:
    """The lines in columns; the clock stands where it has moved."""
    width = max(len(line.host) for line in lines)
    text, shown = "", ""
    for line in lines:
        now = clock(line.at, _ENGLISH)
        text += f"{'' if now == shown else now:>12}  {line.host:{width}}  {line.text}\n"
        shown = now
    return text


def _question(fact: Query) -> str:
    return f"Q: {fact.name} {fact.type}"


def _answer(fact: Answer) -> str:
    data = sorted(record.split(None, 4)[4] for record in fact.records)
    said = ", ".join(data) or ("nothing" if fact.rcode == "NOERROR" else fact.rcode)
    return f"A: {said}{' (remembered)' if fact.cached else ''}"


def _amount(fact: Answer) -> str:
    return f"A: {len(fact.records)} records" if fact.rcode == "NOERROR" else f"A: {fact.rcode}"


def _decision(fact: Judged) -> Iterator[str]:
    if fact.rule in _DECISIONS and (fact.rule, fact.verdict) not in _PLAIN:
        about = fact.inputs.get(_DECISIONS[fact.rule], "") or fact.inputs.get("argument", "")
        yield f"= {fact.rule} {fact.verdict}: {about}"


def _act(journey: str, fact: Fact) -> Iterator[str]:
    match fact:
        case Composed(reverse_path=sender, recipients=recipients):
            yield f"writes {journey} from <{sender}> to {', '.join(recipients)}"
        case Retried(recipients=recipients, next_attempt=at):
            yield f"keeps {journey} for {', '.join(recipients)} until {clock(at or 0, _ENGLISH)}"
        case Bounced(recipients=recipients, bounce=bounce):
            report = f"reports it in {bounce}" if bounce else "tells nobody"
            yield f"gives {journey} up for {', '.join(recipients)} and {report}"
        case Stored(mailbox=mailbox, folder=folder):
            where = "" if folder == "INBOX" else f", in {folder}"
            yield f"stores {journey} for {mailbox}{where}"
        case Fetched(mailbox=mailbox, kept=kept):
            yield f"has {journey} from {mailbox}; the server {'keeps' if kept else 'deletes'} it"
        case Read(subject=subject):
            yield f"shows {journey}: {subject}"
        case Intervened() as made:
            yield f"! {' '.join(filter(None, (made.change, made.target, made.text)))}"
        case _:
            return
