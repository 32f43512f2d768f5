"""Real IMAP clients fetch from our mailbox server, over a real socket."""

from __future__ import annotations

import asyncio
import imaplib
import poplib
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from simulator.engine.simulate import simulate
from simulator.mail.imap.protocol import ImapProtocol
from simulator.mail.mailbox import MailStore
from simulator.mail.pop3.protocol import Pop3Protocol
from simulator.scenario.library import find
from simulator.scenario.loader import load
from simulator.trace.event import Stored
from simulator.trace.octets import octets_of
from tests.judges.loopback import HERE, Loopback
from tests.judges.programs import program, run
from tests.mail.imap.mails import ATTACHMENTS, NESTED, PLAIN

CITRA, PASSWORD = "citra@kantor.example", "rahasia"
MAILS = (PLAIN[0], ATTACHMENTS, NESTED)


@dataclass(frozen=True)
class Server:
    """A mailbox server on a port of this machine."""

    port: int
    store: MailStore
    loopback: Loopback

    @property
    def said(self) -> list[str]:
        """What was said on the last connection, as its wire has it once the server is at rest."""
        self.loopback.run(asyncio.sleep(0))
        return self.loopback.wires[-1].said

    async def deliver(self, octets: bytes) -> None:
        self.store[CITRA].add(octets)


@pytest.fixture
def server() -> Iterator[Server]:
    store = MailStore(uid_validity=7)
    mailbox = store.create(CITRA, PASSWORD)
    for octets in MAILS:
        mailbox.add(octets, datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
    with Loopback() as loopback:
        port = loopback.listen(lambda: ImapProtocol(store, loopback.wire_of))
        yield Server(port, store, loopback)


@pytest.fixture
def client(server: Server) -> Iterator[imaplib.IMAP4]:
    with imaplib.IMAP4(HERE, server.port, timeout=30) as client:
        client.login(CITRA, PASSWORD)
        yield client


def test_imaplib_lists_and_selects(client: imaplib.IMAP4):
    assert client.list() == ("OK", [b'(\\HasNoChildren) "." INBOX'])
    assert client.status("INBOX", "(MESSAGES UNSEEN UIDNEXT)") == (
        "OK",
        [b"INBOX (MESSAGES 3 UIDNEXT 4 UNSEEN 3)"],
    )
    assert client.select("INBOX") == ("OK", [b"3"])
    assert client.response("UIDVALIDITY") == ("UIDVALIDITY", [b"7"])
    assert "UIDPLUS" in (client.capability()[1][0] or b"").decode()


def test_poplib_and_imaplib_share_one_mailbox(server: Server):
    """What one device deletes by POP3 is gone for the other, and what it has read is read."""
    port = server.loopback.listen(lambda: Pop3Protocol(server.store, server.loopback.wire_of))
    computer = poplib.POP3(HERE, port, timeout=30)
    computer.user(CITRA)
    computer.pass_(PASSWORD)
    computer.retr(1)
    computer.retr(2)
    computer.dele(2)
    computer.quit()
    with imaplib.IMAP4(HERE, server.port, timeout=30) as phone:
        phone.login(CITRA, PASSWORD)
        assert phone.select("INBOX") == ("OK", [b"2"])
        assert phone.search(None, "SEEN") == ("OK", [b"1"])
        assert phone.search(None, "UNSEEN") == ("OK", [b"2"])


def test_imaplib_fetches_each_mail_octet_for_octet(client: imaplib.IMAP4):
    client.select("INBOX")
    for number, octets in enumerate(MAILS, 1):
        status, found = client.fetch(str(number), "(UID BODY.PEEK[])")
        assert status == "OK"
        assert found == [(b"%d (UID %d BODY[] {%d}" % (number, number, len(octets)), octets), b")"]
    assert client.search(None, "UNSEEN") == ("OK", [b"1 2 3"])
    client.uid("FETCH", "2", "(BODY[])")
    assert client.uid("SEARCH", "UNSEEN") == ("OK", [b"1 3"])  # type: ignore[arg-type]


def test_imaplib_flags_and_expunges(server: Server, client: imaplib.IMAP4):
    client.select("INBOX")
    assert client.search(None, "SUBJECT", '"satu rapat"') == ("OK", [b"1"])
    assert client.search("UTF-8", "FROM", "ani", "LARGER", "200") == ("OK", [b"2"])
    assert client.store("2", "+FLAGS", "(\\Deleted)") == (
        "OK",
        [b"2 (FLAGS (\\Deleted \\Recent))"],
    )
    assert client.expunge() == ("OK", [b"2"])
    assert client.fetch("1:*", "(UID)") == ("OK", [b"1 (UID 1)", b"2 (UID 3)"])
    client.logout()
    assert [message.octets for message in server.store[CITRA].messages] == [PLAIN[0], NESTED]
    assert server.said[-2].endswith(" OK Logout completed.")
    assert server.said[-1] == "closed: quit"


def test_imaplib_speaks_imap4rev2_and_moves_a_mail(server: Server, client: imaplib.IMAP4):
    server.store[CITRA].create_folder("Junk", special_use="\\Junk")
    assert "IMAP4REV2" in client.capabilities
    assert client.enable("IMAP4rev2") == ("OK", [b"Enabled."])
    assert client.response("ENABLED") == ("ENABLED", [b"IMAP4rev2"])
    assert client.namespace() == ("OK", [b'(("" ".")) NIL NIL'])
    assert client.select("INBOX") == ("OK", [b"3"])
    assert client.response("LIST") == ("LIST", [b'(\\HasNoChildren) "." INBOX'])
    assert client.response("RECENT") == ("RECENT", [None])
    client.search(None, "ALL")
    (found,) = client.response("ESEARCH")[1]
    assert found.endswith(b" ALL 1:3")
    assert client.uid("MOVE", "2", "Junk")[0] == "OK"
    assert client.response("COPYUID") == ("COPYUID", [b"8 2 1"])
    assert client.response("EXPUNGE") == ("EXPUNGE", [b"2"])
    assert client.select("Junk") == ("OK", [b"1"])
    _, ((_, octets), _) = client.fetch("1", "(BODY[])")
    assert octets == MAILS[1]


def test_imaplib_logs_in_by_a_challenge(server: Server):
    with imaplib.IMAP4(HERE, server.port, timeout=30) as client:
        status, _ = client.authenticate("PLAIN", lambda _: f"\0{CITRA}\0{PASSWORD}".encode())
        assert status == "OK"
        assert client.select("INBOX", readonly=True) == ("OK", [b"3"])
        assert client.store("1", "+FLAGS", "(\\Seen)") == ("OK", [None])
        assert client.search(None, "SEEN") == ("OK", [b""])


def test_imaplib_is_told_that_the_password_is_wrong(server: Server):
    wrong = pytest.raises(imaplib.IMAP4.error, match="AUTHENTICATIONFAILED")
    with imaplib.IMAP4(HERE, server.port, timeout=30) as client, wrong:
        client.login(CITRA, "salah")


def test_the_wire_shows_the_size_of_a_mail_and_then_its_octets(server: Server):
    with imaplib.IMAP4(HERE, server.port, timeout=30) as client:
        client.login(CITRA, PASSWORD)
        client.select("INBOX")
        client.fetch("1", "(BODY[])")
    said = server.said
    at = said.index("S: * 1 FETCH (FLAGS (\\Seen \\Recent) BODY[] {178}")
    assert said[at + 1 : at + 4] == [
        "S: )",
        said[at + 2],
        "S: (178 octets)",
    ]
    assert said[at + 2].endswith(" OK Fetch completed.")
    assert said[-1] == "closed: quit"


def test_a_client_that_idles_hears_of_new_mail_at_once(server: Server, client: imaplib.IMAP4):
    client.select("INBOX")
    client.send(b"z1 IDLE\r\n")
    assert client.readline() == b"+ idling\r\n"
    heard: list[bytes] = []
    reading = threading.Thread(target=lambda: heard.extend(client.readline() for _ in range(2)))
    reading.start()
    server.loopback.run(server.deliver(PLAIN[1]))
    reading.join(timeout=30)
    assert heard == [b"* 4 EXISTS\r\n", b"* 4 RECENT\r\n"]
    client.send(b"DONE\r\n")
    assert client.readline() == b"z1 OK Idle completed.\r\n"


def curl(server: Server, path: str, *arguments: str) -> tuple[int, bytes]:
    """Let curl speak IMAP; gives its exit status and what it wrote."""
    user = CITRA.replace("@", "%40")
    where = f"imap://{user}:{PASSWORD}@{HERE}:{server.port}/{path}"
    done = run(program("curl"), "--silent", "--show-error", where, *arguments)
    return done.returncode, done.stdout


@pytest.mark.judge
@pytest.mark.parametrize("uid", [1, 2, 3])
def test_curl_fetches_a_mail_octet_for_octet(server: Server, uid: int):
    assert curl(server, f"INBOX;UID={uid}") == (0, MAILS[uid - 1])


@pytest.fixture(scope="module")
def delivered() -> list[bytes]:
    """What simulated runs stored in the recipient's mailbox: a mail, and one with attachments."""
    stories = (load(find("two-domains")), load(find("attachment")))
    events = (event for story in stories for event in simulate(story))
    found = [octets_of(event.fact) for event in events if isinstance(event.fact, Stored)]
    assert len(found) == len(stories)
    return found


@pytest.mark.judge
def test_imaplib_and_curl_fetch_what_a_run_delivered_octet_for_octet(
    server: Server, client: imaplib.IMAP4, delivered: list[bytes]
):
    for octets in delivered:
        server.loopback.run(server.deliver(octets))
    client.select("INBOX", readonly=True)
    for uid, octets in enumerate(delivered, len(MAILS) + 1):
        _, parts = client.uid("FETCH", str(uid), "(BODY.PEEK[])")
        said = b"%d (UID %d BODY[] {%d}" % (uid, uid, len(octets))
        assert parts == [(said, octets), b")"]
    for uid, octets in enumerate(delivered, len(MAILS) + 1):
        assert curl(server, f"INBOX;UID={uid}") == (0, octets)


@pytest.mark.judge
def test_curl_fetches_a_part(server: Server):
    octets = b"aGFyaSxqYW0scnVhbmcKU2VuaW4sMDkuMDAsQTEKU2VsYXNhLDEwLjAwLEIyCg==\r\n"
    assert curl(server, "INBOX;MAILINDEX=2;SECTION=2") == (0, octets)


@pytest.mark.judge
def test_curl_lists_searches_and_marks(server: Server):
    assert curl(server, "") == (0, b'* LIST (\\HasNoChildren) "." INBOX\r\n')
    assert curl(server, "INBOX?SUBJECT%20satu") == (0, b"* SEARCH 1\r\n")
    status, told = curl(server, "INBOX", "--request", "STORE 1 +FLAGS (\\Deleted)")
    assert (status, told) == (0, b"* 1 FETCH (FLAGS (\\Deleted))\r\n")
    status, told = curl(server, "INBOX", "--request", "EXPUNGE")
    assert (status, told) == (0, b"* 1 EXPUNGE\r\n")
    assert [message.octets for message in server.store[CITRA].messages] == list(MAILS[1:])


@pytest.mark.judge
def test_curl_exits_with_its_status_for_a_wrong_password(server: Server):
    status, _ = curl(server, "INBOX;UID=1", "--user", f"{CITRA}:salah")
    assert status == 67
