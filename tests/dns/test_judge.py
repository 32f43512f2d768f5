"""Judges from outside: resolvers that others wrote ask the nameserver over real sockets."""

from __future__ import annotations

import shutil
import socket
import struct
import subprocess
import threading
from collections.abc import Iterator

import dns.resolver
import pytest

from simulator.dns.nameserver import Nameserver
from simulator.dns.zone_text import DomainRecords, zone_files
from simulator.dns.zones import read_zones

pytestmark = pytest.mark.judge

KANTOR = DomainRecords(
    name="kantor.example",
    nameserver_host="ns1.kantor.example",
    nameserver_address="198.51.100.14",
    exchangers=((10, "mx1.kantor.example"), (20, "mx2.kantor.example")),
    addresses=(("mx1.kantor.example", "203.0.113.10"), ("mx2.kantor.example", "2001:db8::11")),
    more=(
        "www IN CNAME mx1",
        "*.any IN A 203.0.113.12",
        "sub IN NS ns1.sub",
        "ns1.sub IN A 198.51.100.15",
        *(f'big IN TXT "{number:02d} {"x" * 100}"' for number in range(30)),
    ),
)


class _Served:
    """A nameserver on a UDP and a TCP port of the same number, each in a thread."""

    def __init__(self, nameserver: Nameserver) -> None:
        self._nameserver = nameserver
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._tcp = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._tcp.bind(("127.0.0.1", 0))
        self.port = int(self._tcp.getsockname()[1])
        self._udp.bind(("127.0.0.1", self.port))
        self._tcp.listen()
        self._threads = [
            threading.Thread(target=work, daemon=True) for work in (self._datagrams, self._streams)
        ]
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Wake both threads with a connection and a datagram of nothing, and see them end."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as waker:
            waker.sendto(b"", ("127.0.0.1", self.port))
        socket.create_connection(("127.0.0.1", self.port)).close()
        for thread in self._threads:
            thread.join(timeout=10)
        self._udp.close()
        self._tcp.close()

    def _datagrams(self) -> None:
        while True:
            wire, client = self._udp.recvfrom(65535)
            if not wire:
                return
            answer = self._nameserver.answer(wire, transport="udp")
            if answer is not None:
                self._udp.sendto(answer, client)

    def _streams(self) -> None:
        while True:
            stream, _ = self._tcp.accept()
            with stream, stream.makefile("rb") as octets:
                length = octets.read(2)
                if not length:
                    return
                wire = octets.read(struct.unpack("!H", length)[0])
                answer = self._nameserver.answer(wire, transport="tcp")
                if answer is not None:
                    stream.sendall(struct.pack("!H", len(answer)) + answer)


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    texts = zone_files(
        [KANTOR],
        root_host="a.root.example",
        root_address="198.51.100.11",
        tld_host="a.tld.example",
        tld_address="198.51.100.12",
    )
    served = _Served(Nameserver(read_zones(texts["ns1.kantor.example"])))
    yield served.port
    served.close()


@pytest.fixture
def resolver(port: int) -> dns.resolver.Resolver:
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers, resolver.port = ["127.0.0.1"], port
    return resolver


def test_dnspython_finds_records_aliases_and_wildcards(resolver: dns.resolver.Resolver) -> None:
    found = {str(mx) for mx in resolver.resolve("kantor.example", "MX")}
    assert found == {"10 mx1.kantor.example.", "20 mx2.kantor.example."}
    alias = resolver.resolve("www.kantor.example", "A")
    assert str(alias.canonical_name) == "mx1.kantor.example."
    assert [str(address) for address in alias] == ["203.0.113.10"]
    assert [str(a) for a in resolver.resolve("x.y.any.kantor.example", "A")] == ["203.0.113.12"]


def test_dnspython_tells_no_name_from_no_record_and_refused(
    resolver: dns.resolver.Resolver,
) -> None:
    with pytest.raises(dns.resolver.NXDOMAIN):
        resolver.resolve("nobody.kantor.example", "A")
    with pytest.raises(dns.resolver.NoAnswer):
        resolver.resolve("mx1.kantor.example", "AAAA")
    with pytest.raises(dns.resolver.NoNameservers):
        resolver.resolve("kampus.example", "A")


@pytest.mark.parametrize("tcp", [False, True])
def test_dnspython_gets_everything_of_what_is_long(
    resolver: dns.resolver.Resolver, tcp: bool
) -> None:
    assert len(resolver.resolve("big.kantor.example", "TXT", tcp=tcp)) == 30


def _dig(port: int, *arguments: str) -> list[list[str]]:
    program = shutil.which("dig")
    if program is None:
        pytest.skip("the program dig is not installed")
    ran = subprocess.run(
        [program, "@127.0.0.1", "-p", str(port), "+norecurse", "+tries=1", *arguments],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "WARNING" not in ran.stdout  # such as a message with extra octets
    return [line.split() for line in ran.stdout.splitlines() if line]


def test_dig_reads_an_answer_in_all_its_sections(port: int) -> None:
    assert _dig(port, "+noall", "+answer", "+additional", "kantor.example", "MX") == [
        ["kantor.example.", "3600", "IN", "MX", "10", "mx1.kantor.example."],
        ["kantor.example.", "3600", "IN", "MX", "20", "mx2.kantor.example."],
        ["mx1.kantor.example.", "3600", "IN", "A", "203.0.113.10"],
        ["ns1.kantor.example.", "3600", "IN", "A", "198.51.100.14"],
        ["mx2.kantor.example.", "3600", "IN", "AAAA", "2001:db8::11"],
    ]


def test_dig_reads_a_referral_and_a_denial(port: int) -> None:
    referral = _dig(port, "+noall", "+comments", "+authority", "x.sub.kantor.example")
    assert ["sub.kantor.example.", "3600", "IN", "NS", "ns1.sub.kantor.example."] in referral
    assert [";;", "flags:", "qr;"] in [line[:3] for line in referral]  # and no aa
    denial = _dig(port, "+noall", "+comments", "nobody.kantor.example")
    assert any("NXDOMAIN," in line for line in denial)


def test_dig_goes_over_to_tcp_where_udp_is_too_narrow(port: int) -> None:
    assert len(_dig(port, "+short", "big.kantor.example", "TXT")) == 30
    assert len(_dig(port, "+noedns", "+ignore", "+short", "big.kantor.example", "TXT")) < 30
