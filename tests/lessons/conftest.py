"""Events of every topic, made by hand, with the scene in which they happen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from simulator.lessons.rules import CHANGES, IMAP_VERBS, JUDGED, POP3_VERBS, REPLIES, SMTP_VERBS
from simulator.scenario.model import Host
from simulator.trace.event import (
    Answer,
    Bounced,
    Closed,
    Command,
    Composed,
    Connected,
    Content,
    Event,
    Fact,
    Fetched,
    Intervened,
    Judged,
    Query,
    Queued,
    Read,
    Refused,
    Removed,
    Reply,
    Retried,
    Stamped,
    Step,
    Stored,
    Tls,
)
from simulator.trace.scene import Scene, fold, opening

PC, SMTP, MX = "pc-ani.kampus.example", "smtp.kampus.example", "mx1.kantor.example"
MAIL, CITRA = "mail.kantor.example", "pc-citra.kantor.example"
DNS, ROOT = "resolver.isp.example", "a.root.example"
STS = "mta-sts.kantor.example"
SUBMISSION, TRANSFER, LMTP, POP3, IMAP, HTTPS, CHALLENGED = 1, 2, 3, 4, 9, 10, 11
ONE = ("citra@kantor.example",)


def _host(name: str, role: str, label: str) -> Host:
    return Host(name=name, role=role, addresses=("192.0.2.1",), owner="", label=label)  # type: ignore[arg-type]


HOSTS = (
    _host(PC, "mail_client", "ani"),
    _host(SMTP, "sending_server", "smtp.kampus"),
    _host(MX, "receiving_server", "mx1.kantor"),
    _host(MAIL, "mailbox_server", "mail.kantor"),
    _host(CITRA, "mail_client", "citra"),
    _host(DNS, "resolver", "DNS"),
    _host(ROOT, "nameserver", "root"),
    _host(STS, "policy_server", "sts.kantor"),
)


def happening(who: str, fact: Fact, step: Step = 1) -> Event:
    return Event(0, 1_000_000, step, who, "m1", fact)


def connected(conn: int, who: str, peer: str, port: int, protocol: str) -> Event:
    return happening(
        who,
        Connected(
            conn=conn,
            peer=peer,
            port=port,
            protocol=protocol,  # type: ignore[arg-type]
            address="203.0.113.1",
            client_address="192.0.2.1",
            client_port=49152,
        ),
    )


def judged(rule: str, verdict: str, step: Step = 3) -> Event:
    inputs = dict.fromkeys(JUDGED[rule].inputs, "value.") if rule in JUDGED else {}
    return happening(SMTP, Judged(rule=rule, verdict=verdict, inputs=inputs), step)


def reply(code: int | str, rule: str, text: str = "said.") -> Event:
    fact = Reply(
        conn=TRANSFER, peer=SMTP, code=code, enhanced=None, lines=(f"{code} {text}",), rule=rule
    )
    return happening(MX, fact, 5)


def command(conn: int, line: str) -> Event:
    return happening(PC, Command(conn=conn, peer=SMTP, line=line))


def query(
    kind: str, name: str = "kantor.example", *, asker: str = SMTP, server: str = DNS
) -> Event:
    return happening(asker, Query(id=1, name=name, type=kind, server=server), 4)


def answer(
    kind: str,
    *records: str,
    name: str = "kantor.example",
    rcode: str = "NOERROR",
    who: str = DNS,
    asker: str = SMTP,
    authority: tuple[str, ...] = (),
    cached: bool = False,
    wire: str = "",
) -> Event:
    fact = Answer(
        id=1,
        name=name,
        type=kind,
        server=who,
        peer=asker,
        rcode=rcode,
        records=records,
        authority=authority,
        authoritative=False,
        cached=cached,
        wire=wire,
    )
    return happening(who, fact, 4)


def tls(*, verified: bool, reason: str = "") -> Event:
    fact = Tls(
        conn=SUBMISSION,
        peer=SMTP,
        version="TLSv1.3",
        cipher="X",
        verified=verified,
        name=SMTP,
        reason=reason,
    )
    return happening(PC, fact)


def _connections() -> Iterator[Event]:
    for conn, who, peer, port, protocol in (
        (SUBMISSION, PC, SMTP, 587, "smtp"),
        (TRANSFER, SMTP, MX, 25, "smtp"),
        (LMTP, MX, MAIL, 24, "lmtp"),
        (POP3, CITRA, MAIL, 110, "pop3"),
        (IMAP, CITRA, MAIL, 143, "imap"),
        (HTTPS, SMTP, STS, 443, "https"),
        (CHALLENGED, PC, SMTP, 587, "smtp"),
    ):
        yield connected(conn, who, peer, port, protocol)
    for reason in ("refused", "timeout", "unreachable"):
        yield happening(
            SMTP,
            Refused(
                conn=7, peer=MX, port=25, protocol="smtp", reason=reason, address="203.0.113.1"
            ),
        )
    for reason in ("quit", "dropped", "timeout", "tls"):
        yield happening(
            SMTP, Closed(conn=TRANSFER, peer=MX, port=25, protocol="smtp", reason=reason)
        )
    yield tls(verified=True)
    yield tls(verified=False)
    yield tls(verified=False, reason="certificate has expired")


def _dialogue() -> Iterator[Event]:
    for verb in SMTP_VERBS:
        yield command(SUBMISSION, f"{verb} <ani@kampus.example>")
    yield command(SUBMISSION, "MAIL FROM:<ani@kampus.example>")
    yield command(SUBMISSION, "MAIL FROM:<>")
    yield command(SUBMISSION, "RCPT TO:<citra@kantor.example>")
    for way in ("PLAIN", "LOGIN", "CRAM-MD5"):
        yield command(SUBMISSION, f"AUTH {way}")
    yield command(CHALLENGED, "AGFuaQByYWhhc2lh")
    yield command(SUBMISSION, "HALO dunia")
    for verb in (*POP3_VERBS, "HALO"):
        yield command(POP3, f"{verb} 1")
    for verb in (*IMAP_VERBS, "NAMESPACE"):
        yield command(IMAP, f"a1 UID {verb} 1")
    yield command(IMAP, "DONE")
    yield command(HTTPS, "GET /.well-known/mta-sts.txt HTTP/1.1")
    for rule in REPLIES:
        yield reply("+OK" if rule.startswith("pop3") else 250, rule)
    for code in (250, 354, 450, 550, "+OK", "HTTP/1.1"):
        yield reply(code, "invented.by.a.person")
    for conn, who, peer, step in (
        (SUBMISSION, PC, SMTP, 2),
        (TRANSFER, SMTP, MX, 5),
        (LMTP, MX, MAIL, 6),
        (POP3, MAIL, CITRA, 6),
        (IMAP, MAIL, CITRA, 6),
        (HTTPS, STS, SMTP, 4),
    ):
        data = "Halo\r\n" if conn == IMAP else "Halo\r\n.\r\n"
        yield happening(who, Content(conn=conn, peer=peer, data=data), step)  # type: ignore[arg-type]


def _look_ups() -> Iterator[Event]:
    for kind in ("MX", "A", "AAAA", "TXT"):
        yield query(kind)
    yield query("PTR", "1.2.0.192.in-addr.arpa")
    yield query("MX", asker=DNS, server=ROOT)
    yield answer("MX", "kantor.example. 3600 IN MX 10 mx1.kantor.example.")
    yield answer("MX", "kantor.example. 3600 IN MX 0 .")
    yield answer("A", "kantor.example. 3600 IN A 203.0.113.1")
    yield answer("AAAA", "kantor.example. 3600 IN AAAA 2001:db8::1")
    yield answer(
        "PTR", "1.2.0.192.in-addr.arpa. 60 IN PTR pc.example.", name="1.2.0.192.in-addr.arpa"
    )
    yield answer("TXT", 'kantor.example. 3600 IN TXT "v=spf1 -all"')
    yield answer("A", "kantor.example. 3600 IN A 203.0.113.1", cached=True)
    yield answer("A")
    yield answer("MX", wire="AAGGAAAB")  # the octets 00 01 86 00: QR, AA, TC
    yield happening(SMTP, Query(id=1, name="a.example", type="MX", server=DNS, transport="tcp"), 4)
    yield answer("A", rcode="NXDOMAIN")
    yield answer("A", rcode="SERVFAIL")
    yield answer("A", who=ROOT, asker=DNS, authority=("example. 60 IN NS a.tld.example.",))
    yield answer("A", "kantor.example. 60 IN A 203.0.113.1", who=ROOT, asker=DNS)


def _decisions() -> Iterator[Event]:
    for rule, known in JUDGED.items():
        for verdict in known.verdicts or ("60",):
            yield judged(rule, verdict)
    yield judged("route.destination", "local", 6)
    yield judged("a.rule.of.tomorrow", "perhaps")


def _changes() -> Iterator[Event]:
    for change in (*CHANGES, "change.of.tomorrow"):
        yield happening(MX, Intervened(change=change, target=MX, text="450 4.2.1 Busy"))


def _mail() -> Iterator[Event]:
    for report in ("", "failed", "delayed", "delivered", "relayed", "expanded", "posted"):
        fact = Composed(
            report=report,  # type: ignore[arg-type]
            reverse_path="",
            recipients=ONE,
            subject="Rapat",
            data="",
        )
        yield happening(SMTP if report else PC, fact, 3 if report else 1)
    yield happening(PC, Stamped(headers=(("From", "ani"), ("To", "citra")), where="whole"))
    yield happening(SMTP, Stamped(headers=(("Received", "from pc"),), where="top"))
    yield happening(MAIL, Stamped(headers=(("Return-Path", "<>"), ("Received", "")), where="top"))
    yield happening(SMTP, Stamped(headers=(("Message-Id", "<1>"),), where="bottom"))
    yield happening(SMTP, Queued(queue_id="4A1", recipients=ONE, reason="", next_attempt=None))
    for moment in (301_000_000, None):
        fact_ = Retried(queue_id="4A1", recipients=ONE, reason="busy.", next_attempt=moment)
        yield happening(SMTP, fact_)
    for bounce in ("m2", ""):
        yield happening(
            SMTP, Bounced(queue_id="4A1", recipients=ONE, reason="no such user", bounce=bounce)
        )
    unwanted = Bounced(queue_id="4A2", recipients=ONE, reason="no such user")
    yield Event(0, 1_000_000, 5, SMTP, "m9", unwanted)
    yield happening(SMTP, Removed(queue_id="4A1"))
    for protocol in ("local", "lmtp"):
        for folder in ("INBOX", "Junk"):
            fact__ = Stored(mailbox=ONE[0], uid="1", protocol=protocol, data="", folder=folder)
            yield happening(MAIL, fact__)
    for kept in (True, False):
        yield happening(CITRA, Fetched(mailbox=ONE[0], uid="1", protocol="pop3", kept=kept))
    for files in ((), ("jadwal.csv",)):
        yield happening(
            CITRA,
            Read(mailbox=ONE[0], uid="1", protocol="pop3", subject="Rapat.", attachments=files),
        )


@pytest.fixture(scope="session")
def scene() -> Scene:
    """All connections are open, one after a 334; the mail m9 has a sender."""
    scene = opening(HOSTS)
    for event in _connections():
        if event.kind == "connected":
            scene = fold(scene, event)
    scene = fold(scene, command(CHALLENGED, "AUTH LOGIN"))
    challenge = Reply(
        conn=CHALLENGED,
        peer=PC,
        code=334,
        enhanced=None,
        lines=("334 VXNlcm5hbWU6",),
        rule="auth.challenge",
    )
    scene = fold(scene, happening(SMTP, challenge))
    composed = Composed(
        report="", reverse_path="ani@kampus.example", recipients=ONE, subject="Rapat", data=""
    )
    return fold(scene, Event(0, 1_000_000, 1, PC, "m9", composed))


@pytest.fixture(scope="session")
def one_of_each() -> tuple[Event, ...]:
    """At least one event of every topic."""
    return (*_mail(), *_connections(), *_dialogue(), *_look_ups(), *_decisions(), *_changes())


class Made:
    """The makers of events, for tests that need a particular one."""

    answer = staticmethod(answer)
    command = staticmethod(command)
    happening = staticmethod(happening)
    judged = staticmethod(judged)
    query = staticmethod(query)
    reply = staticmethod(reply)


@pytest.fixture
def made() -> type[Made]:
    return Made
