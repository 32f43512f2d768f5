"""The mail as one host holds it: envelope beside header, the fields, the parts, the source."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.lessons.language import Catalogue
from simulator.trace.scene import Copy
from simulator.views.lens.fields import (
    Field,
    addresses_in,
    changed_by,
    changes,
    fields_of,
    value_of,
)
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

_READ_BY_PEOPLE = ("From", "To", "Cc", "Subject", "Date")
_MARKS: dict[str, tuple[str, Tone]] = {
    "same": ("  ", "plain"),
    "new": ("+ ", "new"),
    "gone": ("− ", "gone"),
}
_SOURCE_OCTETS = 256_000
_LINE_LIMIT = 1_000
_MOST_RECIPIENTS = 200


def envelope(copy: Copy, words: Catalogue) -> Sheet:
    """What servers obey beside what people read, and what changed at this hop."""
    fields = fields_of(copy.octets)
    return Sheet(
        (said(words.say("lens.envelope.title"), "head"), *_paths(copy, fields, words)),
        (said(words.say("lens.header.title"), "head"), *_read(fields, words)),
        (BLANK, *_summary(copy, words), *_holding(copy, words)),
    )


def header(copy: Copy, words: Catalogue) -> Sheet:
    """Every field in its order; what this host wrote and what it took away is marked."""
    rows = [*_summary(copy, words), BLANK]
    for field in changed_by(copy):
        mark, tone = _MARKS[field.change]
        name = piece(f"{field.name}:", "name" if tone == "plain" else tone)
        first, *more = field.value.split("\n")
        value: Tone = "gone" if field.change == "gone" else "plain"
        rows.append(row(Piece(mark, tone), name, Piece(" "), piece(first, value), indent=6))
        rows += [row(Piece("      "), piece(line.strip(), value), indent=6) for line in more]
    rows += [BLANK, said(words.say("lens.header.legend"), "dim")]
    return Sheet(tuple(rows))


def source(copy: Copy, words: Catalogue, *, line_ends: bool) -> Sheet:
    """The octets as lines, numbered; with ``line_ends`` every CR LF is shown."""
    shown = copy.octets[:_SOURCE_OCTETS]
    lines = shown.decode("utf-8", "backslashreplace").split("\r\n")
    if lines[-1] == "":
        lines.pop()
    own = sum(len(field.value.split("\n")) for field in changes(copy) if field.change == "new")
    own = own if copy.octets.endswith(copy.received) else 0
    width = len(str(len(lines)))
    rows = []
    for number, line in enumerate(lines, 1):
        text = safe(line.expandtabs(8), limit=_LINE_LIMIT)
        mark = Piece("+ ", "new") if number <= own else Piece("  ")
        end = [Piece("␍␊", "dim")] if line_ends else []
        rows.append(verbatim(Piece(f"{number:>{width}} ", "dim"), mark, Piece(text), *end))
    if len(copy.octets) > len(shown):
        rest = words.number(len(copy.octets) - len(shown))
        rows.append(said(words.say("lens.more_octets", n=rest), "dim"))
    return Sheet(tuple(rows))


def _paths(copy: Copy, fields: tuple[Field, ...], words: Catalogue) -> Iterator[Row]:
    path = copy.reverse_path.strip("<>")
    sender = f"<{path}>" if path else words.say("lens.envelope.null")
    yield fact(words.say("lens.envelope.from"), sender)
    named = {address.lower() for address in addresses_in(fields)}
    for one in copy.forward_paths[:_MOST_RECIPIENTS]:
        to = fact(words.say("lens.envelope.to"), f"<{one.strip('<>')}>")
        if one.strip("<>").lower() in named:
            yield to
        else:
            hidden = piece(f"  ◂ {words.say('lens.envelope.hidden')}", "new")
            yield row(*to.pieces, hidden, indent=4)
    left = len(copy.forward_paths) - _MOST_RECIPIENTS
    if left > 0:
        yield said(words.say("lens.more_recipients", n=words.number(left)), "dim")


def _read(fields: tuple[Field, ...], words: Catalogue) -> Iterator[Row]:
    found = [(name, value_of(fields, name)) for name in _READ_BY_PEOPLE]
    for name, value in found:
        if value is not None:
            yield fact(f"{name}:", value)
    if not any(value is not None for _, value in found):
        yield said(words.say("lens.header.none"), "dim")


def _summary(copy: Copy, words: Catalogue) -> Iterator[Row]:
    """What this host changed, in one line."""
    by_client = copy.received == copy.octets and bool(copy.added)
    if by_client:
        yield said(words.say("lens.changed.written"), "new", indent=2)
        return
    new = [field.name for field in changes(copy) if field.change == "new"]
    gone = [field.name for field in changes(copy) if field.change == "gone"]
    pieces = [piece(f"{words.say('lens.changed.title')}: ", "head")]
    pieces += [piece(f"+ {name}  ", "new") for name in new]
    pieces += [piece(f"− {name}  ", "gone") for name in gone]
    if not new and not gone:
        pieces.append(piece(words.say("lens.changed.nothing"), "dim"))
    yield row(*pieces, indent=2)


def _holding(copy: Copy, words: Catalogue) -> Iterator[Row]:
    size = words.say("lens.holds.octets", n=words.number(len(copy.octets)))
    places = [size]
    if copy.queue_id:
        places.append(words.say("lens.holds.queue", id=copy.queue_id))
    places += [words.say("lens.holds.mailbox", mailbox=name) for name in copy.mailboxes[:5]]
    yield said(" · ".join(places), "dim", indent=2)
