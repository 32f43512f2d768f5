"""FETCH: what a client may ask of a message, and how it is answered (RFC 9051 section 6.4.5).

The items are a table. As Dovecot does it, what is known without opening the message comes first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from simulator.mail.imap.answer import Literal, Response, joined
from simulator.mail.imap.binary import binary_item
from simulator.mail.imap.fetch_item import Item, Opened
from simulator.mail.imap.mime import Entity, part_of, raw_fields
from simulator.mail.imap.structure import body_structure, envelope
from simulator.mail.imap.syntax import Argument, Atom, Group, SyntaxRefusedError

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_MACROS = {
    "FAST": ("FLAGS", "INTERNALDATE", "RFC822.SIZE"),
    "ALL": ("FLAGS", "INTERNALDATE", "RFC822.SIZE", "ENVELOPE"),
    "FULL": ("FLAGS", "INTERNALDATE", "RFC822.SIZE", "ENVELOPE", "BODY"),
}
_SECTION = re.compile(
    r"BODY(\.PEEK)?\[(?:([1-9][0-9]{0,8}(?:\.[1-9][0-9]{0,8})*)(?:\.|(?=\])))?"
    r"(?:(HEADER|TEXT|MIME)|(HEADER\.FIELDS(?:\.NOT)?) \(([^()\]]+)\))?\]"
    r"(?:<([0-9]{1,10})(?:\.([0-9]{1,10}))?>)?",
    re.IGNORECASE | re.ASCII,
)


def fetch_items(argument: Argument) -> tuple[Item, ...]:
    """The items that are asked for, each once, in the order of the answer.

    Raises SyntaxRefusedError.
    """
    match argument:
        case Atom(text) if text.upper() in _MACROS:
            names: tuple[str, ...] = _MACROS[text.upper()]
        case Atom(text):
            names = (text,)
        case Group(()):
            raise SyntaxRefusedError("FETCH list is empty")
        case Group(items) if atoms := [item.text for item in items if isinstance(item, Atom)]:
            if len(atoms) != len(items):
                raise SyntaxRefusedError("FETCH list contains non-atoms")
            names = tuple(atoms)
        case _:
            raise SyntaxRefusedError("Invalid arguments")
    return in_order(tuple(map(_item, names)))


def in_order(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """Each item once, those that need not open the message first."""
    once = {item.label: item for item in items}
    # A BODY[] beside a BODY.PEEK[] sets \Seen all the same.
    seeing = {item.label: item for item in items if item.sees}
    return tuple(sorted((once | seeing).values(), key=lambda item: item.opens))


def show(items: tuple[Item, ...], opened: Opened) -> Response:
    """What stands in the parentheses of a FETCH response."""
    return joined((f"{item.label} ", *item.show(opened)) for item in items)


def _item(name: str) -> Item:
    known = ITEMS.get(name.upper())
    if known is not None:
        return known
    section = _SECTION.fullmatch(name)
    if section is not None:
        return _section_item(section)
    if name.upper().startswith("BINARY"):
        return binary_item(name)
    if name.upper().startswith("BODY"):
        raise SyntaxRefusedError("Invalid BODY[..] section")
    raise SyntaxRefusedError(f"Unknown parameter: {name.upper()}")


def _date(moment: datetime) -> str:
    """RFC 9051 section 9, ``date-time``; the month in English wherever this runs."""
    month = MONTHS[moment.month - 1]
    return f'"{moment.day:2}-{month}-{moment.year:04} {moment:%H:%M:%S %z}"'


def _section_item(section: re.Match[str]) -> Item:
    """``BODY[section]<partial>``; its label says what was asked for, in capitals as Dovecot's."""
    peek, number, what, listing, names, start, length = section.groups()
    path = tuple(map(int, (number or "").split("."))) if number else ()
    wanted = (what or listing or "").upper()
    if wanted == "MIME" and not path:
        raise SyntaxRefusedError("Invalid BODY[..] section")
    if section[0][section.end(2) : section.end(2) + 1] == "." and not wanted:
        raise SyntaxRefusedError("Invalid BODY[..] section")
    fields = frozenset(name.strip('"').lower() for name in (names or "").split())
    label = ".".join(filter(None, (number, wanted)))
    label = f"BODY[{label}{f' ({names.upper()})' if names else ''}]"
    whole = not path and not wanted and start is None
    text = whole or (not path and wanted == "TEXT" and start is None)

    def cut(opened: Opened) -> Response:
        octets = _section(opened, path, wanted, fields)
        if start is not None:
            end = None if length is None else int(start) + int(length)
            octets = octets[int(start) : end]
        return (Literal(octets, whole_message=whole),)

    return Item(f"{label}<{int(start)}>" if start else label, cut, sees=not peek, is_the_text=text)


def _section(opened: Opened, path: tuple[int, ...], wanted: str, fields: frozenset[str]) -> bytes:
    """The octets of a section; nothing where there is no such part, as Dovecot does it."""
    if not path and not wanted:
        return opened.message.octets
    part = part_of(opened.entity, path) if path else opened.entity
    if part is None:
        return b""
    if path and wanted in {"", "MIME"}:
        return part.header if wanted else part.body
    message = part.message if path else part
    return b"" if message is None else _of_message(message, wanted, fields)


def _of_message(message: Entity, wanted: str, fields: frozenset[str]) -> bytes:
    """HEADER, TEXT or some fields of a message, or of one in a message/rfc822 part."""
    if wanted in {"HEADER", "TEXT"}:
        return message.header if wanted == "HEADER" else message.body
    return _chosen_fields(message, fields, present=wanted == "HEADER.FIELDS")


def _chosen_fields(message: Entity, names: frozenset[str], *, present: bool) -> bytes:
    """The fields of these names, or all others, and the empty line."""
    kept = (raw for raw in raw_fields(message.header) if (_name(raw) in names) is present)
    return b"".join(kept) + b"\r\n"


def _name(raw: bytes) -> str:
    return raw.partition(b":")[0].strip(b" \t").lower().decode("ascii", "replace")


ITEMS: Mapping[str, Item] = {
    item.label: item
    for item in (
        Item("FLAGS", lambda opened: (opened.flags,), opens=False),
        Item("UID", lambda opened: (str(opened.message.number),), opens=False),
        Item("INTERNALDATE", lambda opened: (_date(opened.message.arrived),), opens=False),
        Item("RFC822.SIZE", lambda opened: (str(len(opened.message.octets)),), opens=False),
        Item("ENVELOPE", lambda opened: envelope(opened.entity)),
        Item("BODY", lambda opened: body_structure(opened.entity, extended=False)),
        Item("BODYSTRUCTURE", lambda opened: body_structure(opened.entity, extended=True)),
        Item(
            "RFC822",
            lambda opened: (Literal(opened.message.octets, whole_message=True),),
            sees=True,
            is_the_text=True,
        ),
        Item("RFC822.HEADER", lambda opened: (Literal(opened.entity.header),)),
        Item(
            "RFC822.TEXT",
            lambda opened: (Literal(opened.entity.body),),
            sees=True,
            is_the_text=True,
        ),
    )
}
FLAGS, UID = ITEMS["FLAGS"], ITEMS["UID"]
