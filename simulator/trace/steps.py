"""The six steps of a mail, where each begins in a run, and how fine a look an event needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Literal, TypeAlias, assert_never

from simulator.scenario.model import Host
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
    Queued,
    Read,
    Refused,
    Removed,
    Reply,
    Retried,
    Stamped,
    Step,
    Stored,
    Tls,
)

STEPS: Final[Mapping[Step, str]] = {
    1: "compose",
    2: "submit",
    3: "route",
    4: "resolve",
    5: "transfer",
    6: "deliver",
}
"""The six steps and the keys by which their names are looked up."""

Depth: TypeAlias = Literal["story", "commands", "bytes"]
"""How finely a run is looked at: what happens to the mail, what is said, everything."""

DEPTHS: Final[tuple[Depth, ...]] = ("story", "commands", "bytes")
"""From coarse to fine: each shows what the one before shows, and more."""

_STORY_RULES: Final = frozenset(
    {"alias", "mailbox.by-hand", "mailbox.moved", "route.destination", "route.mx", "route.relay"}
)
"""Decisions that belong to the story whatever they say."""

_STORY_VERDICTS: Final = frozenset(
    {
        ("auth", "rejected"),
        ("relay.permission", "denied"),
        ("recipient", "unknown"),
        ("fit.line", "folded"),
        ("fit.8bit", "converted"),
        ("intercept", "stripped"),
        ("intercept", "impersonated"),
        ("content.scan", "spam"),
        ("list.post", "posted"),
        ("list.post", "loop"),
        ("loop", "refused"),
        ("newline.bare", "ended"),
        ("newline.bare", "begun"),
        ("sending.limit", "refused"),
        ("trust.spf", "fail"),
        ("trust.dkim", "fail"),
        ("trust.dmarc", "pass"),
        ("trust.dmarc", "fail"),
        ("trust.forged", "removed"),
        ("trust.folder", "junk"),
    }
)
"""Decisions that belong to the story where they come out like this."""

_STORY_REPLIES: Final = frozenset(
    {"data.accepted", "lmtp.accepted", "line.too-long", "size.exceeded"}
)
"""Replies with which a server takes responsibility for a message (RFC 5321 section 6.1) or,
without any decision that tells it, refuses one."""


# How fine a look an event needs ----------------------------------------------------------------


def resolvers_of(hosts: Iterable[Host]) -> frozenset[str]:
    """The names of the hosts that resolve for others."""
    return frozenset(host.name for host in hosts if host.role == "resolver")


def depth_of(event: Event, resolvers: frozenset[str] = frozenset()) -> Depth:
    """The coarsest depth at which one stops at ``event``; ``resolvers`` are hosts by name."""
    fact = event.fact
    match fact:
        case (Composed() | Connected() | Refused() | Content() | Tls()) | (
            Retried() | Bounced() | Stored() | Fetched() | Read() | Intervened()
        ):
            return "story"
        case Judged():
            return _depth_of_judgement(fact)
        case Reply():
            return "story" if fact.rule in _STORY_REPLIES else "commands"
        case Query() | Answer():
            return _depth_of_look_up(event.host, fact, resolvers)
        case Command() | Closed() | Stamped():
            return "commands"
        case Queued() | Removed():
            return "bytes"
        case _:
            assert_never(fact)


def _depth_of_look_up(host: str, fact: Query | Answer, resolvers: frozenset[str]) -> Depth:
    """What a resolver asks others in turn is a detail; that an MX was found is not."""
    asker = host if isinstance(fact, Query) else fact.peer
    if asker in resolvers:
        return "bytes"
    return "story" if isinstance(fact, Answer) and fact.type == "MX" else "commands"


def _depth_of_judgement(fact: Judged) -> Depth:
    matters = (
        fact.rule in _STORY_RULES
        or (fact.rule, fact.verdict) in _STORY_VERDICTS
        or (fact.rule == "delivery.outcome" and fact.verdict != "sent")
    )
    return "story" if matters else "commands"


# Where the steps begin -------------------------------------------------------------------------


def beginnings(events: Iterable[Event]) -> list[int]:
    """The indexes of the events with which a step begins, or begins again."""
    watch = BeginningWatch()
    return [index for index, event in enumerate(events) if watch.begins(event)]


class BeginningWatch:
    """Tells, event by event, whether a step begins.

    Steps overlap: the client still says QUIT (2) while the server already routes (3). So a step
    begins with an event that is of another step than its message was in, unless the event only
    carries on what was done before on that connection or, off any connection, by that host.
    """

    def __init__(self) -> None:
        self._messages: dict[str, Step] = {}
        self._hosts: dict[tuple[str, str], Step] = {}
        self._connections: dict[tuple[str, int], Step] = {}

    def begins(self, event: Event) -> bool:
        """Whether a step begins with this event, which follows those shown before."""
        carries_on = self._step_before(event) == event.step
        begins = not carries_on and self._messages.get(event.journey) != event.step
        if begins:
            self._messages[event.journey] = event.step
        return begins

    def _step_before(self, event: Event) -> Step | None:
        """The step of what this event carries on; the event is noted."""
        journey, host, conn = event.journey, event.host, _conn_of(event.fact)
        by_host = self._hosts.get((journey, host))
        self._hosts[journey, host] = event.step
        if conn is None:
            return by_host
        if isinstance(event.fact, Closed):
            return self._connections.pop((journey, conn), None)
        on_connection = self._connections.get((journey, conn))
        self._connections[journey, conn] = event.step
        return on_connection


def _conn_of(fact: Fact) -> int | None:
    match fact:
        case Connected() | Refused() | Closed() | Command() | Reply() | Content() | Tls():
            return fact.conn
        case _:
            return None
