"""The one maker of events by hand: a story in which somebody speaks, decides or does something."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from simulator.scenario.model import Host, Role
from simulator.trace.event import (
    Answer,
    Closed,
    Command,
    Composed,
    Connected,
    Content,
    Event,
    Fact,
    Fetched,
    Judged,
    Protocol,
    Query,
    Queued,
    Read,
    Removed,
    Reply,
    Stamped,
    Step,
    Stored,
    Tls,
)
from simulator.trace.octets import octets_to_text

FIRST_PORT = 49_152
"""From where clients call: RFC 6335 section 6."""

PC_ANI, ANI, BUDI = "pc-ani.kampus.example", "ani@kampus.example", "budi@kantor.example"

MESSAGE = (
    b"From: ani@kampus.example\r\nTo: budi@kantor.example\r\nSubject: Halo\r\n"
    b"\r\n"
    b"Halo Budi,\r\n.\r\n..dua titik\r\n"
)
"""What is written, where a story does not say otherwise."""
ON_THE_WIRE = MESSAGE.replace(b"\r\n.", b"\r\n..") + b".\r\n"


def host(
    name: str, role: Role, *, address: str = "192.0.2.1", owner: str = "", label: str = ""
) -> Host:
    return Host(name=name, role=role, addresses=(address,), owner=owner, label=label or name)


@dataclass(frozen=True)
class Call:
    """A connection: who speaks with whom, where, and whether it is sealed by now."""

    client: str
    server: str
    port: int
    protocol: Protocol
    secure: bool = False


@dataclass
class Story:
    """Events in the making: what is said next happens 10 ms after what was said last.

    ``addresses`` are those of the hosts that are called by name; each method returns the event.
    """

    journey: str = "m1"
    step: Step = 1
    at: int = 0
    events: list[Event] = field(default_factory=list)
    calls: dict[int, Call] = field(default_factory=dict)
    addresses: Mapping[str, str] = field(default_factory=dict)

    def happens(self, host: str, fact: Fact, *, after: int = 10_000) -> Event:
        self.at += after
        event = Event(len(self.events), self.at, self.step, host, self.journey, fact)
        self.events.append(event)
        return event

    # On a connection ---------------------------------------------------------------------------

    def connect(
        self, conn: int, client: str, server: str, port: int = 25, protocol: Protocol = "smtp"
    ) -> Event:
        self.calls[conn] = Call(client, server, port, protocol)
        fact = Connected(
            conn=conn,
            peer=server,
            port=port,
            protocol=protocol,
            address=self.addresses.get(server, "192.0.2.2"),
            client_address=self.addresses.get(client, "192.0.2.1"),
            client_port=FIRST_PORT + conn - 1,
        )
        return self.happens(client, fact)

    def close(self, conn: int, reason: str = "quit", *, by_client: bool = False) -> Event:
        call = self.calls[conn]
        host, peer = (call.client, call.server) if by_client else (call.server, call.client)
        fact = Closed(conn=conn, peer=peer, port=call.port, protocol=call.protocol, reason=reason)
        return self.happens(host, fact)

    def talk(self, conn: int, script: str, sent: bytes = ON_THE_WIRE) -> None:
        """Speak a script: ``C:`` and ``S:`` lines, ``C: .`` is what is sent; ``#`` names a rule."""
        said: list[str] = []
        for line in script.strip().splitlines():
            who, text = line.strip()[:2], line.strip()[3:]
            if who == "C:" and text == ".":
                self.content(conn, self.calls[conn].client, sent)
            elif who == "C:":
                self.command(conn, text)
            else:
                text, _, rule = text.partition(" #")
                said.append(text)
                if text[3:4] != "-":
                    self.reply(conn, *said, rule=rule or "ok")
                    said = []

    def command(self, conn: int, line: str) -> Event:
        call = self.calls[conn]
        fact = Command(conn=conn, peer=call.server, line=line, secure=call.secure)
        return self.happens(call.client, fact)

    def reply(self, conn: int, *lines: str, rule: str) -> Event:
        call = self.calls[conn]
        code = lines[-1].split(maxsplit=1)[0]
        fact = Reply(
            conn=conn,
            peer=call.client,
            code=int(code) if code.isdigit() else code,
            enhanced=None,
            lines=lines,
            rule=rule,
            secure=call.secure,
        )
        return self.happens(call.server, fact)

    def content(self, conn: int, host: str, sent: bytes) -> Event:
        call = self.calls[conn]
        data, encoding = octets_to_text(sent)
        peer = call.server if host == call.client else call.client
        fact = Content(conn=conn, peer=peer, data=data, encoding=encoding, secure=call.secure)
        return self.happens(host, fact)

    def tls(self, conn: int, reason: str = "", *, verified: bool = True) -> Event:
        call = self.calls[conn]
        self.calls[conn] = replace(call, secure=not reason)
        fact = Tls(
            conn=conn,
            peer=call.server,
            version="TLSv1.3",
            cipher="TLS_AES_256_GCM_SHA384",
            verified=verified and not reason,
            name=call.server,
            reason=reason,
        )
        return self.happens(call.client, fact)

    # In the DNS --------------------------------------------------------------------------------

    def ask(self, host: str, server: str, name: str, rdtype: str, number: int = 1) -> Event:
        return self.happens(host, Query(id=number, name=name, type=rdtype, server=server))

    def answer(
        self,
        server: str,
        peer: str,
        name: str,
        rdtype: str,
        *records: str,
        rcode: str = "NOERROR",
        authority: tuple[str, ...] = (),
        authoritative: bool = False,
        cached: bool = False,
        number: int = 1,
        wire: str = "",
    ) -> Event:
        fact = Answer(
            id=number,
            name=name,
            type=rdtype,
            server=server,
            peer=peer,
            rcode=rcode,
            records=records,
            authority=authority,
            authoritative=authoritative,
            cached=cached,
            wire=wire,
        )
        return self.happens(server, fact)

    # By oneself --------------------------------------------------------------------------------

    def compose(
        self,
        *recipients: str,
        host: str = PC_ANI,
        reverse_path: str = ANI,
        subject: str = "Halo",
        data: str = MESSAGE.decode(),
    ) -> Event:
        fact = Composed(
            reverse_path=reverse_path, recipients=recipients, subject=subject, data=data
        )
        return self.happens(host, fact)

    def judge(self, host: str, rule: str, verdict: str, /, **inputs: str) -> Event:
        return self.happens(host, Judged(rule=rule, verdict=verdict, inputs=inputs))

    def stamp(self, host: str, *headers: tuple[str, str], where: str = "top") -> Event:
        assert where in {"top", "bottom", "whole"}
        return self.happens(host, Stamped(headers=headers, where=where))  # type: ignore[arg-type]

    def queue(self, host: str, queue_id: str, *recipients: str, reason: str = "accepted") -> Event:
        fact = Queued(queue_id=queue_id, recipients=recipients, reason=reason, next_attempt=None)
        return self.happens(host, fact)

    def remove(self, host: str, queue_id: str) -> Event:
        return self.happens(host, Removed(queue_id=queue_id))

    def store(
        self, host: str, mailbox: str, uid: str, octets: bytes, protocol: str = "lmtp"
    ) -> Event:
        data, encoding = octets_to_text(octets)
        fact = Stored(mailbox=mailbox, uid=uid, protocol=protocol, data=data, encoding=encoding)
        return self.happens(host, fact)

    def fetch(self, host: str, mailbox: str, uid: str, protocol: str = "pop3") -> Event:
        return self.happens(host, Fetched(mailbox=mailbox, uid=uid, protocol=protocol, kept=False))

    def read(self, host: str, mailbox: str, uid: str, subject: str) -> Event:
        return self.happens(host, Read(mailbox=mailbox, uid=uid, protocol="pop3", subject=subject))
