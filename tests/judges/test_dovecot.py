"""A real Dovecot hears the same lines as our POP3 and IMAP servers, about the same mails."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from simulator.mail.imap.server import ImapSession
from simulator.mail.mailbox import MailStore
from simulator.mail.pop3.server import Pop3Session
from tests.judges.conversing import imap_conversation, pop3_conversation
from tests.judges.dovecot import Caller, real_dovecot
from tests.judges.scripts import IMAP_SCRIPTS, POP3_MAILS, POP3_SCRIPTS, imap_mails
from tests.truth.table import differences, intended

pytestmark = pytest.mark.judge

PASSWORD = "rahasia"
ARRIVED = datetime(2026, 11, 23, 11, 18, 5, tzinfo=UTC)
TABLE = Path(__file__).with_name("dovecot_differences.toml")
IMAP = {name: f"imap{number}" for number, name in enumerate(IMAP_SCRIPTS, 1)}
POP3 = {name: f"pop{number}" for number, name in enumerate(POP3_SCRIPTS, 1)}
"""Each script's user."""
MAILBOXES = {
    **{user: imap_mails(name) for name, user in IMAP.items()},
    **dict.fromkeys(POP3.values(), POP3_MAILS),
}


@pytest.fixture(scope="module")
def ports() -> Iterator[dict[str, int]]:
    with real_dovecot(MAILBOXES, PASSWORD, ARRIVED) as found:
        yield found


def a_store(user: str) -> MailStore:
    store = MailStore()
    mailbox = store.create(user, PASSWORD)
    mailbox.create_folder("Junk", special_use="\\Junk")
    for octets in MAILBOXES[user]:
        mailbox.add(octets, ARRIVED)
    return store


class OurImap:
    """A connection to our IMAP server, which tells news as its protocol does."""

    def __init__(self, store: MailStore) -> None:
        self._session = ImapSession(store)
        self._said = self._session.greet().octets()

    def send(self, octets: bytes) -> None:
        self._said += b"".join(answer.octets() for answer in self._session.receive(octets))

    def hear(self) -> bytes:
        if not self._said and (news := self._session.push()) is not None:
            return news.octets()
        said, self._said = self._said, b""
        return said


class OurPop3:
    """A connection to our POP3 server."""

    def __init__(self, store: MailStore) -> None:
        self._session = Pop3Session(store)
        self._said = self._session.greet().octets()
        self._closed = False

    def send(self, octets: bytes) -> None:
        for line in octets.splitlines(keepends=True):
            if not self._closed:
                answer = self._session.receive(line)
                self._said += answer.octets()
                self._closed = answer.closes

    def hear(self) -> bytes:
        said, self._said = self._said, b""
        return said


@pytest.mark.parametrize("name", IMAP)
def test_imap_answers_mean_what_dovecots_mean(name: str, ports: dict[str, int]) -> None:
    script, user = IMAP_SCRIPTS[name], IMAP[name]
    with ExitStack() as ends:
        dovecot = partial(Caller, ports["imap"])
        truth = imap_conversation(script, user, lambda: ends.enter_context(dovecot()))
    ours = imap_conversation(script, user, partial(OurImap, a_store(user)))
    check(name, "imap", truth, ours)


@pytest.mark.parametrize("name", POP3)
def test_pop3_answers_mean_what_dovecots_mean(name: str, ports: dict[str, int]) -> None:
    script, user = POP3_SCRIPTS[name], POP3[name]
    with ExitStack() as ends:
        dovecot = partial(Caller, ports["pop3"])
        truth = pop3_conversation(script, user, lambda: ends.enter_context(dovecot()))
    ours = pop3_conversation(script, user, partial(OurPop3, a_store(user)))
    check(name, "pop3", truth, ours)


def check(name: str, topic: str, truth: list[str], ours: list[str]) -> None:
    """They differ where the table says so, and nowhere else."""
    rows = [row for row in intended(TABLE) if name in row.cases and topic in row.topics]
    found = list(differences(truth, ours))
    new = [one for one in found if all(row.difference != one for row in rows)]
    gone = [row.difference for row in rows if row.difference not in found]
    assert not new, "\n\n".join(map(str, new))
    assert not gone, "no longer found:\n" + "\n\n".join(map(str, gone))


def test_every_row_names_scripts_that_there_are() -> None:
    for row in intended(TABLE):
        assert set(row.cases) <= {*IMAP, *POP3}, row
