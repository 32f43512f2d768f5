"""The zone files of a simulated internet: readable, and whole enough to be resolved."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.dns.message import DnsMessageError
from simulator.dns.nameserver import Nameserver
from simulator.dns.resolver import Resolver
from simulator.dns.stub import reverse_name
from simulator.dns.zone_text import DomainRecords, zone_files
from simulator.dns.zones import read_zones
from tests.dns.conversation import Internet, script

KANTOR = DomainRecords(
    name="kantor.example",
    nameserver_host="ns1.kantor.example",
    nameserver_address="198.51.100.14",
    exchangers=((10, "mx1.kantor.example"), (20, "mx.cadangan.test")),
    addresses=(
        ("mx1.kantor.example", "203.0.113.10"),
        ("mx1.kantor.example", "2001:db8::10"),
        ("kantor.example", "203.0.113.11"),
    ),
    more=('@ IN TXT "v=spf1 mx -all"',),
)
CABANG = DomainRecords(
    name="cabang.kantor.example",
    nameserver_host="ns1.cabang.kantor.example",
    nameserver_address="198.51.100.15",
    exchangers=((0, "."),),
)


def files(*domains: DomainRecords, **reverse: object) -> dict[str, dict[str, str]]:
    return zone_files(
        domains,
        root_host="a.root.example",
        root_address="198.51.100.11",
        tld_host="a.tld.example",
        tld_address="198.51.100.12",
        **reverse,  # type: ignore[arg-type]
    )


def internet(texts: dict[str, dict[str, str]], addresses: dict[str, str]) -> Internet:
    """The servers of some zone files, to be walked through."""
    known = {"a.root.example": "198.51.100.11", "a.tld.example": "198.51.100.12", **addresses}
    servers = {known[host]: Nameserver(read_zones(zones)) for host, zones in texts.items()}
    return Internet(servers, root=(("a.root.example", "198.51.100.11"),))


def test_a_domain_s_zone_reads_as_an_administrator_would_write_it() -> None:
    text = files(KANTOR, CABANG)["ns1.kantor.example"]["kantor.example"]
    assert text.strip() == script("""
        ; the domain kantor.example
        $ORIGIN kantor.example.
        $TTL 3600
        @ IN SOA ns1 hostmaster (
                1        ; serial: counts the changes
                7200     ; refresh: how often a secondary looks for a change
                900      ; retry: when it looks again after a failure
                1209600  ; expire: when it gives up without the primary
                300 )    ; how long a denial may be remembered (RFC 2308)
        @ IN NS ns1

        ; where mail for the domain goes: the lowest preference is tried first
        @ IN MX 10 mx1
        @ IN MX 20 mx.cadangan.test.

        ; the hosts
        ns1 IN A    198.51.100.14
        mx1 IN A    203.0.113.10
        mx1 IN AAAA 2001:db8::10
        @   IN A    203.0.113.11

        ; delegations: these zones answer for themselves
        cabang IN NS ns1.cabang

        ; glue: where nameservers are found that lie below
        ns1.cabang IN A 198.51.100.15

        ; further records
        @ IN TXT "v=spf1 mx -all"
        """)


def test_a_domain_that_takes_no_mail_says_so() -> None:
    text = files(KANTOR, CABANG)["ns1.cabang.kantor.example"]["cabang.kantor.example"]
    assert "; this domain takes no mail (RFC 7505)\n@ IN MX 0 .\n" in text


def test_each_server_has_its_own_zones_and_the_tld_server_the_reverse_ones() -> None:
    texts = files(KANTOR, CABANG, reverse=(("10.0.0.1", "pc.kantor.example"),))
    assert {host: list(zones) for host, zones in texts.items()} == {
        "a.root.example": ["."],
        "a.tld.example": [
            "example",
            "2.0.192.in-addr.arpa",
            "100.51.198.in-addr.arpa",
            "113.0.203.in-addr.arpa",
            "8.b.d.0.1.0.0.2.ip6.arpa",
            "0.0.10.in-addr.arpa",
        ],
        "ns1.kantor.example": ["kantor.example"],
        "ns1.cabang.kantor.example": ["cabang.kantor.example"],
    }


def test_a_nested_domain_is_delegated_by_the_domain_around_it_and_not_by_the_tld() -> None:
    world = internet(
        files(KANTOR, CABANG),
        {"ns1.kantor.example": "198.51.100.14", "ns1.cabang.kantor.example": "198.51.100.15"},
    )
    found = world.resolve("cabang.kantor.example", "MX")
    assert found.asked == (
        "a.root.example",
        "a.tld.example",
        "ns1.kantor.example",
        "ns1.cabang.kantor.example",
    )
    assert [record.line for record in found.records] == ["cabang.kantor.example. 3600 IN MX 0 ."]


def test_a_host_of_a_domain_that_nobody_has_stands_in_the_zone_around_it() -> None:
    relay = DomainRecords(
        name="kampus.example",
        nameserver_host="ns1.kampus.example",
        nameserver_address="198.51.100.13",
        addresses=(("relay1.transit.example", "198.51.100.30"), ("mx.toko.com", "203.0.113.9")),
    )
    world = internet(files(relay), {"ns1.kampus.example": "198.51.100.13"})
    assert world.resolve("relay1.transit.example", "A").records[0].data.to_text() == "198.51.100.30"
    assert world.resolve("mx.toko.com", "A").records[0].data.to_text() == "203.0.113.9"


def test_the_root_tells_where_its_own_server_is() -> None:
    # As NSD did for Unbound's first question: NS <Root> NS a.akar.example A 10.77.0.2.
    text = files(KANTOR)["a.root.example"]["."]
    assert "a.root.example. IN A 198.51.100.11\n" in text
    assert "a.tld.example.  IN A 198.51.100.12\n" in text
    world = internet(files(KANTOR), {"ns1.kantor.example": "198.51.100.14"})
    world.resolve(".", "NS")
    assert world.talk[-1] == "A: NOERROR aa NS a.root.example. A 198.51.100.11"


def test_an_address_leads_back_to_its_host() -> None:
    reverse = (("203.0.113.10", "mx1.kantor.example"), ("2001:db8::10", "mx1.kantor.example"))
    world = internet(files(KANTOR, reverse=reverse), {"ns1.kantor.example": "198.51.100.14"})
    for address, host in reverse:
        found = world.resolve(reverse_name(address), "PTR")
        assert found.records[0].data.to_text() == f"{host}."
        assert found.asked[-1] == "a.tld.example"
    assert world.resolve(reverse_name("203.0.113.99"), "PTR").rcode == "NXDOMAIN"
    assert world.resolve("113.0.203.in-addr.arpa", "PTR").rcode == "NOERROR"
    assert world.resolve("in-addr.arpa", "PTR").rcode == "NOERROR"


def test_a_domain_may_be_a_top_level_domain_or_have_its_nameserver_elsewhere() -> None:
    top = DomainRecords(
        "toko", "ns.toko", "198.51.100.20", addresses=(("ns.toko", "198.51.100.20"),)
    )
    guest = DomainRecords(
        "tamu.test", "ns.toko", "198.51.100.20", addresses=(("mx.tamu.test", "203.0.113.5"),)
    )
    texts = files(top, guest)
    assert list(texts["ns.toko"]) == ["toko", "tamu.test"]
    world = internet(texts, {"ns.toko": "198.51.100.20"})
    found = world.resolve("mx.tamu.test", "A")
    assert found.records[0].data.to_text() == "203.0.113.5"
    assert found.asked == (
        "a.root.example",
        "a.tld.example",
        "a.root.example",
        "ns.toko",
        "ns.toko",
    )


@pytest.mark.parametrize(
    ("domain", "error", "reason"),
    [
        (KANTOR, ValueError, "kantor.example is given twice"),
        (DomainRecords("a..b", "ns.x.test", "192.0.2.1"), DnsMessageError, "no domain name"),
        (DomainRecords("x.test", "ns.x.test", "192.0.2.256"), ValueError, r"192\.0\.2\.256"),
    ],
)
def test_a_mistake_is_an_error(domain: DomainRecords, error: type[Exception], reason: str) -> None:
    with pytest.raises(error, match=reason):
        files(KANTOR, domain)


_LABELS = st.sampled_from(["kantor", "kampus", "sub", "example", "com", "mx1", "rumah-sakit", "x1"])
_DOMAINS = st.lists(
    st.lists(_LABELS, min_size=1, max_size=4).map(".".join), unique=True, max_size=8
)


@settings(deadline=None, max_examples=50)
@given(_DOMAINS, st.integers(0, 3))
def test_every_host_of_every_domain_can_be_resolved_however_domains_are_nested(
    names: list[str], seed: int
) -> None:
    domains = [
        DomainRecords(
            name=name,
            nameserver_host=f"ns1.{name}",
            nameserver_address=f"198.51.100.{number}",
            exchangers=((10, f"mail.{name}"),),
            addresses=((f"mail.{name}", f"203.0.113.{number}"), (name, f"192.0.2.{number}")),
        )
        for number, name in enumerate(names, start=20)
    ]
    world = internet(files(*domains), {d.nameserver_host: d.nameserver_address for d in domains})
    world.resolver = Resolver(
        (("a.root.example", "198.51.100.11"),), now=lambda: 0, random=random.Random(seed)
    )
    for domain in domains:
        (exchanger,) = world.resolve(domain.name, "MX").records
        assert exchanger.line == f"{domain.name}. 3600 IN MX 10 mail.{domain.name}."
        for host, address in domain.addresses:
            assert [r.data.to_text() for r in world.resolve(host, "A").records] == [address]
        assert world.resolve(f"nobody.{domain.name}", "A").rcode in {"NXDOMAIN", "NOERROR"}
