"""What a scenario means where it says nothing: its domains, its pick-ups, its title, file types."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import TypeVar

import msgspec

from simulator.scenario.aliases import Aliases, plain, reached
from simulator.scenario.domain import Domain, MailExchanger
from simulator.scenario.lists import Lists
from simulator.scenario.model import Mail, PickUp, Words
from simulator.scenario.section import Written
from simulator.scenario.topology import addressed_aliases, addressed_lists, domain_of

Struct = TypeVar("Struct", bound=msgspec.Struct)

MEDIA_TYPES: dict[str, str] = {
    ".csv": "text/csv",
    ".doc": "application/msword",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".eml": "message/rfc822",
    ".gif": "image/gif",
    ".gz": "application/gzip",
    ".html": "text/html",
    ".ics": "text/calendar",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".json": "application/json",
    ".md": "text/markdown",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".vcf": "text/vcard",
    ".webp": "image/webp",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xml": "application/xml",
    ".zip": "application/zip",
}
"""An own table: that of ``mimetypes`` differs between machines, and a run must not."""


@dataclass(frozen=True, slots=True)
class DeclaredDomain:
    """A domain as the file declares it; None is what the file leaves out."""

    name: str
    hosts: tuple[Written[str], ...] = ()
    """Every host that the declaration names, with its place."""
    users: tuple[str, ...] | None = None
    exchangers: tuple[MailExchanger, ...] | None = None
    submission: str | None = None
    mailbox: str | None = None
    relays: tuple[str, ...] | None = None
    aliases: Aliases = field(default_factory=dict)
    lists: Lists = field(default_factory=dict)
    cnames: tuple[Written[str], ...] = ()
    """The name of every CNAME among its records, with its place."""
    policies: Mapping[str, object] = field(default_factory=dict)
    """The other fields of the model's Domain by name."""

    @property
    def alias_targets(self) -> tuple[Written[str], ...]:
        """Every address that an alias stands for or a list sends to, with its place."""
        aliases = (target for targets in self.aliases.values() for target in targets)
        return (*aliases, *(one for each in self.lists.values() for one in each.members))


def domains_of(
    mails: Sequence[Mail], declared: Sequence[DeclaredDomain], *, everyone: bool = False
) -> tuple[Domain, ...]:
    """The domains of the simulated internet: those declared, then those of the addresses.

    Where any is declared, only a sender's domain is added to them; where none is, or with
    ``everyone``, every domain that an address names. A domain that sends is its own MX, on its
    submission host.
    """
    addresses = dict.fromkeys(one for mail in mails for one in _everyone(mail))
    targets = (target.value for domain in declared for target in domain.alias_targets)
    addresses |= dict.fromkeys(targets)
    senders = {domain_of(mail.sender) for mail in mails}
    names = {domain.name for domain in declared}
    mentioned = dict.fromkeys(map(domain_of, addresses))
    welcome = mentioned if everyone or not declared else senders
    added = (name for name in mentioned if name not in names and name in welcome)
    return tuple(
        _complete(domain, tuple(addresses), sends=domain.name in senders)
        for domain in (*declared, *map(DeclaredDomain, added))
    )


def pickups_of(
    mails: Sequence[Mail],
    domains: Sequence[Domain],
    declared: Sequence[PickUp],
    crowd: Collection[str] = (),
) -> tuple[PickUp, ...]:
    """The pick-ups: those declared, and one by default for every other recipient's mailbox.

    Of a ``crowd`` nobody picks up who is not declared.
    """
    mailboxes = frozenset(mailboxes_of(domains))
    chosen = {pickup.mailbox for pickup in declared} | set(crowd)
    aliases = {name: to for domain in domains for name, to in addressed_aliases(domain).items()}
    for domain in domains:
        aliases |= {name: each.members for name, each in addressed_lists(domain).items()}
    addressed = [one for mail in mails for one in mail.recipients]
    recipients = dict.fromkeys(one.lower() for one in reached(addressed, aliases))
    return (
        *declared,
        *(PickUp(mailbox=one) for one in recipients if one in mailboxes and one not in chosen),
    )


def mailboxes_of(domains: Sequence[Domain]) -> tuple[str, ...]:
    """The address of every user."""
    return tuple(f"{user}@{domain.name}" for domain in domains for user in domain.users)


def media_type(name: str) -> str:
    """The media type of a file of that name; octets of no known type where the end says nothing."""
    return MEDIA_TYPES.get(PurePath(name).suffix.lower(), "application/octet-stream")


def words_from(name: str) -> Words:
    """The title of a scenario without words: its own name, made readable."""
    title = name.replace("-", " ").replace("_", " ").strip() or name
    return Words(title=title[:1].upper() + title[1:])


def with_given(struct: Struct, **given: object) -> Struct:
    """The struct with those fields replaced that are not None: the model's defaults stay."""
    return msgspec.structs.replace(
        struct, **{name: value for name, value in given.items() if value is not None}
    )


def _complete(domain: DeclaredDomain, addresses: Sequence[str], *, sends: bool) -> Domain:
    name = domain.name
    submission = domain.submission or f"smtp.{name}"
    exchangers: tuple[MailExchanger, ...] = (
        MailExchanger(preference=10, host=submission if sends else f"mx1.{name}"),
    )
    mentioned = (one.lower().rpartition("@")[0] for one in addresses if domain_of(one) == name)
    names = {*domain.aliases, *domain.lists}
    people = tuple(dict.fromkeys(one for one in mentioned if one not in names))
    if domain.policies.get("exists") is False and not sends:
        exchangers, people = (), ()  # nobody is behind a name that the DNS does not know
    complete = Domain(
        name=name,
        users=people if domain.users is None else domain.users,
        exchangers=exchangers if domain.exchangers is None else domain.exchangers,
        submission=submission,
        mailbox=domain.mailbox or f"mail.{name}",
    )
    return with_given(
        complete,
        relays=domain.relays,
        aliases=plain(domain.aliases),
        lists={name: each.plain() for name, each in domain.lists.items()} or None,
        **domain.policies,
    )


def _everyone(mail: Mail) -> tuple[str, ...]:
    """Its author, and whom its envelope is from and for: those that mail may go to."""
    return tuple(one for one in (mail.sender, mail.reverse_path, *mail.recipients) if one)
