"""A run with the names and addresses that the real DNS told: simulated, whatever they are."""

from __future__ import annotations

from pathlib import Path
from random import Random

import dkim
import pytest

from simulator.engine.simulate import simulate
from simulator.engine.zone_files import zones_of
from simulator.mail.authentication.dkim_keys import public_record, throwaway_key
from simulator.mail.authentication.inquiry import strings_of
from simulator.mail.trust import dkim_key
from simulator.scenario.loader import Overrides, loads
from simulator.scenario.looked_up import real_domains, with_looked_up
from simulator.scenario.model import Scenario
from simulator.scenario.real_answers import LookedUp, RealAnswer
from simulator.scenario.topology import hosts_of
from simulator.trace.event import Connected, Event, Judged, Read, Stored
from simulator.trace.octets import octets_of

MAIL = '[mail]\nfrom = "ani@kampus.co.id"\nto = ["citra@kantor.com", "budi@toko.net"]\n'


def said(owner: str, rdtype: str, *data: str, ttl: int = 300) -> RealAnswer:
    """One answer, each record of the owner's."""
    lines = tuple(f"{owner}. {ttl} IN {rdtype} {one}" for one in data)
    return RealAnswer(
        name=owner, type=rdtype, server="192.0.2.53#53", rcode="NOERROR", records=lines
    )


KAMPUS = (
    said("kampus.co.id", "MX", "10 mail.kampus.co.id."),
    said("kampus.co.id", "TXT", '"v=spf1 include:_spf.awan.net -all"'),
    said("_spf.awan.net", "TXT", '"v=spf1 ip4:198.51.100.64/26 -all"'),
    said("mail.kampus.co.id", "A", "203.0.113.10"),
    said("_dmarc.kampus.co.id", "TXT", '"v=DMARC1; p=reject"'),
)
KANTOR = (
    said("kantor.com", "MX", "1 mx1.awan.net.", "5 mx2.awan.net.", ttl=77),
    said("mx2.awan.net", "A", "127.0.0.1"),
    RealAnswer(
        name="mx1.awan.net",
        type="A",
        server="192.0.2.53#53",
        rcode="NOERROR",
        records=(
            "mx1.awan.net. 60 IN CNAME kotak.awan.net.",
            "kotak.awan.net. 20 IN A 169.254.169.254",
        ),
    ),
    said("mx1.awan.net", "AAAA", "2001:db8:25::1"),
)
TOKO = (
    said("toko.net", "MX", "5 mx2.awan.net.", "5 lain.awan.net."),
    said("lain.awan.net", "A", "127.0.0.1"),
)


def looked_up(*answers: RealAnswer, text: str = MAIL) -> Scenario:
    scenario = loads(
        text, file="x.toml", folder=Path("/nowhere"), overrides=Overrides(names_are_real=True)
    )
    return with_looked_up(scenario, LookedUp(domains=real_domains(scenario), answers=answers))


def calls(events: tuple[Event, ...], port: int) -> list[tuple[str, str]]:
    """Who was called on that port, and where."""
    facts = [event.fact for event in events]
    return [(f.peer, f.address) for f in facts if isinstance(f, Connected) and f.port == port]


def test_simulated_servers_have_the_real_names_and_addresses() -> None:
    scenario = looked_up(*KAMPUS, *KANTOR, *TOKO)
    hosts = {host.name: host.addresses for host in hosts_of(scenario)}
    assert hosts["mx1.awan.net"] == ("169.254.169.254", "2001:db8:25::1")
    assert hosts["mx2.awan.net"] == ("127.0.0.1",)
    # The sender's own server takes an address that its SPF record lets through.
    assert hosts["smtp.kampus.co.id"] == ("198.51.100.65",)
    # Two names of one address are one machine.
    assert "lain.awan.net" not in hosts
    taken = [address for addresses in hosts.values() for address in addresses]
    assert taken.count("203.0.113.10") == 2, "the exchanger and its mailbox, and nobody else"
    events = tuple(simulate(scenario))
    assert calls(events, 25) == [("mx1.awan.net", "169.254.169.254")]
    judged = [event.fact for event in events if isinstance(event.fact, Judged)]
    # 127.0.0.1 is every machine's own address: a server does not bring mail to itself.
    assert [one.inputs["domain"] for one in judged if one.rule == "route.self-mx"] == ["toko.net"]
    verdicts = {one.rule: one.verdict for one in judged}
    assert (verdicts["trust.spf"], verdicts["trust.dmarc"]) == ("pass", "pass")
    readers = [event.fact.mailbox for event in events if isinstance(event.fact, Read)]
    assert readers == ["citra@kantor.com"]
    assert tuple(simulate(scenario)) == events


def test_the_simulated_zones_serve_the_real_records_with_their_time_to_live() -> None:
    scenario = looked_up(*KAMPUS, *KANTOR, *TOKO)
    zones = zones_of(scenario, hosts_of(scenario))
    assert "kantor.com. 77 IN MX 1 mx1.awan.net." in zones["ns1.kantor.com"]["kantor.com"]
    assert "mx1.awan.net. 60 IN CNAME kotak.awan.net." in zones["ns1.awan.net"]["awan.net"]
    assert "kampus.co.id" in zones["ns1.kampus.co.id"]


def test_a_domain_without_mx_takes_mail_at_its_own_address() -> None:
    text = '[mail]\nfrom = "ani@kampus.co.id"\nto = "citra@kantor.com"\n'
    scenario = looked_up(*KAMPUS, said("kantor.com", "A", "203.0.113.80"), text=text)
    events = tuple(simulate(scenario))
    assert calls(events, 25) == [("kantor.com", "203.0.113.80")]
    assert any(isinstance(event.fact, Read) for event in events)


def test_a_null_mx_and_an_exchanger_without_address_bring_the_mail_back() -> None:
    text = '[mail]\nfrom = "ani@kampus.co.id"\nto = "citra@kantor.com"\n'
    for answer in (
        said("kantor.com", "MX", "0 ."),
        said("kantor.com", "MX", "5 hilang.kantor.com."),
    ):
        events = tuple(simulate(looked_up(*KAMPUS, answer, text=text)))
        assert calls(events, 25) == []
        assert "Bounced" in {type(event.fact).__name__ for event in events}


@pytest.mark.parametrize(
    "answers",
    [
        # A ring, an alias at the top of a zone, and data beside an alias.
        (
            said("kantor.com", "MX", "5 a.kantor.com."),
            said("a.kantor.com", "CNAME", "b.kantor.com."),
            said("b.kantor.com", "CNAME", "a.kantor.com."),
            said("a.kantor.com", "A", "203.0.113.5"),
        ),
        (said("kantor.com", "CNAME", "lain.org."), said("lain.org", "MX", "5 mx.lain.org.")),
        # Records that no zone file can hold, and names that are no hosts.
        (
            said("kantor.com", "MX", "5 -", "x", r"9 \027.kantor.com.", "70000 y.kantor.com."),
            said("kantor.com", "A", "999.1.1.1", "::1"),
            said("kantor.com", "TXT", '"unfinished'),
        ),
        # Hosts of the simulated internet itself.
        (
            said("kantor.com", "MX", "5 resolver.isp.example.", "6 ns1.kantor.com.", "7 com."),
            said("resolver.isp.example", "A", "203.0.113.5"),
            said("ns1.kantor.com", "A", "203.0.113.6"),
        ),
        (
            said("kantor.com", "MX", "5 smtp.kampus.co.id.", "6 mail.kampus.co.id."),
            said("smtp.kampus.co.id", "A", "198.51.100.65"),
        ),
    ],
)
def test_whatever_the_real_dns_says_the_run_ends(answers: tuple[RealAnswer, ...]) -> None:
    text = '[mail]\nfrom = "ani@kampus.co.id"\nto = "citra@kantor.com"\n'
    events = tuple(simulate(looked_up(*KAMPUS, *answers, text=text)))
    assert events


SIGNING = """
[mail]
from = "ani@kampus.co.id"
to = "citra@kantor.com"

[domains."kampus.co.id"]
users = ["ani"]
dkim_selector = "s1"

[domains."kantor.com"]
users = ["citra"]
"""
KEY_NAME = "s1._domainkey.kampus.co.id"
REAL_KEY = public_record(throwaway_key("rsa-sha256", Random("somebody else")))


@pytest.mark.parametrize(
    ("answer", "signed", "found"),
    [
        (said(KEY_NAME, "TXT", REAL_KEY), "stand-in", "fail"),
        (said(KEY_NAME, "TXT", '"v=DKIM1; p="'), "stand-in", "permerror"),
        (
            RealAnswer(name=KEY_NAME, type="TXT", server="192.0.2.53#53", rcode="NXDOMAIN"),
            "stand-in",
            "permerror",
        ),
        (
            RealAnswer(name=KEY_NAME, type="TXT", server="192.0.2.53#53", rcode="TIMEOUT"),
            "signed",
            "pass",
        ),
    ],
    ids=["a key", "a revoked key", "no key", "not known"],
)
def test_nobody_here_can_sign_for_a_real_key(answer: RealAnswer, signed: str, found: str) -> None:
    events = tuple(simulate(looked_up(*KAMPUS, *KANTOR, answer, text=SIGNING)))
    verdicts = {e.fact.rule: e.fact.verdict for e in events if isinstance(e.fact, Judged)}
    assert verdicts["trust.dkim-sign"] == signed
    assert verdicts["trust.dkim"] == found
    assert verdicts["trust.dmarc"] == "pass", "SPF vouches for it, as it would for the real mail"


def test_dkimpy_finds_as_we_do_that_the_real_key_does_not_fit() -> None:
    events = tuple(
        simulate(looked_up(*KAMPUS, *KANTOR, said(KEY_NAME, "TXT", REAL_KEY), text=SIGNING))
    )
    (stored,) = (event.fact for event in events if isinstance(event.fact, Stored))
    real = b"".join(strings_of(REAL_KEY))
    own = b"".join(strings_of(public_record(dkim_key(1, "kampus.co.id"))))
    assert not dkim.verify(octets_of(stored), dnsfunc=lambda _name, timeout=5: real)
    assert dkim.verify(octets_of(stored), dnsfunc=lambda _name, timeout=5: own)
