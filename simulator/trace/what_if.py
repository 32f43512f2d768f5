"""What makes sense to change after an event: a menu as data, each choice with the key of its words.

A table for each moment, so that a screen, a command line and a test read the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from simulator.scenario.change_words import EXAMPLES, write_change
from simulator.scenario.changes import (
    AnswerInstead,
    Change,
    Deed,
    Delay,
    Down,
    Drop,
    Refuse,
    SayInstead,
    SendVia,
    SetPolicy,
    Silence,
    Up,
    Wait,
)
from simulator.scenario.errors import Place
from simulator.scenario.model import Host
from simulator.scenario.virtual_time import SECOND
from simulator.trace.addressee import peer_of
from simulator.trace.crossroads import crossroads_at
from simulator.trace.event import (
    Answer,
    Command,
    Composed,
    Connected,
    Content,
    Event,
    Judged,
    Query,
    Queued,
    Refused,
    Reply,
    Retried,
)
from simulator.trace.scene import Scene
from simulator.trace.state import Connection


@dataclass(frozen=True, slots=True)
class Choice:
    """One change that makes sense; ``rule`` is the key of its words (``what-if.<rule>``)."""

    rule: str
    change: Change


_NO_SERVICE = "554 5.3.2 No service here"
_BUSY, _CLOSING = "450 4.2.1 Mailbox busy, try again later", "421 4.3.2 Service shutting down"
_REPLIES: Final[Mapping[str, Mapping[str, str]]] = {
    "EHLO": {
        "reply.unknown-command": "500 5.5.1 Command not recognized",
        "reply.closing": _CLOSING,
    },
    "LHLO": {"reply.closing": _CLOSING},
    "STARTTLS": {"reply.no-tls": "454 4.7.0 TLS not available"},
    "AUTH": {
        "reply.wrong-password": "535 5.7.8 Authentication failed",
        "reply.welcome": "235 2.7.0 Authentication successful",
    },
    "MAIL": {
        "reply.no-space": "452 4.3.1 Insufficient system storage",
        "reply.sender-refused": "550 5.7.1 Sender refused",
    },
    "RCPT": {
        "reply.busy": _BUSY,
        "reply.unknown-user": "550 5.1.1 User unknown",
        "reply.closing": _CLOSING,
        "reply.ok": "250 2.1.5 Ok",
    },
    "DATA": {"reply.failure": "451 4.3.0 Local error", "reply.closing": _CLOSING},
    ".": {
        "reply.failure": "451 4.3.0 Local error",
        "reply.spam": "554 5.7.1 Message refused as spam",
        "reply.too-big": "552 5.3.4 Message too big",
    },
    "PASS": {"reply.wrong-password": "-ERR [AUTH] Authentication failed."},
    "RETR": {"reply.no-message": "-ERR There is no such message."},
    "LOGIN": {"reply.wrong-password": "NO [AUTHENTICATIONFAILED] Authentication failed."},
    "FETCH": {"reply.no-message": "NO There is no such message."},
}
"""What else a server could say to each command."""

_RCODES: Final[Mapping[str, str]] = {
    "dns.servfail": "SERVFAIL",
    "dns.nxdomain": "NXDOMAIN",
    "dns.nodata": "NOERROR",
}
_POLICIES: Final[Mapping[str, SetPolicy]] = {
    "policy.greylist": SetPolicy(policy="greylist", value=300 * SECOND),
    "policy.quota-full": SetPolicy(policy="quota", value=1),
    "policy.tls-off": SetPolicy(policy="tls", value=0),
    "policy.size": SetPolicy(policy="size", value=100),
}


def what_makes_sense(event: Event, scene: Scene) -> tuple[Choice, ...]:
    """The changes that make sense once ``event`` has happened, the nearest first.

    ``scene`` is the scene after the event. Raises nothing, whatever the event.
    """
    return tuple(dict.fromkeys(_choices(event, scene)))


def check_subject(change: Change, event: Event, place: Place) -> None:
    """A change that is about what its event is about needs an event that says it.

    Raises ScenarioError where ``event`` is not on a connection, or not about the DNS.
    """
    if not change.is_about_the_event:
        return
    about_dns = isinstance(event.fact, Query | Answer)
    if isinstance(change.deed, AnswerInstead):
        if not about_dns:
            example = EXAMPLES["answer"]
            raise place.mistake(
                "scenario.change-no-question", event=str(event.seq), example=example
            )
        return
    fits_dns = about_dns and not change.on and not isinstance(change.deed, SayInstead | Drop)
    if getattr(event.fact, "conn", None) is None and not fits_dns:
        found = write_change(change)
        raise place.mistake("scenario.change-place", event=str(event.seq), found=found)


def asks_a_server(event: Event) -> bool:
    """Whether it is a server's turn after this event, one whose other replies are known."""
    return isinstance(event.fact, Command) and bool(_verb(event.fact.line))


def _choices(event: Event, scene: Scene) -> Iterator[Choice]:
    match event.fact:
        case Command() | Content() | Reply() | Connected(protocol="smtp") as fact:
            if fact.conn in scene.connections:
                yield from _in_conversation(event, scene.connections[fact.conn], scene)
        case Query() as fact:
            yield from _answers(fact, scene)
        case Judged(rule="delivery.attempt", verdict=host):
            yield from _at_the_door(host)
        case Judged(rule="route.destination" | "route.mx"):
            yield from _ways(event, scene)
        case Queued() | Composed() | Retried() | Refused() | Judged() | Answer():
            yield from _around(event, scene)
        case _:
            return


def _in_conversation(event: Event, connection: Connection, scene: Scene) -> Iterator[Choice]:
    """What can come in place of the reply that is due, and what can become of the wire."""
    from_server = event.host == connection.server
    if isinstance(event.fact, Content) and from_server:
        return  # the answer is being read
    if not from_server and _answers_itself(connection, scene):
        match event.fact:
            case Command(line=line):
                yield from _replies(_verb(line))
            case Content():
                yield from _replies(".")
            case _:
                yield Choice("reply.no-service", _now(SayInstead(text=_NO_SERVICE)))
        yield from _no_reply()
        if isinstance(event.fact, Content):
            yield _once("lost-reply", Drop(), on="accepted", at=connection.server)
    yield from _on_the_wire(event, scene)


def _verb(line: str) -> str:
    """The verb of a command to which other replies are known (IMAP puts a tag before it)."""
    words = (word.upper() for word in line.split()[:3])
    return next((word for word in words if word in _REPLIES), "")


def _now(deed: Deed, *, at: str = "", only: str = "") -> Change:
    """A deed that is done at once."""
    return Change(deed=deed, at=at, only=only)


def _once(rule: str, deed: Deed, *, on: str, at: str, skip: int = 0) -> Choice:
    """A deed that waits for its moment, and is done once."""
    return Choice(rule, Change(deed=deed, on=on, at=at, skip=skip, times=1))


def _replies(verb: str) -> Iterator[Choice]:
    for rule, text in _REPLIES.get(verb, {}).items():
        yield Choice(rule, _now(SayInstead(text=text)))


def _answers_itself(connection: Connection, scene: Scene) -> bool:
    """Whether its server chooses what it says: who sits on the wire passes on what others say."""
    server = _host(connection.server, scene)
    return connection.protocol != "https" and (server is None or server.role != "interceptor")


def _no_reply() -> Iterator[Choice]:
    """A reply that does not come, or comes late."""
    yield Choice("silence", _now(Silence()))
    yield Choice("delay", _now(Delay(duration=600 * SECOND)))


def _on_the_wire(event: Event, scene: Scene) -> Iterator[Choice]:
    yield Choice("drop", _now(Drop()))
    yield Choice("wait", _now(Wait(duration=600 * SECOND)))
    server = _host(peer_of(event.fact) or "", scene)
    if server is not None and server.role == "receiving_server":
        for rule in ("policy.greylist", "policy.quota-full"):
            yield Choice(rule, _now(_POLICIES[rule]))
        yield Choice("down", _now(Down(), at=server.name))
        yield _for_an_hour(server.name)


def _for_an_hour(host: str) -> Choice:
    return Choice("down-and-up", Change(deed=Down(), at=host, end=3_600 * SECOND))


def _at_the_door(host: str) -> Iterator[Choice]:
    """What can become of a call that is about to be made, and of what is said then."""
    yield _once("refuse", Refuse(), on="connect", at=host)
    yield _once("no-connection", Silence(), on="connect", at=host)
    yield _once("busy-once", SayInstead(text=_BUSY), on="RCPT", at=host)
    yield _once("busy-second", SayInstead(text=_BUSY), on="RCPT", at=host, skip=1)
    yield _once("lost-reply", Drop(), on="accepted", at=host)
    yield Choice("down", _now(Down(), at=host))
    yield _for_an_hour(host)


def _answers(fact: Query, scene: Scene) -> Iterator[Choice]:
    for rule, rcode in _RCODES.items():
        yield Choice(rule, _now(AnswerInstead(rcode=rcode)))
    yield Choice("dns.silence", _now(Silence()))
    yield Choice("dns.delay", _now(Delay(duration=5 * SECOND)))
    if fact.type == "MX":
        yield Choice("dns.null-mx", _now(AnswerInstead(records=("0 .",))))
        for host in _takers(fact.name, scene):
            yield Choice("dns.other-mx", _now(AnswerInstead(records=(f"5 {host.name}",))))


def _ways(event: Event, scene: Scene) -> Iterator[Choice]:
    """Be the router: every host that could be the next hop."""
    crossroads = crossroads_at(event)
    if crossroads is None:  # the mail is for the server's own domain
        yield from _around(event, scene)
    else:
        for hop in crossroads.hops(scene.hosts):
            yield Choice("route", _now(SendVia(host=hop.host), only=crossroads.domain))


def _around(event: Event, scene: Scene) -> Iterator[Choice]:
    """What can become of the servers that the mail has not reached yet."""
    for host in scene.hosts:
        if host.role == "receiving_server" and host.name != event.host:
            has_refused = isinstance(event.fact, Refused) and event.fact.peer == host.name
            if has_refused or isinstance(event.fact, Retried):
                yield Choice("up", _now(Up(), at=host.name))  # it may be down
            if not has_refused:
                yield Choice("down", _now(Down(), at=host.name))
                yield _for_an_hour(host.name)
    owners = dict.fromkeys(h.owner for h in scene.hosts if h.role == "receiving_server")
    for owner in owners:
        for rule, policy in _POLICIES.items():
            yield Choice(rule, _now(policy, at=owner))
    yield Choice("wait", _now(Wait(duration=600 * SECOND)))


def _takers(domain: str, scene: Scene) -> Iterator[Host]:
    wanted = domain.lower().rstrip(".")
    for host in scene.hosts:
        if host.role == "receiving_server" and host.owner.lower() == wanted:
            yield host


def _host(name: str, scene: Scene) -> Host | None:
    return next((host for host in scene.hosts if host.name == name), None)
