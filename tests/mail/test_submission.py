"""What a mail client makes of its own server: of limits, refusals and trouble on the way."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.engine.simulate import simulate
from simulator.lessons.explain import explain
from simulator.lessons.language import Language
from simulator.scenario.loader import loads
from simulator.scenario.topology import hosts_of
from simulator.trace.event import Command, Event, Judged, Reply, Stored
from simulator.trace.scene import opening

ANI_WRITES = """
    [mail]
    from = "ani@kampus.example"
    to = "citra@kantor.example"
    body = "Rapat dimulai pukul 09.00 di ruang 3, jangan terlambat."
"""
KANTOR = """
    [domains."kantor.example"]
    users = ["citra"]
"""


def run(text: str) -> list[Event]:
    return list(simulate(loads(text, file="submission.toml", folder=Path())))


def told(text: str, language: Language) -> list[str]:
    """What a mail client tells its user."""
    scenario = loads(text, file="submission.toml", folder=Path())
    scene = opening(hosts_of(scenario))
    return [
        explain(event, scene, language).sentence
        for event in simulate(scenario)
        if isinstance(event.fact, Judged) and event.fact.rule.startswith("submission.")
    ]


def test_of_121_recipients_with_100_allowed_the_first_100_get_the_mail():
    events = run(
        ANI_WRITES
        + KANTOR
        + """
        [mail.bcc]
        count = 120
        domains = 3
        [domains."kampus.example"]
        users = ["ani"]
        sending_limit = {count = 100, unit = "recipient"}
        """
    )
    replies = [e.fact for e in events if isinstance(e.fact, Reply) and e.step == 2]
    refused = [fact.lines for fact in replies if fact.rule == "sending.limit"]
    assert refused == [("550 5.4.5 Daily user sending limit exceeded",)] * 21
    assert [fact.lines for fact in replies[-3:]] == [
        ("354 End data with <CR><LF>.<CR><LF>",),
        (replies[-2].lines[0],),
        ("221 2.0.0 Bye",),
    ]
    assert replies[-2].lines[0].startswith("250 2.0.0 Ok: queued as")
    assert len({e.fact.mailbox for e in events if isinstance(e.fact, Stored)}) == 100


def test_somebody_who_guesses_addresses_still_hears_421_at_the_twentieth_mistake():
    events = run(
        KANTOR
        + """
        [[session]]
        server = "mx1.kantor.example"
        lines = ["EHLO x", "MAIL FROM:<a@asing.example>", {}]
        """.format(", ".join(f'"RCPT TO:<tebak{number}@kantor.example>"' for number in range(21)))
    )
    said = [e.fact.lines[0] for e in events if isinstance(e.fact, Reply)]
    assert said[-2].startswith("550 5.1.1 <tebak19@kantor.example>")
    assert said[-1] == "421 4.7.0 mx1.kantor.example Error: too many errors"


KEPT = {
    "starttls = false": (
        "the server offers no TLS, and the client is set up to insist on it.",
        "server tidak menawarkan TLS, padahal klien disetel harus memakainya.",
    ),
    'certificate = "smtp.lain.example"': (
        "(Hostname mismatch, certificate is not valid for 'smtp.kampus.example').",
        "(Hostname mismatch, certificate is not valid for 'smtp.kampus.example').",
    ),
    "size_limit = 200": (
        "octets, and the server takes 200 at most.",
        "oktet, dan server hanya menerima paling banyak 200.",
    ),
}


@pytest.mark.parametrize("setting", KEPT)
def test_what_the_client_finds_out_by_itself_is_no_refusal_and_is_told_in_the_user_s_language(
    setting: str,
):
    text = ANI_WRITES + KANTOR + f'[domains."kampus.example"]\nusers = ["ani"]\n{setting}\n'
    english, indonesian = KEPT[setting]
    (sentence,) = told(text, "en")
    assert sentence.startswith("Ani's mail client shows its user that it did not hand the mail to")
    assert sentence.endswith(english)
    (kalimat,) = told(text, "id")
    assert kalimat.startswith("Klien surel Ani memberi tahu penggunanya bahwa surel untuk")
    assert kalimat.endswith(indonesian)


def test_a_server_that_says_421_at_mail_puts_the_mail_off_and_has_not_refused_it():
    busy = """
        [domains."kampus.example"]
        users = ["ani"]
        [[change]]
        do = "on MAIL at smtp.kampus.example: reply 421 4.3.2 Busy"
    """
    (sentence,) = told(ANI_WRITES + KANTOR + busy, "en")
    assert sentence == (
        "Ani's mail client shows its user that the server does not take the mail to "
        "citra@kantor.example for now: 421 4.3.2 Busy"
    )
    lines = [e.fact.line for e in run(ANI_WRITES + KANTOR + busy) if isinstance(e.fact, Command)]
    assert lines[-2:] == ["MAIL FROM:<ani@kampus.example>", "QUIT"]
