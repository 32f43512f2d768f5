"""CHUNKING (RFC 3030): a message whose octets are counted, and that no dot ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.engine.simulate import simulate
from simulator.scenario.loader import loads
from simulator.trace.event import Content, Stored
from tests.dialogue import UP_TO_RCPT, a_world, converse

MX = "mx1.kantor.example"


def test_a_message_in_chunks_is_one_message_and_its_dots_are_its_own():
    events = converse(
        a_world(),
        MX,
        25,
        f"""{UP_TO_RCPT}
        C: BDAT 12
        C+ Subject: x
        S: 250 2.0.0 Ok: 12 bytes
        C: BDAT 16 LAST
        C+
        C+ .
        C+ ..
        C+ akhir
        S: 250 2.0.0 Ok: 28 bytes queued as
        """,
    )
    (stored,) = [event.fact for event in events if isinstance(event.fact, Stored)]
    assert stored.data.endswith("Subject: x\r\n\r\n.\r\n..\r\nakhir\r\n")
    assert not [event for event in events if isinstance(event.fact, Content)]


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("DATA", "503 5.5.1 Error: DATA after BDAT"),
        ("RCPT TO:<dedi@kantor.example>", "503 5.5.1 Error: RCPT after BDAT"),
        ("MAIL FROM:<lagi@asing.example>", "503 5.5.1 Error: nested MAIL command"),
        ("NOOP", "250 2.0.0 Ok"),
        ("RSET", "250 2.0.0 Ok"),
        ("BDAT 0 LAST", "250 2.0.0 Ok: 12 bytes queued as"),
        ("BDAT dua", "521 5.5.4 Syntax: BDAT count [LAST]"),
        ("BDAT 3 FIRST", "521 5.5.4 Syntax: BDAT count [LAST]"),
    ],
)
def test_after_a_chunk_only_more_chunks_go_on_with_the_message(said: str, answer: str):
    converse(
        a_world(),
        MX,
        25,
        f"""{UP_TO_RCPT}
        C: BDAT 12
        C+ Subject: x
        S: 250 2.0.0 Ok: 12 bytes
        C: {said}
        S: {answer}
        """,
    )


def test_a_chunk_out_of_place_is_read_and_thrown_away():
    converse(
        a_world(),
        MX,
        25,
        """
        S: 220
        C: EHLO stranger.example
        S: 250 CHUNKING
        C: BDAT 6 LAST
        C+ QUIT
        S: 503 5.5.1 Error: need RCPT command
        C: MAIL FROM:<orang@asing.example>
        S: 250 2.1.0
        C: BDAT 6 LAST
        C+ QUIT
        S: 554 5.5.1 Error: no valid recipients
        C: QUIT
        S: 221 2.0.0
        """,
    )


def test_more_chunks_than_the_server_takes_spoil_the_message():
    converse(
        a_world(size_limit=20),
        MX,
        25,
        f"""{UP_TO_RCPT}
        C: BDAT 12
        C+ Subject: x
        S: 250 2.0.0 Ok: 12 bytes
        C: BDAT 12
        C+ Subject: y
        S: 552 5.3.4 Chunk exceeds message size limit
        C: BDAT 6 LAST
        C+ QUIT
        S: 551 5.0.0 Discarded 6 bytes after earlier error
        C: RSET
        S: 250 2.0.0
        """,
    )


def test_a_server_that_lacks_chunking_does_not_know_bdat():
    converse(
        a_world(lacks=("CHUNKING",)),
        MX,
        25,
        """
        S: 220
        C: EHLO stranger.example
        S: 250 SMTPUTF8
        C: BDAT 0 LAST
        S: 500 5.5.2
        """,
    )


def test_who_sits_on_the_wire_passes_a_chunk_on_whole():
    scenario = loads(
        """
        [domains."kampus.example"]
        users = ["ani"]
        [domains."kantor.example"]
        users = ["citra"]
        [mail]
        from = "ani@kampus.example"
        to = "ani@kampus.example"
        [[session]]
        client = "smtp.kampus.example"
        server = "mx1.kantor.example"
        lines = [
            "EHLO smtp.kampus.example",
            "MAIL FROM:<tamu@asing.example>",
            "RCPT TO:<citra@kantor.example>",
            ["BDAT 20 LAST", "Subject: x", "", "DATA"],
            "QUIT",
        ]
        [[intercept]]
        client = "smtp.kampus.example"
        server = "mx1.kantor.example"
        does = "strip"
        """,
        file="chunk.toml",
        folder=Path(),
    )
    events = list(simulate(scenario))
    stored = [event.fact for event in events if isinstance(event.fact, Stored)]
    (taken,) = [fact.data for fact in stored if fact.mailbox == "citra@kantor.example"]
    assert taken.endswith("Subject: x\r\n\r\nDATA\r\n")
    carried = [event.fact.data for event in events if isinstance(event.fact, Content)]
    assert carried.count("Subject: x\r\n\r\nDATA\r\n") == 2
