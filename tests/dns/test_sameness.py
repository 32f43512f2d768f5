"""The same seed gives the same talk, octet for octet, in every process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import dns.rdata
from dns.rcode import NOERROR
from dns.rdataclass import IN
from dns.rdatatype import MX, A

from simulator.dns.message import (
    Record,
    Reply,
    parse_name,
    parse_question,
    write_question,
    write_reply,
)
from simulator.dns.stub import describe

ASK = """
import random
from simulator.dns.nameserver import Nameserver
from simulator.dns.zone_text import DomainRecords, zone_files
from simulator.dns.zones import read_zones
from tests.dns.conversation import Internet

domains = [
    DomainRecords(
        f"d{n}.example", f"ns1.d{n}.example", f"198.51.100.{n}",
        tuple((10, f"mx{m}.d{n}.example") for m in range(5)),
        tuple((f"mx{m}.d{n}.example", f"203.0.113.{n * 10 + m}") for m in range(5)),
        more=("@ IN NS ns2",) + (f"ns2 IN A 198.51.100.{n}",),
    )
    for n in range(3, 9)
]
texts = zone_files(
    domains, root_host="a.root.example", root_address="198.51.100.1",
    tld_host="a.tld.example", tld_address="198.51.100.2",
    reverse=[("203.0.113.31", "mx1.d3.example")],
)
known = {"a.root.example": 1, "a.tld.example": 2, **{f"ns1.d{n}.example": n for n in range(3, 9)}}
world = Internet({f"198.51.100.{known[h]}": Nameserver(read_zones(t)) for h, t in texts.items()})
carry = world.exchange

async def exchange(name, address, wire, transport):
    reply = await carry(name, address, wire, transport)
    print(name, wire.hex(), reply and reply.hex())
    return reply

world.exchange = exchange
for domain in domains:
    for rdtype in ("MX", "A", "TXT", "NS"):
        print(world.ask(domain.name, rdtype).wire.hex())
print(world.resolver.cache.entries(), texts)
"""


def _output(hash_seed: str) -> str:
    ran = subprocess.run(
        [sys.executable, "-c", ASK],
        env={**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": "."},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    return ran.stdout


def test_resolving_does_not_depend_on_the_process_or_its_hashes() -> None:
    first = _output("1")
    assert first.count("\n") > 50
    assert first == _output("2")


def test_what_was_said_before_changes_no_octet_of_what_is_said_now() -> None:
    """Questions and answers are remembered by their octets: capitals count, and so does the id."""
    small = write_question(parse_name("mx1.example"), A, 1, recursive=True, edns=False)
    large = write_question(parse_name("MX1.Example"), A, 2, recursive=True, edns=False)
    assert small[2:] == large[2:].lower() != large[2:]
    for query_id, host in ((3, "mail.example."), (4, "MAIL.example."), (5, "mail.example.")):
        record = Record(parse_name("example"), 60, dns.rdata.from_text(IN, MX, f"10 {host}"))
        query = parse_question(query_id.to_bytes(2, "big") + small[2:])
        wire = write_reply(query, Reply(NOERROR, answer=(record,)), "udp")
        assert wire[:2] == query_id.to_bytes(2, "big")
        assert host.split(".")[0].encode() in wire
        assert describe(wire).records == (f"example. 60 IN MX 10 {host}",)
