"""A TCP connection as its client's machine saw it: handshake, segments, acknowledgements, end.

What the client sends is seen at once, what the server sends one latency later. Each end
acknowledges what has reached it, with its next segment or, where it has nothing to say, alone
(RFC 9293 section 3.8.6).
"""

from __future__ import annotations

import zlib
from bisect import bisect_right
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from simulator.views.exports.capture.packets import End, Flag, largest_segment, tcp

_LINE_END = b"\r\n"


@dataclass(frozen=True, slots=True)
class Segment:
    """An IP packet with a segment in it, seen at a virtual moment."""

    at: int
    octets: bytes
    comment: str = ""


@dataclass(frozen=True, slots=True)
class _Sent:
    """What an end sends at a moment: octets that may need several segments, or a flag."""

    seen_at: int
    order: int
    by_client: bool
    octets: bytes
    flags: Flag
    comment: str
    again: bool


@dataclass(slots=True)
class _Direction:
    """Where the numbering of one direction stands."""

    next: int
    acknowledged: int = 0
    _moments: list[int] = field(default_factory=list)
    _numbers: list[int] = field(default_factory=list)

    def advance(self, moment: int, by: int) -> None:
        """So many numbers more are used up."""
        self.next += by
        self._moments.append(moment)
        self._numbers.append(self.next)

    def number_at(self, moment: int) -> int:
        """The next number that the other end waited for at a moment; 0 before any."""
        place = bisect_right(self._moments, moment)
        return self._numbers[place - 1] if place else 0


class Stream:
    """One connection; ``name`` decides its initial sequence numbers."""

    def __init__(self, client: End, server: End, latency: int, name: str) -> None:
        self._client, self._server, self._latency = client, server, latency
        self._sent: list[_Sent] = []
        self._up = _Direction(zlib.crc32(f"{name} client".encode()))
        self._down = _Direction(zlib.crc32(f"{name} server".encode()))

    # What happens to it ----------------------------------------------------------------------

    def ask(self, at: int, comment: str = "", *, again: bool = False) -> None:
        """The client wants to connect; ``again`` where nothing came of it before."""
        self._add(at, flags=Flag.SYN, comment=comment, again=again)

    def accept(self, at: int) -> None:
        """The server takes the connection at this moment; the client answers when it hears."""
        self._add(at + self._latency, by_client=False, flags=Flag.SYN | Flag.ACK)
        self._add(at + self._latency)

    def send(self, at: int, octets: bytes, *, by_client: bool, comment: str = "") -> None:
        """An end says something."""
        flags = Flag.PSH | Flag.ACK
        self._add(self._seen(at, by_client), octets, by_client, flags, comment)

    def finish(self, at: int, *, by_client: bool, comment: str = "") -> None:
        """An end hangs up, and the other does the same when it hears of it."""
        flags = Flag.FIN | Flag.ACK
        seen = self._seen(at, by_client)
        self._add(seen, by_client=by_client, flags=flags, comment=comment)
        self._add(seen + 2 * self._latency * by_client, by_client=not by_client, flags=flags)

    def reset(self, at: int, *, by_client: bool, comment: str = "") -> None:
        """An end, or a broken wire, ends it without a word."""
        flags = Flag.RST | Flag.ACK
        self._add(self._seen(at, by_client), by_client=by_client, flags=flags, comment=comment)

    def _seen(self, at: int, by_client: bool) -> int:
        return at if by_client else at + self._latency

    def _add(
        self,
        seen_at: int,
        octets: bytes = b"",
        by_client: bool = True,
        flags: Flag = Flag.ACK,
        comment: str = "",
        again: bool = False,
    ) -> None:
        place = len(self._sent)
        self._sent.append(_Sent(seen_at, place, by_client, octets, flags, comment, again))

    # What was seen of it ---------------------------------------------------------------------

    def segments(self) -> Iterator[Segment]:
        """Everything in the order in which it was seen."""
        waiting = deque(sorted(self._sent, key=lambda sent: (sent.seen_at, sent.order)))
        is_over = False
        for moment in self._moments():
            while waiting and waiting[0].seen_at == moment:
                sent = waiting.popleft()
                if sent.again:
                    self._up.next -= 1  # the SYN had this number before
                yield from self._divided(sent)
                is_over = is_over or bool(sent.flags & Flag.RST)
            if not is_over:
                yield from self._acknowledgements(moment)

    def _moments(self) -> list[int]:
        """When something is sent, and when the server's bare acknowledgements are seen."""
        moments = {sent.seen_at for sent in self._sent}
        echo = 2 * self._latency
        return sorted(moments | {sent.seen_at + echo for sent in self._sent if sent.by_client})

    def _divided(self, sent: _Sent) -> Iterator[Segment]:
        size = largest_segment(self._client.address)
        pieces = list(_pieces(sent.octets, size)) or [b""]
        for number, piece in enumerate(pieces):
            flags = sent.flags if number == len(pieces) - 1 else Flag.ACK
            comment = sent.comment if number == 0 else ""
            yield self._segment(sent.seen_at, sent.by_client, flags, piece, comment)

    def _acknowledgements(self, moment: int) -> Iterator[Segment]:
        for by_client in (True, False):
            other = self._down if by_client else self._up
            if self._heard(moment, by_client) > other.acknowledged:
                yield self._segment(moment, by_client, Flag.ACK)

    def _heard(self, moment: int, by_client: bool) -> int:
        """Up to which number an end has heard the other, when it sends what is seen now."""
        if by_client:
            return self._down.number_at(moment)
        return self._up.number_at(moment - 2 * self._latency)

    def _segment(
        self,
        moment: int,
        by_client: bool,
        flags: Flag,
        octets: bytes = b"",
        comment: str = "",
    ) -> Segment:
        own, other = (self._up, self._down) if by_client else (self._down, self._up)
        source, target = (self._client, self._server) if by_client else (self._server, self._client)
        if flags & Flag.ACK:
            other.acknowledged = self._heard(moment, by_client)
        packet = tcp(source, target, own.next, other.acknowledged, flags, octets)
        own.advance(moment, len(octets) + bool(flags & Flag.SYN) + bool(flags & Flag.FIN))
        return Segment(moment, packet, comment)


def _pieces(octets: bytes, size: int) -> Iterator[bytes]:
    """Octets in pieces of at most ``size``, each ending with a line where there is one in it.

    A sender may divide as it likes (RFC 9293 section 3.7); in Wireshark a reader finds each
    command whole.
    """
    at = 0
    while at < len(octets):
        end = at + size
        if end < len(octets):
            line_end = octets.rfind(_LINE_END, at, end)
            end = end if line_end < 0 else line_end + len(_LINE_END)
        yield octets[at:end]
        at = end
