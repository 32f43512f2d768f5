"""What the scene knows of the mailboxes: what lies in them, and what became of it."""

from __future__ import annotations

from typing import TypeAlias, assert_never

from msgspec.structs import replace

from simulator.trace.custody import accepted, envelope_of, held
from simulator.trace.event import Event, Fetched, Judged, Read, Stored
from simulator.trace.octets import octets_or_none
from simulator.trace.state import Copy, Mailbox, Scene, StoredMail

MailboxFact: TypeAlias = Stored | Fetched | Read


def fold(scene: Scene, event: Event, fact: MailboxFact) -> Scene:
    """The scene after a mail came into a mailbox, was picked up from it, or was read."""
    if isinstance(fact, Stored):
        return _stored(scene, event, fact)
    mail = _mailbox(scene, fact.mailbox).find(fact.uid)
    if mail is None:
        return scene
    match fact:
        case Fetched():
            return _fetched(scene, event, fact, mail)
        case Read():
            return _put(scene, fact.mailbox, replace(mail, state="read"))
        case _:
            assert_never(fact)


def decided(scene: Scene, fact: Judged) -> Scene:
    """The scene after a mail was shown to a person who types, or is in its mailbox no longer."""
    if fact.rule != "mailbox.by-hand":
        return scene
    name = fact.inputs.get("mailbox", "")
    mail = _mailbox(scene, name).find(fact.inputs.get("uid", ""))
    if mail is None:
        return scene
    if fact.verdict == "deleted":
        mine = (mail.journey, _recipient(scene, mail.journey, name))
        scene = replace(_deleted(scene, name, mail), custody=scene.custody.drop(mine))
        return _put(scene, name, replace(mail, on_server=False))
    state = "fetched" if mail.state == "stored" else mail.state
    return _put(scene, name, replace(mail, state=state))


def _mailbox(scene: Scene, name: str) -> Mailbox:
    return scene.mailboxes.get(name) or Mailbox()


def _put(scene: Scene, name: str, mail: StoredMail) -> Scene:
    mailbox = _mailbox(scene, name).put(mail)
    return replace(scene, mailboxes=scene.mailboxes.put(name, mailbox))


def _stored(scene: Scene, event: Event, fact: Stored) -> Scene:
    octets = octets_or_none(fact) or b""
    before = scene.copies.get((event.host, event.journey))
    mailboxes = before.mailboxes if before is not None else ()
    copy = Copy(
        journey=event.journey,
        reverse_path=envelope_of(scene, event.journey).reverse_path,
        forward_paths=(_recipient(scene, event.journey, fact.mailbox),),
        octets=octets,
        received=before.received if before is not None else octets,
        added=before.added if before is not None else (),
        mailboxes=(*(name for name in mailboxes if name != fact.mailbox), fact.mailbox),
    )
    mail = StoredMail(
        uid=fact.uid,
        journey=event.journey,
        octets=octets,
        state="stored",
        on_server=True,
        host=event.host,
        folder=fact.folder,
    )
    scene = _put(held(scene, event.host, copy), fact.mailbox, mail)
    return accepted(scene, event.host, event.journey, copy.forward_paths)


def _fetched(scene: Scene, event: Event, fact: Fetched, mail: StoredMail) -> Scene:
    recipients = (_recipient(scene, mail.journey, fact.mailbox),)
    copy = Copy(
        journey=mail.journey,
        reverse_path=envelope_of(scene, mail.journey).reverse_path,
        forward_paths=recipients,
        octets=mail.octets,
        received=mail.octets,
    )
    if not fact.kept:
        scene = _deleted(scene, fact.mailbox, mail)
    scene = _put(scene, fact.mailbox, replace(mail, state="fetched", on_server=fact.kept))
    return accepted(held(scene, event.host, copy), event.host, mail.journey, recipients)


def _deleted(scene: Scene, mailbox: str, mail: StoredMail) -> Scene:
    """The mailbox server holds the message no longer, once no mailbox of its has it."""
    key = (mail.host, mail.journey)
    copy = scene.copies.get(key)
    if copy is None or mailbox not in copy.mailboxes:
        return scene
    left = tuple(name for name in copy.mailboxes if name != mailbox)
    if left:
        return held(scene, mail.host, replace(copy, mailboxes=left))
    return replace(scene, copies=scene.copies.drop(key))


def _recipient(scene: Scene, journey: str, mailbox: str) -> str:
    """The message's recipient whose mailbox it is, as the envelope spells the address."""
    recipients = envelope_of(scene, journey).recipients
    if mailbox in recipients:
        return mailbox
    wanted = mailbox.lower()
    return next((name for name in recipients if name.lower() == wanted), mailbox)
