"""What was said on a connection, as the octets that went over the wire."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from simulator.trace.event import Command, Content, Event, Reply
from simulator.trace.octets import octets_of

_LITERAL = re.compile(r"\{(\d+)\}$")


@dataclass(frozen=True, slots=True)
class Turn:
    """Octets that one end sent in one go, beginning with event ``seq``."""

    seq: int
    at: int
    host: str
    octets: bytes
    secure: bool


def turns(events: Iterable[Event], protocol: str) -> Iterator[Turn]:
    """The turns of one connection, in order.

    What a host says at one moment it says in one go: the commands of a pipeline (RFC 2920), the
    replies to them. A message is a turn of its own, but in IMAP it stands within the answer.
    Raises ValueError where a recording's base64 is broken.
    """
    spoken = (event for event in events if isinstance(event.fact, Command | Reply | Content))
    within = protocol == "imap"
    for _, together in groupby(spoken, key=lambda event: _moment(event, within=within)):
        said = list(together)
        octets = _imap(said) if within else b"".join(map(_octets, said))
        first = said[0]
        yield Turn(first.seq, first.at, first.host, octets, _is_secure(first))


def _moment(event: Event, *, within: bool) -> tuple[int, str, bool, bool]:
    alone = isinstance(event.fact, Content) and not within
    return event.at, event.host, _is_secure(event), alone


def _is_secure(event: Event) -> bool:
    return isinstance(event.fact, Command | Reply | Content) and event.fact.secure


def _octets(event: Event) -> bytes:
    match event.fact:
        case Command(line=line):
            return _line(line)
        case Reply(lines=lines):
            return b"".join(map(_line, lines))
        case Content() as fact:
            return octets_of(fact)
        case _:
            return b""


def _line(text: str) -> bytes:
    return text.encode("utf-8", "replace") + b"\r\n"


def _imap(said: list[Event]) -> bytes:
    """A message stands in the middle of IMAP's answer, behind the number of its octets."""
    contents = [octets_of(event.fact) for event in said if isinstance(event.fact, Content)]
    written = b""
    for event in said:
        if isinstance(event.fact, Reply):
            for line in event.fact.lines:
                written += _line(line)
                number = _LITERAL.search(line)
                if number and contents and int(number.group(1)) == len(contents[0]):
                    written += contents.pop(0)
        elif isinstance(event.fact, Command):
            written += _line(event.fact.line)
    return written + b"".join(contents)
