"""A look into the text: what is found wherever it hides, and what a mail says of itself."""

from __future__ import annotations

import base64
import time
from functools import reduce

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.mail.content_scan import rule_book, scan
from simulator.scenario.model import Scenario
from simulator.scenario.topology import hosts_of
from simulator.trace.event import Event, Judged
from simulator.trace.octets import octets_of
from simulator.trace.scene import fold, opening
from tests.mail.test_trust import HELLO, ani_writes, inputs, kampus, kantor, names, said_to, stored

GTUBE = "XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X"
MIXED = """Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/html
Content-Transfer-Encoding: base64

{}
--b--
"""


def found(text: str) -> list[str]:
    return [hit.name for hit in scan(text.replace("\n", "\r\n").encode()).hits]


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        (f"Subject: a\n\n{GTUBE}\n", ["GTUBE"]),
        (MIXED.format(base64.b64encode(GTUBE.encode()).decode()), ["GTUBE"]),
        ("Subject: =?utf-8?q?Anda_menang?=\n\nHalo\n", ["YOU_HAVE_WON"]),
        ("Subject: Halo\n\nAnda\nmenang\n", ["YOU_HAVE_WON"]),
        ("Subject: PENTING SEKALI\n\nHalo\n", ["SUBJECT_SHOUTS"]),
        ("Subject: Rapat RT 05\n\nPukul 9.\n", []),
        ("Subject: RT\n\nPukul 9.\n", []),
    ],
)
def test_words_are_found_however_they_are_written(text: str, hits: list[str]) -> None:
    assert found(text) == hits


def test_gtube_alone_is_spam_and_one_word_is_not() -> None:
    assert scan(f"\r\n{GTUBE}".encode()).is_spam
    assert not scan(b"\r\ngratis").is_spam
    assert rule_book().required == 5.0


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_whatever_comes_is_scored(octets: bytes) -> None:
    assert scan(octets).score >= 0


def test_a_long_subject_takes_no_time() -> None:
    began = time.process_time()
    scan(b"Subject: " + b"A" * 200_000 + b"a\r\n\r\n" + b"!" * 200_000)
    assert time.process_time() - began < 10, "it grows with the square of the length"


def kantors_scenario(*, checks_trust: bool = False) -> Scenario:
    domain = kantor(content_scan=True, checks_trust=checks_trust)
    return msgspec.structs.replace(ani_writes(kampus(), domain), mails=(), pickups=())


def a_stranger_says(*lines: str, checks_trust: bool = False) -> list[Event]:
    scenario = kantors_scenario(checks_trust=checks_trust)
    message = "\n".join(f"C: {line}" for line in lines)
    script = f"""{HELLO}
        C: MAIL FROM:<orang@tidakada.example>
        S: 250
        C: RCPT TO:<citra@kantor.example>
        S: 250
        C: DATA
        S: 354
        {message}
        C: .
        S: 250 2.0.0
        C: QUIT
        S: 221
        """
    return said_to("mx1.kantor.example", 25, scenario, script)


def test_what_a_mail_claims_of_itself_counts_for_nothing() -> None:
    claims = ("X-Spam-Flag: YES", "X-Spam-Status: No, score=-9.0", "X-Spam-Score: -9.0")
    events = a_stranger_says(*claims, "From: orang@tidakada.example", "", "Halo.")
    mail = stored(events)
    assert mail.folder == "INBOX"
    assert names(octets_of(mail)).count("X-Spam-Score") == 1
    assert "-9.0" not in mail.data
    assert inputs(events, "content.scan", "clean")["score"] == "0.0"


@pytest.mark.parametrize("checks_trust", [False, True])
def test_the_mark_stands_on_top_whatever_else_was_found(checks_trust: bool) -> None:
    events = a_stranger_says("From: a@b.example", "", GTUBE, checks_trust=checks_trust)
    mail = stored(events)
    assert mail.folder == "Junk"
    written = names(octets_of(mail))
    assert written[written.index("X-Spam-Flag") :][:3] == [
        "X-Spam-Flag",
        "X-Spam-Score",
        "X-Spam-Status",
    ]
    assert ("Authentication-Results" in written) == checks_trust


def test_each_claim_is_told_so_that_the_scene_has_the_mail_as_it_is_stored() -> None:
    claims = ("X-Spam-Status: No, score=-9.0", "X-SPAM-Flag: YES", "x-spam-level: ****")
    events = a_stranger_says(*claims, "From: orang@tidakada.example", "", "X-Spam-Flag: NO")
    told = [
        event.fact.inputs
        for event in events
        if isinstance(event.fact, Judged) and event.fact.rule == "content.claim"
    ]
    assert told == [
        {"name": "X-Spam-Status", "value": "No, score=-9.0"},
        {"name": "X-SPAM-Flag", "value": "YES"},
        {"name": "x-spam-level", "value": "****"},
    ]
    scene = reduce(fold, events, opening(hosts_of(kantors_scenario())))
    assert octets_of(stored(events)) in {copy.octets for copy in scene.copies.values()}
