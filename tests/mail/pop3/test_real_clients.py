"""Real clients, poplib and curl, against the session on a loopback socket."""

from __future__ import annotations

import poplib
import shutil
import socketserver
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

import pytest

from simulator.mail.mailbox import MailStore
from simulator.mail.pop3.server import Pop3Session

CITRA, PASSWORD = "citra@kantor.example", "rahasia"
LETTERS = (
    b"Subject: satu\r\n\r\n.\r\n..\r\n.titik di depan\r\ntengah . titik\r\n",
    b"Subject: dua\r\n\r\n" + bytes(range(128, 256)) + b"\r\n",
    b"Subject: tiga\r\n\r\n" + b"x" * 900 + b"\r\n\r\n",
)


@dataclass(frozen=True)
class RunningServer:
    port: int
    store: MailStore


class Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        assert isinstance(self.server, Server)
        session = Pop3Session(self.server.store)
        self.wfile.write(session.greet().octets())
        for line in self.rfile:
            answer = session.receive(line)
            self.wfile.write(answer.octets())
            if answer.closes:
                break
        session.hang_up()


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = False  # so that closing the server waits for its sessions
    store: MailStore


@pytest.fixture
def server() -> Iterator[RunningServer]:
    store = MailStore()
    mailbox = store.create(CITRA, PASSWORD)
    for letter in LETTERS:
        mailbox.add(letter)
    with Server(("127.0.0.1", 0), Handler) as listening:
        listening.store = store
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield RunningServer(listening.server_address[1], store)
        listening.shutdown()
        thread.join()


def by_poplib(server: RunningServer) -> poplib.POP3:
    return poplib.POP3("127.0.0.1", server.port, timeout=10)


def test_poplib_fetches_every_octet_and_deletes(server: RunningServer) -> None:
    client = by_poplib(server)
    assert client.getwelcome() == b"+OK POP3 server ready."
    assert client.capa()["SASL"] == ["PLAIN"]
    client.user(CITRA)
    client.pass_(PASSWORD)
    assert client.stat() == (3, sum(map(len, LETTERS)))
    assert client.list()[1] == [f"{n} {len(x)}".encode() for n, x in enumerate(LETTERS, start=1)]
    assert client.uidl()[1][0] == b"1 0000000100000001"
    for number, letter in enumerate(LETTERS, start=1):
        assert b"".join(line + b"\r\n" for line in client.retr(number)[1]) == letter
    assert client.top(1, 1)[1] == [b"Subject: satu", b"", b"."]
    client.dele(1)
    client.rset()
    client.dele(2)
    assert client.quit() == b"+OK Logging out, messages deleted."
    assert [message.octets for message in server.store[CITRA].messages] == [LETTERS[0], LETTERS[2]]


def test_poplib_hears_why_it_is_refused(server: RunningServer) -> None:
    with closing(by_poplib(server)) as client:
        client.user(CITRA)
        with pytest.raises(poplib.error_proto, match=r"\[AUTH\]"):
            client.pass_("salah")
        with pytest.raises(poplib.error_proto, match="Unknown command"):
            client.stat()
    with closing(by_poplib(server)) as first, closing(by_poplib(server)) as second:
        for client in (first, second):
            client.user(CITRA)
        first.pass_(PASSWORD)
        with pytest.raises(poplib.error_proto, match=r"\[IN-USE\]"):
            second.pass_(PASSWORD)


def test_a_client_that_sends_everything_at_once_gets_every_answer(server: RunningServer) -> None:
    client = by_poplib(server)
    with closing(client):
        script = f"USER {CITRA}\r\nPASS {PASSWORD}\r\nSTAT\r\nDELE 1\r\nLIST 2\r\nQUIT\r\n"
        assert client.sock is not None
        client.sock.sendall(script.encode())
        assert client.file is not None
        answers = client.file.read().split(b"\r\n")
    assert [answer.partition(b" ")[0] for answer in answers] == [b"+OK"] * 6 + [b""]


CURL = shutil.which("curl")
needs_curl = pytest.mark.skipif(CURL is None, reason="curl is not installed")


def by_curl(server: RunningServer, path: str, *options: str, password: str = PASSWORD) -> bytes:
    assert CURL is not None
    url = f"pop3://127.0.0.1:{server.port}/{path}"
    command = [CURL, "--silent", "--noproxy", "*", "--max-time", "10", *options]
    done = subprocess.run(
        [*command, "--user", f"{CITRA}:{password}", url], capture_output=True, check=True
    )
    return done.stdout


@pytest.mark.judge
@needs_curl
def test_curl_lists_and_fetches(server: RunningServer) -> None:
    assert by_curl(server, "") == b"".join(
        f"{number} {len(letter)}\r\n".encode() for number, letter in enumerate(LETTERS, start=1)
    )
    for number, letter in enumerate(LETTERS, start=1):
        assert by_curl(server, str(number)) == letter


@pytest.mark.judge
@needs_curl
def test_curl_authenticates_in_one_line_too(server: RunningServer) -> None:
    assert by_curl(server, "1", "--sasl-ir") == LETTERS[0]


@pytest.mark.judge
@needs_curl
def test_curl_deletes(server: RunningServer) -> None:
    by_curl(server, "2", "--request", "DELE", "--head")
    assert [message.octets for message in server.store[CITRA].messages] == [LETTERS[0], LETTERS[2]]


@pytest.mark.judge
@needs_curl
def test_curl_is_told_that_its_password_is_wrong(server: RunningServer) -> None:
    with pytest.raises(subprocess.CalledProcessError) as failed:
        by_curl(server, "", password="salah")
    assert failed.value.returncode == 67  # CURLE_LOGIN_DENIED
