"""What the scene knows of each open connection: who speaks, the mail transaction, what is owed.

The replies are matched to the commands in their order, as a pipelining client must do it
(RFC 2920 section 3.1); only a positive reply changes anything (RFC 5321 section 3.3).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias, assert_never

from msgspec.structs import replace

from simulator.trace import custody
from simulator.trace.event import Closed, Command, Connected, Content, Event, Reply, Tls
from simulator.trace.octets import octets_or_none, without_dots
from simulator.trace.state import Arrival, Connection, Pending, Scene

ConversationFact: TypeAlias = Connected | Closed | Command | Reply | Content | Tls

DOT: Final = "."
"""The pending verb that stands for a message."""

CHALLENGE_ANSWER: Final = Pending("AUTH", "…")
"""What is pending once a 334 is answered; the answer itself is a secret."""

_CHALLENGES: Final = 334

_GREETINGS: Final = frozenset({"greeting", "pop3.greeting", "imap.greeting"})
"""The rules of replies that answer no command."""

_MOST_REMEMBERED: Final = 20_000
"""Commands owed a reply, and recipients of a transaction, that are remembered for a connection.

Far above what servers take (Postfix's smtpd_recipient_limit is 1000); it bounds what a hostile
recording can cost.
"""

# A path in angle brackets: a quoted local part may have ">" in it (RFC 5321 section 4.1.2).
_PATH = re.compile(r'<((?:"(?:[^"\\]|\\.)*"|[^">])*)>')
_SOURCE_ROUTE = re.compile(r"^@[^:]*:")  # to be ignored: RFC 5321 section 4.1.1.3


def fold(scene: Scene, event: Event, fact: ConversationFact) -> Scene:
    """The scene after something was said on a connection, or it was opened, sealed or closed."""
    match fact:
        case Connected():
            return _with(scene, _opened(event, fact))
        case Command() | Reply() | Content() | Tls() | Closed():
            connection = scene.connections.get(fact.conn)
            return scene if connection is None else _said(scene, event, connection, fact)
        case _:
            assert_never(fact)


def _said(
    scene: Scene,
    event: Event,
    connection: Connection,
    fact: Command | Reply | Content | Tls | Closed,
) -> Scene:
    match fact:
        case Command(line=line):
            return _with(scene, _commanded(connection, line.strip()))
        case Reply():
            return _answered(scene, connection, fact)
        case Content():
            return _offered(scene, event, connection, fact)
        case Tls(reason=""):
            # What was said before the handshake counts for nothing (RFC 3207 section 4.2).
            return _with(scene, replace(_cleared(connection), secure=True, pending=()))
        case Tls():
            return scene
        case Closed():
            return _closed(scene, connection)
        case _:
            assert_never(fact)


def _with(scene: Scene, connection: Connection) -> Scene:
    return replace(scene, connections=scene.connections.put(connection.conn, connection))


def _opened(event: Event, fact: Connected) -> Connection:
    return Connection(
        conn=fact.conn,
        client=event.host,
        server=fact.peer,
        port=fact.port,
        protocol=fact.protocol,
        journey=event.journey,
    )


def _closed(scene: Scene, connection: Connection) -> Scene:
    scene = replace(scene, connections=scene.connections.drop(connection.conn))
    arrival = connection.arrival
    if arrival is None or arrival.taken:
        return scene
    return custody.let_go(scene, connection.server, arrival)


def _commanded(connection: Connection, line: str) -> Connection:
    if connection.protocol == "imap":
        _tag, _, line = line.partition(" ")
        if not line:
            return connection  # it goes on with a command, as DONE does (RFC 9051 section 6.3.13)
    if connection.is_challenged:
        return _owing(replace(connection, is_challenged=False), CHALLENGE_ANSWER)
    verb, _, argument = line.partition(" ")
    return _owing(connection, Pending(verb.upper(), argument.strip()))


def _owing(connection: Connection, pending: Pending) -> Connection:
    if len(connection.pending) >= _MOST_REMEMBERED:
        return connection
    return replace(connection, pending=(*connection.pending, pending))


# A message and its replies ---------------------------------------------------------------------


def _offered(scene: Scene, event: Event, connection: Connection, fact: Content) -> Scene:
    if connection.protocol not in {"smtp", "lmtp"} or event.host != connection.client:
        return scene  # POP3: the server speaks it; the client has the mail once it is fetched
    arrival = Arrival(event.journey, displaced=scene.copies.get((connection.server, event.journey)))
    sent = octets_or_none(fact)
    if sent is not None:
        scene = custody.offered(scene, connection, event.journey, without_dots(sent))
    owing = _owing(connection, Pending(DOT, event.journey))
    return _with(scene, replace(owing, arrival=arrival))


def _answered(scene: Scene, connection: Connection, fact: Reply) -> Scene:
    if fact.rule in _GREETINGS or not connection.pending or _goes_on(connection, fact):
        return scene
    pending, *_ = connection.pending
    if pending.verb == DOT and connection.arrival is not None:
        return _message_answered(scene, connection, connection.arrival, fact)
    challenged = fact.code == _CHALLENGES
    answered = replace(connection, pending=connection.pending[1:], is_challenged=challenged)
    on_success = _ON_SUCCESS.get(pending.verb)
    if on_success is not None and _is_positive(fact):
        answered = on_success(answered, pending.argument)
    return _with(scene, answered)


def _goes_on(connection: Connection, fact: Reply) -> bool:
    """Whether it is IMAP's untagged data or a continuation request (RFC 9051 section 7)."""
    last = fact.lines[-1] if fact.lines else ""
    return connection.protocol == "imap" and last.startswith(("* ", "+"))


def _message_answered(scene: Scene, connection: Connection, arrival: Arrival, fact: Reply) -> Scene:
    """A reply after the final dot: responsibility moves with it (RFC 5321 section 6.1)."""
    recipients, due = connection.forward_paths, 1
    if connection.protocol == "lmtp":
        recipients, due = recipients[arrival.replies :][:1], len(recipients)
    if _is_positive(fact):
        scene = custody.taken(scene, connection.server, arrival.journey, recipients)
        arrival = replace(arrival, taken=True)
    arrival = replace(arrival, replies=arrival.replies + 1)
    if arrival.replies < due:
        return _with(scene, replace(connection, arrival=arrival))
    if not arrival.taken:
        scene = custody.let_go(scene, connection.server, arrival)
    # The transaction is over whether it worked or not (RFC 5321 section 4.1.1.4).
    return _with(scene, replace(_cleared(connection), pending=connection.pending[1:]))


# The mail transaction --------------------------------------------------------------------------


def _is_positive(fact: Reply) -> bool:
    return isinstance(fact.code, int) and 200 <= fact.code <= 299


def _cleared(connection: Connection, _argument: str = "") -> Connection:
    return replace(connection, reverse_path=None, forward_paths=(), arrival=None)


def _mail_accepted(connection: Connection, argument: str) -> Connection:
    return replace(connection, reverse_path=_path(argument), forward_paths=())


def _recipient_accepted(connection: Connection, argument: str) -> Connection:
    forward_path, accepted = _path(argument), connection.forward_paths
    if forward_path in accepted or len(accepted) >= _MOST_REMEMBERED:
        return connection
    return replace(connection, forward_paths=(*accepted, forward_path))


_ON_SUCCESS: Mapping[str, Callable[[Connection, str], Connection]] = {
    "MAIL": _mail_accepted,
    "RCPT": _recipient_accepted,
    "RSET": _cleared,
    # RFC 5321 section 4.1.4: a hello ends the transaction as RSET does.
    "EHLO": _cleared,
    "HELO": _cleared,
    "LHLO": _cleared,
}


def _path(argument: str) -> str:
    """The address in ``FROM:<…> SIZE=…`` or ``TO:<…>``; the null reverse-path is empty."""
    _, _, spoken = argument.partition(":")
    bracketed = _PATH.match(spoken.lstrip())
    if bracketed is None:
        return spoken.split(maxsplit=1)[0] if spoken.strip() else ""
    return _SOURCE_ROUTE.sub("", bracketed.group(1))
