"""What was really said, as lines that name direction, surprise and TLS without any colour.

The hints are those of swaks, which people who debug mail know by heart: ``===`` information,
``***`` an own error, `` ->`` and ``<-`` expected, `` ~>`` and ``<~`` the same under TLS, ``**>``
and ``<**`` unexpected, ``*~>`` and ``<~*`` unexpected under TLS. DNS is written as dig writes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from simulator.lessons.language import Catalogue, Language, catalogue
from simulator.scenario.model import Host, Role
from simulator.trace.addressee import peer_of
from simulator.trace.event import (
    Answer,
    Closed,
    Command,
    Connected,
    Content,
    Event,
    Fact,
    Query,
    Refused,
    Reply,
    Tls,
)
from simulator.trace.octets import octets_of
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
    words = catalogue(language)
    about = _about_the_connection(event.fact, words)
    if about is not None:
        hint, text = about
        return _lines(event, hint, [safe(text)])
    texts = [safe(text) for text in _said(event, depth, roles, words)]
    if depth == "story" and len(texts) > 1:
        texts = [f"{texts[0]} (+{len(texts) - 1})"]
    return _lines(event, _hint(event.fact, roles), texts)


def count_lines(event: Event, *, depth: Depth) -> int:
    """How many lines ``wire_lines`` gives for an event at which one stops at that depth; quicker,
    since no line is made.
    """
    match event.fact:
        case Command() | Connected() | Refused() | Closed() | Tls():
            return 1
        case Reply(lines=lines):
            count = len(lines)
        case Query() if depth != "bytes":
            count = 1
        case Answer(records=records) if depth != "bytes":
            count = len(records) or 1
        case Content() | Query() | Answer():
            count = sum(1 for _ in _said(event, depth, NO_ROLES, catalogue("en")))
        case _:
            return 0
    return min(count, 1) if depth == "story" else count


def _lines(event: Event, hint: str, texts: Iterable[str]) -> tuple[WireLine, ...]:
    fact, kind = event.fact, event.kind
    listener = peer_of(fact) or ""
    secure = isinstance(fact, Command | Reply | Content) and fact.secure
    expected = "*" not in hint
    return tuple(
        WireLine(hint, text, event.host, listener, kind, secure, expected) for text in texts
    )


def _said(event: Event, depth: Depth, roles: Roles, words: Catalogue) -> Iterator[str]:
    """The lines that an event put on the wire, as they come from outside."""
    whole = depth == "bytes"
    match event.fact:
        case Command(line=line):
            yield line
        case Reply(lines=lines):
            yield from lines
        case Content() as fact:
            yield from _message(octets_of(fact), depth, words)
        case Query() as fact:
            if whole or roles.get(event.host) != "resolver":
                yield from query_lines(fact, whole=whole)
        case Answer() as fact:
            if whole or roles.get(fact.peer) != "resolver":
                yield from answer_lines(fact, whole=whole)
        case _:
            return


def _hint(fact: Fact, roles: Roles) -> str:
    """Who says it, whether under TLS, and whether it is what one hopes for."""
    match fact:
        case Reply(code=code, secure=secure):
            return _HINTS[True, secure, not str(code).startswith(("4", "5", "-"))]
        case Answer(rcode=rcode):
            return _HINTS[True, False, rcode == "NOERROR"]
        case Content(peer=peer, secure=secure):
            # Nobody submits mail to a mail client: what it is sent comes from its server.
            return _HINTS[roles.get(peer) == "mail_client", secure, True]
        case _:
            return _HINTS[False, isinstance(fact, Command) and fact.secure, True]


def _about_the_connection(fact: Fact, words: Catalogue) -> tuple[str, str] | None:
    """Hint and text for what became of the connection itself, which nobody said."""
    match fact:
        case Connected(peer=peer, address=address, port=port):
            text = words.say("wire.connected", peer=peer, address=address, port=port)
            return _INFORMATION, text
        case Refused(peer=peer, address=address, port=port, reason=reason):
            known = reason if reason in {"refused", "timeout"} else "unreachable"
            text = words.say(f"wire.refused.{known}", peer=peer, address=address, port=port)
            return _OWN_ERROR, text
        case Closed(reason=reason):
            known = reason if reason in {"quit", "timeout", "tls"} else "dropped"
            hint = _INFORMATION if known == "quit" else _OWN_ERROR
            return hint, words.say(f"wire.closed.{known}")
        case Tls(version=version, cipher=cipher, name=name, reason=""):
            known = "verified" if fact.verified else "unverified"
            text = words.say(f"wire.tls.{known}", version=version, cipher=cipher, name=name)
            return _INFORMATION, text
        case Tls(reason=reason):
            return _OWN_ERROR, words.say("wire.tls.failed", reason=reason)
        case _:
            return None


def _message(octets: bytes, depth: Depth, words: Catalogue) -> Iterator[str]:
    """A message on the wire: all its lines, its beginning, or how large it is."""
    size = words.number(len(octets))
    if depth == "story":
        yield words.say_count("wire.whole", octets.count(b"\r\n"), octets=size)
        return
    lines = octets.removesuffix(b"\r\n").split(b"\r\n")
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
