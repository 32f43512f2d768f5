"""A small run made by hand, so that views can be tested without an engine."""

from __future__ import annotations

import pytest

from simulator.scenario.model import Host
from simulator.trace.event import Event
from tests.story import Story, host

ANI, BUDI = "ani@kampus.example", "budi@kampus.example"
PC, SMTP = "pc-ani.kampus.example", "smtp.kampus.example"
PC_BUDI, MAIL, DNS = "pc-budi.kampus.example", "mail.kampus.example", "resolver.isp.example"
ROOT = "a.root.example"
MESSAGE = (
    "From: ani@kampus.example\r\nTo: budi@kampus.example\r\nSubject: Rapat\r\n\r\n"
    "Halo Budi,\r\n\r\nRapat pukul 09.00.\r\n\r\nAni\r\n"
)
SENT = f"{MESSAGE}.\r\n".encode()

HOSTS = (
    host(PC, "mail_client", address="192.0.2.10", owner=ANI, label="ani"),
    host(DNS, "resolver", address="198.51.100.10", label="DNS"),
    host(ROOT, "nameserver", address="198.51.100.11", owner=".", label="root"),
    host(SMTP, "sending_server", address="192.0.2.11", owner="kampus.example", label="smtp.kampus"),
    host(MAIL, "mailbox_server", address="192.0.2.11", owner="kampus.example", label="mail.kampus"),
    host(PC_BUDI, "mail_client", address="192.0.2.12", owner=BUDI, label="budi"),
)


@pytest.fixture
def hosts() -> tuple[Host, ...]:
    return HOSTS


@pytest.fixture
def small_run() -> tuple[Event, ...]:
    """Ani writes to Budi of her own domain; Budi fetches and reads."""
    story = Story(at=-10_000, addresses={one.name: one.addresses[0] for one in HOSTS})
    story.compose(BUDI, host=PC, subject="Rapat", data=MESSAGE)
    _look_up(story)
    _submit(story)
    _deliver(story)
    _pick_up(story)
    return tuple(story.events)


def _look_up(story: Story) -> None:
    story.ask(PC, DNS, SMTP, "A", number=7)
    story.ask(DNS, ROOT, SMTP, "A", number=8)
    referral = ("example. 172800 IN NS a.tld.example.",)
    story.answer(ROOT, DNS, SMTP, "A", number=8, authority=referral, wire="AAiAAAABAAAAAQAA")
    address = "smtp.kampus.example. 3600 IN A 192.0.2.11"
    story.answer(DNS, PC, SMTP, "A", address, number=7, wire="AAeBgAABAAEAAAAA")


def _submit(story: Story) -> None:
    story.connect(1, PC, SMTP, 587)
    story.talk(
        1,
        """
        S: 220 smtp.kampus.example ESMTP #greeting
        C: EHLO pc-ani.kampus.example
        S: 250-smtp.kampus.example
        S: 250-PIPELINING
        S: 250 STARTTLS #ehlo
        C: STARTTLS
        S: 220 2.0.0 Ready to start TLS #starttls
        """,
    )
    story.tls(1)
    story.step = 2
    story.talk(
        1,
        """
        C: MAIL FROM:<ani@kampus.example>
        S: 250 2.1.0 Ok #mail.ok
        C: RCPT TO:<hantu@kampus.example>
        S: 550 5.1.1 <hantu@kampus.example>: User unknown #rcpt.unknown
        C: RCPT TO:<budi@kampus.example>
        S: 250 2.1.5 Ok #rcpt.ok
        C: DATA
        S: 354 End data with <CR><LF>.<CR><LF> #data.go-ahead
        C: .
        """,
        SENT,
    )
    story.stamp(SMTP, ("Received", "from pc-ani.kampus.example"))
    story.queue(SMTP, "4A1", BUDI, reason="")
    story.judge(SMTP, "responsibility", "accepted", queue_id="4A1")
    story.talk(
        1,
        """
        S: 250 2.0.0 Ok: queued as 4A1 #data.accepted
        C: QUIT
        S: 221 2.0.0 Bye #quit
        """,
    )
    story.close(1, by_client=True)


def _deliver(story: Story) -> None:
    story.step = 3
    story.judge(SMTP, "route.destination", "local", domain="kampus.example", recipients=BUDI)
    story.step = 6
    story.judge(SMTP, "mailbox.delivery", "local", mailbox=BUDI)
    story.stamp(MAIL, ("Return-Path", "<ani@kampus.example>"))
    story.store(MAIL, BUDI, "u1", MESSAGE.encode(), "local")
    story.remove(SMTP, "4A1")


def _pick_up(story: Story) -> None:
    story.connect(2, PC_BUDI, MAIL, 110, "pop3")
    story.talk(2, "C: RETR 1\nS: +OK 97 octets #pop3.retr")
    story.content(2, MAIL, SENT)
    story.close(2, by_client=True)
    story.fetch(PC_BUDI, BUDI, "u1")
    story.read(PC_BUDI, BUDI, "u1", "Rapat")
