"""What a mailing list makes of a mail: marks, a footer, a From; and what it will not take."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.engine.simulate import simulate
from simulator.mail.mailing_list import has_been_at, posting
from simulator.scenario.domain import MailingList
from simulator.scenario.loader import loads
from simulator.scenario.topology import hosts_of
from tests.lessons_in_scenarios.conversation import lines_of
from tests.lessons_in_scenarios.played import Run

RAPAT = "rapat@milis.example"
MARKED = MailingList(members=(), subject_prefix="[rapat] ", footer="Keluar: tulis keluar")
REWRITING = MailingList(members=(), rewrite_from=True)


def posted(text: str, mailing_list: MailingList = MARKED) -> EmailMessage:
    octets = "".join(f"{line}\r\n" for line in text.strip().splitlines()).encode()
    sent = posting(octets, RAPAT, mailing_list, Random(1)).replace(b"\r\n", b"\n")
    return email.message_from_bytes(sent, policy=email.policy.default)


def test_subject_and_text_are_marked_and_the_list_is_named() -> None:
    message = posted("From: ani@kampus.example\nSubject: Senin\n\nPukul 9.")
    assert message["Subject"] == "[rapat] Senin"
    assert message.get_content().endswith(f"Pukul 9.\n\n{'_' * 47}\nKeluar: tulis keluar\n")
    assert [name for name in message if name.startswith("List-")] == [
        "List-Id",
        "List-Unsubscribe",
        "List-Post",
        "List-Help",
        "List-Owner",
    ]
    assert message["From"] == "ani@kampus.example"


def test_an_answer_keeps_the_mark_that_it_has() -> None:
    message = posted("Subject: Re: [rapat] Senin\n\nYa.")
    assert message["Subject"] == "Re: [rapat] Senin"


def test_base64_is_opened_before_the_footer_is_added() -> None:
    message = posted(
        "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n"
        "UnVhbmcg4oCcRGFobGlh4oCd"
    )
    assert message.get_content().startswith("Ruang “Dahlia”\n")
    assert message.get_content().endswith("Keluar: tulis keluar\n")


def test_what_is_more_than_one_text_gets_the_footer_as_a_part_of_its_own() -> None:
    message = posted("Content-Type: text/html\nMIME-Version: 1.0\n\n<p>Pukul 9.</p>")
    first, second = message.iter_parts()
    assert (first.get_content_type(), first.get_content()) == ("text/html", "<p>Pukul 9.</p>\n")
    assert second.get_content().endswith("Keluar: tulis keluar\n")
    assert message["MIME-Version"] == "1.0"


@pytest.mark.parametrize(
    ("author", "shown"),
    [
        ("Ani <ani@kampus.example>", "Ani via rapat"),
        ("ani@kampus.example", "ani@kampus.example via rapat"),
        ("=?utf-8?q?An=C3=AD?= <ani@kampus.example>", "Aní via rapat"),
        ("nobody at all", "Somebody via rapat"),
    ],
)
def test_a_list_that_rewrites_from_says_whose_words_they_are(author: str, shown: str) -> None:
    message = posted(f"From: {author}\n\nHalo.", REWRITING)
    (person,) = message["From"].addresses
    assert (person.display_name, person.addr_spec) == (shown, RAPAT)
    assert message["Reply-To"] is not None


def test_an_own_reply_to_stays() -> None:
    message = posted("From: ani@kampus.example\nReply-To: tu@kampus.example\n\nHalo.", REWRITING)
    assert message["Reply-To"] == "tu@kampus.example"


def test_a_list_knows_its_own_post_again() -> None:
    first = posting(b"Subject: a\r\n\r\nb\r\n", RAPAT, MARKED, Random(1))
    assert has_been_at(RAPAT, first)
    assert not has_been_at("lain@milis.example", first)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.booleans())
def test_whatever_comes_the_list_writes_its_fields_and_raises_nothing(
    octets: bytes, rewrite: bool
) -> None:
    mailing_list = MailingList(members=(), subject_prefix="[x] ", footer="y", rewrite_from=rewrite)
    head = b"From: a\r\nSubject: " + octets.replace(b"\r", b"").replace(b"\n", b"\r\n ") + b"\r\n"
    for message in (octets, head + b"\r\n" + octets):
        sent = posting(message, RAPAT, mailing_list, Random(1))
        assert b"List-Id: <rapat.milis.example>\r\n" in sent


def of_a_list(mail: str, lists: str, milis: str = "") -> Run:
    text = f"""
[mail]
from = "ani@kampus.example"
to = "rapat@milis.example"
{mail}
[domains."kampus.example"]
users = ["ani"]
[domains."milis.example"]
users = ["citra"]
{milis}
[domains."milis.example".lists]
{lists}
"""
    scenario = loads(text, file="scenario.toml", folder=Path("rapat"))
    events = tuple(simulate(scenario))
    return Run(scenario, events, lines_of(hosts_of(scenario), events))


def test_a_report_is_not_given_to_a_list_and_nobody_is_told() -> None:
    run = of_a_list('envelope_from = ""', 'rapat = { members = ["citra@milis.example"] }')
    run.shows("""
        mx1.milis.example  = list.post refused: rapat@milis.example
        mx1.milis.example  gives m1 up for rapat@milis.example and tells nobody
    """)


def test_two_lists_that_are_members_of_each_other_stop_at_the_second_turn() -> None:
    run = of_a_list(
        "",
        'rapat = { members = ["kabar@milis.example", "citra@milis.example"] }\n'
        'kabar = { members = ["rapat@milis.example"] }',
    )
    run.shows("""
        mx1.milis.example   = list.post posted: rapat@milis.example
        mx1.milis.example   = list.post posted: kabar@milis.example
        mx1.milis.example   = list.post loop: rapat@milis.example
        mx1.milis.example   writes m4 from <> to kabar-bounces@milis.example
        mx1.milis.example   = alias postmaster@milis.example: kabar-bounces@milis.example
    """)


def test_a_report_on_a_member_goes_to_the_list_and_not_to_the_author() -> None:
    run = of_a_list("", 'rapat = { members = ["hantu@kampus.example"] }', 'dkim_selector = "m1"')
    run.shows("""
        mx1.milis.example    writes m2 from <rapat-bounces@milis.example> to hantu@kampus.example
        smtp.kampus.example  S: 550 5.1.1 <hantu@kampus.example>
        mx1.milis.example    writes m3 from <> to rapat-bounces@milis.example
        mx1.milis.example    = trust.dkim-sign signed: milis.example
        mail.milis.example   stores m3 for postmaster@milis.example
    """)
    (report,) = run.stored("postmaster@milis.example")
    assert "d=milis.example" in report["DKIM-Signature"]
