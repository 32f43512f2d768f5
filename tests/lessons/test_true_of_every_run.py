"""What is explained is true of the run at hand: of wishes, own users, TLS that was refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.engine.simulate import simulate
from simulator.lessons.explain import Explanation, explain
from simulator.lessons.fields import allowed
from simulator.lessons.language import LANGUAGES, Language, catalogue
from simulator.scenario.loader import loads
from simulator.scenario.topology import hosts_of
from simulator.trace.event import Event, Judged
from simulator.trace.scene import fold, opening

ANI_WRITES_TO = """
    [mail]
    from = "ani@kampus.example"
    to = "{}"
    {}
    [domains."kampus.example"]
    users = ["ani"]
    {}
    [domains."kantor.example"]
    users = ["citra"]
    {}
"""


def explained(rule: str, text: str, language: Language = "en") -> list[Explanation]:
    """What is said of every decision by that rule."""
    scenario = loads(text, file="true.toml", folder=Path())
    scene, found = opening(hosts_of(scenario)), []
    for event in simulate(scenario):
        scene = fold(scene, event)
        if isinstance(event.fact, Judged) and event.fact.rule == rule:
            found.append(explain(event, scene, language))
    return found


def test_where_the_sender_wants_no_report_nobody_says_that_one_must_be_written():
    text = ANI_WRITES_TO.format("tiada@kantor.example", 'notify = ["never"]', "", "")
    (english,) = explained("delivery.outcome", text)
    assert english.why.endswith("tells the sender, unless no report is wanted.")
    (indonesian,) = explained("delivery.outcome", text, "id")
    assert indonesian.why.endswith("kecuali laporan tidak diminta.")


def test_a_user_who_writes_to_the_own_domain_is_not_told_of_other_domains_only():
    text = ANI_WRITES_TO.format("ani@kampus.example", "", "", "")
    (english,) = explained("relay.permission", text)
    assert english.why.endswith("takes mail to any domain, from strangers only mail to its own.")
    (indonesian,) = explained("relay.permission", text, "id")
    assert indonesian.why.endswith("dari orang asing hanya surel ke domainnya sendiri.")


def test_a_server_that_refuses_starttls_gets_the_mail_in_the_clear_and_that_is_said():
    refuses = '[[change]]\ndo = "on STARTTLS at mx1.kantor.example: reply 454 4.7.0 Not now"'
    text = ANI_WRITES_TO.format("citra@kantor.example", "", 'tls = "may"', refuses)
    (english,) = explained("tls.refused", text)
    assert english.sentence == (
        "smtp.kampus.example was refused TLS, and goes on without: "
        "whoever listens on the wire can read the mail."
    )
    (indonesian,) = explained("tls.refused", text, "id")
    assert indonesian.sentence.startswith("smtp.kampus.example ditolak memakai TLS")
    seals = ANI_WRITES_TO.format("citra@kantor.example", "", 'tls = "may"', "")
    assert explained("tls.refused", seals) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_host_s_name_begins_a_sentence_as_it_is_written(language: Language):
    fact = Judged(
        rule="sts.mx", verdict="match", inputs={"host": "mx1.b.example", "mx": "", "mode": ""}
    )
    told = explain(Event(0, 0, 5, "smtp.a.example", "m1", fact), opening(()), language)
    assert "Mx1" not in told.sentence
    assert "mx1.b.example" in told.sentence


def test_one_of_a_thing_is_no_plural():
    def said(language: Language, count: str, unit: str, period: str) -> str:
        values = {"limit": count, "unit": unit, "window": "rolling", "period": period}
        return allowed(values, catalogue(language))

    assert said("en", "1", "recipient", "1") == "1 recipient in 1 second"
    assert said("en", "2000", "message", "86400") == "2,000 messages in 1 day"
    assert said("en", "2", "transaction", "5") == "2 mail transactions in 5 seconds"
    assert said("id", "1", "recipient", "1") == "1 penerima dalam 1 detik"
