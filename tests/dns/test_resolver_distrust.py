"""What a resolver does not believe, and how it does not let itself be driven."""

from __future__ import annotations

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.dns.message import Transport
from tests.dns.conversation import Answering
from tests.dns.small_internet import (
    KAMPUS_SERVER,
    internet,
    lines,
)


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


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_whatever_a_server_sends_the_question_ends(octets: bytes) -> None:
    def babbling(wire: bytes, transport: Transport) -> bytes | None:
        return wire[:2] + b"\x84\x00\x00\x01\x00\x02\x00\x01\x00\x01" + wire[12:-11] + octets

    world = internet(ns1=babbling, ns2=babbling)
    assert world.resolve("www.kampus.example", "A").rcode in {"NOERROR", "NXDOMAIN", "SERVFAIL"}
