"""What becomes of a mail whose owner types POP3 or IMAP: seen, deleted, or left as it was."""

from __future__ import annotations

from functools import reduce
from pathlib import Path

import pytest

from simulator.engine.simulate import simulate
from simulator.lessons.language import Language, catalogue
from simulator.scenario.loader import loads
from simulator.scenario.model import Scenario
from simulator.scenario.topology import hosts_of
from simulator.trace.scene import Scene, fold, opening
from simulator.views.outcome import Outcome

MAIL = """
    pickup = "none"
    [mail]
    from = "ani@kampus.example"
    to = "citra@kantor.example"
    body = "Rapat dimulai pukul 09.00."
    [domains."kantor.example"]
    users = ["citra"]
    [[session]]
    client = "pc-citra.kantor.example"
    server = "mail.kantor.example"
    protocol = "{}"
    port = {}
    at = "1 min"
    lines = [{}]
"""
FOUND = "was looked at by hand; it is still in the mailbox on mail.kantor.example"
GONE = "was fetched by hand and then deleted from the mailbox on mail.kantor.example"
UNSEEN = "was deleted from the mailbox on mail.kantor.example before anybody fetched it"
THERE = "lies in the mailbox on mail.kantor.example, not fetched yet"

POP3 = {
    "RETR 1 + DELE 1 + QUIT": GONE,
    "RETR 1 + QUIT": FOUND,
    "RETR 1 + DELE 1 + RSET + QUIT": FOUND,
    "DELE 1 + QUIT": UNSEEN,
    "DELE 1": THERE,
    "TOP 1 0 + LIST + QUIT": THERE,
    "RETR 2 + DELE 2 + QUIT": THERE,
}
IMAP = {
    "FETCH 1 BODY[] + STORE 1 +FLAGS (\\Deleted) + EXPUNGE + LOGOUT": GONE,
    "FETCH 1 BODY.PEEK[TEXT] + LOGOUT": FOUND,
    "FETCH 1 RFC822 + STORE 1 +FLAGS (\\Deleted) + LOGOUT": FOUND,
    "STORE 1 +FLAGS (\\Deleted) + CLOSE + LOGOUT": UNSEEN,
    "STORE 1 +FLAGS (\\Deleted) + UID EXPUNGE 1 + LOGOUT": UNSEEN,
    "STORE 1 +FLAGS (\\Deleted) + UNSELECT + LOGOUT": THERE,
    "FETCH 1 (FLAGS ENVELOPE BODY[HEADER]) + LOGOUT": THERE,
}


def pop3(commands: str) -> Scenario:
    return typed("pop3", 110, ["USER citra@kantor.example", "PASS rahasia", *commands.split(" + ")])


def imap(commands: str) -> Scenario:
    said = ["LOGIN citra@kantor.example rahasia", "SELECT INBOX", *commands.split(" + ")]
    return typed("imap", 143, [f"a{number} {line}" for number, line in enumerate(said)])


def typed(protocol: str, port: int, lines: list[str]) -> Scenario:
    text = MAIL.format(protocol, port, ", ".join(f"'{line}'" for line in lines))
    return loads(text, file="typed.toml", folder=Path())


def outcome(scenario: Scenario, language: Language = "en") -> str:
    """What came of the one mail."""
    outcome = Outcome({})
    for event in simulate(scenario):
        outcome.follow(event)
    ((_, sentence),) = outcome.sentences(catalogue(language))
    return sentence


def on_the_server(scenario: Scenario) -> bool:
    """Whether the scene has the mail in its mailbox at the end."""
    scene: Scene = reduce(fold, simulate(scenario), opening(hosts_of(scenario)))
    (mail,) = scene.mailboxes["citra@kantor.example"]
    held = any(host == "mail.kantor.example" for host, _ in scene.copies)
    assert held == mail.on_server
    return mail.on_server


@pytest.mark.parametrize("commands", POP3)
def test_what_is_typed_in_pop3_counts(commands: str):
    assert outcome(pop3(commands)) == POP3[commands]
    assert on_the_server(pop3(commands)) == (POP3[commands] in {FOUND, THERE})


@pytest.mark.parametrize("commands", IMAP)
def test_what_is_typed_in_imap_counts(commands: str):
    assert outcome(imap(commands)) == IMAP[commands]
    assert on_the_server(imap(commands)) == (IMAP[commands] in {FOUND, THERE})


def test_it_is_told_in_indonesian_too():
    assert outcome(pop3("RETR 1 + DELE 1 + QUIT"), "id") == (
        "sudah diambil dengan tangan, lalu dihapus dari kotak surat di mail.kantor.example"
    )
