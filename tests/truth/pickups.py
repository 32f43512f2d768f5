"""POP3 and IMAP as Dovecot and clients spoke them, and as our mailbox server and client do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from simulator.engine.simulate import simulate
from simulator.mail.imap.answer import ImapAnswer
from simulator.mail.imap.server import ImapSession
from simulator.mail.mailbox import MailStore
from simulator.mail.pop3.answer import Pop3Answer
from simulator.mail.pop3.server import Pop3Session
from simulator.scenario.library import find
from simulator.scenario.loader import load
from simulator.scenario.virtual_time import SECOND
from simulator.trace.event import Command, Connected, Reply
from tests.truth.captures import Capture, Conversation, captured
from tests.truth.rendering import masked

_CITRA, _PASSWORD = "citra@kantor.example", "rahasia"
_ARRIVED = datetime(2026, 11, 23, 11, 18, 5, tzinfo=UTC)
_SECONDS = re.compile(r" \([\d. +]+ secs\)")
_OWN_WORDS = re.compile(r"\bCAPABILITY [^\]]*|Dovecot \(Debian\) ready|IMAP server ready")
"""What a server offers and how it greets."""


@dataclass(frozen=True, slots=True)
class TypedMailbox:
    """What was said to Dovecot, by a person or a client, is said to our mailbox server too.

    Replies are compared in their words; a mailbox of three mails is as it was there.
    """

    name: str
    ports: tuple[int, ...] = (110, 143)

    def _conversations(self) -> list[Conversation]:
        return [one for one in captured(self.name).conversations if one.port in self.ports]

    def truth(self) -> Capture:
        """What Dovecot said; only its greeting and what it offers are worded at will."""
        return Capture(self.name, [_worded(one) for one in self._conversations()], {})

    def left_out(self) -> set[str]:
        """What the capture has besides."""
        return set(captured(self.name).topics()) - set(self.truth().topics())

    def play(self) -> Capture:
        """What our server says to the same lines."""
        conversations = self._conversations()
        store = _store(conversations)
        return Capture(self.name, [_worded(_replay(one, store)) for one in conversations], {})


def _worded(told: Conversation) -> Conversation:
    script = [masked(_OWN_WORDS.sub("...", _SECONDS.sub("", line))) for line in told.script]
    if told.port == 110:
        script[0] = "S: +OK"
    return Conversation(told.port, told.client, told.server, script)


def _store(conversations: list[Conversation]) -> MailStore:
    """Three times the mail that was fetched, numbered as it was there; the others were as long."""
    lines = [line for one in conversations for line in one.script]
    (first, *_) = _fetched(conversations)
    store = MailStore(uid_validity=_uid_validity(lines))
    mailbox = store.create(_CITRA, _PASSWORD)
    for number in (b"1", b"2", b"3"):
        mailbox.add(first.replace(b"surat 1", b"surat " + number), _ARRIVED)
    if "S| * 1 EXISTS" in lines:
        _take_out_two(store)
    return store


def _take_out_two(store: MailStore) -> None:
    """As fetchmail had done by POP3, before it came by IMAP."""
    session = Pop3Session(store)
    for said in (f"USER {_CITRA}", f"PASS {_PASSWORD}", "DELE 1", "DELE 2", "QUIT"):
        session.receive(f"{said}\r\n".encode())
    session.hang_up()


def _uid_validity(lines: list[str]) -> int:
    """As IMAP says it, or as the second half of a unique id of POP3; any, where nobody asked."""
    for line in lines:
        if found := re.search(r"UIDVALIDITY (\d+)|^S\| 1 [0-9a-f]{8}([0-9a-f]{8})$", line):
            return int(found[1]) if found[1] else int(found[2], 16)
    return 1


def _fetched(conversations: list[Conversation]) -> Iterator[bytes]:
    """The mails that were fetched whole."""
    for one in conversations:
        for place, line in enumerate(one.script):
            if line == "C: RETR 1" and one.script[place + 1].startswith("S: +OK"):
                end = one.script.index("S| .", place)
                lines = [text[3:].removeprefix(".") for text in one.script[place + 2 : end]]
                yield "".join(f"{text}\r\n" for text in lines).encode()
            elif found := re.search(r" BODY\[\] \{(\d+)\}$", line):
                yield _literal(one, place, int(found[1]))
            elif found := re.search(r" \(RFC822.HEADER \{(\d+)\}$", line):
                header = _literal(one, place, int(found[1]))
                text = next(n for n, said in enumerate(one.script) if "(BODY[TEXT] {" in said)
                octets = int(one.script[text].rpartition("{")[2].rstrip("}"))
                yield header + _literal(one, text, octets)


def _literal(conversation: Conversation, place: int, octets: int) -> bytes:
    """The octets that the line at this place announces."""
    lines = [text[3:] for text in conversation.script[place + 1 :]]
    return "\r\n".join(lines).encode()[:octets]


def _replay(conversation: Conversation, store: MailStore) -> Conversation:
    session = Pop3Session(store) if conversation.port == 110 else ImapSession(store)
    script = list(_lines(session.greet().octets()))
    for said in conversation.script:
        if said.startswith("C: "):
            answers = session.receive(f"{said[3:]}\r\n".encode())
            octets = answers.octets() if isinstance(answers, Pop3Answer) else _joined(answers)
            script += [said, *_lines(octets)]
    session.hang_up()
    return Conversation(conversation.port, conversation.client, conversation.server, script)


def _joined(answers: Iterable[ImapAnswer]) -> bytes:
    return b"".join(answer.octets() for answer in answers)


def _lines(octets: bytes) -> Iterator[str]:
    first, *others = octets.decode().removesuffix("\r\n").split("\r\n")
    yield f"S: {first}".rstrip()
    yield from (f"S| {line}".rstrip() for line in others)


@dataclass(frozen=True, slots=True)
class Fetched:
    """A pick-up of two mails by a client: what it says in which order, and +OK or -ERR."""

    name: str
    scenario: str

    def truth(self) -> Capture:
        """What fetchmail said to Dovecot."""
        one = next(one for one in captured(self.name).conversations if one.port == 110)
        lines = [" ".join(line.split()[:2]) if line[0] == "S" else line for line in one.script]
        told = [line for line in lines if not line.startswith("S|")]
        return Capture(self.name, [Conversation(one.port, one.client, one.server, told)], {})

    def left_out(self) -> set[str]:
        """What the capture has besides."""
        return set(captured(self.name).topics()) - set(self.truth().topics())

    def play(self) -> Capture:
        """What our client says to our server."""
        scenario = load(find(self.scenario))
        (mail,) = scenario.mails
        later = msgspec.structs.replace(mail, at=SECOND)
        events = simulate(msgspec.structs.replace(scenario, mails=(mail, later)))
        (truth,) = self.truth().conversations
        script: list[str] = []
        opened: set[int] = set()
        for event in events:
            match event.fact:
                case Connected(protocol="pop3", conn=conn):
                    opened.add(conn)
                case Command(conn=conn, line=line) if conn in opened:
                    script.append(f"C: {line}")
                case Reply(conn=conn, code=code) if conn in opened:
                    script.append(f"S: {code}")
        conversation = Conversation(truth.port, truth.client, truth.server, script)
        return Capture(self.name, [conversation], {})
