"""DNS conversations as text: ``Q:`` lines are questions that are really put, ``A:`` the answers.

``said_by`` plays the questions of a script to one nameserver and writes down the whole talk, so
that a test compares two texts. ``Internet`` holds many servers for a resolver to walk through and
writes down every question that it puts to them, with what came back in short.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Coroutine, Mapping
from textwrap import dedent
from typing import Any, TypeVar

import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype

from simulator.dns.message import Transport
from simulator.dns.nameserver import Nameserver
from simulator.dns.resolver import Resolution, Resolver, Served
from simulator.dns.stub import describe, question
from simulator.dns.zones import read_zones

Result = TypeVar("Result")
Answering = Callable[[bytes, Transport], bytes | None]

SECOND = 1_000_000
ROOT = ("a.root.example", "198.51.100.1")


def nameserver(**zone_files: str) -> Nameserver:
    """A nameserver for zones whose names are written with ``_`` for the dots."""
    zones = {name.replace("_", "."): dedent(text) for name, text in zone_files.items()}
    return Nameserver(read_zones(zones))


def asking(name: str, rdtype: str, *, payload: int | None = None, recursive: bool = False) -> bytes:
    """The octets of a question with the id 7; ``payload`` is the size that EDNS tells."""
    query = dns.message.make_query(
        name,
        rdtype,
        id=7,
        flags=dns.flags.RD if recursive else 0,
        use_edns=None if payload is None else 0,
        payload=payload,
    )
    return query.to_wire(want_shuffle=False)


def said_by(server: Nameserver, script: str) -> str:
    """The talk that comes of the script's questions, each ``Q: [tcp] TYPE name``."""
    talk = []
    for line in dedent(script).strip().splitlines():
        if line.startswith("Q: "):
            *words, rdtype, name = line.removeprefix("Q: ").split()
            wire = server.answer(asking(name, rdtype), transport="tcp" if words else "udp")
            assert wire is not None
            talk += [line, *_answer_lines(wire)]
    return "\n".join(talk)


def script(text: str) -> str:
    """A script as ``said_by`` writes it down: for comparing."""
    return dedent(text).strip()


def _answer_lines(wire: bytes) -> list[str]:
    said = describe(wire)
    lines = [f"A: {said.rcode}{' aa' * said.authoritative}{' tc' * said.truncated}"]
    lines += [f"A: {record}" for record in said.records]
    lines += [f"A: authority  {record}" for record in said.authority]
    lines += [f"A: additional {record}" for record in said.additional]
    return lines


def in_short(wire: bytes | None) -> str:
    """A response in one line: rcode, then types and data, as the captures of real servers have."""
    if wire is None:
        return "(nothing)"
    try:
        message = dns.message.from_wire(wire, one_rr_per_rrset=True)
    except dns.exception.DNSException:
        return "(no message)"
    words = [dns.rcode.to_text(message.rcode())]
    words += ["aa"] * bool(message.flags & dns.flags.AA)
    words += ["tc"] * bool(message.flags & dns.flags.TC)
    for rrset in (*message.answer, *message.authority, *message.additional):
        data = rrset[0].to_text().split()[0] if rrset.rdtype == dns.rdatatype.SOA else rrset[0]
        words.append(f"{dns.rdatatype.to_text(rrset.rdtype)} {data}")
    return " ".join(words)


def finish(work: Coroutine[Any, Any, Result]) -> Result:
    """The result of a coroutine that never has to wait: no event loop is needed for DNS."""
    try:
        work.send(None)
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]
    raise AssertionError("the coroutine waits for something")


class Internet:
    """Servers by address, a clock, and a resolver that is led through them.

    A server is a Nameserver, or any function from octets and transport to octets; where there is
    none, or it gives None, two seconds pass and nothing comes back.
    """

    def __init__(
        self, servers: Mapping[str, Nameserver | Answering], *, seed: int = 1, root: Any = (ROOT,)
    ) -> None:
        self.servers = dict(servers)
        self.time = 0
        self.talk: list[str] = []
        self.resolver = Resolver(root, now=lambda: self.time, random=random.Random(seed))

    async def exchange(
        self, name: str, address: str, wire: bytes, transport: Transport
    ) -> bytes | None:
        """Carry one question; every direction takes 10 virtual milliseconds."""
        asked = describe(wire)
        words = (name, *(["tcp"] * (transport == "tcp")), asked.type, asked.name)
        self.talk.append(f"Q: {' '.join(words)}")
        reply = self._reply(address, wire, transport)
        self.time += SECOND // 50 if reply is not None else 2 * SECOND
        self.talk.append(f"A: {in_short(reply)}")
        return reply

    def _reply(self, address: str, wire: bytes, transport: Transport) -> bytes | None:
        match self.servers.get(address):
            case None:
                return None
            case Nameserver() as server:
                return server.answer(wire, transport=transport)
            case answering:
                return answering(wire, transport)

    def resolve(self, name: str, rdtype: str) -> Resolution:
        """What the resolver finds."""
        return finish(self.resolver.resolve(name, rdtype, self.exchange))

    def serve(self, wire: bytes, transport: Transport = "udp") -> Served | None:
        """What the resolver sends back to a stub's octets."""
        return finish(self.resolver.answer(wire, self.exchange, transport=transport))

    def ask(self, name: str, rdtype: str) -> Served:
        """What the resolver sends back to a stub's proper question."""
        served = self.serve(question(name, rdtype, random.Random(0)))
        assert served is not None
        return served

    def heard(self) -> str:
        """The talk with the servers since the last time."""
        talk, self.talk = "\n".join(self.talk), []
        return talk
