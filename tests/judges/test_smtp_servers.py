"""Our client half speaks to real servers: aiosmtpd as it is, and Postfix's smtp-sink."""

from __future__ import annotations

import asyncio
import contextlib
import os
import pwd
import socket
import subprocess
import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope

from simulator.engine.certificates import server_context
from simulator.mail.conversation import converse
from simulator.mail.credentials import Credentials
from simulator.mail.smtp.client import Manners, transfer
from simulator.mail.smtp.dialogue import Action, Replies, Transaction, Verdicts
from simulator.mail.submission import submit
from tests.judges.loopback import HERE, call
from tests.judges.programs import program

pytestmark = pytest.mark.judge

CITRA, DEDI = "citra@kantor.example", "dedi@kantor.example"
MAIL = b"Subject: titik\r\n\r\n.\r\n..\r\n.titik\r\nakhir\r\n"
TRANSACTION = Transaction("ani@kampus.example", (CITRA, DEDI), MAIL)
PLAIN = Manners("smtp.kampus.example")
SEALING = Manners("smtp.kampus.example", tls="may")


def spoken(
    port: int, dialogue: Generator[Action, Replies, Verdicts], server: str = "mx1.kantor.example"
) -> tuple[Verdicts, list[str]]:
    """Hold a dialogue with a server of this machine; gives the verdicts and what was said."""

    async def hold() -> tuple[Verdicts, list[str]]:
        line = await call(port, server)
        verdicts = await converse(line, dialogue)
        await line.gone()
        return verdicts, line.wire.said

    return asyncio.run(hold())


def outcomes(verdicts: Verdicts) -> dict[str, tuple[str, str]]:
    """What became of each recipient, and its status."""
    return {path: (verdict.outcome, verdict.status) for path, verdict in verdicts.items()}


# aiosmtpd ----------------------------------------------------------------------------------------


class Keeps:
    """A handler of aiosmtpd that keeps what it is handed."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []

    async def handle_DATA(self, _server: object, _session: object, envelope: Envelope) -> str:
        self.envelopes.append(envelope)
        return "250 2.0.0 kept"


Serve = Callable[..., tuple[int, Keeps]]


@pytest.fixture
def aiosmtpd() -> Iterator[Serve]:
    """Starts an aiosmtpd without any of our code; gives its port and what it keeps."""
    with contextlib.ExitStack() as stack:

        def serve(**options: Any) -> tuple[int, Keeps]:
            keeps = Keeps()
            controller = Controller(keeps, hostname=HERE, port=_free_port(), **options)
            controller.start()
            stack.callback(controller.stop)
            return controller.port, keeps

        yield serve


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HERE, 0))
        port: int = probe.getsockname()[1]
        return port


def test_aiosmtpd_is_handed_a_mail_for_two(aiosmtpd: Serve):
    port, keeps = aiosmtpd()
    verdicts, said = spoken(port, transfer(PLAIN, TRANSACTION))
    assert outcomes(verdicts) == {CITRA: ("sent", "2.0.0"), DEDI: ("sent", "2.0.0")}
    (envelope,) = keeps.envelopes
    assert envelope.mail_from == "ani@kampus.example"
    assert envelope.rcpt_tos == [CITRA, DEDI]
    assert envelope.original_content == MAIL
    # aiosmtpd offers no PIPELINING: every command waits for its reply.
    start = said.index(f"C: RCPT TO:<{CITRA}>")
    assert said[start : start + 6] == [
        f"C: RCPT TO:<{CITRA}>",
        "S: 250 OK",
        f"C: RCPT TO:<{DEDI}>",
        "S: 250 OK",
        "C: DATA",
        "S: 354 End data with <CR><LF>.<CR><LF>",
    ]


def test_aiosmtpd_is_handed_a_mail_after_starttls(aiosmtpd: Serve):
    port, keeps = aiosmtpd(tls_context=server_context("mx1.kantor.example"), require_starttls=True)
    verdicts, said = spoken(port, transfer(SEALING, TRANSACTION))
    assert {verdict.outcome for verdict in verdicts.values()} == {"sent"}
    assert keeps.envelopes[0].original_content == MAIL
    sealed = said.index("TLS TLSv1.3 mx1.kantor.example")
    assert said[sealed + 1] == "C: EHLO smtp.kampus.example"


def test_a_server_that_insists_on_tls_is_handed_nothing_in_the_clear(aiosmtpd: Serve):
    port, keeps = aiosmtpd(tls_context=server_context("mx1.kantor.example"), require_starttls=True)
    verdicts, _ = spoken(port, transfer(PLAIN, TRANSACTION))
    assert {verdict.outcome for verdict in verdicts.values()} == {"failed"}
    assert keeps.envelopes == []


def test_a_user_submits_to_aiosmtpd_with_tls_and_a_password(aiosmtpd: Serve):
    def check(
        _server: object, _session: object, _envelope: object, mechanism: str, login: Any
    ) -> AuthResult:
        good = (mechanism, login.login, login.password) == ("PLAIN", b"ani", b"rahasia")
        return AuthResult(success=good, handled=False)

    port, keeps = aiosmtpd(
        tls_context=server_context("smtp.kampus.example"), authenticator=check, auth_required=True
    )
    good = submit("pc-ani.kampus.example", TRANSACTION, Credentials("ani", "rahasia"))
    verdicts, _ = spoken(port, good, "smtp.kampus.example")
    assert {verdict.outcome for verdict in verdicts.values()} == {"sent"}
    bad = submit("pc-ani.kampus.example", TRANSACTION, Credentials("ani", "salah"))
    verdicts, _ = spoken(port, bad, "smtp.kampus.example")
    assert outcomes(verdicts)[CITRA] == ("failed", "5.7.8")
    assert len(keeps.envelopes) == 1


def test_a_user_s_client_trusts_no_certificate_for_another_name(aiosmtpd: Serve):
    port, keeps = aiosmtpd(tls_context=server_context("mx1.kantor.example"))
    dialogue = submit("pc-ani.kampus.example", TRANSACTION, Credentials("ani", "rahasia"))
    verdicts, said = spoken(port, dialogue, "smtp.kampus.example")
    assert outcomes(verdicts)[CITRA] == ("deferred", "4.7.5")
    assert keeps.envelopes == []
    assert not any("AUTH" in line for line in said)
    assert said[-1] == "closed: tls"


# smtp-sink ---------------------------------------------------------------------------------------


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[Callable[..., int]]:
    """Starts Postfix's smtp-sink with these options; gives its port."""
    path = program("smtp-sink")
    with contextlib.ExitStack() as stack:

        def serve(*options: str) -> int:
            port = _free_port()
            tmp_path.chmod(0o777)
            process = subprocess.Popen(
                [path, *_as_nobody(), *options, f"{HERE}:{port}", "10"], cwd=tmp_path
            )
            stack.callback(process.wait)
            stack.callback(process.terminate)
            _wait_until_it_listens(port)
            return port

        yield serve


def _as_nobody() -> tuple[str, ...]:
    """smtp-sink will not serve as root."""
    return ("-u", pwd.getpwnam("nobody").pw_name) if os.geteuid() == 0 else ()


def _wait_until_it_listens(port: int) -> None:
    until = time.monotonic() + 10
    while True:
        with socket.socket() as probe:
            if probe.connect_ex((HERE, port)) == 0:
                return
        assert time.monotonic() < until, "smtp-sink does not listen"


def test_smtp_sink_is_handed_a_mail_in_two_segments(sink: Callable[..., int], tmp_path: Path):
    verdicts, said = spoken(sink("-d", "mail."), transfer(PLAIN, TRANSACTION))
    assert {verdict.outcome for verdict in verdicts.values()} == {"sent"}
    start = next(place for place, line in enumerate(said) if line.startswith("C: MAIL"))
    assert [line[:7] for line in said[start : start + 10]] == [
        *("C: MAIL", "C: RCPT", "C: RCPT", "C: DATA"),
        *("S: 250 ", "S: 250 ", "S: 250 ", "S: 354 "),
        *("C: (46 ", "C: QUIT"),
    ]
    (dumped,) = tmp_path.glob("mail.*")
    header, _, body = dumped.read_bytes().partition(b"\n\n")
    assert b"X-Rcpt-Args: <dedi@kantor.example> ORCPT=rfc822;dedi@kantor.example\n" in header
    assert header.endswith(b"\nSubject: titik")
    assert body.rstrip(b"\n") == b".\n..\n.titik\nakhir"


FAULTS = (
    ("-p", "sent", "2.0.0", "end of DATA"),
    ("-e", "sent", "2.0.0", "end of DATA"),
    ("-E", "sent", "2.0.0", "end of DATA"),
    ("-r RCPT", "deferred", "4.3.0", "RCPT TO"),
    ("-f RCPT", "failed", "5.3.0", "RCPT TO"),
    ("-f MAIL", "failed", "5.3.0", "MAIL FROM"),
    ("-r DATA", "deferred", "4.3.0", "DATA"),
    ("-f .", "failed", "5.3.0", "end of DATA"),
    ("-f EHLO", "sent", "2.0.0", "end of DATA"),
    ("-r CONNECT", "deferred", "4.3.0", "connect"),
    ("-f CONNECT", "deferred", "4.3.0", "connect"),
    ("-q RCPT", "deferred", "4.4.2", ""),
    ("-q .", "deferred", "4.4.2", ""),
    ("-Q MAIL", "deferred", "4.0.0", "MAIL FROM"),
    ("-q QUIT", "sent", "2.0.0", "end of DATA"),
)
"""smtp-sink's options (its man page says what they do), and what must become of the mail."""


@pytest.mark.parametrize(
    ("options", "outcome", "status", "command"), FAULTS, ids=[fault[0] for fault in FAULTS]
)
def test_smtp_sink_and_its_faults_are_judged_rightly(
    sink: Callable[..., int], options: str, outcome: str, status: str, command: str
):
    verdicts, said = spoken(sink(*options.split()), transfer(PLAIN, TRANSACTION))
    for verdict in verdicts.values():
        assert (verdict.outcome, verdict.status, verdict.command) == (outcome, status, command), (
            said
        )
    assert set(verdicts) == {CITRA, DEDI}
