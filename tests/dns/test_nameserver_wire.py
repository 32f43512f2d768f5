"""A nameserver's octets: their size, their order, and what comes of junk."""

from __future__ import annotations

import random
import struct

import dns.edns
import dns.flags
import dns.message
import dns.name
import dns.rcode
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from simulator.dns.nameserver import Nameserver
from simulator.dns.stub import describe
from simulator.dns.zones import read_zones
from tests.dns.conversation import asking, nameserver
from tests.dns.test_nameserver import KANTOR, SERVER


def _many_records() -> str:
    lines = ["$TTL 3600", "@ SOA ns1 h 1 2 3 4 5", "@ NS ns1", "ns1 A 192.0.2.1"]
    for number in range(1, 41):
        lines += [f"@ MX {number} host{number}", f"host{number} A 192.0.2.{number}"]
    return "\n".join(lines)


MANY = nameserver(many_example=_many_records())


def _many(transport: str, **question: int) -> dns.message.Message:
    wire = MANY.answer(asking("many.example", "MX", **question), transport=transport)
    assert wire is not None
    message = dns.message.from_wire(wire)
    message.wire = wire
    return message


def test_what_is_too_long_for_udp_says_so_and_is_whole_over_tcp() -> None:
    over_udp, over_tcp = _many("udp"), _many("tcp")
    assert over_udp.flags & dns.flags.TC
    assert len(over_udp.wire or b"") <= 512
    assert not over_tcp.flags & dns.flags.TC
    assert len(over_tcp.answer[0]) == 40
    assert sum(len(rrset) for rrset in over_tcp.additional) == 41


def test_edns_makes_more_room_but_not_without_end() -> None:
    roomy = _many("udp", payload=4096)
    assert not roomy.flags & dns.flags.TC
    assert len(roomy.answer[0]) == 40
    assert 512 < len(roomy.wire or b"") <= 1232
    # Additional records that found no room are no truncation (RFC 2181 section 9).
    assert sum(len(rrset) for rrset in roomy.additional) < 41
    assert roomy.payload == 1232
    assert _many("udp", payload=100).flags & dns.flags.TC  # less than 512 means 512


def test_a_referral_without_room_for_its_glue_says_so() -> None:
    # RFC 9471: the asker cannot go on without it.
    lines = ["@ 60 SOA ns1 h 1 2 3 4 5", "@ 60 NS ns1"]
    for number in range(12):
        server = f"nameserver-{number}.below"
        lines += [f"below 60 NS {server}", f"{server} 60 A 192.0.2.{number}"]
    server = nameserver(glue_example="\n".join(lines))
    wire = server.answer(asking("x.below.glue.example", "A"), transport="udp")
    assert wire is not None
    over_udp = describe(wire)
    assert len(wire) <= 512
    assert (len(over_udp.authority), over_udp.truncated) == (12, True)
    assert 0 < len(over_udp.additional) < 12
    whole = describe(server.answer(asking("x.below.glue.example", "A"), transport="tcp") or b"")
    assert (len(whole.authority), len(whole.additional), whole.truncated) == (12, 12, False)


def test_more_than_a_message_can_hold_is_cut_even_over_tcp() -> None:
    zone = "@ 60 SOA ns1 h 1 2 3 4 5\n@ 60 NS ns1\n"
    zone += "".join(f'@ 60 TXT "{number:04d}{"x" * 240}"\n' for number in range(300))
    (huge,) = read_zones({"huge.example": zone})
    wire = Nameserver([huge]).answer(asking("huge.example", "TXT"), transport="tcp")
    assert wire is not None
    assert len(wire) <= 65535
    assert describe(wire).truncated


def test_the_same_question_always_gets_the_same_octets() -> None:
    question = asking("many.example", "MX")
    assert len({MANY.answer(question, transport="tcp") for _ in range(20)}) == 1


def test_the_order_of_records_can_come_from_a_given_random() -> None:
    def rotating(seed: int) -> Nameserver:
        source = random.Random(seed)
        zones = read_zones({"kantor.example": "\n".join(map(str.strip, KANTOR.splitlines()))})
        return Nameserver(zones, order=lambda records: source.sample(records, len(records)))

    def orders(seed: int) -> list[tuple[str, ...]]:
        server = rotating(seed)
        wires = [server.answer(asking("kantor.example", "MX"), transport="udp") for _ in range(9)]
        return [describe(wire or b"").data for wire in wires]

    assert orders(1) == orders(1)
    assert len(set(orders(1))) > 1
    assert {frozenset(order) for order in orders(1)} == {
        frozenset(("10 mx1.kantor.example.", "20 mx2.kantor.example.", "30 mx.elsewhere.test."))
    }


def _header(wire: bytes | None) -> tuple[int, ...] | None:
    return None if wire is None else struct.unpack("!HHHHHH", wire[:12])


@pytest.mark.parametrize(
    ("octets", "reply"),
    [
        (b"", None),
        (b"\x07", None),
        (b"\x00\x07", (7, 0x8001)),  # FORMERR
        (asking("kantor.example", "A")[:-1], (7, 0x8001)),
        (asking("kantor.example", "A") + b"!", (7, 0x8001)),
        (b"\x00\x07\x01\x00" + bytes(8), (7, 0x8101)),  # no question at all
        (b"\x00\x07\x00\x00\x00\x02" + bytes(6) + b"\0\0\1\0\1" * 2, (7, 0x8001)),  # two
        (b"\x00\x07\x28\x00" + asking("kantor.example", "A")[4:], (7, 0xA804)),  # UPDATE: NOTIMP
        (b"\x00\x07\x80\x00" + asking("kantor.example", "A")[4:], None),  # an answer
        (b"\x00\x07\x00\x00\x00\x01" + bytes(6) + b"\xc0\x0c\0\1\0\1", (7, 0x8001)),  # a ring
    ],
)
def test_what_is_no_question_is_answered_by_a_header_or_not_at_all(
    octets: bytes, reply: tuple[int, int] | None
) -> None:
    wire = SERVER.answer(octets, transport="udp")
    assert _header(wire) == (None if reply is None else (*reply, 0, 0, 0, 0))
    assert wire is None or len(wire) == 12


def test_an_edns_version_of_the_future_is_refused_as_such() -> None:
    query = dns.message.make_query("kantor.example", "A", use_edns=1, id=7)
    message = dns.message.from_wire(SERVER.answer(query.to_wire(), transport="udp") or b"")
    assert (message.rcode(), message.edns, message.answer) == (dns.rcode.BADVERS, 0, [])


_TYPES = st.sampled_from([1, 2, 5, 6, 15, 16, 28, 33, 41, 250, 251, 252, 255, 65280])


_LABELS = st.sampled_from(
    [b"kantor", b"example", b"sub", b"any", b"*", b"mx1", b"\0", b"c", b"ring1"]
)


@settings(deadline=None)
@given(st.lists(_LABELS, max_size=6), _TYPES, st.sampled_from([1, 3, 254, 255]), st.booleans())
def test_every_question_gets_an_answer_to_it(
    labels: list[bytes], rdtype: int, rdclass: int, inside: bool
) -> None:
    name = dns.name.Name((*labels, *((b"kantor", b"example") if inside else ()), b""))
    query = dns.message.make_query(name, rdtype, rdclass, id=7)
    message = dns.message.from_wire(SERVER.answer(query.to_wire(), transport="udp") or b"")
    assert query.is_response(message)


@settings(deadline=None)
@given(st.binary(max_size=80), st.sampled_from(["udp", "tcp"]))
@example(b"\x00\x07\x00\x00\x00\x01" + bytes(6) + b"\0\0\xfa\0\xff", "udp")
def test_whatever_comes_in_silence_or_a_message_with_its_id_goes_out(
    octets: bytes, transport: str
) -> None:
    for junk in (octets, b"\x00\x07\x00\x00\x00\x01\x00\x00\x00\x00\x00\x01" + octets):
        wire = SERVER.answer(junk, transport=transport)  # type: ignore[arg-type]
        if wire is not None:
            message = dns.message.from_wire(wire)
            assert message.flags & dns.flags.QR
            assert wire[:2] == junk[:2]
