"""The mails of a scenario as its author wrote them, with what the command line replaces."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from simulator.scenario.addresses import check_line, check_utf8, read_addresses
from simulator.scenario.attachments import attachment_anywhere, attachment_inside
from simulator.scenario.authors import read_author, read_headers
from simulator.scenario.crowds import is_crowd, read_crowd
from simulator.scenario.envelopes import WrittenEnvelope, read_envelope
from simulator.scenario.errors import Place
from simulator.scenario.keys import KEYS
from simulator.scenario.model import Attachment, Mail
from simulator.scenario.section import LATEST, Section, Written

MOST_ATTACHMENTS = 20


class Overrides(msgspec.Struct, frozen=True, kw_only=True):
    """What the command line says instead of the file; None leaves the file's own.

    The keys of a mail replace those of the first mail. The paths of ``attach`` are relative to
    the current directory and may lie anywhere.
    """

    sender: str | None = None
    to: tuple[str, ...] | None = None
    cc: tuple[str, ...] | None = None
    bcc: tuple[str, ...] | None = None
    subject: str | None = None
    body: str | None = None
    attach: tuple[str, ...] | None = None
    seed: int | None = None
    names_are_real: bool = False
    """Whether the real DNS will be asked: then any domain may be written to."""

    @property
    def of_the_mail(self) -> tuple[str, ...]:
        """The options of the command line that say something else about the mail."""
        given = (
            ("--from", self.sender),
            ("--to", self.to),
            ("--cc", self.cc),
            ("--bcc", self.bcc),
            ("--subject", self.subject),
            ("--body", self.body),
            ("--attach", self.attach),
        )
        return tuple(option for option, value in given if value is not None)

    @property
    def every_option(self) -> tuple[str, ...]:
        """All options of the command line that say something else than the file."""
        return self.of_the_mail if self.seed is None else (*self.of_the_mail, "--seed")

    @property
    def replaces_people(self) -> bool:
        """Whether the mail comes from or goes to others than the file says."""
        return any(one is not None for one in (self.sender, self.to, self.cc, self.bcc))


@dataclass(frozen=True, slots=True)
class WrittenMail:
    """A mail with the place of each of its addresses; what is wrong in it is left out."""

    sender: Written[str] | None
    to: tuple[Written[str], ...]
    cc: tuple[Written[str], ...]
    bcc: tuple[Written[str], ...]
    subject: str
    body: str
    attachments: tuple[Attachment, ...]
    at: int
    password: str | None
    envelope: WrittenEnvelope
    headers: tuple[tuple[str, str], ...]
    header_from: Written[str] | None
    eight_bit: bool
    crowd: frozenset[str] = frozenset()
    """Those of its recipients who were counted and not named."""

    @property
    def addresses(self) -> tuple[Written[str], ...]:
        """Every address in it but its author's, with its place."""
        return (*self.to, *self.cc, *self.bcc, *self.envelope.addresses)

    @property
    def counted(self) -> tuple[str, ...]:
        """The crowd in its order."""
        return tuple(one.value for one in self.addresses if one.value in self.crowd)

    def mail(self) -> Mail | None:
        """The mail itself, or None where its sender is missing."""
        if self.sender is None:
            return None
        return Mail(
            sender=self.sender.value,
            to=_values(self.to),
            cc=_values(self.cc),
            bcc=_values(self.bcc),
            subject=self.subject,
            body=self.body,
            attachments=self.attachments,
            at=self.at,
            password=self.password,
            eight_bit=self.eight_bit,
            headers=self.headers,
            header_from="" if self.header_from is None else self.header_from.value,
            envelope_from=self.envelope.reverse_path,
            envelope_to=_values(self.envelope.recipients),
            notify=self.envelope.notify,
            returned=self.envelope.returned,
            envelope_id=self.envelope.identity,
        )


def read_mail(section: Section, folder: Path, overrides: Overrides) -> WrittenMail:
    """Read one mail of the file; mistakes go to the section's list."""
    sender = None if overrides.sender is None else (overrides.sender,)
    replaced = {"from": sender, "to": overrides.to, "cc": overrides.cc, "bcc": overrides.bcc}
    entries = {key: _entries(section, key, texts) for key, texts in replaced.items()}
    _require_recipients(section, entries, overrides)
    return WrittenMail(
        sender=next(iter(read_addresses(section, "from", entries["from"])), None),
        to=_recipients(section, "to", entries["to"], overrides.to),
        cc=_recipients(section, "cc", entries["cc"], overrides.cc),
        bcc=_recipients(section, "bcc", entries["bcc"], overrides.bcc),
        crowd=_crowd(section, overrides),
        subject=_subject(section, overrides.subject),
        body=_body(section, overrides.body),
        attachments=_attachments(section, folder, overrides.attach),
        at=section.duration("at", "0 s", LATEST) or 0,
        password=_password(section),
        envelope=_envelope(section, overrides),
        eight_bit=section.flag("eight_bit") or False,
        headers=read_headers(section),
        header_from=None if overrides.sender is not None else read_author(section),
    )


def _entries(
    section: Section, key: str, replaced: tuple[str, ...] | None
) -> tuple[Written[str], ...]:
    """The texts of a key, those of the command line first of all; not checked yet."""
    if replaced is not None:
        return tuple(Written(text, Place(f"--{key}")) for text in replaced)
    if key in {"from", "to"}:
        section.require(key)
    if key != "from" and is_crowd(section, key):
        return read_crowd(section, key)
    if key != "from":
        return section.texts(key) or ()
    text = section.text(key)
    return () if text is None else (Written(text, section.place(key)),)


def _recipients(
    section: Section,
    key: str,
    entries: tuple[Written[str], ...],
    replaced: tuple[str, ...] | None,
) -> tuple[Written[str], ...]:
    """The addresses of a key, each looked at; those of a crowd are made up."""
    if replaced is None and is_crowd(section, key):
        return entries
    return read_addresses(section, key, entries)


def _crowd(section: Section, overrides: Overrides) -> frozenset[str]:
    replaced = {"to": overrides.to, "cc": overrides.cc, "bcc": overrides.bcc}
    keys = [key for key, texts in replaced.items() if texts is None and is_crowd(section, key)]
    return frozenset(one.value for key in keys for one in read_crowd(section, key))


def _require_recipients(
    section: Section, entries: dict[str, tuple[Written[str], ...]], overrides: Overrides
) -> None:
    """A mail for nobody is a mistake; ``to`` alone may be empty where cc or bcc name someone."""
    written_empty = section.values.get("to") == [] if overrides.to is None else not overrides.to
    if written_empty and not entries["cc"] and not entries["bcc"]:
        place = section.place("to") if overrides.to is None else Place("--to")
        example = KEYS["mail"]["to"]
        section.mistakes.add(
            place.mistake("scenario.missing-key", table="[mail]", key="to", example=example)
        )


def _envelope(section: Section, overrides: Overrides) -> WrittenEnvelope:
    """The envelope that the file writes, less what the command line's people make untrue."""
    envelope = read_envelope(section)
    if overrides.sender is not None:
        envelope = replace(envelope, sender=None)
    return replace(envelope, recipients=()) if overrides.replaces_people else envelope


def _attachments(
    section: Section, folder: Path, replaced: tuple[str, ...] | None
) -> tuple[Attachment, ...]:
    found: list[Attachment] = []
    entries = _entries(section, "attach", replaced)
    for entry in section.at_most(MOST_ATTACHMENTS, "attach", entries):
        with section.mistakes.noted():
            inside = replaced is None
            found.append(attachment_inside(entry, folder) if inside else attachment_anywhere(entry))
    return tuple(found)


def _subject(section: Section, replaced: str | None) -> str:
    if replaced is None:
        return section.line("subject") or ""
    with section.mistakes.noted():
        check_line(replaced, "subject", Place("--subject"))
    return replaced


def _body(section: Section, replaced: str | None) -> str:
    if replaced is None:
        return section.text("body") or ""
    with section.mistakes.noted():
        check_utf8(replaced, "body", Place("--body"))
    return replaced


def _values(written: tuple[Written[str], ...]) -> tuple[str, ...]:
    return tuple(entry.value for entry in written)


def _password(section: Section) -> str | None:
    """What the client gives instead of the right password: printable ASCII."""
    text = section.text("password")
    if text is not None and not (text.isascii() and text.isprintable() and len(text) <= 100):
        section.wrong("password", text)
        return None
    return text
