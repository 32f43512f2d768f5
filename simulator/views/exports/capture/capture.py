"""The packets of a run, as a pcapng file: each conversation as seen by the one who began it.

A line that was said under TLS is not put on the wire in the clear: it is sealed again, and the
keys are in the file (``tls_handshake`` says why). DNS messages are the recorded octets.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from simulator.lessons.language import Catalogue, catalogue
from simulator.trace.event import (
    Answer,
    Closed,
    Command,
    Connected,
    Content,
    Event,
    Query,
    Refused,
    Reply,
    Tls,
)
from simulator.views.exports.capture import pcapng
from simulator.views.exports.capture.connection import connection
from simulator.views.exports.capture.lookup import Lookups
from simulator.views.exports.capture.packets import is_address
from simulator.views.exports.capture.stream import Segment
from simulator.views.exports.order import ExportError, Order
from simulator.views.safe import safe

_APPLICATION = "smtpflow"
_COMMENT_LIMIT = 500


@dataclass(slots=True)
class _Book:
    """What is to be written: packets by the host that saw them, and the keys."""

    words: Catalogue
    segments: list[tuple[str, Segment]] = field(default_factory=list)
    key_log: str = ""


def pcapng_file(order: Order) -> bytes:
    """The whole file.

    Raises ExportError where an event of a recording holds what no packet can: a bad address, say.
    """
    book = _Book(catalogue(order.language))
    _write_conversations(order, book)
    seen = sorted(book.segments, key=lambda one: one[1].at)  # stable: the order of one moment stays
    hosts = list(dict.fromkeys(host for host, _ in seen))
    roles = {host.name: book.words.say(f"role.{host.role}") for host in order.hosts}
    start = round(order.date(0).timestamp()) * 1_000_000
    blocks = [
        pcapng.section(
            order.header.program or _APPLICATION,
            book.words.say("export.capture.about", title=safe(order.title())),
        ),
        pcapng.interfaces(pcapng.Interface(safe(host), roles.get(host, "")) for host in hosts),
        pcapng.names(_names(order)),
    ]
    if book.key_log and order.with_keys:
        blocks.append(pcapng.secrets(book.key_log))
    numbers = {host: number for number, host in enumerate(hosts)}
    blocks.extend(
        pcapng.packet(
            pcapng.Packet(
                start + segment.at,
                numbers[host],
                segment.octets,
                safe(segment.comment, limit=_COMMENT_LIMIT),
            )
        )
        for host, segment in seen
    )
    return b"".join(blocks)


def _write_conversations(order: Order, book: _Book) -> None:
    lookups = Lookups(order, book.words)
    for seq, host, work in _conversations(order, book, lookups):
        try:
            book.segments.extend((host, segment) for segment in work)
        except (ValueError, struct.error, OverflowError) as error:
            raise ExportError("packet", seq=seq, reason=error) from error


def _conversations(
    order: Order, book: _Book, lookups: Lookups
) -> Iterator[tuple[int, str, Iterator[Segment]]]:
    """The number of the first event, who saw it, and what was seen, one after the other."""
    calls: dict[int, list[Event]] = {}
    for event in order.events:
        match event.fact:
            case Query() | Answer() as fact:
                asker = event.host if isinstance(fact, Query) else fact.peer
                yield event.seq, asker, lookups.segments(event, fact)
            case Connected() | Refused() as fact:
                calls[fact.conn] = [event]
            case Command() | Reply() | Content() | Tls() | Closed() as fact:
                # What a recording tells of a connection that it never opened is on no wire.
                calls.get(fact.conn, []).append(event)
            case _:
                pass
    for asker, work in lookups.unanswered():
        yield 0, asker, work
    for events in calls.values():
        yield events[0].seq, events[0].host, _call(events, order, book)


def _call(events: list[Event], order: Order, book: _Book) -> Iterator[Segment]:
    call = connection(events, order, book.words)
    book.key_log += call.key_log
    yield from call.stream.segments()


def _names(order: Order) -> dict[str, list[str]]:
    """The hosts at each address."""
    known: dict[str, list[str]] = {}
    for host in order.hosts:
        for address in filter(is_address, host.addresses):
            known.setdefault(address, []).append(safe(host.name))
    return known
