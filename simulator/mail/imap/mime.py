"""A message as IMAP numbers it: a tree of parts, each with its header, its body and what it is.

RFC 9051 section 6.4.5.1 numbers the parts. Cutting at the boundaries is done on octets, with a
bound on depth and number, so that no message takes long or exhausts the stack.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from simulator.mail.header import split_header
from simulator.mail.mime_parts import cut_parts

DEEPEST = 20
"""Parts within parts that are opened; nothing that people send has more."""
MOST_PARTS = 1_000

_FIELD = re.compile(rb"[^\n]*(?:\n[ \t][^\n]*)*(?:\n|\Z)")
_FOLD = re.compile(rb"\r?\n(?=[ \t])")
_TYPE = re.compile(r"\s*([^\s/;()]+)\s*(?:/\s*([^\s/;()]*))?")
_PARAMETER = re.compile(r';\s*([^\s=;"()]+)\s*=\s*(?:"((?:[^"\\]|\\.)*+)"|([^\s;"()]*))', re.DOTALL)
_CONTINUED = re.compile(r"(.+?)\*([0-9]{1,3})(\*?)")
_LONGEST_DESCRIPTION = 4_000
"""Octets of one Content- field that are read."""


@dataclass(frozen=True, slots=True)
class Entity:
    """A message, or a part of one (RFC 2045 section 2.4)."""

    header: bytes
    """With the empty line that ends it."""
    body: bytes
    media_type: str
    subtype: str
    parameters: tuple[tuple[str, str], ...]
    children: tuple[Entity, ...] = ()
    """Of a multipart: its parts."""
    message: Entity | None = None
    """Of a message/rfc822: the message in it."""

    @property
    def octets(self) -> bytes:
        """Header and body."""
        return self.header + self.body

    def field(self, name: str) -> bytes | None:
        """The first field of that name on one line, or None where there is none."""
        value = _first_fields(self.header).get(name.lower().encode())
        if value is None:
            return None
        return _FOLD.sub(b"", value).strip(b" \t\r\n").replace(b"\t", b" ")

    @property
    def transfer_encoding(self) -> bytes:
        """What its Content-Transfer-Encoding says, without comments; may be nothing, or odd."""
        return re.sub(rb"\([^()]*\)", b"", self.field("Content-Transfer-Encoding") or b"").strip()

    def within(self) -> Iterator[Entity]:
        """All parts in it, and those of messages in it, from the outside in."""
        for part in self.children:
            yield part
            yield from part.within()
        if self.message is not None:
            yield self.message
            yield from self.message.within()

    def leaves(self) -> Iterator[Entity]:
        """The parts that have no parts, those of messages within too."""
        inner = self.children or ((self.message,) if self.message is not None else ())
        if not inner:
            yield self
        for entity in inner:
            yield from entity.leaves()


def raw_fields(header: bytes) -> Iterator[bytes]:
    """The fields of a header as octets, with folding and line ends; the empty line is none."""
    for found in _FIELD.finditer(header):
        if found[0] not in {b"", b"\r\n", b"\n"}:
            yield found[0]


@lru_cache(maxsize=16)
def _first_fields(header: bytes) -> dict[bytes, bytes]:
    """The first field of each name; kept a while, since a message is asked for ten of them."""
    found: dict[bytes, bytes] = {}
    for raw in raw_fields(header):
        name, colon, value = raw.partition(b":")
        if colon:
            found.setdefault(name.strip(b" \t").lower(), value)
    return found


def part_of(message: Entity, path: Sequence[int]) -> Entity | None:
    """The part with this number, such as (1, 2) for 1.2, or None where there is none."""
    container: Entity | None = message
    part: Entity | None = None
    for number in path:
        parts = () if container is None else container.children or (container,)
        if not 1 <= number <= len(parts):
            return None
        part = parts[number - 1]
        container = part if part.children else part.message
    return part


def read_entity(octets: bytes) -> Entity:
    """The tree of a message; never raises."""
    return _Reading().entity(octets, depth=0)


@dataclass(slots=True)
class _Reading:
    """One message being read."""

    parts_left: int = field(default=MOST_PARTS)

    def entity(self, octets: bytes, depth: int, *, in_digest: bool = False) -> Entity:
        self.parts_left -= 1
        body = split_header(octets)[1]
        header = octets[: len(octets) - len(body)]
        usual = ("message", "rfc822", ()) if in_digest else ("text", "plain", ())
        plain = Entity(header, body, *usual)
        description = plain.field("Content-Type")
        kind = usual if description is None else _described(description)
        opens = depth < DEEPEST and self.parts_left > 0
        children: tuple[Entity, ...] = ()
        message = None
        if kind[0] == "multipart":
            children = self._parts(body, kind, depth) if opens else (_EMPTY,)
        elif kind[:2] == ("message", "rfc822") and opens:
            message = self.entity(body, depth + 1)
        elif kind[0] == "text" and "charset" not in {name.lower() for name, _ in kind[2]}:
            kind = (*kind[:2], (*kind[2], ("charset", "us-ascii")))  # RFC 2045 section 5.2
        return Entity(header, body, *kind, children, message)

    def _parts(
        self, body: bytes, kind: tuple[str, str, tuple[tuple[str, str], ...]], depth: int
    ) -> tuple[Entity, ...]:
        """At least one part, since IMAP's grammar knows no multipart without."""
        boundary = {name.lower(): value for name, value in kind[2]}.get("boundary", "")
        found = []
        for octets in cut_parts(body, boundary) if boundary else ():
            if self.parts_left <= 0:
                break
            found.append(self.entity(octets, depth + 1, in_digest=kind[1] == "digest"))
        return tuple(found) or (_EMPTY,)


_EMPTY = Entity(b"", b"", "text", "plain", (("charset", "us-ascii"),))


def _described(value: bytes) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    """Type, subtype and parameters of a Content-Type."""
    text = value[:_LONGEST_DESCRIPTION].decode("utf-8", "replace")
    kind = _TYPE.match(text)
    if kind is None:
        return "text", "plain", ()
    return kind[1].lower(), (kind[2] or "").lower(), parameters_of(text[kind.end() :])


def parameters_of(text: str) -> tuple[tuple[str, str], ...]:
    """The parameters after a field's first word; those that come in pieces (RFC 2231) as one."""
    plain: list[tuple[str, str]] = []
    pieces: dict[str, dict[int, str]] = {}
    encoded: set[str] = set()
    for found in _PARAMETER.finditer(text[:_LONGEST_DESCRIPTION]):
        value = found[3] if found[2] is None else _unescaped(found[2])
        if continued := _CONTINUED.fullmatch(found[1]):
            name, number, star = continued.groups()
            pieces.setdefault(name, {})[int(number)] = value
            encoded |= {name} if star else set()
        else:
            plain.append((found[1], value))
    for name, each in pieces.items():
        value = "".join(each[number] for number in sorted(each))
        plain.append((f"{name}*" if name in encoded else name, value))
    return tuple(plain)


def _unescaped(quoted: str) -> str:
    return re.sub(r"\\(.)", r"\1", quoted, flags=re.DOTALL)
