"""The lens looks into the mail, the DNS, the queues and the mailboxes of real runs."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from simulator.engine.simulate import simulate
from simulator.lessons.language import LANGUAGES, catalogue
from simulator.scenario.loader import load
from simulator.scenario.topology import hosts_of
from simulator.trace.event import Answer, Event, Query
from simulator.trace.ledger import Ledger
from simulator.trace.player import Player
from simulator.trace.scene import Copy, Scene
from simulator.views.lens import letter, places
from simulator.views.lens.dns import dns
from simulator.views.lens.dns_octets import runs
from simulator.views.lens.fields import changes, fields_of
from simulator.views.lens.parts import parts
from simulator.views.lens.rows import Sheet

SCENARIOS = Path(__file__).parents[2] / "scenarios"
WORDS = catalogue("en")


def scene_at(name: str, wanted: Callable[[Event], bool]) -> Scene:
    """The scene after the first wanted event of a shipped scenario."""
    scenario = load(SCENARIOS / name)
    player = Player(hosts_of(scenario), simulate(scenario))
    player.seek(next(n for n, event in enumerate(player.events, 1) if wanted(event)))
    return player.scene


def text(sheet: Sheet) -> str:
    return "\n".join(row.text for row in (*sheet.rows, *sheet.beside, *sheet.below))


def copy_of(octets: bytes, received: bytes | None = None, **more: object) -> Copy:
    return Copy("m1", "a@b.example", ("c@d.example",), octets, received or octets, **more)  # type: ignore[arg-type]


def test_a_hidden_recipient_is_on_the_envelope_and_in_no_header_field() -> None:
    scene = scene_at("blind-copy", lambda event: event.kind == "queued")
    shown = text(letter.envelope(scene.copies["smtp.kampus.example", "m1"], WORDS))
    assert "to <budi@kampus.example>  ◂ in no header field: Bcc, or an alias" in shown
    assert "to <citra@kantor.example>\n" in shown
    assert "Cc: dedi@kantor.example" in shown
    assert "Changed at this hop: + Received" in shown


def test_each_host_marks_the_fields_that_it_wrote_and_no_others() -> None:
    scene = scene_at("two-domains", lambda event: event.kind == "stored")
    copy = scene.copies["mail.kantor.example", "m1"]
    assert [field.name for field in changes(copy)] == [
        "Return-Path",
        "Delivered-To",
        "Received",
    ]
    names = [field.name for field in fields_of(copy.octets)]
    assert names.count("Received") == 3
    shown = text(letter.header(copy, WORDS))
    assert shown.count("\n+ Received: ") == 1
    assert shown.count("\n  Received: ") == 2


def test_a_field_that_a_host_took_away_is_shown_as_gone() -> None:
    came = b"Bcc: dedi@kantor.example\r\nSubject: Rapat\r\n\r\nHalo\r\n"
    kept = copy_of(
        b"Received: from x\r\nSubject: Rapat\r\n\r\nHalo\r\n", came, added=(("Received", "from x"),)
    )
    assert [(field.name, field.change) for field in changes(kept)] == [
        ("Received", "new"),
        ("Bcc", "gone"),
    ]
    assert "− Bcc: dedi@kantor.example" in text(letter.header(kept, WORDS))
    assert "Changed at this hop: + Received  − Bcc" in text(letter.envelope(kept, WORDS))


def test_a_mail_that_is_passed_on_as_it_came_says_so() -> None:
    shown = text(letter.envelope(copy_of(b"Subject: a\r\n\r\n"), WORDS))
    assert "Changed at this hop: nothing, it is passed on as it came" in shown


def test_an_encoded_subject_is_read_and_a_broken_one_stands_as_it_is() -> None:
    good = copy_of(b"Subject: =?utf-8?b?5ryi5a2X?=\r\n\r\n")
    assert "Subject: 漢字" in text(letter.envelope(good, WORDS))
    broken = copy_of(b"Subject: =?no-such?q?a?=\r\n\r\n")
    assert "Subject: =?no-such?q?a?=" in text(letter.envelope(broken, WORDS))


def test_the_parts_of_a_mail_with_attachments_are_a_tree() -> None:
    scene = scene_at("attachment", lambda event: event.kind == "queued")
    assert [row.text for row in parts(scene.copies["smtp.kampus.example", "m1"], WORDS).rows] == [
        "The parts of the message (MIME)",
        " multipart/mixed",
        " ├─ text/plain  utf-8 · 7bit · 71 octets",
        " ├─ text/csv  jadwal.csv  base64 · 66 octets · 46 decoded",
        " └─ image/png  logo.png  base64 · 928 octets · 677 decoded",
    ]


def test_the_source_has_every_line_and_shows_line_ends_where_bytes_matter() -> None:
    copy = copy_of(b"A: b\r\n\r\nc\td\r\n")
    assert [row.text for row in letter.source(copy, WORDS, line_ends=True).rows] == [
        "1   A: b␍␊",
        "2   ␍␊",
        "3   c       d␍␊",
    ]


def test_what_is_too_long_says_how_much_is_missing() -> None:
    shown = text(letter.source(copy_of(b"x" * 300_000), WORDS, line_ends=False))
    assert "… 44,000 more octets" in shown


def test_every_octet_of_every_dns_message_lies_in_the_section_that_its_records_say() -> None:
    scenario = load(SCENARIOS / "two-domains")
    seen = 0
    for event in simulate(scenario):
        fact = event.fact
        if not isinstance(fact, Answer):
            continue
        octets = base64.b64decode(fact.wire)
        cut = runs(octets)
        assert cut[0].start == 0
        assert [run.end for run in cut] == [*[run.start for run in cut[1:]], len(octets)]
        sections = [run.section for run in cut]
        assert sections.count("answer") == len(fact.records)
        assert sections.count("authority") == len(fact.authority)
        # EDNS adds a record that is no data: OPT (RFC 6891 section 6.1.1).
        assert sections.count("additional") - len(fact.additional) in {0, 1}
        assert "rest" not in sections
        seen += 1
    assert seen > 10


def test_a_dns_answer_is_shown_section_by_section_and_in_octets() -> None:
    scenario = load(SCENARIOS / "two-domains")
    player = Player(hosts_of(scenario), simulate(scenario))
    answer = next(
        event.fact
        for event in player.events
        if isinstance(event.fact, Answer) and event.fact.type == "MX" and event.fact.authoritative
    )
    shown = text(dns(answer, player.scene, WORDS))
    assert "Answer of ns1.kantor.example" in shown
    assert "rcode NOERROR: no error" in shown
    assert "kantor.example. 3600 s MX 10 mx1.kantor.example." in shown
    assert "aa from the zone's own server (authoritative)" in shown
    assert "  header (12)\n  0000  " in shown
    assert "DNS remembers (" in text(dns(None, player.scene, WORDS)) or not player.scene.caches


def test_a_queue_says_for_whom_why_and_until_when() -> None:
    scene = scene_at("greylisting", lambda event: event.kind == "retried")
    shown = text(places.queues(scene, WORDS))
    assert "Queue of smtp.kampus (1)" in shown
    assert "waits; next attempt at " in shown
    assert "450" in shown


def test_a_mailbox_shows_its_folders_and_what_became_of_each_mail() -> None:
    scene = scene_at("two-domains", lambda event: event.kind == "stored")
    shown = text(places.mailboxes(scene, WORDS))
    assert "citra@kantor.example on mail.kantor" in shown
    assert "  INBOX (1)\n    m1  Rapat Senin  new · on the server" in shown


def test_of_many_mailboxes_the_one_that_matters_comes_first_and_most_are_counted() -> None:
    scene = scene_at("two-domains", lambda event: event.kind == "stored")
    (mailbox,) = scene.mailboxes.values()
    many = {f"anggota{number}@kantor.example": mailbox for number in range(500)}
    scene = replace(scene, mailboxes=Ledger(many))
    shown = text(places.mailboxes(scene, WORDS, "anggota333@kantor.example"))
    assert shown.startswith("anggota333@kantor.example on mail.kantor")
    assert shown.count("Rapat Senin") == 20
    assert shown.count("anggota333@") == 1
    assert shown.endswith("… 480 more")
    # Where nothing happens to a mailbox, the first ones stand there.
    assert text(places.mailboxes(scene, WORDS)).startswith("anggota0@kantor.example")


def test_tls_shows_the_certificate_and_which_connections_are_sealed() -> None:
    scenario = load(SCENARIOS / "two-domains")
    player = Player(hosts_of(scenario), simulate(scenario))
    place, event = next((n, e) for n, e in enumerate(player.events, 1) if e.kind == "tls")
    player.seek(place)
    shown = text(places.connections(event.fact, event.host, player.scene, WORDS))  # type: ignore[arg-type]
    assert "Handshake ani → smtp.kampus" in shown
    assert "made out to smtp.kampus.example" in shown
    assert "checked yes: the name is right" in shown
    assert "ani → smtp.kampus  SMTP 587  ▓ sealed" in shown


@given(octets=st.binary(max_size=300))
def test_octets_that_are_no_dns_message_are_shown_all_the_same(octets: bytes) -> None:
    cut = runs(octets)
    assert b"".join(octets[run.start : run.end] for run in cut) == octets


MESSAGES = st.lists(
    st.sampled_from(
        [
            b"Content-Type: multipart/mixed; boundary=b\r\n",
            b"Content-Type: message/rfc822\r\n",
            b"Content-Transfer-Encoding: base64\r\n",
            b"Subject: =?utf-8?q?=ff?=\r\n",
            b'To: <a@b>, "c" <d@\xff>, group: x@y;\r\n',
            b"\r\n",
            b"--b\r\n",
            b"--b--\r\n",
            b" folded\r\n",
            b"no field\r\n",
            b"\xff\x00\x1b[2J\r\n",
            b"====\r\n",
        ]
    ),
    max_size=14,
).map(b"".join)


@settings(max_examples=150)
@given(octets=MESSAGES)
def test_any_message_can_be_looked_at(octets: bytes) -> None:
    copy = copy_of(octets)
    for language in LANGUAGES:
        words = catalogue(language)
        for sheet in (
            letter.envelope(copy, words),
            letter.header(copy, words),
            letter.source(copy, words, line_ends=True),
            parts(copy, words),
        ):
            assert "\x1b" not in text(sheet)


def test_parts_nested_without_end_are_told_in_one_sentence() -> None:
    deep = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n)
        for n in range(1_500)
    )
    assert "MIME" in text(parts(copy_of(deep), WORDS))


@pytest.mark.parametrize("kind", [Query, Answer])
def test_a_recording_whose_dns_octets_are_broken_still_shows_the_sections(kind: type) -> None:
    scenario = load(SCENARIOS / "two-domains")
    fact = next(event.fact for event in simulate(scenario) if isinstance(event.fact, kind))
    broken = type(fact)(
        **{name: getattr(fact, name) for name in fact.__struct_fields__} | {"wire": "!"}
    )
    player = Player(hosts_of(scenario), [])
    assert "Question" in text(dns(broken, player.scene, WORDS))
