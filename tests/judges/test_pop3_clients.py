"""Real POP3 clients fetch from our mailbox server what a simulation has stored."""

from __future__ import annotations

import poplib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from simulator.engine.simulate import simulate
from simulator.mail.mailbox import MailStore
from simulator.mail.pop3.protocol import Pop3Protocol
from simulator.scenario.library import find
from simulator.scenario.loader import Overrides, load
from simulator.trace.event import Stored
from simulator.trace.octets import octets_of
from tests.judges.loopback import HERE, Loopback
from tests.judges.programs import program, run

pytestmark = pytest.mark.judge

CITRA, PASSWORD = "citra@kantor.example", "rahasia"
DOTS = ".\n..\n.titik\n\nakhir\n.\n"


@dataclass(frozen=True)
class Server:
    """A mailbox server on a port of this machine, with the mails of two simulations."""

    port: int
    store: MailStore

    @property
    def mails(self) -> list[bytes]:
        """What lies in Citra's mailbox."""
        return [message.octets for message in self.store[CITRA].messages]


@pytest.fixture(scope="module")
def mails() -> list[bytes]:
    """What the simulations store: a mail with attachments, one that is full of dots."""
    scenarios = (
        load(find("attachment")),
        load(find("two-domains"), Overrides(body=DOTS)),
    )
    stored = (e.fact for one in scenarios for e in simulate(one) if isinstance(e.fact, Stored))
    return [octets_of(fact) for fact in stored]


@pytest.fixture
def server(mails: list[bytes]) -> Iterator[Server]:
    store = MailStore()
    mailbox = store.create(CITRA, PASSWORD)
    for octets in mails:
        mailbox.add(octets)
    with Loopback() as loopback:
        yield Server(loopback.listen(lambda: Pop3Protocol(store, loopback.wire_of)), store)


def test_poplib_fetches_each_mail_octet_for_octet(server: Server, mails: list[bytes]):
    assert len(mails) == 2
    client = poplib.POP3(HERE, server.port, timeout=30)
    client.user(CITRA)
    client.pass_(PASSWORD)
    assert client.stat() == (2, sum(map(len, mails)))
    for number, octets in enumerate(mails, 1):
        _, lines, _ = client.retr(number)
        assert b"".join(line + b"\r\n" for line in lines) == octets
    client.quit()
    assert server.mails == mails


def test_poplib_names_lists_and_deletes(server: Server, mails: list[bytes]):
    client = poplib.POP3(HERE, server.port, timeout=30)
    assert {"TOP", "UIDL", "USER", "PIPELINING"} <= client.capa().keys()
    client.user(CITRA)
    client.pass_(PASSWORD)
    _, listing, _ = client.list()
    assert listing == [b"%d %d" % (n, len(octets)) for n, octets in enumerate(mails, 1)]
    _, uids, _ = client.uidl()
    assert len({line.split()[1] for line in uids}) == 2
    _, top, _ = client.top(2, 1)
    assert top[-2:] == [b"", b"."]
    client.dele(1)
    assert client.quit() == b"+OK Logging out, messages deleted."
    assert server.mails == mails[1:]


def test_poplib_is_told_that_the_password_is_wrong(server: Server):
    client = poplib.POP3(HERE, server.port, timeout=30)
    client.user(CITRA)
    with pytest.raises(poplib.error_proto, match=r"-ERR \[AUTH\]"):
        client.pass_("salah")
    client.quit()


def test_what_is_deleted_without_quit_is_kept(server: Server, mails: list[bytes]):
    client = poplib.POP3(HERE, server.port, timeout=30)
    client.user(CITRA)
    client.pass_(PASSWORD)
    client.dele(1)
    client.close()
    again = poplib.POP3(HERE, server.port, timeout=30)
    again.user(CITRA)
    again.pass_(PASSWORD)
    again.quit()
    assert server.mails == mails


def curl(server: Server, path: str, *arguments: str) -> tuple[int, bytes]:
    """Let curl speak POP3; gives its exit status and what it wrote."""
    user = CITRA.replace("@", "%40")
    where = f"pop3://{user}:{PASSWORD}@{HERE}:{server.port}/{path}"
    done = run(program("curl"), "--silent", "--show-error", where, *arguments)
    return done.returncode, done.stdout


@pytest.mark.parametrize("number", [1, 2])
def test_curl_fetches_a_mail_octet_for_octet(server: Server, mails: list[bytes], number: int):
    assert curl(server, str(number)) == (0, mails[number - 1])


def test_curl_lists_and_deletes(server: Server, mails: list[bytes], tmp_path: Path):
    status, listing = curl(server, "")
    assert status == 0
    assert listing.split() == [b"1", b"%d" % len(mails[0]), b"2", b"%d" % len(mails[1])]
    status, _ = curl(server, "2", "--request", "DELE", "--list-only")
    assert status == 0
    assert server.mails == mails[:1]


def test_curl_exits_with_its_status_for_a_wrong_password(server: Server):
    status, _ = curl(server, "1", "--user", f"{CITRA}:salah")
    assert status == 67
