"""What a client said to Dovecot 2.3.19, said to our server: the answers are the same.

``said`` holds what was captured, without the seconds that Dovecot tells: the conversation of
fetchmail, then commands about the mails in ``mails``, and two
sessions with one mailbox at a time. Where we mean to differ, a table says why.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from simulator.mail.imap.reply import Ask, Awaits, ImapReplyReader, Said
from simulator.mail.imap.server import ImapSession
from simulator.mail.mailbox import Mailbox, MailStore
from tests.mail.imap.mails import PLAIN, STRUCTURES

SAID = Path(__file__).with_name("said")
CITRA, PASSWORD = "citra@kantor.example", "rahasia"
ARRIVED = datetime(2026, 11, 23, 11, 18, 5, tzinfo=UTC)

OWN_CAPABILITIES = "We offer less than Dovecot does."
NO_SUCH_FOLDER = "RFC 5530 has a response code for it, which Dovecot does not give here."
INTENDED = {
    "a CAPABILITY": OWN_CAPABILITIES,
    "a4 STATUS nix (MESSAGES)": NO_SUCH_FOLDER,
    "a5 SELECT nix": NO_SUCH_FOLDER,
    "s5 EXAMINE nix": NO_SUCH_FOLDER,
    'z SELECT ""': NO_SUCH_FOLDER,
    "g2 SEARCH CHARSET FOO SUBJECT dua": "We say which charsets we know (RFC 3501 section 7.1).",
    "k1 LIST": "All commands without their arguments are told the same.",
}
UNSAID = {"i5b ENABLE IMAP4rev2"}
"""What Dovecot 2.3 does not know and passes over; said to ours, all after it would be rev2."""


@dataclass(frozen=True)
class Exchange:
    """What was said to the server in one go, and what it answered."""

    said: str
    heard: str


def exchanges(text: str) -> Iterator[Exchange]:
    """``C:`` and ``S:`` lines; further ``C:`` lines are the rest of a literal's command."""
    for said, heard in re.findall(r"((?:C:.*\n)+)((?:S:.*\n)*)", text):
        yield Exchange(_words(said), _words(heard))


def _words(lines: str) -> str:
    return "\r\n".join(re.findall(r"^[CS]: ?(.*)", lines, re.MULTILINE))


def heard_by(session: ImapSession, said: str) -> str:
    answers = session.receive(f"{said}\r\n".encode())
    return b"".join(answer.octets() for answer in answers).decode().removesuffix("\r\n")


def meaning(heard: str) -> list[object]:
    """A server's lines; those of FETCH as values, since a string may be quoted or a literal."""
    reader = ImapReplyReader()
    reader.feed(f"{heard}\r\n".encode())
    lines: list[object] = []
    while heard and (reply := reader.take(Ask("", Awaits.UNTAGGED))) is not None:
        lines.append(_meaning_of(reply.said[0]))
    return lines


def _meaning_of(said: Said) -> object:
    if said.words[2:3] == ["FETCH"]:
        assert said.arguments(), said
        return said.arguments()
    text = re.sub(r"CAPABILITY [^\]]*", "CAPABILITY", said.texts[0])
    return re.sub(r"(Dovecot \(Debian\)|IMAP server) ready", "ready", text)


def a_store(text: str, mails: tuple[bytes, ...]) -> tuple[MailStore, Mailbox]:
    """A mailbox with these mails, numbered as the captured one was."""
    validity = re.search(r"UIDVALIDITY (\d+)", text)
    store = MailStore(uid_validity=int(validity[1]) if validity else 1)
    mailbox = store.create(CITRA, PASSWORD)
    for octets in mails:
        mailbox.add(octets, ARRIVED)
    return store, mailbox


def logged_in(store: MailStore) -> ImapSession:
    session = ImapSession(store)
    session.receive(f"login LOGIN {CITRA} {PASSWORD}\r\n".encode())
    return session


# Captured clients -----------------------------------------------------------------------------


def captured_mail(text: str, *literals: str) -> bytes:
    """The mail that was fetched, in as many pieces as it was."""
    octets = b""
    for literal in literals:
        announced = re.search(rf"{re.escape(literal)} \{{(\d+)\}}\n", text)
        assert announced
        lines = re.findall(r"^S: ?(.*)", text[announced.end() :], re.MULTILINE)
        octets += "\r\n".join(lines).encode()[: int(announced[1])]
    return octets


def replay(text: str, store: MailStore) -> None:
    for conversation in text.split("--\n"):
        session = ImapSession(store)
        greeting, _, rest = conversation.partition("\n")
        assert meaning(greeting[3:]) == meaning(session.greet().lines[0])
        for one in exchanges(rest):
            assert meaning(heard_by(session, one.said)) == meaning(one.heard), one.said


def test_fetchmail_is_answered_as_by_dovecot():
    text = (SAID / "pick-up-with-fetchmail.txt").read_text("utf-8")
    mail = captured_mail(text, "RFC822.HEADER", "BODY[TEXT]")
    store, mailbox = a_store(text, (mail, mail, mail))
    # It had fetched and deleted two of them by POP3 before.
    mailbox.remove([message.uid for message in mailbox.messages[:2]])
    mailbox.inbox.claim()
    replay(text, store)
    assert mailbox.messages == ()


# Commands -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "mails"), [("commands", PLAIN), ("structures", STRUCTURES)], ids=["all", "structures"]
)
def test_commands_are_answered_as_by_dovecot(name: str, mails: tuple[bytes, ...]):
    text = (SAID / f"{name}.txt").read_text("utf-8")
    store, _ = a_store(text, mails)
    session = logged_in(store)
    different = {}
    for one in exchanges(text):
        if one.said in UNSAID:
            assert one.heard == "i5b OK Enabled."
            continue
        ours = heard_by(session, one.said)
        if meaning(ours) != meaning(one.heard) or ("CAPABILITY" in one.said):
            different[one.said] = f"{one.said}\n  Dovecot: {one.heard}\n  ours:    {ours}"
    unmeant = [told for said, told in different.items() if said not in INTENDED]
    assert not unmeant, "\n".join(unmeant)
    asked = {one.said for one in exchanges(text)}
    assert set(INTENDED) & asked == set(different), "the table says more than there is"


def test_two_sessions_hear_of_each_other_as_with_dovecot():
    text = (SAID / "two-sessions.txt").read_text("utf-8")
    mails = tuple(b"Subject: %d\r\n\r\nx\r\n" % number for number in range(5))
    store, mailbox = a_store(text, mails)
    sessions = {"A": logged_in(store), "B": logged_in(store)}
    turns = re.findall(r"(?:([AB]) (C:.*|HEARS)|MAIL)\n((?:[AB] S:.*\n)*)", text)
    assert {who for who, _, _ in turns} == {"A", "B", ""}
    for who, said, heard in turns:
        truth = meaning("\r\n".join(re.findall(r"^[AB] S: ?(.*)", heard, re.MULTILINE)))
        if not who:
            mailbox.add(b"Subject: new\r\n\r\ny\r\n", ARRIVED)
        elif said == "HEARS":
            news = sessions[who].push()
            assert news is not None
            assert meaning("\r\n".join(news.lines)) == truth
        else:
            assert meaning(heard_by(sessions[who], said[3:])) == truth, said
