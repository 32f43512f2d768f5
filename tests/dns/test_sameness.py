"""The same seed gives the same talk, octet for octet, in every process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

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
