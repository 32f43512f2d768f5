"""Large mails and many recipients: all arrive, each once, octet for octet."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from simulator.engine.simulate import simulate
from simulator.mail.header import split_header
from simulator.mail.message import attachments_of
from simulator.mail.transparency import dot_unstuff
from simulator.scenario.library import find
from simulator.scenario.loader import load, loads
from simulator.scenario.model import Attachment, Scenario
from simulator.scenario.topology import hosts_of
from simulator.trace.event import (
    Bounced,
    Connected,
    Content,
    Event,
    Fetched,
    Query,
    Queued,
    Retried,
    Stored,
)
from simulator.trace.octets import octets_of

MEGABYTE = 1_000_000
_STAMP = re.compile(r"\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4}")


def test_a_mail_of_25_megabytes_passes_all_hops_and_arrives_octet_for_octet():
    # Octets that are no text, with every value, and lines of dots among them.
    octets = (bytes(range(256)) + b"\r\n.\r\n..\r\n") * 69_500
    events = list(simulate(_with_attachment(load(find("two-relays")), octets)))
    sent = [octets_of(e.fact) for e in events if isinstance(e.fact, Content)]
    (stored,) = [octets_of(e.fact) for e in events if isinstance(e.fact, Stored)]
    assert len(sent[0]) > 25 * MEGABYTE
    # Client, server, two relays, LMTP, POP3: six times over a wire, each one longer or the same.
    assert len(sent) == 6
    assert [len(one) for one in sent] == sorted(map(len, sent))
    bodies = {hash(split_header(dot_unstuff(one))[1]) for one in (*sent, stored)}
    assert len(bodies) == 1
    (attachment,) = attachments_of(stored)
    # Compared outside of assert: pytest would spend minutes on the difference.
    same = (attachment.octets == octets, dot_unstuff(sent[-1]) == stored)
    assert same == (True, True)
    assert sum(e.kind == "read" for e in events) == 1


def _with_attachment(scenario: Scenario, octets: bytes) -> Scenario:
    (mail,) = scenario.mails
    attachment = Attachment(name="arsip.bin", media_type="application/octet-stream", octets=octets)
    return msgspec.structs.replace(
        scenario, mails=(msgspec.structs.replace(mail, attachments=(attachment,)),)
    )


def test_a_mail_larger_than_a_server_takes_is_refused_before_it_is_sent():
    scenario = _with_attachment(load(find("two-domains")), bytes(300_000))
    kampus, kantor = scenario.domains
    smaller = msgspec.structs.replace(kantor, size_limit=100_000)
    events = list(simulate(msgspec.structs.replace(scenario, domains=(kampus, smaller))))
    sent_on = [e.fact for e in events if isinstance(e.fact, Content) and e.step == 5]
    assert sent_on == []
    (stored,) = [e.fact for e in events if isinstance(e.fact, Stored)]
    assert stored.mailbox == "ani@kampus.example"
    assert "Status: 5.3.4\r\n" in stored.data


# A hundred recipients -----------------------------------------------------------------------------


DOMAINS = [f"kota{number:02d}.example" for number in range(20)]
RECIPIENTS = [f"warga{number}@{domain}" for domain in DOMAINS for number in range(5)]


@pytest.fixture(scope="module")
def to_a_hundred() -> list[Event]:
    """One mail to five people in each of twenty domains, some in To, some in Cc, some in Bcc."""
    to, cc, bcc = RECIPIENTS[:40], RECIPIENTS[40:70], RECIPIENTS[70:]
    text = f"""
        [mail]
        from = "ani@kampus.example"
        to = {to}
        cc = {cc}
        bcc = {bcc}
        subject = "Undangan"
        body = "Datanglah."
    """
    return list(simulate(loads(text, file="hundred.toml", folder=find("two-domains"))))


def test_a_hundred_recipients_in_twenty_domains_each_get_it_once(to_a_hundred: list[Event]):
    stored = Counter(e.fact.mailbox for e in to_a_hundred if isinstance(e.fact, Stored))
    fetched = Counter(e.fact.mailbox for e in to_a_hundred if isinstance(e.fact, Fetched))
    once = dict.fromkeys(RECIPIENTS, 1)
    assert stored == once
    assert fetched == once
    assert not any(e.kind in {"bounced", "retried", "refused"} for e in to_a_hundred)


def test_each_domain_is_handed_the_mail_in_one_transaction(to_a_hundred: list[Event]):
    called = Counter(
        e.fact.peer for e in to_a_hundred if isinstance(e.fact, Connected) and e.fact.port == 25
    )
    assert called == {f"mx1.{domain}": 1 for domain in DOMAINS}
    asked = Counter(
        e.fact.name
        for e in to_a_hundred
        if isinstance(e.fact, Query) and e.host == "smtp.kampus.example" and e.fact.type == "MX"
    )
    assert asked == dict.fromkeys(DOMAINS, 1)


def test_nobody_learns_of_the_blind_copies(to_a_hundred: list[Event]):
    blind = RECIPIENTS[70:]
    for event in to_a_hundred:
        if isinstance(event.fact, Stored):
            others = [one for one in blind if one != event.fact.mailbox]
            header = split_header(octets_of(event.fact))[0].decode()
            assert not any(one in header for one in others), event.fact.mailbox


def test_no_event_refers_to_a_clock_on_the_wall(to_a_hundred: list[Event]):
    """Every date that anybody writes is the scenario's start plus the virtual time."""
    start = datetime.fromisoformat(load(find("two-domains")).start)
    seen = 0
    for event in to_a_hundred:
        now = start + timedelta(microseconds=event.at)
        for text in _texts(msgspec.to_builtins(event.fact)):
            for stamp in _STAMP.findall(text):
                written = datetime.strptime(stamp, "%d %b %Y %H:%M:%S %z")
                assert start <= written <= now, (event.seq, stamp)
                seen += 1
    assert seen > 600
    assert [e.at for e in to_a_hundred] == sorted(e.at for e in to_a_hundred)
    assert [e.seq for e in to_a_hundred] == list(range(len(to_a_hundred)))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)


def test_mails_sent_at_the_same_moment_are_told_apart():
    scenario = load(find("two-domains"))
    (mail,) = scenario.mails
    others = (msgspec.structs.replace(mail, subject=f"Rapat {day}") for day in range(2, 11))
    events = list(simulate(msgspec.structs.replace(scenario, mails=(mail, *others))))
    stored = [octets_of(e.fact) for e in events if isinstance(e.fact, Stored)]
    ids = {re.findall(rb"^Message-ID: (.*)\r$", octets, re.MULTILINE)[0] for octets in stored}
    queued = [e.fact.queue_id for e in events if isinstance(e.fact, Queued)]
    assert len(stored) == len(ids) == 10
    assert len(queued) == len(set(queued)) == 20


def test_a_letter_to_two_thousand_readers_reaches_all_who_can_be_reached():
    """Some towns are full of strangers, wait, or are down; every reader has a fate of their own."""
    text = """
        [mail]
        from = "redaksi@kampus.example"
        to = "redaksi@kampus.example"
        bcc = { count = 2000, domains = 40 }
        [domains."kampus.example"]
        recipient_limit = 5000
        [domains."kota3.example"]
        users = ["pembaca3"]
        [domains."kota4.example"]
        greylist = "5 min"
        [[change]]
        do = "at mx1.kota5.example until 20 min: down"
    """
    scenario = loads(text, file="readers.toml", folder=Path())
    events = list(simulate(scenario))
    readers = {one for one in scenario.mails[0].bcc if not one.endswith("@kota3.example")}
    stored = Counter(e.fact.mailbox for e in events if isinstance(e.fact, Stored))
    assert {one for one in stored if one.startswith("pembaca")} == readers | {
        "pembaca3@kota3.example"
    }
    assert all(stored[one] == 1 for one in readers)
    bounced = [one for e in events if isinstance(e.fact, Bounced) for one in e.fact.recipients]
    assert len(bounced) == len(set(bounced)) == 49
    waited = {one for e in events if isinstance(e.fact, Retried) for one in e.fact.recipients}
    # In kota3 the server hangs up after twenty strangers: the others are for the next try.
    towns = {"kota3.example", "kota4.example", "kota5.example"}
    assert {one.partition("@")[2] for one in waited} == towns


def test_more_hosts_than_documentation_has_addresses_for_get_those_of_rfc_2544():
    text = """
        [mail]
        from = "redaksi@kampus.example"
        to = { count = 400, domains = 400 }
    """
    hosts = hosts_of(loads(text, file="towns.toml", folder=Path()))
    addresses = {address for host in hosts for address in host.addresses}
    assert len(addresses) > 3 * 245
    assert sum(address.startswith("198.18.") for address in addresses) == len(addresses) - 3 * 245
