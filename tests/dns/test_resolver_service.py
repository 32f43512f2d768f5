"""What a resolver sends back to those who ask it."""

from __future__ import annotations

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.dns.stub import describe
from tests.dns.conversation import asking
from tests.dns.small_internet import (
    internet,
)


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
