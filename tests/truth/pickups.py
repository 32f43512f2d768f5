"""POP3 as Dovecot and fetchmail spoke it, and as our mailbox server and client speak it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from simulator.engine.simulate import simulate
from simulator.mail.mailbox import MailStore
from simulator.mail.pop3_server import Pop3Answer, Pop3Session
from simulator.scenario.library import find
from simulator.scenario.loader import load
from simulator.scenario.model import SECOND
from simulator.trace.event import Command, Connected, Reply
from tests.truth.captures import Capture, Conversation, captured

_UID_VALIDITY = 0x6B0420E2
"""The second half of the captured unique ids."""


@dataclass(frozen=True, slots=True)
class TypedPop3:
    """Conversations that a person held with Dovecot: what they typed is typed to our server too.

    Replies are compared in their words; a mailbox of three mails is as it was there.
    """

    name: str

    def truth(self) -> Capture:
        """What Dovecot said; only the greeting may be worded at will."""
        found = captured(self.name)
        worded = [
            Conversation(one.port, one.client, one.server, ["S: +OK", *one.script[1:]])
            for one in found.conversations
        ]
        return Capture(self.name, worded, {})

    def play(self) -> Capture:
        """What our server says to the same lines."""
        store = _store(self.truth())
        return Capture(self.name, [_replay(one, store) for one in self.truth().conversations], {})


def _store(truth: Capture) -> MailStore:
    """Three times the mail that was fetched; the others were as long."""
    script = truth.conversations[0].script
    start = script.index("C: RETR 1") + 2
    lines = [line[3:] for line in script[start : script.index("S| .", start)]]
    octets = "".join(f"{line.removeprefix('.')}\r\n" for line in lines).encode()
    store = MailStore(uid_validity=_UID_VALIDITY)
    mailbox = store.create("citra@kantor.example", "rahasia")
    for _ in range(3):
        mailbox.add(octets)
    return store


def _replay(conversation: Conversation, store: MailStore) -> Conversation:
    session = Pop3Session(store)
    session.greet()
    script = ["S: +OK"]
    for said in conversation.script:
        if said.startswith("C: "):
            script += [said, *_lines(session.receive(f"{said[3:]}\r\n".encode()))]
    session.hang_up()
    return Conversation(conversation.port, conversation.client, conversation.server, script)


def _lines(answer: Pop3Answer) -> Iterator[str]:
    first, *others = answer.octets().decode().removesuffix("\r\n").split("\r\n")
    yield f"S: {first}"
    yield from (f"S| {line}".rstrip() for line in others)


@dataclass(frozen=True, slots=True)
class Fetched:
    """A pick-up of two mails by a client: what it says in which order, and +OK or -ERR."""

    name: str
    scenario: str

    def truth(self) -> Capture:
        """What fetchmail said to Dovecot."""
        (one,) = captured(self.name).conversations
        lines = [" ".join(line.split()[:2]) if line[0] == "S" else line for line in one.script]
        told = [line for line in lines if not line.startswith("S|")]
        return Capture(self.name, [Conversation(one.port, one.client, one.server, told)], {})

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
