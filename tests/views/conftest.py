"""A small run made by hand, so that views can be tested without an engine."""

from __future__ import annotations

import pytest

from simulator.scenario.model import Host
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

PC, SMTP = "pc-ani.kampus.example", "smtp.kampus.example"
BUDI, MAIL, DNS = "pc-budi.kampus.example", "mail.kampus.example", "resolver.isp.example"
MESSAGE = (
    "From: ani@kampus.example\r\nTo: budi@kampus.example\r\nSubject: Rapat\r\n\r\n"
    "Halo Budi,\r\n\r\nRapat pukul 09.00.\r\n\r\nAni\r\n"
)


def host(name: str, role: str, address: str, owner: str, label: str) -> Host:
    return Host(name=name, role=role, addresses=(address,), owner=owner, label=label)  # type: ignore[arg-type]


@pytest.fixture
def hosts() -> tuple[Host, ...]:
    return (
        host(PC, "mail_client", "192.0.2.10", "ani@kampus.example", "ani"),
        host(DNS, "resolver", "198.51.100.10", "", "DNS"),
        host("a.root.example", "nameserver", "198.51.100.11", ".", "root"),
        host(SMTP, "sending_server", "192.0.2.11", "kampus.example", "smtp.kampus"),
        host(MAIL, "mailbox_server", "192.0.2.11", "kampus.example", "mail.kampus"),
        host(BUDI, "mail_client", "192.0.2.12", "budi@kampus.example", "budi"),
    )


class Scribe:
    """Writes events down, one every ten milliseconds."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.step: Step = 1

    def note(self, who: str, fact: Fact) -> None:
        count = len(self.events)
        self.events.append(Event(count, count * 10_000, self.step, who, "m1", fact))


@pytest.fixture
def small_run() -> tuple[Event, ...]:  # noqa: PLR0915 - a conversation, line by line
    """Ani writes to Budi of her own domain; Budi fetches and reads."""
    scribe = Scribe()
    note = scribe.note
    recipients = ("budi@kampus.example",)

    def says(line: str, *, secure: bool = True) -> None:
        note(PC, Command(conn=1, peer=SMTP, line=line, secure=secure))

    def hears(rule: str, *lines: str, secure: bool = True) -> None:
        code = int(lines[0][:3])
        note(
            SMTP,
            Reply(conn=1, peer=PC, code=code, enhanced=None, lines=lines, rule=rule, secure=secure),
        )

    def decides(who: str, rule: str, verdict: str, **inputs: str) -> None:
        note(who, Judged(rule=rule, verdict=verdict, inputs=inputs))

    note(
        PC,
        Composed(
            reverse_path="ani@kampus.example", recipients=recipients, subject="Rapat", data=MESSAGE
        ),
    )
    note(PC, Query(id=7, name=SMTP, type="A", server=DNS))
    note(DNS, Query(id=8, name=SMTP, type="A", server="a.root.example"))
    note(
        "a.root.example",
        Answer(
            id=8,
            name=SMTP,
            type="A",
            server="a.root.example",
            peer=DNS,
            rcode="NOERROR",
            records=(),
            authority=("example. 172800 IN NS a.tld.example.",),
            authoritative=False,
            cached=False,
            wire="AAiAAAABAAAAAQAA",
        ),
    )
    note(
        DNS,
        Answer(
            id=7,
            name=SMTP,
            type="A",
            server=DNS,
            peer=PC,
            rcode="NOERROR",
            records=("smtp.kampus.example. 3600 IN A 192.0.2.11",),
            authoritative=False,
            cached=False,
            wire="AAeBgAABAAEAAAAA",
        ),
    )
    note(
        PC,
        Connected(
            conn=1,
            peer=SMTP,
            port=587,
            protocol="smtp",
            address="192.0.2.11",
            client_address="192.0.2.10",
            client_port=49152,
        ),
    )
    hears("greeting", "220 smtp.kampus.example ESMTP", secure=False)
    says("EHLO pc-ani.kampus.example", secure=False)
    hears("ehlo", "250-smtp.kampus.example", "250-PIPELINING", "250 STARTTLS", secure=False)
    says("STARTTLS", secure=False)
    hears("starttls", "220 2.0.0 Ready to start TLS", secure=False)
    note(
        PC,
        Tls(
            conn=1,
            peer=SMTP,
            version="TLSv1.3",
            cipher="TLS_AES_256_GCM_SHA384",
            verified=True,
            name=SMTP,
        ),
    )
    scribe.step = 2
    says("MAIL FROM:<ani@kampus.example>")
    hears("mail.ok", "250 2.1.0 Ok")
    says("RCPT TO:<hantu@kampus.example>")
    hears("rcpt.unknown", "550 5.1.1 <hantu@kampus.example>: User unknown")
    says("RCPT TO:<budi@kampus.example>")
    hears("rcpt.ok", "250 2.1.5 Ok")
    says("DATA")
    hears("data.go-ahead", "354 End data with <CR><LF>.<CR><LF>")
    note(PC, Content(conn=1, peer=SMTP, data=MESSAGE + ".\r\n", secure=True))
    note(SMTP, Stamped(headers=(("Received", "from pc-ani.kampus.example"),), where="top"))
    note(SMTP, Queued(queue_id="4A1", recipients=recipients, reason="", next_attempt=None))
    decides(SMTP, "responsibility", "accepted", queue_id="4A1")
    hears("data.accepted", "250 2.0.0 Ok: queued as 4A1")
    says("QUIT")
    hears("quit", "221 2.0.0 Bye")
    note(PC, Closed(conn=1, peer=SMTP, port=587, protocol="smtp", reason="quit"))
    scribe.step = 3
    decides(
        SMTP,
        "route.destination",
        "local",
        domain="kampus.example",
        recipients="budi@kampus.example",
    )
    scribe.step = 6
    decides(SMTP, "mailbox.delivery", "local", mailbox="budi@kampus.example")
    note(MAIL, Stamped(headers=(("Return-Path", "<ani@kampus.example>"),), where="top"))
    note(MAIL, Stored(mailbox="budi@kampus.example", uid="u1", protocol="local", data=MESSAGE))
    note(SMTP, Removed(queue_id="4A1"))
    note(
        BUDI,
        Connected(
            conn=2,
            peer=MAIL,
            port=110,
            protocol="pop3",
            address="192.0.2.11",
            client_address="192.0.2.12",
            client_port=49153,
        ),
    )
    note(BUDI, Command(conn=2, peer=MAIL, line="RETR 1"))
    note(
        MAIL,
        Reply(
            conn=2, peer=BUDI, code="+OK", enhanced=None, lines=("+OK 97 octets",), rule="pop3.retr"
        ),
    )
    note(MAIL, Content(conn=2, peer=BUDI, data=MESSAGE + ".\r\n"))
    note(BUDI, Closed(conn=2, peer=MAIL, port=110, protocol="pop3", reason="quit"))
    note(BUDI, Fetched(mailbox="budi@kampus.example", uid="u1", protocol="pop3", kept=False))
    note(BUDI, Read(mailbox="budi@kampus.example", uid="u1", protocol="pop3", subject="Rapat"))
    return tuple(scribe.events)
