"""What a host does that asks: a question in octets, a message in lines."""

from __future__ import annotations

import random
import struct

import dns.edns
import dns.flags
import dns.message
import dns.rrset
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.dns.message import DnsMessageError
from simulator.dns.stub import Described, describe, question, reverse_name
from tests.dns.conversation import nameserver

KANTOR = nameserver(
    kantor_example=r"""
        $TTL 3600
        @   SOA ns1 h 1 2 3 4 5
        @   NS  ns1
        @   MX  10 mx1
        @   MX  20 mx2
        ns1 A   192.0.2.1
        mx1 A   192.0.2.2
        www CNAME mx1
        evil TXT "\027[2J\010 \"quoted\""
        """
)


def test_a_question_asks_for_recursion_and_has_an_id_from_the_random() -> None:
    wire = question("Kantor.example", "MX", random.Random(1))
    message = dns.message.from_wire(wire)
    assert dns.flags.to_text(message.flags) == "RD"
    assert message.edns == -1
    assert describe(wire) == Described(
        id=random.Random(1).getrandbits(16),
        name="Kantor.example",
        type="MX",
        rcode="NOERROR",
        records=(),
        authority=(),
        additional=(),
        authoritative=False,
        truncated=False,
        data=(),
    )
    assert question("kantor.example", "MX", random.Random(1)) != question(
        "kantor.example", "MX", random.Random(2)
    )


def test_a_response_is_described_in_zone_file_lines() -> None:
    wire = KANTOR.answer(question("kantor.example.", "MX", random.Random(3)), transport="udp")
    assert describe(wire or b"") == Described(
        id=random.Random(3).getrandbits(16),
        name="kantor.example",
        type="MX",
        rcode="NOERROR",
        records=(
            "kantor.example. 3600 IN MX 10 mx1.kantor.example.",
            "kantor.example. 3600 IN MX 20 mx2.kantor.example.",
        ),
        authority=("kantor.example. 3600 IN NS ns1.kantor.example.",),
        additional=(
            "mx1.kantor.example. 3600 IN A 192.0.2.2",
            "ns1.kantor.example. 3600 IN A 192.0.2.1",
        ),
        authoritative=True,
        truncated=False,
        data=("10 mx1.kantor.example.", "20 mx2.kantor.example."),
    )


def test_the_data_is_that_of_the_type_asked_for_without_the_aliases() -> None:
    wire = KANTOR.answer(question("www.kantor.example", "A", random.Random(3)), transport="udp")
    said = describe(wire or b"")
    assert (len(said.records), said.data) == (2, ("192.0.2.2",))


def test_the_order_of_the_wire_is_kept_also_between_sets() -> None:
    message = dns.message.make_response(dns.message.make_query("x.example", "ANY", id=1))
    for rdtype, data in (("A", "192.0.2.2"), ("TXT", "b"), ("A", "192.0.2.1"), ("TXT", "a")):
        message.answer.append(dns.rrset.from_text("x.example.", 60, "IN", rdtype, data))
    assert [line.split()[-1] for line in describe(message.to_wire()).records] == [
        "192.0.2.2",
        '"b"',
        "192.0.2.1",
        '"a"',
    ]


def test_the_opt_record_is_no_line() -> None:
    query = dns.message.make_query("kantor.example", "NS", use_edns=0, id=7)
    said = describe(KANTOR.answer(query.to_wire(), transport="udp") or b"")
    assert said.additional == ("ns1.kantor.example. 3600 IN A 192.0.2.1",)


def test_signs_that_would_steer_a_terminal_are_written_out() -> None:
    wire = KANTOR.answer(question("evil.kantor.example", "TXT", random.Random(3)), transport="udp")
    assert describe(wire or b"").data == (r'"\027[2J\010 \"quoted\""',)


def test_a_bare_header_is_a_message_that_asks_nothing() -> None:
    said = describe(struct.pack("!HHHHHH", 7, 0x8001, 0, 0, 0, 0))
    assert (said.id, said.name, said.type, said.rcode) == (7, "", "", "FORMERR")


@pytest.mark.parametrize(
    "wire",
    [
        b"",
        b"\x00\x07",
        question("kantor.example", "MX", random.Random(1))[:-1],
        question("kantor.example", "MX", random.Random(1)) + b"\0",
        b"\x00\x07\x00\x00\x00\x01" + bytes(6) + b"\xc0\x0c\0\1\0\1",  # points at itself
        b"\x00\x07\x80\x00\x00\x00\x00\x01" + bytes(4) + b"\0\0\1\0\1\0\0\0\1\0\5abcde",
    ],
)
def test_what_is_no_message_is_one_clear_error(wire: bytes) -> None:
    with pytest.raises(DnsMessageError, match=r"^not a DNS message: \S"):
        describe(wire)


@pytest.mark.parametrize(
    "name", ["a..example", "a" * 64, ".".join(["a" * 60] * 5), "\udcff.example"]
)
def test_a_name_that_no_message_can_hold_is_one_clear_error(name: str) -> None:
    with pytest.raises(DnsMessageError, match="no domain name"):
        question(name, "A", random.Random(1))


def test_a_type_that_nobody_knows_is_one_clear_error() -> None:
    with pytest.raises(DnsMessageError, match="'MAIL' is no type"):
        question("kantor.example", "MAIL", random.Random(1))
    assert describe(question("kantor.example", "TYPE65280", random.Random(1))).type == "TYPE65280"


def test_the_reverse_name_of_an_address() -> None:
    assert reverse_name("192.0.2.10") == "10.2.0.192.in-addr.arpa"
    assert reverse_name("2001:db8::25") == f"5.2.{'0.' * 22}8.b.d.0.1.0.0.2.ip6.arpa"
    with pytest.raises(DnsMessageError, match="no IP address"):
        reverse_name("192.0.2.256")


_LABEL = st.binary(max_size=4).map(lambda octets: bytes([len(octets)]) + octets)
_NAME = st.lists(_LABEL, max_size=3).map(lambda labels: b"".join(labels) + b"\0")
_NUMBER = st.sampled_from([0, 1, 2, 5, 6, 12, 15, 16, 28, 33, 35, 41, 43, 46, 250, 255, 65280])


@st.composite
def _record(draw: st.DrawFn) -> bytes:
    data = draw(st.binary(max_size=24))
    head = struct.pack("!HHIH", draw(_NUMBER), draw(st.sampled_from([1, 3, 255])), 60, len(data))
    return draw(_NAME) + head + data


@st.composite
def _hostile(draw: st.DrawFn) -> bytes:
    records = draw(st.lists(_record(), max_size=3))
    flags = draw(st.integers(0, 0xFFFF))
    header = struct.pack("!HHHHHH", 7, flags, 1, len(records), 0, 0)
    return header + draw(_NAME) + struct.pack("!HH", draw(_NUMBER), 1) + b"".join(records)


@settings(deadline=None)
@given(st.binary(max_size=60) | _hostile())
def test_whatever_the_octets_they_are_described_in_printable_ascii_or_no_message(
    wire: bytes,
) -> None:
    try:
        said = describe(wire)
    except DnsMessageError:
        return
    for line in (said.name, said.type, said.rcode, *said.records, *said.authority, *said.data):
        assert line.isascii()
        assert line.isprintable()
