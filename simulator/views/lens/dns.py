"""A DNS message section by section, its octets, and what the resolvers remember."""

from __future__ import annotations

import base64
from collections.abc import Iterator

from simulator.lessons.language import Catalogue
from simulator.lessons.phrases import duration
from simulator.trace.event import Answer, Query
from simulator.trace.scene import Scene
from simulator.views.lens.dns_octets import flags_of, runs
from simulator.views.lens.rows import (
    BLANK,
    Piece,
    Row,
    Sheet,
    Tone,
    fact,
    piece,
    row,
    said,
    verbatim,
)
from simulator.views.safe import safe

# RFC 1035 section 4.1.1, in the order in which dig prints them.
_FLAGS = ((0x8000, "qr"), (0x0400, "aa"), (0x0200, "tc"), (0x0100, "rd"), (0x0080, "ra"))
_PER_ROW = 8
_SIDE_BY_SIDE = 92
"""Cells that records and octets need beside each other."""

_MOST_OCTETS = 4_096
_MOST_REMEMBERED = 100
_MOST_RECORDS = 100


def dns(message: Query | Answer | None, scene: Scene, words: Catalogue) -> Sheet:
    """The message at hand, or the last one, and below it each resolver's memory."""
    if message is None:
        return Sheet((said(words.say("lens.dns.none"), "dim"), *_memories(scene, words)))
    octets = _octets(message.wire)
    return Sheet(
        (*_title(message, words), *_sections(message, words), *_header(message, octets, words)),
        tuple(_dump(octets, words)),
        tuple(_memories(scene, words)),
        width=_SIDE_BY_SIDE,
    )


def _title(message: Query | Answer, words: Catalogue) -> Iterator[Row]:
    """Whose message it is; and, before all else, where the answer is that there is none."""
    kind = "answer" if isinstance(message, Answer) else "query"
    yield said(words.say(f"lens.dns.{kind}", server=message.server), "head")
    if isinstance(message, Answer):
        known = f"lens.dns.rcode.{message.rcode}"
        meaning = f": {words.say(known)}" if known in words else ""
        tone: Tone = "good" if message.rcode == "NOERROR" else "bad"
        yield fact("rcode", f"{message.rcode}{meaning}", tone)
        if message.cached:
            yield fact("cache", words.say("lens.dns.cached"))


def _header(message: Query | Answer, octets: bytes, words: Catalogue) -> Iterator[Row]:
    yield said(words.say("lens.dns.header"), "head")
    yield fact("id", f"{message.id} · {message.transport.upper()}")
    flags = flags_of(octets)
    for bit, name in _FLAGS if flags is not None else ():
        if flags is not None and flags.bits & bit:
            yield fact(name, words.say(f"lens.dns.flag.{name}"))


def _sections(message: Query | Answer, words: Catalogue) -> Iterator[Row]:
    yield said(words.say("lens.dns.question"), "head")
    yield row(Piece("  "), piece(f"{message.name}  {message.type}", "strong"), indent=4)
    if isinstance(message, Query):
        return
    for key, records in (
        ("answer", message.records),
        ("authority", message.authority),
        ("additional", message.additional),
    ):
        if records or key == "answer":
            count = words.number(len(records))
            yield said(words.say(f"lens.dns.{key}_section", n=count), "head")
        for record in records[:_MOST_RECORDS]:
            yield row(Piece("  "), *_record(record), indent=6)
        if len(records) > _MOST_RECORDS:
            left = words.number(len(records) - _MOST_RECORDS)
            yield said(words.say("lens.more_rows", n=left), "dim")


def _record(record: str) -> Iterator[Piece]:
    """Owner, time to live, class and type, data: the data is what matters."""
    parts = record.split(None, 4)
    if len(parts) < 5:
        yield piece(record)
        return
    owner, ttl, _, kind, data = parts
    yield piece(f"{owner} ")
    yield piece(f"{ttl} s ", "dim")
    yield piece(f"{kind} ", "name")
    yield piece(data, "strong")


def _dump(octets: bytes, words: Catalogue) -> Iterator[Row]:
    """The octets in hexadecimal, each section under its name."""
    if not octets:
        return
    yield said(words.say("lens.dns.octets", n=words.number(len(octets))), "head")
    for run in runs(octets[:_MOST_OCTETS]):
        size = words.number(run.end - run.start)
        yield said(f"  {words.say(f'lens.dns.part.{run.section}')} ({size})", "name")
        for at in range(run.start, run.end, _PER_ROW):
            chunk = octets[at : min(at + _PER_ROW, run.end)]
            text = "".join(chr(one) if 0x20 <= one < 0x7F else "·" for one in chunk)
            yield verbatim(
                Piece(f"  {at:04x}  ", "dim"),
                Piece(f"{chunk.hex(' '):<{_PER_ROW * 3}}"),
                Piece(f" {safe(text)}", "dim"),
            )
    if len(octets) > _MOST_OCTETS:
        left = words.number(len(octets) - _MOST_OCTETS)
        yield said(words.say("lens.more_octets", n=left), "dim")


def _memories(scene: Scene, words: Catalogue) -> Iterator[Row]:
    names = {host.name: host.label for host in scene.hosts}
    for host, cache in scene.caches.items():
        yield BLANK
        known = words.number(len(cache))
        yield said(words.say("lens.dns.memory", host=names.get(host, host), n=known), "head")
        entries = list(cache.values())
        for entry in entries[:_MOST_REMEMBERED]:
            told = ", ".join((one.split(None, 4) or [""])[-1] for one in entry.records[:4])
            left = duration(words, max(0, entry.expires_at - scene.at))
            yield row(
                Piece("  "),
                piece(f"{entry.name} "),
                piece(f"{entry.type} ", "name"),
                piece(told or entry.rcode, "strong"),
                piece(f"  {words.say('lens.dns.left', time=left)}", "dim"),
                indent=6,
            )
        if len(entries) > _MOST_REMEMBERED:
            more = words.number(len(entries) - _MOST_REMEMBERED)
            yield said(words.say("lens.more_rows", n=more), "dim")


def _octets(wire: str) -> bytes:
    """The octets of a message; none where a recording's base64 is broken."""
    try:
        return base64.b64decode(wire, validate=True)
    except ValueError:
        return b""
