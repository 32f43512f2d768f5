"""The parts of a message as a tree: what MIME made of text, pictures and files (RFC 2045)."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from typing import TypeAlias

from simulator.lessons.language import Catalogue
from simulator.trace.scene import Copy
from simulator.views.lens.rows import Piece, Row, Sheet, piece, row, said

_MOST_PARTS = 200
_DEEPEST = 40
_BOUNDARIES = 2_000
"""Lines that begin with two hyphens: beyond that the library's parser would take too long."""


def parts(copy: Copy, words: Catalogue) -> Sheet:
    """The tree of parts with type, name, encoding and size."""
    if copy.octets.count(b"\n--") > _BOUNDARIES:
        return Sheet((said(words.say("lens.parts.too_many"), "bad"),))
    try:
        message = BytesParser(policy=compat32).parsebytes(copy.octets)
        rows = list(_tree(message, words, "", "", 0))
    except (RecursionError, ValueError, LookupError):
        # A message from outside may be anything; the library cannot read every one of them.
        return Sheet((said(words.say("lens.parts.unreadable"), "bad"),))
    if len(rows) > _MOST_PARTS:
        more = words.say("lens.more_rows", n=words.number(len(rows) - _MOST_PARTS))
        rows = [*rows[:_MOST_PARTS], said(more, "dim")]
    return Sheet((said(words.say("lens.parts.title"), "head"), *rows))


Part: TypeAlias = "Message[str, str]"


def _tree(part: Part, words: Catalogue, lead: str, below: str, depth: int) -> Iterator[Row]:
    yield row(Piece(f" {lead}", "dim"), *_described(part, words), indent=len(below) + 3)
    children = _children(part)
    if depth >= _DEEPEST and children:
        yield said(f" {below}… {words.say('lens.parts.deeper')}", "dim")
        return
    for number, child in enumerate(children, 1):
        is_last = number == len(children)
        yield from _tree(
            child,
            words,
            f"{below}{'└─ ' if is_last else '├─ '}",
            f"{below}{'   ' if is_last else '│  '}",
            depth + 1,
        )


def _children(part: Part) -> list[Part]:
    payload = part.get_payload()
    if not isinstance(payload, list):
        return []
    return [child for child in payload if isinstance(child, Message)]


def _described(part: Part, words: Catalogue) -> Iterator[Piece]:
    yield piece(part.get_content_type(), "name")
    name = part.get_filename()
    if name:
        yield piece(f"  {name}", "strong")
    if part.is_multipart():
        return
    charset = part.get_content_charset()
    encoding = str(part.get("Content-Transfer-Encoding", "7bit")).strip().lower()
    payload = part.get_payload()
    on_the_wire = len(payload) if isinstance(payload, str) else 0
    facts = [charset] if charset else []
    facts.append(encoding)
    facts.append(words.say("lens.parts.octets", n=words.number(on_the_wire)))
    if encoding in {"base64", "quoted-printable"}:
        content = part.get_payload(decode=True)
        size = len(content) if isinstance(content, bytes) else 0
        facts.append(words.say("lens.parts.decoded", n=words.number(size)))
    yield piece(f"  {' · '.join(facts)}", "dim")
