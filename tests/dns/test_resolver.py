"""A resolver on its way from the root downwards: whom it asks, what it believes and remembers."""

from __future__ import annotations

from itertools import pairwise

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.dns.message import DnsMessageError, Transport
from simulator.dns.nameserver import Nameserver
from simulator.dns.resolver import Resolution
from simulator.dns.stub import describe
from tests.dns.conversation import SECOND, Answering, Internet, asking, nameserver, script

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


def test_an_alias_and_its_end_in_one_answer_are_both_remembered() -> None:
    world = internet()
    assert len(lines(world.resolve("www.kantor.example", "A"))) == 2
    assert world.resolve("mx1.kantor.example", "A").cached
    denied = world.resolve("www.kantor.example", "AAAA")
    assert (denied.rcode, len(denied.records), len(denied.authority)) == ("NOERROR", 1, 1)


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


def test_an_answer_without_authority_is_not_taken() -> None:
    def hearsay(wire: bytes, transport: Transport) -> bytes | None:
        message = dns.message.from_wire(KAMPUS_SERVER.answer(wire, transport=transport) or b"")
        message.flags &= ~dns.flags.AA
        return message.to_wire()

    assert internet(ns1=hearsay, ns2=hearsay).resolve("www.kampus.example", "A").rcode == "SERVFAIL"


@pytest.mark.parametrize("zone", [".", "example.", "kampus.example.", "kantor.example."])
def test_a_referral_that_does_not_lead_nearer_is_no_way(zone: str) -> None:
    def astray(wire: bytes, transport: Transport) -> bytes | None:
        response = dns.message.make_response(dns.message.from_wire(wire))
        response.authority.append(dns.rrset.from_text(zone, 60, "IN", "NS", "ns1.kampus.example."))
        return response.to_wire()

    found = internet(ns1=astray, ns2=astray).resolve("www.kampus.example", "A")
    assert (found.rcode, len(found.asked)) == ("SERVFAIL", 4)


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


def _forged(**changes: object) -> Answering:
    """The right answer with something wrong about it, and a false address in it."""

    def answer(wire: bytes, transport: Transport) -> bytes | None:
        message = dns.message.from_wire(KAMPUS_SERVER.answer(wire, transport=transport) or b"")
        message.answer = [dns.rrset.from_text(message.question[0].name, 60, "IN", "A", "6.6.6.6")]
        if "id" in changes:
            message.id ^= 1
        if "question" in changes:
            message.question = [dns.rrset.RRset(*changes["question"])]  # type: ignore[misc]
        if "query" in changes:
            message.flags &= ~dns.flags.QR
        if "nothing" in changes:
            message.question = []
        return message.to_wire()

    return answer


_OTHER = dns.message.make_query("other.example", "A").question[0]
_OTHER_TYPE = dns.message.make_query("www.kampus.example", "MX").question[0]
FORGERIES = {
    "another id": _forged(id=True),
    "another name": _forged(question=(_OTHER.name, 1, 1)),
    "another type": _forged(question=(_OTHER_TYPE.name, 1, 15)),
    "another class": _forged(question=(_OTHER_TYPE.name, 3, 1)),
    "no question": _forged(nothing=True),
    "no response": _forged(query=True),
    "no message": lambda _wire, _transport: b"\x00\x01\x02",
    "an empty datagram": lambda _wire, _transport: b"",
}


@pytest.mark.parametrize("what", FORGERIES)
def test_what_does_not_answer_the_question_counts_as_silence(what: str) -> None:
    world = internet(ns1=FORGERIES[what], ns2=FORGERIES[what])
    found = world.resolve("www.kampus.example", "A")
    assert (found.rcode, found.records) == ("SERVFAIL", ())
    assert len(found.asked[2:]) == 6  # three times each
    honest = internet(ns1=FORGERIES[what])
    assert lines(honest.resolve("www.kampus.example", "A")) == [
        "www.kampus.example. 600 IN A 203.0.113.9"
    ]


def test_records_about_other_zones_are_not_believed() -> None:
    def poisoned(wire: bytes, transport: Transport) -> bytes | None:
        message = dns.message.from_wire(KAMPUS_SERVER.answer(wire, transport=transport) or b"")
        message.answer.append(
            dns.rrset.from_text("mx1.kantor.example.", 9999, "IN", "A", "6.6.6.6")
        )
        message.authority.append(
            dns.rrset.from_text("kantor.example.", 9999, "IN", "NS", "ns1.kampus.example.")
        )
        message.additional.append(
            dns.rrset.from_text("a.root.example.", 9999, "IN", "A", "6.6.6.6")
        )
        return message.to_wire(want_shuffle=False)

    world = internet(ns1=poisoned, ns2=poisoned)
    assert lines(world.resolve("www.kampus.example", "A")) == [
        "www.kampus.example. 600 IN A 203.0.113.9"
    ]
    assert lines(world.resolve("mx1.kantor.example", "A")) == [
        "mx1.kantor.example. 600 IN A 203.0.113.1"
    ]
    assert not any(
        "6.6.6.6" in line for entry in world.resolver.cache.entries() for line in entry.records
    )


def test_an_alias_cannot_bring_the_address_of_a_strangers_host_along() -> None:
    def lying(wire: bytes, transport: Transport) -> bytes | None:
        response = dns.message.make_response(dns.message.from_wire(wire))
        response.flags |= dns.flags.AA
        asked = response.question[0].name
        response.answer = [
            dns.rrset.from_text(asked, 60, "IN", "CNAME", "mx1.kantor.example."),
            dns.rrset.from_text("mx1.kantor.example.", 60, "IN", "A", "6.6.6.6"),
        ]
        return response.to_wire(want_shuffle=False)

    found = internet(ns1=lying, ns2=lying).resolve("www.kampus.example", "A")
    assert lines(found)[-1] == "mx1.kantor.example. 600 IN A 203.0.113.1"


def test_no_question_costs_more_than_sixty_four() -> None:
    # Each answer refers to a zone one label deeper, with many silent servers.
    def deeper(wire: bytes, transport: Transport) -> bytes | None:
        query = dns.message.from_wire(wire)
        response = dns.message.make_response(query)
        name = query.question[0].name
        for number in range(100):
            host = f"ns{number}.example."
            response.authority.append(dns.rrset.from_text(name, 60, "IN", "NS", host))
            response.additional.append(
                dns.rrset.from_text(host, 60, "IN", "A", f"192.0.2.{number}")
            )
        return response.to_wire(max_size=65535, want_shuffle=False)

    found = internet(tld=deeper).resolve("x.example", "A")
    assert (found.rcode, len(found.asked)) == ("SERVFAIL", 64)


def test_a_referral_to_a_hundred_servers_without_glue_is_no_flood() -> None:
    def flood(wire: bytes, transport: Transport) -> bytes | None:
        query = dns.message.from_wire(wire)
        response = dns.message.make_response(query)
        hosts = [f"ns{number}.x.kantor.example." for number in range(100)]
        response.authority.append(
            dns.rrset.from_text(query.question[0].name, 60, "IN", "NS", *hosts)
        )
        return response.to_wire(max_size=65535, want_shuffle=False)

    world = internet(ns1=flood, ns2=flood)
    found = world.resolve("victim.kampus.example", "A")
    assert found.rcode == "SERVFAIL"
    assert world.talk.count("A: NXDOMAIN aa SOA ns1.kantor.example.") <= 16


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


# What it serves to stubs -------------------------------------------------------------------------


def test_a_stub_gets_the_answer_to_its_question_and_nothing_more() -> None:
    world = internet()
    served = world.serve(asking("kantor.example", "MX", recursive=True))
    assert served is not None
    message = dns.message.from_wire(served.wire)
    assert dns.flags.to_text(message.flags) == "QR RD RA"
    assert message.id == 7
    assert message.authority == message.additional == []
    said = describe(served.wire)
    assert said.data == ("10 mx1.kantor.example.", "20 mx2.kantor.example.")
    assert (served.cached, world.ask("kantor.example", "MX").cached) == (False, True)


@pytest.mark.parametrize(
    ("name", "rcode", "authority"),
    [
        ("c.kantor.example", "NOERROR", 1),
        ("x.example", "NXDOMAIN", 1),
        ("lame.example", "SERVFAIL", 0),
    ],
)
def test_a_stub_is_told_what_kind_of_nothing_it_gets(name: str, rcode: str, authority: int) -> None:
    world = internet()
    for cached in (False, True):
        served = world.ask(name, "MX")
        said = describe(served.wire)
        assert (said.rcode, said.records, len(said.authority)) == (rcode, (), authority)
        assert not said.authoritative
        assert served.cached is cached


def test_a_stub_must_ask_for_recursion_in_class_in() -> None:
    world = internet()
    chaos = dns.message.make_query("version.bind", "TXT", rdclass="CH", id=7).to_wire()
    for wire in (asking("kantor.example", "MX"), chaos, asking(".", "AXFR", recursive=True)):
        served = world.serve(wire)
        assert served is not None
        assert describe(served.wire).rcode == "REFUSED"
        assert (served.resolution, served.cached) == (None, False)
    assert world.heard() == ""


@settings(deadline=None)
@given(st.binary(max_size=60))
def test_whatever_a_stub_sends_it_gets_a_message_or_silence(octets: bytes) -> None:
    world = internet()
    for junk in (octets, b"\x00\x07\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00" + octets):
        served = world.serve(junk)
        if served is not None:
            assert dns.message.from_wire(served.wire).flags & dns.flags.QR


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_whatever_a_server_sends_the_question_ends(octets: bytes) -> None:
    def babbling(wire: bytes, transport: Transport) -> bytes | None:
        return wire[:2] + b"\x84\x00\x00\x01\x00\x02\x00\x01\x00\x01" + wire[12:-11] + octets

    world = internet(ns1=babbling, ns2=babbling)
    assert world.resolve("www.kampus.example", "A").rcode in {"NOERROR", "NXDOMAIN", "SERVFAIL"}


# What it remembers -------------------------------------------------------------------------------


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
