"""A resolver on its way from the root downwards: whom it asks, how often, and what it finds."""

from __future__ import annotations

from itertools import pairwise

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest

from simulator.dns.message import DnsMessageError, Transport
from simulator.dns.stub import describe
from tests.dns.conversation import SECOND, Answering, asking, nameserver
from tests.dns.small_internet import (
    KAMPUS,
    ROOT_SERVER,
    assert_heard,
    internet,
    lines,
)


def test_a_cold_question_goes_from_the_root_to_the_one_who_knows() -> None:
    world = internet()
    found = world.resolve("kantor.example", "MX")
    assert_heard(
        world,
        """
        Q: a.root.example MX kantor.example
        A: NOERROR NS a.tld.example. A 198.51.100.2
        Q: a.tld.example MX kantor.example
        A: NOERROR NS ns1.kantor.example. A 198.51.100.3
        Q: ns1.kantor.example MX kantor.example
        A: NOERROR aa MX 10 mx1.kantor.example. MX 20 mx2.kantor.example. NS ns1.kantor.example. \
A 203.0.113.1 A 203.0.113.2 A 198.51.100.3
        """,
    )
    assert found.rcode == "NOERROR"
    assert lines(found) == [
        "kantor.example. 600 IN MX 10 mx1.kantor.example.",
        "kantor.example. 600 IN MX 20 mx2.kantor.example.",
    ]
    assert found.asked == ("a.root.example", "a.tld.example", "ns1.kantor.example")
    assert (found.name, found.type, found.cached) == ("kantor.example", "MX", False)


def test_a_name_with_names_below_is_no_missing_name() -> None:
    world = internet()
    assert world.resolve("c.kantor.example", "A").rcode == "NOERROR"
    assert world.resolve("d.kantor.example", "A").rcode == "NXDOMAIN"


def test_a_nameserver_without_glue_is_looked_up_first() -> None:
    world = internet()
    found = world.resolve("noglue.test", "MX")
    assert_heard(
        world,
        """
        Q: a.root.example MX noglue.test
        A: NOERROR NS a.tld.example. A 198.51.100.2
        Q: a.tld.example MX noglue.test
        A: NOERROR NS ns1.kantor.example.
        Q: a.root.example A ns1.kantor.example
        A: NOERROR NS a.tld.example. A 198.51.100.2
        Q: a.tld.example A ns1.kantor.example
        A: NOERROR NS ns1.kantor.example. A 198.51.100.3
        Q: ns1.kantor.example A ns1.kantor.example
        A: NOERROR aa A 198.51.100.3 NS ns1.kantor.example.
        Q: ns1.kantor.example MX noglue.test
        A: NOERROR aa MX 10 mx.noglue.test. NS ns1.kantor.example.
        """,
    )
    assert lines(found) == ["noglue.test. 600 IN MX 10 mx.noglue.test."]


@pytest.mark.parametrize("name", ["one.test", "self.test"])
def test_nameservers_that_can_only_be_found_through_each_other_are_given_up(name: str) -> None:
    world = internet()
    found = world.resolve(name, "A")
    assert (found.rcode, found.records) == ("SERVFAIL", ())
    assert len(found.asked) < 10


@pytest.mark.parametrize("seed", range(6))
def test_a_nameserver_that_cannot_be_found_does_not_hinder_another(seed: int) -> None:
    server = nameserver(
        kampus_example=KAMPUS,
        half_test="@ 60 SOA ns h 1 2 3 4 5\n@ 60 NS ns\n@ 60 MX 10 mx.kampus.example.",
    )
    found = internet(seed=seed, ns1=server, ns2=server).resolve("half.test", "MX")
    assert lines(found) == ["half.test. 60 IN MX 10 mx.kampus.example."]


def test_an_alias_is_followed_into_another_zone() -> None:
    world = internet(ns2=None)
    found = world.resolve("far.kantor.example", "A")
    assert lines(found) == [
        "far.kantor.example. 600 IN CNAME www.kampus.example.",
        "www.kampus.example. 600 IN A 203.0.113.9",
    ]
    assert world.resolve("far.kantor.example", "A").cached
    assert world.resolve("far.kantor.example", "CNAME").cached


def test_a_ring_of_aliases_is_a_failure_and_does_not_go_on_for_ever() -> None:
    found = internet().resolve("ring.kantor.example", "A")
    assert (found.rcode, found.records) == ("SERVFAIL", ())
    assert len(found.asked) < 10


def test_a_chain_of_aliases_is_followed_eleven_times_and_no_further() -> None:
    names = [f"a{number}" for number in range(20)]
    chain = "\n".join(f"{one} CNAME {other}" for one, other in pairwise(names))
    top = "$TTL 60\n@ SOA ns1 h 1 2 3 4 5\n@ NS ns1\nns1 A 198.51.100.4\n"
    # A server that tells one alias at a time, as most do where each lies in a zone of its own.
    whole = nameserver(kampus_example=f"{top}{chain}\na19 A 203.0.113.9\n")

    def one_at_a_time(wire: bytes, transport: Transport) -> bytes | None:
        message = dns.message.from_wire(whole.answer(wire, transport="tcp") or b"")
        message.answer = message.answer[:1]
        return message.to_wire()

    world = internet(ns1=one_at_a_time, ns2=one_at_a_time)
    assert world.resolve("a8.kampus.example", "A").rcode == "NOERROR"
    assert world.resolve("a7.kampus.example", "A").rcode == "SERVFAIL"


def test_a_silent_server_is_asked_three_times() -> None:
    world = internet(kantor=None)
    found = world.resolve("kantor.example", "MX")
    assert found.rcode == "SERVFAIL"
    assert found.asked[-3:] == ("ns1.kantor.example",) * 3
    assert len(found.asked) == 5
    assert world.time > 6 * SECOND


@pytest.mark.parametrize("seed", range(6))
def test_where_one_server_is_silent_the_other_one_answers(seed: int) -> None:
    world = internet(seed=seed, ns1=None)
    found = world.resolve("www.kampus.example", "A")
    assert lines(found) == ["www.kampus.example. 600 IN A 203.0.113.9"]
    assert found.asked[-1] == "ns2.kampus.example"
    assert len(found.asked) <= 4


def test_the_choice_among_servers_comes_from_the_random() -> None:
    def first(seed: int) -> str:
        return internet(seed=seed).resolve("www.kampus.example", "A").asked[2]

    assert {first(seed) for seed in range(20)} == {"ns1.kampus.example", "ns2.kampus.example"}
    assert [first(seed) for seed in range(20)] == [first(seed) for seed in range(20)]


def _only_saying(rcode: int) -> Answering:
    def answer(wire: bytes, transport: Transport) -> bytes | None:
        response = dns.message.make_response(dns.message.from_wire(wire))
        response.set_rcode(dns.rcode.Rcode(rcode))
        return response.to_wire()

    return answer


@pytest.mark.parametrize("rcode", [dns.rcode.SERVFAIL, dns.rcode.REFUSED, dns.rcode.FORMERR])
def test_a_server_that_errs_is_left_for_the_next_and_not_asked_twice(rcode: int) -> None:
    world = internet(ns1=_only_saying(rcode), ns2=_only_saying(rcode))
    found = world.resolve("www.kampus.example", "A")
    assert found.rcode == "SERVFAIL"
    assert sorted(found.asked[2:]) == ["ns1.kampus.example", "ns2.kampus.example"]
    for seed in range(6):
        world = internet(seed=seed, ns1=_only_saying(rcode))
        assert world.resolve("www.kampus.example", "A").rcode == "NOERROR"


def test_what_is_cut_over_udp_is_asked_again_over_tcp() -> None:
    many = "".join(
        f"@ MX {number} a-host-with-a-rather-long-name-{number}\n" for number in range(60)
    )
    server = nameserver(kampus_example=f"{KAMPUS}\n{many}".replace("\n    ", "\n"))
    world = internet(ns1=server, ns2=None)
    found = world.resolve("kampus.example", "MX")
    assert len(found.records) == 60
    assert "Q: ns1.kampus.example tcp MX kampus.example" in world.talk
    stub = world.serve(asking("kampus.example", "MX", recursive=True))
    assert stub is not None
    assert describe(stub.wire).truncated
    assert len(stub.wire) <= 512
    over_tcp = world.serve(asking("kampus.example", "MX", recursive=True), "tcp")
    assert over_tcp is not None
    assert len(describe(over_tcp.wire).data) == 60


def test_a_server_that_only_ever_cuts_its_answers_is_of_no_use() -> None:
    def cut(wire: bytes, transport: Transport) -> bytes | None:
        response = dns.message.make_response(dns.message.from_wire(wire))
        response.flags |= dns.flags.TC | dns.flags.AA
        return response.to_wire()

    assert internet(ns1=cut, ns2=cut).resolve("www.kampus.example", "A").rcode == "SERVFAIL"
    assert internet(ns1=cut).resolve("www.kampus.example", "A").rcode == "NOERROR"


def test_ids_are_the_random_s_and_the_whole_name_is_asked_without_recursion() -> None:
    seen: list[dns.message.Message] = []

    def root(wire: bytes, transport: Transport) -> bytes | None:
        seen.append(dns.message.from_wire(wire))
        return ROOT_SERVER.answer(wire, transport=transport)

    for seed in (1, 1, 2):
        internet(seed=seed, root=root).resolve("kantor.example", "MX")
    assert seen[0].id == seen[1].id != seen[2].id
    assert str(seen[0].question[0].name) == "kantor.example."
    assert not seen[0].flags & dns.flags.RD
    assert (seen[0].edns, seen[0].payload) == (0, 1232)


def test_what_cannot_be_asked_for_is_an_error_of_the_caller() -> None:
    for name, rdtype in (("a..example", "A"), ("a" * 64, "A"), ("kantor.example", "MAIL")):
        with pytest.raises(DnsMessageError):
            internet().resolve(name, rdtype)
