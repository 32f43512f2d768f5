"""CREATE, DELETE, RENAME and the subscriptions: whoever has a mailbox arranges its folders.

RFC 9051 sections 6.3.4 to 6.3.8. Refusals have the response codes of RFC 5530.
"""

from __future__ import annotations

import re

from simulator.mail.folder import INBOX, Folder
from simulator.mail.imap.answer import Moved, RefusedError
from simulator.mail.imap.listing import DELIMITER, LONGEST_NAME, named_folder
from simulator.mail.imap.state import Outcome, SessionState, Spoken
from simulator.mail.imap.syntax import SyntaxRefusedError
from simulator.mail.mailbox import Taken

_NAME = re.compile(rf"[ !-$&-)+-~]{{1,{LONGEST_NAME}}}")
"""Without the wildcards of LIST. What is beyond ASCII has another form in each IMAP."""


def create(session: SessionState, spoken: Spoken) -> Outcome:
    """CREATE; a delimiter at the end says that others are to lie in it, as they may in all."""
    (name,) = _names(spoken, 1)
    session.own.create_folder(_new_name(session, name.removesuffix(DELIMITER)))
    return Outcome("Create completed.")


def delete(session: SessionState, spoken: Spoken) -> Outcome:
    """DELETE: the folder and what lies in it; the folders in it stay (section 6.3.5)."""
    (name,) = _names(spoken, 1)
    folder = named_folder(session, name)
    if folder.name == INBOX:
        raise RefusedError("[CANNOT] INBOX can't be deleted.")
    if session.selects(folder):
        session.leave()
    uids = [message.uid for message in folder.messages]
    session.deeds += (Taken(session.own.address, uid, "deleted") for uid in uids)
    folder.remove(uids)
    session.own.delete_folder(folder.name)
    return Outcome("Delete completed.")


def rename(session: SessionState, spoken: Spoken) -> Outcome:
    """RENAME: the folders in it move with it; INBOX stays, and is emptied (section 6.3.6)."""
    old, new = _names(spoken, 2)
    folder, new = named_folder(session, old), _new_name(session, new.removesuffix(DELIMITER))
    if folder.name == INBOX:
        _empty(session, folder, session.own.create_folder(new))
        return Outcome("Rename completed.")
    if new.startswith(f"{folder.name}{DELIMITER}"):
        raise RefusedError("[CANNOT] No folder can lie in itself.")
    old = folder.name
    for one in session.own.folders:
        if not f"{one.name}{DELIMITER}".startswith(f"{old}{DELIMITER}"):
            continue
        session.own.rename_folder(one.name, new + one.name.removeprefix(old))
        for message in one.messages:
            moved = Moved(session.own.address, message.uid, one.name, message.uid)
            session.deeds.append(moved)
    return Outcome("Rename completed.")


def _empty(session: SessionState, folder: Folder, target: Folder) -> None:
    messages = folder.messages
    for message in messages:
        copied = target.add(message.octets, message.arrived)
        target.flag(copied.uid, folder.flags_of(message.uid))
        moved = Moved(session.own.address, message.uid, target.name, copied.uid)
        session.deeds.append(moved)
    folder.remove([message.uid for message in messages])


def subscribe(session: SessionState, spoken: Spoken) -> Outcome:
    """SUBSCRIBE: to a folder that there is."""
    (name,) = _names(spoken, 1)
    session.own.subscribe(named_folder(session, name).name)
    return Outcome("Subscribe completed.")


def unsubscribe(session: SessionState, spoken: Spoken) -> Outcome:
    """UNSUBSCRIBE, also from a folder that is gone."""
    (name,) = _names(spoken, 1)
    session.own.unsubscribe(INBOX if name.upper() == INBOX else name)
    return Outcome("Unsubscribe completed.")


def _names(spoken: Spoken, count: int) -> list[str]:
    names = spoken.words(count)
    if len(names) != count:
        raise SyntaxRefusedError("Invalid arguments")
    return names


def _new_name(session: SessionState, name: str) -> str:
    if not _NAME.fullmatch(name) or "" in name.split(DELIMITER):
        raise RefusedError(f"[CANNOT] Invalid mailbox name: {name}")
    if session.own.folder(name) is not None:
        raise RefusedError("[ALREADYEXISTS] Mailbox already exists.")
    return name
