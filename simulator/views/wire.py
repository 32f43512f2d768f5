"""What was really said, as lines that name direction, surprise and TLS without any colour.

The hints are those of swaks, which people who debug mail know by heart: ``===`` information,
``***`` an own error, `` ->`` and ``<-`` expected, `` ~>`` and ``<~`` the same under TLS, ``**>``
and ``<**`` unexpected, ``*~>`` and ``<~*`` unexpected under TLS. DNS is written as dig writes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from simulator.lessons.language import Language, catalogue
from simulator.scenario.model import Host, Role
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
    octets_of,
    peer_of,
)
from simulator.trace.steps import Depth
from simulator.views.dig import answer_lines, query_lines
from simulator.views.safe import safe

Roles = Mapping[str, Role]
"""What each host does, by name."""

NO_ROLES: Roles = MappingProxyType({})

_HEADER_LINES, _BODY_LINES = 60, 5
"""Lines of a message that are shown at depth ``commands``."""
_TAB_WIDTH = 8

# (from the server, under TLS, expected) -> hint
_HINTS = {
    (False, False, True): " ->",
    (False, False, False): "**>",
    (False, True, True): " ~>",
    (False, True, False): "*~>",
    (True, False, True): "<- ",
    (True, False, False): "<**",
    (True, True, True): "<~ ",
    (True, True, False): "<~*",
}
_INFORMATION, _OWN_ERROR = "===", "***"


@dataclass(frozen=True, slots=True)
class WireLine:
    """One line as it went over the wire; ``text`` is safe to show, ``hint`` three characters."""

    hint: str
    text: str
    speaker: str
    listener: str
    kind: str
    secure: bool
    expected: bool

    def __str__(self) -> str:
        return f"{self.hint} {self.text}".rstrip()


def roles_of(hosts: Iterable[Host]) -> Roles:
    """The roles of a run's hosts, as ``wire_lines`` wants them."""
    return {host.name: host.role for host in hosts}


def wire_lines(
    event: Event, *, depth: Depth, roles: Roles = NO_ROLES, language: Language = "en"
) -> tuple[WireLine, ...]:
    """The lines that an event put on the wire; none for what a host does by itself.

    ``story`` gives one line at most, ``commands`` the beginning of a message and no questions
    between resolver and nameservers, ``bytes`` all of it. Without ``roles`` a message counts as
    sent by the client, and every DNS question as a host's own.
    """
    spoken = _Spoken(event, roles, language)
    lines = tuple(spoken.lines(depth))
    if depth != "story" or len(lines) < 2:
        return lines
    return (spoken.line(f"{lines[0].text} (+{len(lines) - 1})", lines[0].hint),)


@dataclass(frozen=True, slots=True)
class _Spoken:
    """One event on its way to lines."""

    event: Event
    roles: Roles
    language: Language

    def lines(self, depth: Depth) -> Iterator[WireLine]:
        match self.event.fact:
            case Connected() | Refused() | Closed() | Tls():
                yield self._about_the_connection()
            case Command(line=line):
                yield self._said(line)
            case Reply(lines=lines):
                yield from map(self._said, lines)
            case Content() as fact:
                yield from map(self._said, self._message(octets_of(fact), depth))
            case Query() as fact:
                if depth == "bytes" or self.roles.get(self.event.host) != "resolver":
                    yield from map(self._said, query_lines(fact, whole=depth == "bytes"))
            case Answer() as fact:
                if depth == "bytes" or self.roles.get(fact.peer) != "resolver":
                    yield from map(self._said, answer_lines(fact, whole=depth == "bytes"))
            case _:
                return

    def line(self, text: str, hint: str) -> WireLine:
        return WireLine(
            hint=hint,
            text=text,
            speaker=self.event.host,
            listener=peer_of(self.event.fact) or "",
            kind=self.event.kind,
            secure=self._secure,
            expected="*" not in hint,
        )

    def _said(self, text: str) -> WireLine:
        hint = _HINTS[self._from_server, self._secure, self._expected]
        return self.line(safe(text), hint)

    @property
    def _secure(self) -> bool:
        fact = self.event.fact
        return isinstance(fact, Command | Reply | Content) and fact.secure

    @property
    def _from_server(self) -> bool:
        fact = self.event.fact
        if isinstance(fact, Content):
            return self.roles.get(fact.peer) == "mail_client"  # nobody submits to a client
        return isinstance(fact, Reply | Answer)

    @property
    def _expected(self) -> bool:
        match self.event.fact:
            case Reply(code=code):
                return not str(code).startswith(("4", "5", "-"))
            case Answer(rcode=rcode):
                return rcode == "NOERROR"
            case _:
                return True

    def _about_the_connection(self) -> WireLine:
        """What became of the connection itself, which nobody said."""
        words = catalogue(self.language)
        match self.event.fact:
            case Connected() as fact:
                text = words.say(
                    "wire.connected", peer=fact.peer, address=fact.address, port=fact.port
                )
                return self.line(safe(text), _INFORMATION)
            case Refused() as fact:
                reason = fact.reason if fact.reason in {"refused", "timeout"} else "unreachable"
                text = words.say(
                    f"wire.refused.{reason}", peer=fact.peer, address=fact.address, port=fact.port
                )
                return self.line(safe(text), _OWN_ERROR)
            case Tls(version=version, cipher=cipher, name=name, reason=reason) as fact:
                kind = "failed" if reason else "verified" if fact.verified else "unverified"
                text = words.say(
                    f"wire.tls.{kind}", version=version, cipher=cipher, name=name, reason=reason
                )
                return self.line(safe(text), _OWN_ERROR if reason else _INFORMATION)
            case fact:
                reason = fact.reason if isinstance(fact, Closed) else ""
                known = reason if reason in {"quit", "timeout", "tls"} else "dropped"
                text = words.say(f"wire.closed.{known}")
                return self.line(text, _INFORMATION if known == "quit" else _OWN_ERROR)

    def _message(self, octets: bytes, depth: Depth) -> Iterator[str]:
        """A message on the wire: all its lines, its beginning, or how large it is."""
        words = catalogue(self.language)
        size = words.number(len(octets))
        lines = octets.removesuffix(b"\r\n").split(b"\r\n")
        if depth == "story":
            yield words.say_count("wire.whole", len(lines), octets=size)
            return
        shown = len(lines) if depth == "bytes" else _beginning(lines)
        yield from map(_text, lines[:shown])
        hidden = len(lines) - shown
        if hidden:
            final_dot = lines[-1] == b"."
            yield words.say_count("wire.more", hidden - final_dot, octets=size)
            if final_dot:
                yield "."


def _beginning(lines: list[bytes]) -> int:
    """How many lines give an idea of a message: the header and the first lines of the body."""
    header = lines.index(b"") if b"" in lines else 0
    shown = min(header, _HEADER_LINES) + _BODY_LINES + 1
    # Where only three more follow, they tell more than their number.
    return len(lines) if shown + 3 >= len(lines) else shown


def _text(line: bytes) -> str:
    """A line of a message; octets that are no UTF-8 as \\xE9, tabs of folded fields as spaces."""
    return line.decode("utf-8", "backslashreplace").expandtabs(_TAB_WIDTH)
