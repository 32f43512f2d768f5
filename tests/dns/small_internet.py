"""Four servers for a resolver to walk through: the root, two top-level domains, two domains."""

from __future__ import annotations

from simulator.dns.nameserver import Nameserver
from simulator.dns.resolver import Resolution
from tests.dns.conversation import Answering, Internet, nameserver, script

ROOT_SERVER = nameserver(
    _="""
            $TTL 3600
            @ SOA a.root.example. hostmaster.root.example. 1 7200 900 1209600 300
            @ NS a.root.example.
            example NS a.tld.example.
            test    NS a.tld.example.
            a.root.example A 198.51.100.1
            a.tld.example  A 198.51.100.2
            """
)


TLD_SERVER = nameserver(
    example="""
        $TTL 3600
        @ SOA a.tld h 1 7200 900 1209600 300
        @ NS a.tld
        a.tld   A  198.51.100.2
        kantor  NS ns1.kantor
        ns1.kantor A 198.51.100.3
        kampus  NS ns1.kampus
        kampus  NS ns2.kampus
        ns1.kampus A 198.51.100.4
        ns2.kampus A 198.51.100.5
        lame    NS ns1.kantor
        """,
    test="""
        $TTL 3600
        @ SOA a.tld.example. h 1 7200 900 1209600 300
        @ NS a.tld.example.
        noglue  NS ns1.kantor.example.
        one     NS ns.two
        two     NS ns.one
        self    NS ns.self
        half    NS ns.self
        half    NS ns1.kampus.example.
        """,
)


KANTOR_SERVER = nameserver(
    kantor_example="""
        $TTL 600
        @   SOA ns1 h 1 7200 900 1209600 60
        @   NS  ns1
        @   MX  10 mx1
        @   MX  20 mx2
        ns1 A   198.51.100.3
        mx1 A   203.0.113.1
        mx2 A   203.0.113.2
        www CNAME mx1
        far CNAME www.kampus.example.
        ring 0 CNAME ring.kampus.example.
        b.c A 203.0.113.3
        """,
    noglue_test="""
        $TTL 600
        @ SOA ns1.kantor.example. h 1 7200 900 1209600 60
        @ NS ns1.kantor.example.
        @ MX 10 mx
        """,
)


KAMPUS = """
    $TTL 600
    @    SOA ns1 h 1 7200 900 1209600 60
    @    NS  ns1
    @    NS  ns2
    ns1  A   198.51.100.4
    ns2  A   198.51.100.5
    www  A   203.0.113.9
    ring 0 CNAME ring.kantor.example.
    """


KAMPUS_SERVER = nameserver(kampus_example=KAMPUS)


def internet(*, seed: int = 1, **servers: Nameserver | Answering | None) -> Internet:
    """The four servers and the second one of kampus; ``ns1=...`` and so on put others there."""
    there: dict[str, Nameserver | Answering | None] = {
        "root": ROOT_SERVER,
        "tld": TLD_SERVER,
        "kantor": KANTOR_SERVER,
        "ns1": KAMPUS_SERVER,
        "ns2": KAMPUS_SERVER,
        **servers,
    }
    addresses = (f"198.51.100.{number}" for number in range(1, 6))
    pairs = zip(addresses, there.values(), strict=True)
    return Internet({address: server for address, server in pairs if server}, seed=seed)


def lines(found: Resolution) -> list[str]:
    return [record.line for record in found.records]


def assert_heard(world: Internet, text: str) -> None:
    assert world.heard() == script(text)
