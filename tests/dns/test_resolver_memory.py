"""What a resolver remembers, and for how long (RFC 2308, RFC 9520)."""

from __future__ import annotations

import dns.flags
import dns.message
import dns.rcode
import dns.rrset

from simulator.dns.message import Transport
from tests.dns.conversation import SECOND, Answering
from tests.dns.small_internet import (
    assert_heard,
    internet,
    lines,
)


def test_what_was_heard_a_moment_ago_is_not_asked_again_and_grows_old() -> None:
    world = internet()
    world.resolve("kantor.example", "MX")
    world.heard()
    world.time += 100 * SECOND
    again = world.resolve("KANTOR.example.", "MX")
    assert_heard(world, "")
    assert again.cached
    assert lines(again)[0] == "kantor.example. 500 IN MX 10 mx1.kantor.example."


def test_after_the_ttl_only_the_last_server_is_asked_again() -> None:
    world = internet()
    world.resolve("kantor.example", "MX")
    world.time += 601 * SECOND
    assert world.resolve("kantor.example", "MX").asked == ("ns1.kantor.example",)
    world.time += 3601 * SECOND
    assert len(world.resolve("kantor.example", "MX").asked) == 3


def test_additional_addresses_are_not_taken_for_an_answer() -> None:
    # RFC 2181 section 5.4.1; Unbound asks for the address of the MX host too.
    world = internet()
    world.resolve("kantor.example", "MX")
    assert world.resolve("mx1.kantor.example", "A").asked == ("ns1.kantor.example",)
    assert world.resolve("ns1.kantor.example", "A").asked == ("ns1.kantor.example",)


def test_a_name_that_does_not_exist_is_remembered_for_every_type() -> None:
    world = internet()
    found = world.resolve("tidakada.example", "MX")
    assert found.rcode == "NXDOMAIN"
    assert found.records == ()
    assert [record.line for record in found.authority] == [
        "example. 300 IN SOA a.tld.example. h.example. 1 7200 900 1209600 300"
    ]
    assert found.asked == ("a.root.example", "a.tld.example")
    world.time += 100 * SECOND
    again = world.resolve("tidakada.example", "A")
    assert (again.rcode, again.cached) == ("NXDOMAIN", True)
    assert again.authority[0].ttl == 200
    world.time += 201 * SECOND
    assert world.resolve("tidakada.example", "A").asked == ("a.tld.example",)


def test_a_missing_record_is_remembered_for_its_type_alone_as_long_as_the_soa_says() -> None:
    world = internet()
    found = world.resolve("mx1.kantor.example", "AAAA")
    assert (found.rcode, found.records, found.authority[0].ttl) == ("NOERROR", (), 60)
    assert world.resolve("mx1.kantor.example", "AAAA").cached
    assert not world.resolve("mx1.kantor.example", "A").cached
    world.time += 61 * SECOND
    assert not world.resolve("mx1.kantor.example", "AAAA").cached


def _denying(*soas: str) -> Answering:
    def answer(wire: bytes, transport: Transport) -> bytes | None:
        response = dns.message.make_response(dns.message.from_wire(wire))
        response.flags |= dns.flags.AA
        response.set_rcode(dns.rcode.NXDOMAIN)
        for soa in soas:
            response.authority.append(
                dns.rrset.from_text("kampus.example.", 9999, "IN", "SOA", soa)
            )
        return response.to_wire()

    return answer


def test_a_denial_lasts_no_longer_than_the_minimum_of_its_soa_and_without_one_not_at_all() -> None:
    # RFC 2308 section 5, whatever TTL the SOA itself came with.
    for server, remembered in (
        (_denying("ns1.kampus.example. h.kampus.example. 1 2 3 4 60"), True),
        (_denying(), False),
    ):
        world = internet(ns1=server, ns2=server)
        assert world.resolve("nobody.kampus.example", "A").rcode == "NXDOMAIN"
        world.time += 59 * SECOND
        assert world.resolve("nobody.kampus.example", "A").cached is remembered
        world.time += 2 * SECOND
        assert not world.resolve("nobody.kampus.example", "A").cached


def test_an_alias_and_its_end_in_one_answer_are_both_remembered() -> None:
    world = internet()
    assert len(lines(world.resolve("www.kantor.example", "A"))) == 2
    assert world.resolve("mx1.kantor.example", "A").cached
    denied = world.resolve("www.kantor.example", "AAAA")
    assert (denied.rcode, len(denied.records), len(denied.authority)) == ("NOERROR", 1, 1)


def test_a_lame_server_gives_a_failure_that_is_remembered_for_five_seconds() -> None:
    world = internet()
    found = world.resolve("lame.example", "MX")
    assert_heard(
        world,
        """
        Q: a.root.example MX lame.example
        A: NOERROR NS a.tld.example. A 198.51.100.2
        Q: a.tld.example MX lame.example
        A: NOERROR NS ns1.kantor.example. A 198.51.100.3
        Q: ns1.kantor.example MX lame.example
        A: REFUSED
        """,
    )
    assert found.rcode == "SERVFAIL"
    again = world.resolve("lame.example", "MX")
    assert (again.rcode, again.cached) == ("SERVFAIL", True)
    assert not world.resolve("lame.example", "A").cached
    world.time += 6 * SECOND
    assert not world.resolve("lame.example", "MX").cached


def test_its_memory_can_be_looked_into() -> None:
    world = internet()
    world.resolve("www.kantor.example", "A")
    world.resolve("x.example", "MX")
    world.time += 10 * SECOND - world.time % SECOND
    cache = world.resolver.cache
    shown = [(e.name, e.type, e.rcode, e.records or e.authority) for e in cache.entries()]
    assert [entry[:3] for entry in shown] == [
        ("www.kantor.example", "CNAME", "NOERROR"),
        ("mx1.kantor.example", "A", "NOERROR"),
        ("x.example", "ANY", "NXDOMAIN"),
    ]
    assert shown[1][3] == ("mx1.kantor.example. 590 IN A 203.0.113.1",)
    assert [(d.zone, d.servers) for d in cache.delegations()] == [
        ("example", (("a.tld.example", ("198.51.100.2",)),)),
        ("kantor.example", (("ns1.kantor.example", ("198.51.100.3",)),)),
    ]
    assert all(entry.expires_at > world.time for entry in (*cache.entries(), *cache.delegations()))
    world.time += 3600 * SECOND
    assert cache.entries() == cache.delegations() == ()
