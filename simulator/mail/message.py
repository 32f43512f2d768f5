"""A message as its author's client writes it and as its reader's client opens it (RFC 5322, MIME).

Words, names and bodies are encoded and decoded by the standard ``email`` package. Joining the
parts and folding the header is done here: the package folds differently from one Python to the
next, takes its boundaries from the global random, and needs seconds for a large attachment,
while the same scenario must give the same octets everywhere, and soon.
"""

from __future__ import annotations

import base64
import binascii
import email.errors
import email.header
import email.headerregistry
import email.utils
import re
import textwrap
from dataclasses import dataclass
from datetime import datetime
from random import Random

from simulator.mail.header import Field, field_line, fields_of
from simulator.mail.mime_parts import attachments_of
from simulator.mail.transparency import with_crlf
from simulator.scenario.model import Attachment, Mail

__all__ = [
    "ComposedMessage",
    "Entity",
    "attachments_of",
    "boundary_for",
    "compose",
    "mixed",
    "text_entity",
]

_LINE = 78  # RFC 5322 section 2.1.1: what a line should not exceed
_LONGEST_LINE = 998  # and what it must not
_LONGEST_ADDRESS = 254  # RFC 5321 section 4.5.3.1.3: a path of 256 with its angle brackets
_LONGEST_NAME = 255  # octets that usual file systems let a name have

# Everything that some program takes for a line break, and NUL, which no header may hold.
_BREAK = re.compile("[\x00\n\v\f\r\x1c-\x1e\x85\u2028\u2029]")
_PLAIN_WORDS = re.compile(r"[!-~]+(?: [!-~]+)*")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9_.+-](?:[A-Za-z0-9 _.,+()-]*[A-Za-z0-9_.+-])?")
_MESSAGE_ID = re.compile(r"<[!-;=?-~]+@[!-;=?-~]+>")
_MEDIA_TYPE = re.compile(r"([A-Za-z0-9!#$&^_.+-]+)/[A-Za-z0-9!#$&^_.+-]+")
_NOT_BARE = re.compile(r"[\x00-\x1f\x7f/\\]")
_NOT_EIGHT_BIT = re.compile(rb"\x00|[^\n]{999}")
_NOT_SEVEN_BIT = re.compile(rb"[\x00\x80-\xff]|[^\n]{999}")


@dataclass(frozen=True, slots=True)
class ComposedMessage:
    """A message ready to be handed over: its octets (lines end in CRLF) and its header fields."""

    octets: bytes
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Entity:
    """A body with the fields that describe it (RFC 2045 section 2.4)."""

    fields: tuple[Field, ...]
    body: bytes

    @property
    def octets(self) -> bytes:
        """The fields, the empty line, and the body."""
        return b"".join(field_line(*field) for field in self.fields) + b"\r\n" + self.body


def compose(mail: Mail, *, date: datetime, message_id: str, random: Random) -> ComposedMessage:
    """Write a mail as a message of seven-bit octets; Bcc stays in the envelope only.

    ``date`` must know its zone; ``message_id`` comes with its angle brackets; ``random`` gives the
    boundary between the parts. Raises ValueError, naming the field of the mail, where something
    cannot stand in a header: line breaks above all, and addresses that would need SMTPUTF8.
    """
    if date.utcoffset() is None:
        raise ValueError("date: a date without a zone says no moment")
    if not _MESSAGE_ID.fullmatch(message_id):
        raise ValueError(f"message_id: {message_id!r} is not of the form <left@right>")
    _addresses("bcc", mail.bcc)
    entity = _body_of(mail, random)
    fields = (
        *((name, _checked("headers", value)) for name, value in mail.headers),
        ("From", _author(mail)),
        ("To", _addresses("to", mail.to)),
        ("Cc", _addresses("cc", mail.cc)),
        ("Subject", _subject(mail.subject)),
        ("Date", email.utils.format_datetime(date)),
        ("Message-ID", message_id),
        ("MIME-Version", "1.0"),
        *entity.fields,
    )
    present = tuple(field for field in fields if field[1] or field[0] == "Subject")
    octets = Entity(present, entity.body).octets
    return ComposedMessage(octets, fields_of(octets))


def _checked(where: str, text: str) -> str:
    if _BREAK.search(text):
        raise ValueError(f"{where}: a line break or NUL cannot stand in a header field")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ValueError(f"{where}: {text!r} is no Unicode text") from error
    return text


def _addresses(where: str, addresses: tuple[str, ...]) -> str:
    """An address list (RFC 5322 section 3.4), an address a line where one line is too short."""
    for address in addresses:
        _check_address(where, _checked(where, address))
    line = ", ".join(addresses)
    return line if len(line) + len("From: ") <= _LINE else ",\r\n ".join(addresses)


def _author(mail: Mail) -> str:
    """Whom the From field names: the one who writes, or whom they say they are."""
    if not mail.header_from:
        return _addresses("sender", (mail.sender,))
    _checked("header_from", mail.header_from)
    name, _, path = mail.header_from.rpartition(" <")
    address = path.removesuffix(">")
    _check_address("header_from", address)
    if len(name) > _LINE:
        raise ValueError(f"header_from: a name has at most {_LINE} characters here")
    return email.utils.formataddr((name, address))


def _check_address(where: str, address: str) -> None:
    # Letters beyond ASCII may stand in a local part (RFC 6531 section 3.3); the standard library
    # knows only others, and is shown a plain letter in their place.
    address = "".join(sign if sign.isascii() or not sign.isprintable() else "x" for sign in address)
    try:
        parsed = email.headerregistry.Address(addr_spec=address)
    except (email.errors.MessageError, ValueError, IndexError) as error:
        raise ValueError(f"{where}: {address!r} is no mail address") from error
    if not parsed.username or not parsed.domain or parsed.addr_spec != address:
        raise ValueError(f"{where}: {address!r} is no mail address such as ani@kampus.example")
    if len(address) > _LONGEST_ADDRESS:
        raise ValueError(f"{where}: an address has at most {_LONGEST_ADDRESS} octets")


def _subject(subject: str) -> str:
    """The Subject as it is where it is plain ASCII, else as encoded words (RFC 2047)."""
    _checked("subject", subject)
    words = subject.split(" ")
    if subject and not (_PLAIN_WORDS.fullmatch(subject) and "=?" not in subject):
        return _encoded_words(subject)
    if max(map(len, words)) > _LONGEST_LINE - len("Subject: "):
        return _encoded_words(subject)
    lines = textwrap.wrap(
        subject,
        width=_LINE - len("Subject: "),
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\r\n ".join(lines)


def _encoded_words(text: str) -> str:
    header = email.header.Header(text, "utf-8", header_name="Subject")
    return header.encode(linesep="\r\n")


def _body_of(mail: Mail, random: Random) -> Entity:
    text = text_entity(mail.body, eight_bit=mail.eight_bit)
    if not mail.attachments:
        return text
    attachments = [
        _attached(f"attachments[{place}]", attachment)
        for place, attachment in enumerate(mail.attachments)
    ]
    return mixed((text, *attachments), boundary_for(random, text.body))


def boundary_for(random: Random, text: bytes) -> str:
    """A line that no part holds: neither base64 nor quoted-printable can write ``=_``."""
    while (boundary := f"=_{random.getrandbits(96):024x}").encode() in text:
        pass
    return boundary


def mixed(parts: tuple[Entity, ...], boundary: str) -> Entity:
    """Several parts as one body (RFC 2046 section 5.1)."""
    # The CRLF before a delimiter belongs to the delimiter: the part keeps its own.
    delimiter = f"\r\n--{boundary}".encode()
    pieces = [piece for part in parts for piece in (delimiter, b"\r\n", part.octets)]
    body = b"".join((*pieces, delimiter, b"--\r\n")).removeprefix(b"\r\n")
    return Entity((("Content-Type", f'multipart/mixed;\r\n boundary="{boundary}"'),), body)


def text_entity(body: str, *, eight_bit: bool = False) -> Entity:
    """A text in the shortest encoding of seven bits, or as it is (8BITMIME, RFC 6152).

    Raises ValueError where it is no Unicode.
    """
    _check_text(body)
    octets = with_crlf(body.encode("utf-8"))
    encoding, encoded = "7bit", octets
    if eight_bit and not _NOT_EIGHT_BIT.search(octets):
        encoding = "7bit" if octets.isascii() else "8bit"
    elif _NOT_SEVEN_BIT.search(octets):
        quoted = ("quoted-printable", binascii.b2a_qp(octets))
        encoding, encoded = min(quoted, ("base64", _base64(octets)), key=lambda way: len(way[1]))
    fields = (
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Transfer-Encoding", encoding),
    )
    return Entity(fields, encoded)


def _check_text(body: str) -> None:
    try:
        body.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ValueError("body: this is no Unicode text") from error


def _attached(where: str, attachment: Attachment) -> Entity:
    media_type = _MEDIA_TYPE.fullmatch(attachment.media_type)
    if not media_type:
        raise ValueError(f"{where}.media_type: {attachment.media_type!r} is no media type")
    # RFC 2046 sections 5.1 and 5.2.1: these two may not be base64, so the file is sent as a file.
    composite = media_type[1].lower() in {"multipart", "message"}
    fields = (
        ("Content-Type", "application/octet-stream" if composite else attachment.media_type),
        ("Content-Transfer-Encoding", "base64"),
        ("Content-Disposition", f"attachment;\r\n {_file_name(where, attachment.name)}"),
    )
    return Entity(fields, _base64(attachment.octets))


def _file_name(where: str, name: str) -> str:
    """The filename parameter (RFC 2183 section 2.3, RFC 2231 section 4)."""
    _checked(f"{where}.name", name)
    named = name == name.strip() and name not in {"", ".", ".."}
    if not named or _NOT_BARE.search(name) or len(name.encode()) > _LONGEST_NAME:
        raise ValueError(f"{where}.name: {name!r} is not the bare name of a file")
    if _PLAIN_NAME.fullmatch(name):
        return f'filename="{name}"'
    return f"filename*={email.utils.encode_rfc2231(name, 'utf-8')}"


def _base64(octets: bytes) -> bytes:
    """RFC 2045 section 6.8: lines of 76, each with CRLF."""
    return base64.encodebytes(octets).replace(b"\n", b"\r\n")
