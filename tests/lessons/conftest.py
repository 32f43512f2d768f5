"""Events of every topic, made by hand, with the scene in which they happen."""

from __future__ import annotations

import pytest

from simulator.lessons.rules import CHANGES, IMAP_VERBS, JUDGED, POP3_VERBS, REPLIES, SMTP_VERBS
from simulator.trace.event import (
    Bounced,
    Composed,
    Event,
    Fetched,
    Intervened,
    Protocol,
    Query,
    Read,
    Refused,
    Retried,
    Step,
    Stored,
)
from simulator.trace.scene import Scene, fold, opening
from tests.story import ANI, Story, host

PC, SMTP, MX = "pc-ani.kampus.example", "smtp.kampus.example", "mx1.kantor.example"
MAIL, PC_CITRA = "mail.kantor.example", "pc-citra.kantor.example"
DNS, ROOT = "resolver.isp.example", "a.root.example"
STS = "mta-sts.kantor.example"
CITRA = "citra@kantor.example"
SUBMISSION, TRANSFER, LMTP, POP3, IMAP, HTTPS, CHALLENGED = 1, 2, 3, 4, 9, 10, 11

HOSTS = (
    host(PC, "mail_client", owner="ani@kampus.example", label="ani"),
    host(SMTP, "sending_server", label="smtp.kampus"),
    host(MX, "receiving_server", label="mx1.kantor"),
    host(MAIL, "mailbox_server", label="mail.kantor"),
    host(PC_CITRA, "mail_client", owner="citra@kantor.example", label="citra"),
    host(DNS, "resolver", label="DNS"),
    host(ROOT, "nameserver", label="root"),
    host(STS, "policy_server", label="sts.kantor"),
)

CALLS: tuple[tuple[int, str, str, int, Protocol], ...] = (
    (SUBMISSION, PC, SMTP, 587, "smtp"),
    (TRANSFER, SMTP, MX, 25, "smtp"),
    (LMTP, MX, MAIL, 24, "lmtp"),
    (POP3, PC_CITRA, MAIL, 110, "pop3"),
    (IMAP, PC_CITRA, MAIL, 143, "imap"),
    (HTTPS, SMTP, STS, 443, "https"),
    (CHALLENGED, PC, SMTP, 587, "smtp"),
)
CONTENTS: tuple[tuple[int, str, Step], ...] = (
    (SUBMISSION, PC, 2),
    (TRANSFER, SMTP, 5),
    (LMTP, MX, 6),
    (POP3, MAIL, 6),
    (IMAP, MAIL, 6),
    (HTTPS, STS, 4),
)


class Telling(Story):
    """A story on connections that are open, whose people and names go without saying."""

    def open_all(self) -> None:
        for conn, client, server, port, protocol in CALLS:
            self.connect(conn, client, server, port, protocol)

    def judged(self, rule: str, verdict: str) -> Event:
        """The sending server decides, having looked at all that the rule looks at."""
        inputs = dict.fromkeys(JUDGED[rule].inputs, "value.") if rule in JUDGED else {}
        return self.judge(SMTP, rule, verdict, **inputs)

    def replied(self, line: str, rule: str) -> Event:
        return self.reply(TRANSFER, line, rule=rule)

    def asked(self, rdtype: str, name: str = "kantor.example") -> Event:
        return self.ask(SMTP, DNS, name, rdtype)

    def answered(
        self,
        rdtype: str,
        *records: str,
        name: str = "kantor.example",
        rcode: str = "NOERROR",
        wire: str = "",
    ) -> Event:
        return self.answer(DNS, SMTP, name, rdtype, *records, rcode=rcode, wire=wire)


def _connections(story: Telling) -> None:
    story.open_all()
    for reason in ("refused", "timeout", "unreachable"):
        refused = Refused(
            conn=7, peer=MX, port=25, protocol="smtp", reason=reason, address="203.0.113.1"
        )
        story.happens(SMTP, refused)
    for reason in ("quit", "dropped", "timeout", "tls"):
        story.close(TRANSFER, reason, by_client=True)
    for conn in (POP3, HTTPS):
        story.close(conn, "quit", by_client=True)
    story.tls(SUBMISSION)
    story.tls(SUBMISSION, verified=False)
    story.tls(SUBMISSION, "certificate has expired")


def _commands(story: Telling) -> None:
    for verb in SMTP_VERBS:
        story.command(SUBMISSION, f"{verb} <ani@kampus.example>")
    story.command(SUBMISSION, "MAIL FROM:<ani@kampus.example>")
    story.command(SUBMISSION, "MAIL FROM:<>")
    story.command(SUBMISSION, "RCPT TO:<citra@kantor.example>")
    for way in ("PLAIN", "LOGIN", "CRAM-MD5"):
        story.command(SUBMISSION, f"AUTH {way}")
    story.command(CHALLENGED, "AGFuaQByYWhhc2lh")
    story.command(SUBMISSION, "HALO dunia")
    for verb in (*POP3_VERBS, "HALO"):
        story.command(POP3, f"{verb} 1")
    for verb in (*IMAP_VERBS, "NAMESPACE"):
        story.command(IMAP, f"a1 UID {verb} 1")
    story.command(IMAP, "DONE")
    story.command(HTTPS, "GET /.well-known/mta-sts.txt HTTP/1.1")


def _replies(story: Telling) -> None:
    story.replied("500 5.5.2 Error: bad syntax", "syntax.bad")
    for rule in REPLIES:
        story.replied("+OK said." if rule.startswith("pop3") else "250 said.", rule)
    for code in ("250", "354", "450", "550", "+OK", "HTTP/1.1"):
        story.replied(f"{code} said.", "invented.by.a.person")
    for conn, speaker, step in CONTENTS:
        story.step = step
        story.content(conn, speaker, b"Halo\r\n" if conn == IMAP else b"Halo\r\n.\r\n")


def _look_ups(story: Telling) -> None:
    story.step = 4
    for rdtype in ("MX", "A", "AAAA", "TXT"):
        story.asked(rdtype)
    reverse = "1.2.0.192.in-addr.arpa"
    story.asked("PTR", reverse)
    story.ask(DNS, ROOT, "kantor.example", "MX")
    story.happens(SMTP, Query(id=1, name="a.example", type="MX", server=DNS, transport="tcp"))
    story.answered("MX", "kantor.example. 3600 IN MX 10 mx1.kantor.example.")
    story.answered("MX", "kantor.example. 3600 IN MX 0 .")
    story.answered("A", "kantor.example. 3600 IN A 203.0.113.1")
    story.answered("AAAA", "kantor.example. 3600 IN AAAA 2001:db8::1")
    story.answered("PTR", f"{reverse}. 60 IN PTR pc.example.", name=reverse)
    story.answered("TXT", 'kantor.example. 3600 IN TXT "v=spf1 -all"')
    story.answered("A")
    story.answered("MX", wire="AAGGAAAB")  # the octets 00 01 86 00: QR, AA, TC
    story.answered("A", rcode="NXDOMAIN")
    story.answered("A", rcode="SERVFAIL")
    address = "kantor.example. 3600 IN A 203.0.113.1"
    story.answer(DNS, SMTP, "kantor.example", "A", address, cached=True)
    referral = ("example. 60 IN NS a.tld.example.",)
    story.answer(ROOT, DNS, "kantor.example", "A", authority=referral)
    story.answer(ROOT, DNS, "kantor.example", "A", address)


def _decisions(story: Telling) -> None:
    story.step = 3
    for rule, known in JUDGED.items():
        for verdict in known.verdicts or ("60",):
            story.judged(rule, verdict)
    story.judged("a.rule.of.tomorrow", "perhaps")
    story.step = 6
    story.judged("route.destination", "local")


def _changes(story: Telling) -> None:
    for change in (*CHANGES, "change.of.tomorrow"):
        story.happens(MX, Intervened(change=change, target=MX, text="450 4.2.1 Busy"))


def _written(story: Telling) -> None:
    for report in ("", "failed", "delayed", "delivered", "relayed", "expanded", "posted"):
        story.step = 3 if report else 1
        fact = Composed(
            report=report,
            reverse_path="",
            recipients=(CITRA,),
            subject="Rapat",
            data="",
        )
        story.happens(SMTP if report else PC, fact)
    story.step = 1
    story.stamp(PC, ("From", "ani"), ("To", "citra"), where="whole")
    story.stamp(SMTP, ("Received", "from pc"))
    story.stamp(MAIL, ("Return-Path", "<>"), ("Received", ""))
    story.stamp(SMTP, ("Message-Id", "<1>"), where="bottom")


def _kept(story: Telling) -> None:
    story.queue(SMTP, "4A1", CITRA, reason="")
    for moment in (301_000_000, None):
        busy = Retried(queue_id="4A1", recipients=(CITRA,), reason="busy.", next_attempt=moment)
        story.happens(SMTP, busy)
    for bounce in ("m2", ""):
        gone = Bounced(queue_id="4A1", recipients=(CITRA,), reason="no such user", bounce=bounce)
        story.happens(SMTP, gone)
    story.journey, story.step = "m9", 5
    story.happens(SMTP, Bounced(queue_id="4A2", recipients=(CITRA,), reason="no such user"))
    story.journey, story.step = "m1", 1
    story.remove(SMTP, "4A1")
    for protocol in ("local", "lmtp"):
        for folder in ("INBOX", "Junk"):
            stored = Stored(mailbox=CITRA, uid="1", protocol=protocol, data="", folder=folder)
            story.happens(MAIL, stored)
    for kept in (True, False):
        story.happens(PC_CITRA, Fetched(mailbox=CITRA, uid="1", protocol="pop3", kept=kept))
    for files in ((), ("jadwal.csv",)):
        read = Read(mailbox=CITRA, uid="1", protocol="pop3", subject="Rapat.", attachments=files)
        story.happens(PC_CITRA, read)


@pytest.fixture(scope="session")
def scene() -> Scene:
    """All connections are open, one after a 334; the mail m9 has a sender."""
    story = Telling()
    story.open_all()
    story.command(CHALLENGED, "AUTH LOGIN")
    story.reply(CHALLENGED, "334 VXNlcm5hbWU6", rule="auth.challenge")
    story.journey = "m9"
    story.compose(CITRA, reverse_path=ANI, host=PC)
    scene = opening(HOSTS)
    for event in story.events:
        scene = fold(scene, event)
    return scene


@pytest.fixture(scope="session")
def one_of_each() -> tuple[Event, ...]:
    """At least one event of every topic."""
    story = Telling()
    for tell in (
        _connections,
        _commands,
        _replies,
        _written,
        _kept,
        _look_ups,
        _decisions,
        _changes,
    ):
        tell(story)
    return tuple(story.events)


@pytest.fixture
def story() -> Telling:
    """A story with all connections open, for tests that need a particular event."""
    story = Telling()
    story.open_all()
    return story
