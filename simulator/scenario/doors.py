"""Where a person can take part: the servers that one can type to, and what one could say there."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from simulator.scenario.model import Role, Scenario
from simulator.scenario.topology import domain_of, hosts_of
from simulator.scenario.typed import PROTOCOL_OF_PORT, STRANGER, SUBMISSION, SUBMISSIONS, Session

_PORTS: dict[Role, tuple[int, ...]] = {
    "receiving_server": (25,),
    "relay": (25,),
    "sending_server": (SUBMISSION, SUBMISSIONS),
    "mailbox_server": (110, 143),
}
"""At which ports each kind of server is typed to."""


@dataclass(frozen=True, slots=True)
class Door:
    """A port of a server; with ``tls`` the client does STARTTLS before the first line."""

    host: str
    port: int
    tls: bool = False

    @property
    def protocol(self) -> str:
        """What is spoken there."""
        return PROTOCOL_OF_PORT[self.port]


def doors_of(scenario: Scenario) -> tuple[Door, ...]:
    """All doors; first those where the first mail goes, and there the server that takes it."""
    goal = domain_of(scenario.mails[0].recipients[0]) if scenario.mails else ""
    order = list(_PORTS)
    hosts = [host for host in hosts_of(scenario) if host.role in _PORTS]
    hosts.sort(key=lambda host: (host.owner != goal, order.index(host.role)))
    doors: list[Door] = []
    for host in hosts:
        for port in _PORTS[host.role]:
            doors.append(Door(host.name, port))
            if port == SUBMISSION:
                doors.append(Door(host.name, port, tls=True))
    return tuple(doors)


def session_at(scenario: Scenario, door: Door, at: int = 0) -> Session:
    """A session at a door in which nothing was typed yet.

    It begins after what happens at ``at`` (virtual microseconds): the events up to then stay, and
    so do their numbers, by which changes are made.
    """
    return Session(
        server=door.host,
        lines=(),
        client=seat_in(scenario),
        port=door.port,
        protocol=PROTOCOL_OF_PORT[door.port],
        tls=door.tls,
        at=at + 1 if at else 0,
    )


def seat_in(scenario: Scenario) -> str:
    """The machine that a person sits at; another one where somebody sits there already."""
    taken = {session.client for session in scenario.sessions}
    names = (STRANGER, *(f"pc-tamu{number}.asing.example" for number in range(2, 200)))
    return next(name for name in names if name not in taken)


def example_names(scenario: Scenario, session: Session) -> dict[str, str]:
    """Who could be named in the examples of what may be said."""
    mail = scenario.mails[0] if scenario.mails else None
    sender = mail.sender if mail else f"tamu@{session.client}"
    recipient = mail.recipients[0] if mail and mail.recipients else sender
    plain = base64.b64encode(f"\0{sender}\0rahasia".encode()).decode("ascii")
    return {"client": session.client, "sender": sender, "recipient": recipient, "plain": plain}
