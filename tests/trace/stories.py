"""Stories made by hand: events as a run would give them, without an engine."""

from __future__ import annotations

from dataclasses import dataclass, field

from simulator.scenario.domain import Domain, MailExchanger
from simulator.scenario.model import Attachment, Host, Mail, PickUp, Role, Scenario, Words
from simulator.scenario.virtual_time import SECOND
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

PC_ANI, PC_BUDI, PC_CITRA = "pc-ani.kampus.example", "pc-budi.kantor.example", "pc-citra.example"
SMTP, MX1, MX2 = "smtp.kampus.example", "mx1.kantor.example", "mx2.kantor.example"
MAIL = "mail.kantor.example"
RESOLVER, ROOT, NS = "resolver.isp.example", "a.root.example", "ns1.kantor.example"
ANI, BUDI, CITRA = "ani@kampus.example", "budi@kantor.example", "citra@kantor.example"

MESSAGE = (
    b"From: ani@kampus.example\r\nTo: budi@kantor.example\r\nSubject: Halo\r\n"
    b"\r\n"
    b"Halo Budi,\r\n.\r\n..dua titik\r\n"
)
ON_THE_WIRE = MESSAGE.replace(b"\r\n.", b"\r\n..") + b".\r\n"


def _host(name: str, role: Role, owner: str = "") -> Host:
    return Host(name=name, role=role, addresses=("192.0.2.1",), owner=owner, label=name)


HOSTS = (
    _host(PC_ANI, "mail_client", ANI),
    _host(RESOLVER, "resolver"),
    _host(ROOT, "nameserver"),
    _host(NS, "nameserver"),
    _host(SMTP, "sending_server", "kampus.example"),
    _host(MX1, "receiving_server", "kantor.example"),
    _host(MX2, "receiving_server", "kantor.example"),
    _host(MAIL, "mailbox_server", "kantor.example"),
    _host(PC_BUDI, "mail_client", BUDI),
)

SCENARIO = Scenario(
    name="two-domains",
    mails=(
        Mail(
            sender=ANI,
            to=(BUDI,),
            subject="Halo",
            body="Halo Budi,\n",
            attachments=(Attachment(name="a.bin", media_type="a/b", octets=b"\0\xff"),),
        ),
    ),
    domains=(
        Domain(
            name="kantor.example",
            users=("budi", "citra"),
            exchangers=(MailExchanger(preference=10, host=MX1),),
            submission=MX1,
            mailbox=MAIL,
            delivery="lmtp",
        ),
    ),
    pickups=(PickUp(mailbox=BUDI),),
    words={"id": Words(title="Dua domain"), "en": Words(title="Two domains")},
)


@dataclass
class Story:
    """Events in the making: what is said next happens 10 ms after what was said last."""

    journey: str = "m1"
    step: Step = 1
    at: int = 0
    events: list[Event] = field(default_factory=list)
    ends: dict[int, tuple[str, str]] = field(default_factory=dict)

    def happens(self, host: str, fact: Fact, *, after: int = 10_000) -> None:
        self.at += after
        self.events.append(Event(len(self.events), self.at, self.step, host, self.journey, fact))

    def connect(
        self, conn: int, client: str, server: str, port: int = 25, protocol: Protocol = "smtp"
    ) -> None:
        self.ends[conn] = (client, server)
        fact = Connected(
            conn=conn,
            peer=server,
            port=port,
            protocol=protocol,
            address="192.0.2.2",
            client_address="192.0.2.1",
            client_port=49152,
        )
        self.happens(client, fact)

    def close(self, conn: int, reason: str = "quit") -> None:
        client, server = self.ends.pop(conn)
        fact = Closed(conn=conn, peer=client, port=25, protocol="smtp", reason=reason)
        self.happens(server, fact)

    def talk(self, conn: int, script: str, sent: bytes = ON_THE_WIRE) -> None:
        """Speak a script: ``C:`` and ``S:`` lines, ``C: .`` is the message; ``#`` names a rule."""
        said: list[str] = []
        client, server = self.ends[conn]
        for line in script.strip().splitlines():
            who, text = line.strip()[:2], line.strip()[3:]
            if who == "C:" and text == ".":
                self.content(conn, client, sent)
            elif who == "C:":
                self.happens(client, Command(conn=conn, peer=server, line=text))
            else:
                text, _, rule = text.partition(" #")
                said.append(text)
                if text[3:4] != "-":
                    self.happens(server, _reply(conn, client, said, rule))
                    said = []

    def content(self, conn: int, host: str, sent: bytes) -> None:
        client, server = self.ends[conn]
        data, encoding = octets_to_text(sent)
        peer = server if host == client else client
        self.happens(host, Content(conn=conn, peer=peer, data=data, encoding=encoding))

    def tls(self, conn: int, reason: str = "") -> None:
        client, server = self.ends[conn]
        fact = Tls(
            conn=conn,
            peer=server,
            version="TLSv1.3",
            cipher="TLS_AES_256_GCM_SHA384",
            verified=not reason,
            name=server,
            reason=reason,
        )
        self.happens(client, fact)

    def compose(self, *recipients: str, host: str = PC_ANI) -> None:
        self.happens(
            host,
            Composed(
                reverse_path=ANI, recipients=recipients, subject="Halo", data=MESSAGE.decode()
            ),
        )

    def ask(self, host: str, server: str, name: str, rdtype: str) -> None:
        self.happens(host, Query(id=1, name=name, type=rdtype, server=server))

    def answer(
        self,
        server: str,
        peer: str,
        name: str,
        rdtype: str,
        *records: str,
        rcode: str = "NOERROR",
        authority: tuple[str, ...] = (),
        cached: bool = False,
    ) -> None:
        fact = Answer(
            id=1,
            name=name,
            type=rdtype,
            server=server,
            peer=peer,
            rcode=rcode,
            records=records,
            authority=authority,
            authoritative=server != RESOLVER,
            cached=cached,
            wire="",
        )
        self.happens(server, fact)

    def judge(self, host: str, rule: str, verdict: str, **inputs: str) -> None:
        self.happens(host, Judged(rule=rule, verdict=verdict, inputs=inputs))

    def stamp(self, host: str, *headers: tuple[str, str], where: str = "top") -> None:
        assert where in {"top", "bottom", "whole"}
        self.happens(host, Stamped(headers=headers, where=where))  # type: ignore[arg-type]

    def queue(self, host: str, queue_id: str, *recipients: str, reason: str = "accepted") -> None:
        fact = Queued(queue_id=queue_id, recipients=recipients, reason=reason, next_attempt=None)
        self.happens(host, fact)

    def store(self, host: str, mailbox: str, uid: str, octets: bytes) -> None:
        data, encoding = octets_to_text(octets)
        fact = Stored(mailbox=mailbox, uid=uid, protocol="lmtp", data=data, encoding=encoding)
        self.happens(host, fact)


def _reply(conn: int, peer: str, lines: list[str], rule: str) -> Reply:
    code = lines[-1].split(maxsplit=1)[0]
    return Reply(
        conn=conn,
        peer=peer,
        code=int(code) if code.isdigit() else code,
        enhanced=None,
        lines=tuple(lines),
        rule=rule or "ok",
    )


def two_domains() -> list[Event]:
    """Ani writes to Budi, whose mail lies at another domain: all six steps."""
    story = Story()
    _compose_and_connect(story)
    _submit(story)
    _route_and_resolve(story)
    _transfer(story)
    _deliver(story)
    _pick_up(story)
    return story.events


def same_domain() -> list[Event]:
    """The same up to the routing, which finds that the domain is its own: no steps 4 and 5."""
    story = Story()
    _compose_and_connect(story)
    _submit(story)
    story.step = 3
    story.judge(SMTP, "route.destination", "local", domain="kampus.example")
    story.step = 6
    story.store(MAIL, BUDI, "1", MESSAGE)
    return story.events


def _compose_and_connect(story: Story) -> None:
    story.step = 1
    story.compose(BUDI)
    story.stamp(PC_ANI, ("From", ANI), ("To", BUDI), ("Subject", "Halo"), where="whole")
    story.ask(PC_ANI, RESOLVER, SMTP, "A")
    story.ask(RESOLVER, ROOT, SMTP, "A")
    story.answer(ROOT, RESOLVER, SMTP, "A", authority=("example. 3600 IN NS a.tld.example.",))
    story.answer(NS, RESOLVER, SMTP, "A", f"{SMTP}. 300 IN A 192.0.2.2")
    story.answer(RESOLVER, PC_ANI, SMTP, "A", f"{SMTP}. 300 IN A 192.0.2.2")
    story.connect(1, PC_ANI, SMTP, 587)
    story.talk(
        1,
        """
        S: 220 smtp.kampus.example ESMTP #greeting
        C: EHLO pc-ani.kampus.example
        S: 250-smtp.kampus.example
        S: 250 STARTTLS
        C: STARTTLS
        S: 220 2.0.0 Ready to start TLS #starttls
        """,
    )
    story.tls(1)
    story.talk(
        1,
        """
        C: EHLO pc-ani.kampus.example
        S: 250-smtp.kampus.example
        S: 250 AUTH PLAIN LOGIN
        C: AUTH LOGIN
        S: 334 VXNlcm5hbWU6
        C: YW5p
        S: 334 UGFzc3dvcmQ6
        C: cmFoYXNpYQ==
        S: 235 2.7.0 Authentication successful #auth.ok
        """,
    )


def _submit(story: Story) -> None:
    story.step = 2
    story.talk(
        1,
        """
        C: MAIL FROM:<ani@kampus.example>
        S: 250 2.1.0 Ok
        C: RCPT TO:<budi@kantor.example>
        S: 250 2.1.5 Ok
        C: DATA
        S: 354 End data with <CR><LF>.<CR><LF>
        C: .
        """,
    )
    story.stamp(SMTP, ("Received", "from pc-ani.kampus.example\r\n\tby smtp.kampus.example"))
    story.queue(SMTP, "q1", BUDI)
    story.talk(1, "S: 250 2.0.0 Ok: queued as q1 #data.accepted")


def _route_and_resolve(story: Story) -> None:
    story.step = 3
    story.judge(SMTP, "route.destination", "remote", domain="kantor.example")
    story.step = 2
    story.talk(1, "C: QUIT\nS: 221 2.0.0 Bye #quit")
    story.close(1)
    story.step = 4
    mx = f"kantor.example. 600 IN MX 10 {MX1}."
    story.ask(SMTP, RESOLVER, "kantor.example", "MX")
    story.ask(RESOLVER, NS, "kantor.example", "MX")
    story.answer(NS, RESOLVER, "kantor.example", "MX", mx)
    story.answer(RESOLVER, SMTP, "kantor.example", "MX", mx)
    story.judge(SMTP, "route.mx", MX1, domain="kantor.example")


def _transfer(story: Story) -> None:
    story.step = 5
    story.connect(2, SMTP, MX1)
    story.talk(
        2,
        """
        S: 220 mx1.kantor.example ESMTP #greeting
        C: EHLO smtp.kampus.example
        S: 250-mx1.kantor.example
        S: 250 PIPELINING
        C: MAIL FROM:<ani@kampus.example> SIZE=300
        C: RCPT TO:<budi@kantor.example> ORCPT=rfc822;budi@kantor.example
        C: DATA
        S: 250 2.1.0 Ok
        S: 250 2.1.5 Ok
        S: 354 End data with <CR><LF>.<CR><LF>
        C: .
        C: QUIT
        """,
        sent=b"Received: from pc-ani.kampus.example\r\n\tby smtp.kampus.example\r\n" + ON_THE_WIRE,
    )
    story.stamp(MX1, ("Received", "from smtp.kampus.example"))
    story.queue(MX1, "q2", BUDI)
    story.talk(2, "S: 250 2.0.0 Ok: queued as q2 #data.accepted")


def _deliver(story: Story) -> None:
    story.step = 6
    story.connect(3, MX1, MAIL, 24, "lmtp")
    story.step = 5
    story.talk(2, "S: 221 2.0.0 Bye #quit")
    story.close(2)
    story.judge(SMTP, "delivery.outcome", "sent", recipient=BUDI)
    story.happens(SMTP, Removed(queue_id="q1"))
    story.step = 6
    story.talk(
        3,
        """
        S: 220 mail.kantor.example LMTP #greeting
        C: LHLO mx1.kantor.example
        S: 250 mail.kantor.example
        C: MAIL FROM:<ani@kampus.example>
        C: RCPT TO:<budi@kantor.example>
        C: DATA
        S: 250 2.1.0 Ok
        S: 250 2.1.5 Ok
        S: 354 go ahead
        C: .
        C: QUIT
        """,
    )
    story.stamp(MAIL, ("Return-Path", f"<{ANI}>"), ("Delivered-To", BUDI))
    story.store(MAIL, BUDI, "1", b"Return-Path: <ani@kampus.example>\r\n" + MESSAGE)
    story.talk(3, "S: 250 2.0.0 Saved #lmtp.accepted\nS: 221 Bye #quit")
    story.close(3)
    story.happens(MX1, Removed(queue_id="q2"))


def _pick_up(story: Story) -> None:
    story.connect(4, PC_BUDI, MAIL, 110, "pop3")
    story.at += 60 * SECOND
    story.talk(
        4,
        """
        S: +OK ready #pop3.greeting
        C: USER budi
        S: +OK
        C: PASS rahasia
        S: +OK
        C: RETR 1
        S: +OK 300 octets
        """,
    )
    story.content(4, MAIL, b"Return-Path: <ani@kampus.example>\r\n" + ON_THE_WIRE)
    story.talk(4, "C: DELE 1\nS: +OK\nC: QUIT\nS: +OK #pop3.quit")
    story.close(4)
    story.happens(PC_BUDI, Fetched(mailbox=BUDI, uid="1", protocol="pop3", kept=False))
    story.happens(PC_BUDI, Read(mailbox=BUDI, uid="1", protocol="pop3", subject="Halo"))
