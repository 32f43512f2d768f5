"""Stories made by hand: events as a run would give them, without an engine."""

from __future__ import annotations

from simulator.scenario.domain import Domain, MailExchanger
from simulator.scenario.model import Attachment, Mail, PickUp, Scenario, Words
from simulator.scenario.virtual_time import SECOND
from simulator.trace.event import Event
from tests.story import ANI, BUDI, MESSAGE, ON_THE_WIRE, PC_ANI, Story, host

PC_BUDI, PC_CITRA = "pc-budi.kantor.example", "pc-citra.example"
SMTP, MX1, MX2 = "smtp.kampus.example", "mx1.kantor.example", "mx2.kantor.example"
MAIL = "mail.kantor.example"
RESOLVER, ROOT, NS = "resolver.isp.example", "a.root.example", "ns1.kantor.example"
CITRA = "citra@kantor.example"

HOSTS = (
    host(PC_ANI, "mail_client", owner=ANI),
    host(RESOLVER, "resolver"),
    host(ROOT, "nameserver"),
    host(NS, "nameserver"),
    host(SMTP, "sending_server", owner="kampus.example"),
    host(MX1, "receiving_server", owner="kantor.example"),
    host(MX2, "receiving_server", owner="kantor.example"),
    host(MAIL, "mailbox_server", owner="kantor.example"),
    host(PC_BUDI, "mail_client", owner=BUDI),
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
    story.answer(NS, RESOLVER, SMTP, "A", f"{SMTP}. 300 IN A 192.0.2.2", authoritative=True)
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
    story.answer(NS, RESOLVER, "kantor.example", "MX", mx, authoritative=True)
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
    story.remove(SMTP, "q1")
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
    story.remove(MX1, "q2")


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
    story.fetch(PC_BUDI, BUDI, "1")
    story.read(PC_BUDI, BUDI, "1", "Halo")
