"""Real SMTP clients speak to our server half: smtplib, swaks, Postfix's smtp-source."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from simulator.engine.certificates import client_context
from simulator.mail.doorway import Doorway
from simulator.mail.local_delivery import Letterbox, WritesItself
from simulator.mail.mailbox import MailStore
from simulator.mail.outbox import Outbox, Routes
from simulator.mail.reception import MailReception
from simulator.mail.smtp.server import SmtpServer
from tests.judges.loopback import HERE, Loopback, LoopbackSite
from tests.judges.programs import missing, program, run

pytestmark = pytest.mark.judge

ANI, BUDI, HANTU = "ani@kampus.example", "budi@kampus.example", "hantu@kampus.example"
USERS = (ANI, BUDI)
PASSWORD = "rahasia"
DOMAIN = frozenset({"kampus.example"})
SUBMISSION = Doorway(50_000_000, passwords=dict.fromkeys(USERS, PASSWORD), own_domains=DOMAIN)
INCOMING = Doorway(1_000_000, own_domains=DOMAIN, users=frozenset(USERS))
MAIL = b"Subject: Rapat Senin\r\n\r\nHalo,\r\n.\r\n..titik\r\n"


@dataclass(frozen=True)
class Server:
    """Our server of kampus.example, on ports of this machine."""

    loopback: Loopback
    site: LoopbackSite
    store: MailStore
    port: int
    """Where anyone may bring mail for its users (as port 25)."""
    submission: int
    """Where its users hand mail over (as port 587)."""

    def stored(self, user: str) -> list[bytes]:
        """What lies in a mailbox once all is delivered, without what the delivery wrote on top."""
        self.loopback.run(self.site.at_rest())
        return [_as_it_came(message.octets) for message in self.store[user].messages]


def _as_it_came(octets: bytes) -> bytes:
    """Without the trace fields: Received is the last of them, and folded."""
    _, _, rest = octets.partition(b"\r\nReceived: ")
    lines = rest.split(b"\r\n")
    folded = next(place for place, line in enumerate(lines[1:], 1) if not line.startswith(b"\t"))
    return b"\r\n".join(lines[folded:])


@pytest.fixture
def server() -> Iterator[Server]:
    with Loopback() as loopback:
        site = LoopbackSite()
        store = MailStore()
        for user in USERS:
            store.create(user, PASSWORD)
        delivery = WritesItself(site, Letterbox(site, store))
        outbox = Outbox(site, Routes(own_domains=DOMAIN), delivery)

        def listen(doorway: Doorway, *, originates: bool) -> int:
            reception = MailReception(site, doorway, outbox, originates=originates)
            return loopback.listen(
                lambda: SmtpServer(reception, site.name, loopback.loop, loopback.wire_of)
            )

        incoming = listen(INCOMING, originates=False)
        submission = listen(SUBMISSION, originates=True)
        yield Server(loopback, site, store, incoming, submission)


def swaks(server: Server, *arguments: str) -> tuple[int, str]:
    """Let swaks send a mail from Ani to Budi; gives its exit status and its transcript."""
    port = server.submission if "--tls" in arguments else server.port
    where = ("--server", HERE, "--port", str(port), "--from", ANI, "--to", BUDI)
    done = run(program("swaks"), *where, "--ehlo", "pc-ani.kampus.example", *arguments)
    return done.returncode, done.stdout.decode() + done.stderr.decode()


def needs_swaks_with_tls() -> None:
    if b"TLS supported" not in run(program("swaks"), "--support").stdout:
        missing("swaks has no TLS: it needs Net::SSLeay")


# smtplib -----------------------------------------------------------------------------------------


def test_smtplib_submits_with_starttls_and_a_password(server: Server):
    with smtplib.SMTP(HERE, server.submission, timeout=30) as client:
        client.ehlo("pc-ani.kampus.example")
        assert {"pipelining", "size", "starttls", "enhancedstatuscodes", "dsn"} <= set(
            client.esmtp_features
        )
        assert "auth" not in client.esmtp_features
        client.starttls(context=client_context())
        client.ehlo("pc-ani.kampus.example")
        assert client.sock.version() == "TLSv1.3"  # type: ignore[union-attr]
        assert client.esmtp_features["auth"].split() == ["PLAIN", "LOGIN"]
        assert client.login(ANI, PASSWORD) == (235, b"2.7.0 Authentication successful")
        assert client.sendmail(ANI, [BUDI, ANI], MAIL) == {}
    assert server.stored(BUDI) == server.stored(ANI) == [MAIL]


def test_smtplib_learns_which_of_two_recipients_was_refused(server: Server):
    with smtplib.SMTP(HERE, server.port, timeout=30) as client:
        refused = client.sendmail("orang@asing.example", [HANTU, BUDI], MAIL)
    code, said = refused.pop(HANTU)
    assert code == 550
    assert said.startswith(b"5.1.1 ")
    assert refused == {}
    assert server.stored(BUDI) == [MAIL]


def test_smtplib_is_told_that_nobody_will_get_the_mail(server: Server):
    with (
        smtplib.SMTP(HERE, server.port, timeout=30) as client,
        pytest.raises(smtplib.SMTPRecipientsRefused) as refused,
    ):
        client.sendmail("orang@asing.example", [HANTU, "siapa@asing.example"], MAIL)
    codes = {address: code for address, (code, _) in refused.value.recipients.items()}
    assert codes == {HANTU: 550, "siapa@asing.example": 554}


def test_smtplib_is_told_that_the_password_is_wrong(server: Server):
    with smtplib.SMTP(HERE, server.submission, timeout=30) as client:
        client.starttls(context=client_context())
        with pytest.raises(smtplib.SMTPAuthenticationError) as refused:
            client.login(ANI, "salah")
    assert refused.value.smtp_code == 535


def test_a_mail_of_300_kilobytes_arrives_octet_for_octet(server: Server):
    lines = (b"%06d %s\r\n" % (number, b"x" * 68) for number in range(4_000))
    large = b"Subject: besar\r\n\r\n" + b"".join(lines)
    assert len(large) > 300_000
    with smtplib.SMTP(HERE, server.port, timeout=30) as client:
        client.sendmail("orang@asing.example", [BUDI], large)
    assert server.stored(BUDI) == [large]


def test_a_mail_larger_than_announced_as_the_limit_is_refused(server: Server):
    with (
        smtplib.SMTP(HERE, server.port, timeout=30) as client,
        pytest.raises(smtplib.SMTPSenderRefused) as refused,
    ):
        client.sendmail(
            "orang@asing.example", [BUDI], b"Subject: besar\r\n\r\n" + b"x\r\n" * 400_000
        )
    assert refused.value.smtp_code == 552
    assert server.stored(BUDI) == []


# swaks -------------------------------------------------------------------------------------------


def test_swaks_delivers_in_lock_step(server: Server):
    status, transcript = swaks(server, "--body", "Halo")
    assert status == 0, transcript
    assert "<-  250 2.0.0 Ok: queued as" in transcript
    (stored,) = server.stored(BUDI)
    assert stored.endswith(b"\r\n\r\nHalo\r\n\r\n\r\n")


def test_swaks_delivers_pipelined(server: Server):
    status, transcript = swaks(server, "--pipeline", "--body", "Halo")
    assert status == 0, transcript
    assert transcript.index("DATA") < transcript.index("<-  250 2.1.0 Ok")
    assert len(server.stored(BUDI)) == 1


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN"])
def test_swaks_submits_with_tls_and_each_way_to_log_in(server: Server, mechanism: str):
    needs_swaks_with_tls()
    login = ("--auth", mechanism, "--auth-user", ANI, "--auth-password", PASSWORD)
    status, transcript = swaks(server, "--tls", *login)
    assert status == 0, transcript
    assert "TLS started with cipher TLSv1.3" in transcript
    assert "<~  235 2.7.0" in transcript
    assert len(server.stored(BUDI)) == 1


def test_swaks_exits_with_its_status_for_a_wrong_password(server: Server):
    needs_swaks_with_tls()
    login = ("--auth", "PLAIN", "--auth-user", ANI, "--auth-password", "salah")
    status, transcript = swaks(server, "--tls", *login)
    assert status == 28, transcript
    assert "<~* 535 5.7.8" in transcript
    assert server.stored(BUDI) == []


def test_swaks_exits_with_its_status_for_a_user_who_does_not_exist(server: Server):
    status, transcript = swaks(server, "--to", HANTU)
    assert status == 24, transcript
    assert "<** 550 5.1.1" in transcript


# smtp-source -------------------------------------------------------------------------------------


def test_smtp_source_brings_forty_mails_in_eight_sessions_at_once(server: Server):
    done = run(
        program("smtp-source"),
        *("-s", "8", "-m", "40", "-l", "2000", "-S", "banyak"),
        *("-f", "orang@asing.example", "-t", BUDI, "-M", "judge.example"),
        f"{HERE}:{server.port}",
    )
    assert done.returncode == 0, done.stderr.decode()
    stored = server.stored(BUDI)
    assert len(stored) == 40
    assert len({server.store[BUDI].messages[place].uid for place in range(40)}) == 40
    assert all(b"Subject: banyak\r\n" in octets for octets in stored)
