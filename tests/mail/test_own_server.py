"""A mail client that cannot get at its own server says what is so, and looks again later."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.engine.simulate import simulate
from simulator.lessons.explain import explain
from simulator.lessons.language import Language
from simulator.scenario.loader import loads
from simulator.scenario.topology import hosts_of
from simulator.trace.event import Bounced, Event, Intervened, Judged, Read
from simulator.trace.scene import opening

MAIL = """
    [mail]
    from = "ani@kampus.example"
    to = "citra@kantor.example"
    subject = "Rapat"
    [domains."kantor.example"]
    users = ["citra"]
    [[change]]
    do = "{}"
"""
ANI, CITRA = "pc-ani.kampus.example", "pc-citra.kantor.example"
MINUTE = 60_000_000


def play(change: str) -> list[Event]:
    return list(simulate(loads(MAIL.format(change), file="own.toml", folder=Path())))


def told(change: str, host: str, language: Language = "en") -> list[str]:
    """What a mail client says of its own server, each sentence once."""
    scenario = loads(MAIL.format(change), file="own.toml", folder=Path())
    scene = opening(hosts_of(scenario))
    sentences = [
        explain(event, scene, language).sentence
        for event in simulate(scenario)
        if isinstance(event.fact, Judged) and event.host == host
    ]
    return list(dict.fromkeys(sentences))


def reads(events: list[Event]) -> list[int]:
    """After how many minutes somebody reads a mail."""
    return [event.at // MINUTE for event in events if isinstance(event.fact, Read)]


SERVFAIL = (
    (
        "Citra's mail client cannot connect for now: its resolver answered SERVFAIL when asked"
        " for mail.kantor.example."
    ),
    (
        "Klien surel Citra belum bisa terhubung: resolvernya menjawab SERVFAIL ketika ditanyai"
        " tentang mail.kantor.example."
    ),
)
SILENCE = (
    (
        "Citra's mail client cannot connect for now: its resolver did not answer when asked"
        " for mail.kantor.example."
    ),
    (
        "Klien surel Citra belum bisa terhubung: resolvernya tidak menjawab ketika ditanyai"
        " tentang mail.kantor.example."
    ),
)
TROUBLE = {
    "on dns at resolver.isp.example from 30 s until 3 h: answer SERVFAIL": SERVFAIL,
    "on dns at resolver.isp.example from 30 s until 3 h: silence": SILENCE,
    "at ns1.kantor.example from 30 s until 3 h: down": SERVFAIL,
}


@pytest.mark.parametrize("change", TROUBLE)
def test_trouble_in_the_dns_is_told_by_its_name_and_the_mail_is_read_when_it_is_over(change: str):
    english, indonesian = TROUBLE[change]
    assert told(change, CITRA, "en") == [english]
    assert told(change, CITRA, "id") == [indonesian]
    (minute,) = reads(play(change))
    assert 180 <= minute < 400


def test_only_nxdomain_means_that_there_is_no_such_server():
    change = "on dns at resolver.isp.example from 30 s: answer NXDOMAIN"
    assert told(change, CITRA) == [
        "Citra's mail client cannot connect: there is no mail.kantor.example in the DNS (NXDOMAIN)."
    ]


def test_a_resolver_that_never_answers_keeps_the_mail_with_its_author_and_nobody_gives_up():
    events = play("on dns at resolver.isp.example: silence")
    assert told("on dns at resolver.isp.example: silence", ANI) == [
        (
            "Ani's mail client cannot connect for now: its resolver did not answer when asked for "
            "smtp.kampus.example."
        )
    ]
    assert not [event for event in events if isinstance(event.fact, Bounced)]


@pytest.mark.parametrize(("host", "hours"), [(ANI, 2), (CITRA, 72)])
def test_a_machine_that_is_off_says_nothing_and_does_its_work_when_it_is_on_again(
    host: str, hours: int
):
    events = play(f"at {host} until {hours} h: down")
    said = [e for e in events if e.host == host and not isinstance(e.fact, Intervened)]
    assert min(event.at for event in said) >= hours * 60 * MINUTE
    assert reads(events) == [hours * 60 + (host == ANI)]


def test_a_machine_that_goes_off_for_good_leaves_the_mail_where_it_is():
    events = play(f"at {CITRA} from 1 s: down")
    assert {event.host for event in events if event.at > MINUTE} == set()
    assert reads(events) == []


def test_a_nameserver_that_says_nxdomain_makes_the_sending_server_give_up_at_once():
    events = play("on dns at ns1.kantor.example: answer NXDOMAIN")
    (given_up,) = [event for event in events if isinstance(event.fact, Bounced)]
    assert (given_up.host, given_up.at < MINUTE) == ("smtp.kampus.example", True)


def test_a_server_that_is_off_tries_nothing_and_goes_on_when_it_is_on():
    events = play("at smtp.kampus.example from 460 ms until 20 min: down")
    off = [event for event in events if event.host == "smtp.kampus.example"]
    assert not [event for event in off if 1_000_000 < event.at < 20 * MINUTE]
    assert reads(events) == [21]
    for_ever = play("at smtp.kampus.example from 460 ms: down")
    assert max(event.at for event in for_ever) < MINUTE
