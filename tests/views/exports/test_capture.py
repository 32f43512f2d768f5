"""The packet capture: what stands in the file, byte for byte, without any program from outside."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import replace

import msgspec
import pytest

from simulator.trace.event import Connected, Query, Refused
from simulator.views.exports.capture.capture import pcapng_file
from simulator.views.exports.order import ExportError, Order
from tests.views.exports.orders import order_of

NAMES, PACKET, SECRETS = 4, 6, 10
TCP = 6
SYN, RST, ACK = 2, 4, 16


def blocks(octets: bytes) -> Iterator[tuple[int, bytes]]:
    """Type and body of each block; its length stands before and behind it."""
    while octets:
        kind, length = struct.unpack("<II", octets[:8])
        assert struct.unpack("<I", octets[length - 4 : length]) == (length,)
        yield kind, octets[8 : length - 4]
        octets = octets[length:]


def packets(order: Order) -> list[tuple[int, bytes]]:
    """Microseconds since the beginning of the run, and the octets, of each packet."""
    start = round(order.date(0).timestamp()) * 1_000_000
    found = []
    for kind, body in blocks(pcapng_file(order)):
        if kind == PACKET:
            _, high, low, length, _ = struct.unpack("<IIIII", body[:20])
            at = (high << 32) + low - start
            found.append((at, body[20 : 20 + length]))
    return found


def test_the_same_run_gives_the_same_file() -> None:
    assert pcapng_file(order_of("two-domains")) == pcapng_file(order_of("two-domains"))


def test_what_was_sealed_can_be_read_only_with_the_keys_in_the_file() -> None:
    octets = pcapng_file(order_of("two-domains"))
    assert b"STARTTLS" in octets
    assert b"AUTH PLAIN" not in octets.replace(b"250-AUTH PLAIN LOGIN", b"")
    (keys,) = [body for kind, body in blocks(octets) if kind == SECRETS]
    assert keys.count(b"TRAFFIC_SECRET") == 4
    stranger = pcapng_file(order_of("two-domains", with_keys=False))
    assert SECRETS not in [kind for kind, _ in blocks(stranger)]


def test_every_address_has_the_names_of_its_hosts() -> None:
    (names,) = [
        body for kind, body in blocks(pcapng_file(order_of("two-domains"))) if kind == NAMES
    ]
    assert b"mx1.kantor.example\0mail.kantor.example\0" in names


def test_packets_bear_the_virtual_time_in_order_over_five_days() -> None:
    times = [at for at, _ in packets(order_of("five-days"))]
    assert times == sorted(times)
    assert times[-1] > 5 * 86_400 * 1_000_000


def flags(order: Order) -> list[tuple[int, int]]:
    """When, and with which flags, each TCP segment was seen."""
    return [(at, octets[33]) for at, octets in packets(order) if octets[9] == TCP]


def test_a_refused_connection_is_a_syn_and_a_reset() -> None:
    order = order_of("server-down")
    at = next(event.at for event in order.events if isinstance(event.fact, Refused))
    seen = [one for one in flags(order) if one[0] in {at - 20_000, at}]
    assert seen[:2] == [(at - 20_000, SYN), (at, RST | ACK)]


def test_a_cut_wire_is_a_reset() -> None:
    assert [seen for _, seen in flags(order_of("cut-wire")) if seen & RST] == [RST | ACK]


def test_ipv6_is_spoken_where_the_trace_has_it() -> None:
    order = order_of("two-domains")
    events = list(order.events)
    place = next(n for n, event in enumerate(events) if isinstance(event.fact, Connected))
    fact = msgspec.structs.replace(
        events[place].fact,  # type: ignore[type-var]
        address="2001:db8::1",
        client_address="2001:db8::2",
    )
    events[place] = msgspec.structs.replace(events[place], fact=fact)
    versions = {octets[0] >> 4 for _, octets in packets(replace(order, events=tuple(events)))}
    assert versions == {4, 6}


@pytest.mark.parametrize(
    "broken",
    [
        {"address": "nowhere"},
        {"address": "203.0.113.10", "client_address": "2001:db8::2"},
        {"port": 99999},
        {"client_port": 2**40},
    ],
)
def test_what_fits_into_no_packet_is_said_with_its_event(broken: dict[str, object]) -> None:
    order = order_of("two-domains")
    events = [
        msgspec.structs.replace(event, fact=msgspec.structs.replace(event.fact, **broken))
        if isinstance(event.fact, Connected)
        else event
        for event in order.events
    ]
    with pytest.raises(ExportError) as found:
        pcapng_file(replace(order, events=tuple(events)))
    assert found.value.key == "packet"
    assert found.value.values["seq"] == 14


def test_a_broken_dns_message_is_said_too() -> None:
    order = order_of("two-domains")
    events = [
        msgspec.structs.replace(event, fact=msgspec.structs.replace(event.fact, wire="%%%"))
        if isinstance(event.fact, Query)
        else event
        for event in order.events
    ]
    with pytest.raises(ExportError):
        pcapng_file(replace(order, events=tuple(events)))
