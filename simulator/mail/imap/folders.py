"""The IMAP commands about folders: what there is, what is in it, and selecting one."""

from __future__ import annotations

import re

from simulator.mail.folder import INBOX, Folder
from simulator.mail.imap.answer import RefusedError, Response, mailbox_name
from simulator.mail.imap.selection import Selection
from simulator.mail.imap.state import Outcome, SessionState, Spoken
from simulator.mail.imap.syntax import Argument, Group, SyntaxRefusedError, text_of

_DELIMITER = "."
_STATUS_ITEMS = ("MESSAGES", "RECENT", "UIDNEXT", "UIDVALIDITY", "UNSEEN", "DELETED", "SIZE")
_LONGEST_PATTERN = 255


def list_folders(session: SessionState, spoken: Spoken) -> Outcome:
    """LIST and, since everyone is subscribed to all they have, LSUB."""
    if len(spoken.arguments) < 2:
        raise SyntaxRefusedError("Invalid arguments")
    reference, asked, *_ = spoken.arguments
    patterns = asked.items if isinstance(asked, Group) else (asked,)
    verb, found = spoken.verb, _found(session.own.folders, reference, patterns)
    lines: list[Response] = [(f"* {verb} {_attributes(one)} {_named(one.name)}",) for one in found]
    if not isinstance(asked, Group) and text_of(asked) == "":
        lines = [(f'* {verb} (\\Noselect) "{_DELIMITER}" ""',)]  # it asks for the delimiter
    return Outcome(f"{verb.title()} completed.", tuple(lines))


def _found(
    folders: tuple[Folder, ...], reference: Argument, patterns: tuple[Argument, ...]
) -> list[Folder]:
    prefix, texts = text_of(reference), [text_of(pattern) for pattern in patterns]
    if prefix is None or None in texts:
        raise SyntaxRefusedError("Invalid reference")
    wanted = [_matcher(prefix + (text or "")) for text in texts]
    return [one for one in folders if any(pattern.fullmatch(one.name) for pattern in wanted)]


def _matcher(pattern: str) -> re.Pattern[str]:
    """``*`` is anything, ``%`` anything up to the delimiter (RFC 9051 section 6.3.9).

    Wildcards in a row are as one, or the matching would take too long.
    """
    pattern = re.sub(r"[*%]{2,}", lambda run: "*" if "*" in run[0] else "%", pattern)
    pattern = pattern[:_LONGEST_PATTERN]
    parts = (re.escape(p) if p not in "*%" else ".*" if p == "*" else r"[^.]*" for p in pattern)
    flags = re.DOTALL | (re.IGNORECASE if pattern.upper() == INBOX else 0)
    return re.compile("".join(parts), flags)


def _attributes(folder: Folder) -> str:
    use = f" {folder.special_use}" if folder.special_use else ""
    return f"(\\HasNoChildren{use})"


def _named(name: str) -> str:
    return f'"{_DELIMITER}" {mailbox_name(name)}'


def tell_status(session: SessionState, spoken: Spoken) -> Outcome:
    """STATUS: the numbers of a folder without selecting it."""
    match spoken.arguments:
        case (mailbox, Group(items)) if name := text_of(mailbox):
            asked = [(text_of(item) or "").upper() for item in items]
        case _:
            raise SyntaxRefusedError("Invalid arguments")
    if not asked:
        raise SyntaxRefusedError("Empty status list")
    if unknown := [item for item in asked if item not in _STATUS_ITEMS]:
        raise SyntaxRefusedError(f"Invalid status item {unknown[0]}")
    folder = _folder(session, name)
    numbers = _numbers(folder)
    told = " ".join(f"{item} {numbers[item]}" for item in _STATUS_ITEMS if item in asked)
    line = f"* STATUS {mailbox_name(folder.name)} ({told})"
    return Outcome("Status completed.", ((line,),))


def _numbers(folder: Folder) -> dict[str, int]:
    messages = folder.messages
    flags = [folder.flags_of(message.uid) for message in messages]
    return {
        "MESSAGES": len(messages),
        "RECENT": len(folder.fresh),
        "UIDNEXT": folder.next_number,
        "UIDVALIDITY": folder.uid_validity,
        "UNSEEN": sum("\\Seen" not in one for one in flags),
        "DELETED": sum("\\Deleted" in one for one in flags),
        "SIZE": sum(len(message.octets) for message in messages),
    }


def select(session: SessionState, spoken: Spoken) -> Outcome:
    """SELECT and EXAMINE; what was selected before no longer is, even where that fails."""
    name = spoken.words(1)[0]
    closed: tuple[Response, ...] = ()
    if session.leave():
        closed = (("* OK [CLOSED] Previous mailbox closed.",),)
    try:
        folder = _folder(session, name)
    except RefusedError as refusal:
        return Outcome(str(refusal), closed, code="NO", rule="imap.error")
    read_only = spoken.verb == "EXAMINE"
    selection = session.select(folder, read_only=read_only)
    access = "READ-ONLY" if read_only else "READ-WRITE"
    text = f"[{access}] {spoken.verb.title()} completed."
    return Outcome(text, (*closed, *_overview(selection)))


def _overview(selection: Selection) -> tuple[Response, ...]:
    """What a client must know of a folder that it selects (RFC 9051 section 6.3.2)."""
    folder = selection.folder
    unseen = selection.first_unseen
    first: tuple[Response, ...] = ()
    if unseen is not None:
        first = ((f"* OK [UNSEEN {unseen}] First unseen.",),)
    return (
        *selection.flag_responses,
        *selection.counts,
        *first,
        (f"* OK [UIDVALIDITY {folder.uid_validity}] UIDs valid",),
        (f"* OK [UIDNEXT {folder.next_number}] Predicted next UID",),
    )


def close(session: SessionState, spoken: Spoken) -> Outcome:
    """CLOSE deletes what is marked and does not say so; UNSELECT (RFC 3691) deletes nothing."""
    if spoken.verb == "CLOSE":
        session.selected.expunge()
    session.leave()
    return Outcome(f"{spoken.verb.title()} completed.")


def refuse(_: SessionState, __: Spoken) -> Outcome:
    """Mail comes here by delivery, and folders by whoever runs the server."""
    raise RefusedError("[NOPERM] Permission denied.")


def _folder(session: SessionState, name: str) -> Folder:
    folder = session.own.folder(name)
    if folder is None:
        raise RefusedError(f"[NONEXISTENT] Mailbox doesn't exist: {name[:_LONGEST_PATTERN]}")
    return folder
