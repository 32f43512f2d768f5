"""ENVELOPE and BODYSTRUCTURE: what a message says of itself, as IMAP writes it.

RFC 9051 section 7.5.2 has both grammars. Strings are as they stand in the header, encoded words
and all; a client decodes them.
"""

from __future__ import annotations

import re

from simulator.mail.imap.address import Address, addresses_of
from simulator.mail.imap.answer import Response, grouped, joined, nstring
from simulator.mail.imap.mime import Entity, parameters_of

_TOKEN = re.compile(rb"[^\s;()]+")


def envelope(message: Entity) -> Response:
    """The ENVELOPE of a message: its date, subject, people and ids.

    Sender and Reply-To are From where they name nobody.
    """
    fields = {name: message.field(name) for name in _PEOPLE}
    people = {name: addresses_of(value or b"") for name, value in fields.items()}
    author = people["From"]
    shown = [people[name] or (author if name in _AS_AUTHOR else ()) for name in _PEOPLE]
    return grouped(
        (
            nstring(message.field("Date")),
            nstring(message.field("Subject")),
            *map(_address_list, shown),
            nstring(message.field("In-Reply-To")),
            nstring(message.field("Message-ID")),
        )
    )


_PEOPLE = ("From", "Sender", "Reply-To", "To", "Cc", "Bcc")
_AS_AUTHOR = {"Sender", "Reply-To"}


def _address_list(addresses: tuple[Address, ...]) -> Response:
    return grouped(map(_address, addresses), separator="") if addresses else ("NIL",)


def _address(address: Address) -> Response:
    parts = (address.name, address.route, address.mailbox, address.host)
    return grouped(map(nstring, parts))


def body_structure(part: Entity, *, extended: bool) -> Response:
    """The BODYSTRUCTURE of a message or part; not ``extended`` it is its BODY."""
    if part.children:
        inner = joined((body_structure(one, extended=extended) for one in part.children), "")
        row = [inner, nstring(part.subtype.encode())]
        if extended:
            row += [_parameters(part.parameters), *_extension(part)]
        return grouped(row)
    row = [
        nstring(part.media_type.encode()),
        nstring(part.subtype.encode()),
        _parameters(part.parameters),
        nstring(part.field("Content-ID")),
        nstring(part.field("Content-Description")),
        nstring(_transfer_encoding(part)),
        (str(len(part.body)),),
    ]
    if part.message is not None:
        row += [envelope(part.message), body_structure(part.message, extended=extended)]
    if part.message is not None or part.media_type == "text":
        row.append((str(part.body.count(b"\n")),))
    if extended:
        row += [nstring(part.field("Content-MD5")), *_extension(part)]
    return grouped(row)


def _extension(part: Entity) -> list[Response]:
    """Disposition, language and location."""
    return [_disposition(part), _languages(part), nstring(part.field("Content-Location"))]


def _parameters(parameters: tuple[tuple[str, str], ...]) -> Response:
    words = [nstring(word.encode()) for pair in parameters for word in pair]
    return grouped(words) if words else ("NIL",)


def _disposition(part: Entity) -> Response:
    value = part.field("Content-Disposition")
    kind = _TOKEN.match(value) if value else None
    if value is None or kind is None:
        return ("NIL",)
    parameters = parameters_of(value[kind.end() :].decode("utf-8", "replace"))
    return grouped((nstring(kind[0].lower()), _parameters(parameters)))


def _languages(part: Entity) -> Response:
    value = part.field("Content-Language")
    found = re.findall(rb"[A-Za-z0-9-]+", value or b"")
    return grouped(map(nstring, found)) if found else ("NIL",)


def _transfer_encoding(part: Entity) -> bytes:
    """One word (RFC 2045 section 6.1); what is more than that tells nothing."""
    value = part.transfer_encoding
    return value if _TOKEN.fullmatch(value) else b"7bit"
