"""COPY and MOVE: messages into another folder, and the numbers that they get there.

RFC 9051 sections 6.4.7 and 6.4.8; the numbers are told as RFC 4315 has it (UIDPLUS).
"""

from __future__ import annotations

from simulator.mail.folder import Folder, StoredMessage
from simulator.mail.imap.answer import Moved, RefusedError, as_set
from simulator.mail.imap.messages import named_messages
from simulator.mail.imap.state import Outcome, SessionState, Spoken
from simulator.mail.imap.syntax import SyntaxRefusedError, text_of


def copy(session: SessionState, spoken: Spoken) -> Outcome:
    """COPY and UID COPY: the messages keep their flags and the moment of their arrival."""
    target, messages = _named(session, spoken)
    copies = _copied(session, messages, target)
    code = f"{_copy_code(target, messages, copies)} " if messages else ""
    return Outcome(f"{code}Copy completed.")


def move(session: SessionState, spoken: Spoken) -> Outcome:
    """MOVE and UID MOVE: copied there, and gone from here; the client is told by EXPUNGE."""
    target, messages = _named(session, spoken)
    if session.selected.read_only:
        raise RefusedError("[NOPERM] Mailbox is read-only.")
    copies = _copied(session, messages, target)
    session.selected.folder.remove([message.uid for message in messages])
    session.deeds += (
        Moved(session.own.address, message.uid, target.name, copied.uid)
        for message, copied in zip(messages, copies, strict=True)
    )
    told = f"* OK {_copy_code(target, messages, copies)} Moved UIDs."
    return Outcome("Move completed.", ((told,),) if messages else ())


def _named(session: SessionState, spoken: Spoken) -> tuple[Folder, list[StoredMessage]]:
    if len(spoken.arguments) < 2:
        raise SyntaxRefusedError("Invalid arguments")
    numbers, mailbox, *_ = spoken.arguments
    name = text_of(mailbox)
    if name is None:
        raise SyntaxRefusedError("Invalid arguments")
    named = named_messages(session.selected, numbers, by_uid=spoken.by_uid)
    target = session.own.folder(name)
    if target is None:
        raise RefusedError(f"[TRYCREATE] Mailbox doesn't exist: {name}")
    messages = [message for _, message in named]
    if any(message.uid not in session.selected.folder for message in messages):
        # What another device has moved must not be there twice (RFC 5530 section 3).
        raise RefusedError("[EXPUNGEISSUED] Some of the messages are no longer there.")
    return target, messages


def _copied(
    session: SessionState, messages: list[StoredMessage], target: Folder
) -> list[StoredMessage]:
    copies = []
    for message in messages:
        flags = session.selected.flags_of(message)
        copies.append(target.add(message.octets, message.arrived))
        target.flag(copies[-1].uid, flags)
    return copies


def _copy_code(target: Folder, messages: list[StoredMessage], copies: list[StoredMessage]) -> str:
    before = as_set([message.number for message in messages])
    after = as_set([message.number for message in copies])
    return f"[COPYUID {target.uid_validity} {before} {after}]"
