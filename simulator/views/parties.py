"""Who speaks with whom in an event, as a heading over what they say."""

from __future__ import annotations

from simulator.trace.event import (
    Answer,
    Closed,
    Command,
    Connected,
    Content,
    Event,
    Query,
    Refused,
    Reply,
    Tls,
)
from simulator.trace.scene import Scene


def parties(event: Event, before: Scene) -> tuple[tuple[str, ...], str]:
    """A key for who speaks with whom, and that as a heading; for an event that is spoken."""
    match event.fact:
        case Query(server=server) as fact:
            return _inquiry(event.host, server, fact.transport)
        case Answer(peer=asker) as fact:
            return _inquiry(asker, event.host, fact.transport)
        case Connected() | Refused() as fact:
            return _call(fact.conn, event.host, fact.peer, fact.protocol, fact.port)
        case Closed() | Command() | Reply() | Content() | Tls() as fact:
            call = before.connections.get(fact.conn)
            if call is not None:
                return _call(fact.conn, call.client, call.server, call.protocol, call.port)
            return (str(fact.conn),), f"{event.host} -> {fact.peer}"
        case _:
            raise AssertionError(f"nobody speaks in a {event.kind} event")


def _inquiry(asker: str, server: str, transport: str) -> tuple[tuple[str, ...], str]:
    over = " over TCP" if transport == "tcp" else ""
    return ("dns", asker, server, transport), f"{asker} -> {server}, DNS{over}"


def _call(
    conn: int, client: str, server: str, protocol: str, port: int
) -> tuple[tuple[str, ...], str]:
    return (str(conn),), f"{client} -> {server}, {protocol.upper()}, port {port}"
