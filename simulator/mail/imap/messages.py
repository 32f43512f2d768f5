"""The IMAP commands about messages: FETCH, STORE, SEARCH, EXPUNGE and IDLE."""

from __future__ import annotations

import re

from simulator.mail.folder import SYSTEM_FLAGS, StoredMessage
from simulator.mail.imap.answer import RefusedError, Response
from simulator.mail.imap.fetch import FLAGS, UID, fetch_items, in_order, show
from simulator.mail.imap.fetch_item import Opened
from simulator.mail.imap.found import answered, kept, read_return
from simulator.mail.imap.search import SAVED, search_key
from simulator.mail.imap.selection import Selection
from simulator.mail.imap.state import Outcome, SessionState, Spoken
from simulator.mail.imap.syntax import (
    Argument,
    Atom,
    Group,
    SyntaxRefusedError,
    number_set,
    text_of,
)
from simulator.mail.mailbox import Taken

_ACTION = re.compile(r"([+-]?)FLAGS(\.SILENT)?", re.IGNORECASE | re.ASCII)
_KEYWORD = re.compile(r"[!#$&'+,./0-9:;<=>?@A-Z^_`a-z|}~-]{1,100}")


def fetch(session: SessionState, spoken: Spoken) -> Outcome:
    """FETCH and UID FETCH; what sets \\Seen says so by FLAGS (RFC 9051 section 6.4.5)."""
    match spoken.arguments:
        case [numbers, asked]:
            items = fetch_items(asked)
        case _:
            raise SyntaxRefusedError("Invalid arguments")
    selection = session.selected
    if spoken.by_uid:
        items = in_order((UID, *items))
    sees = any(item.sees for item in items) and not selection.read_only
    lines: list[Response] = []
    for place, message in named_messages(selection, numbers, by_uid=spoken.by_uid):
        flags = selection.flags_of(message)
        shown = items
        if sees and "\\Seen" not in flags:
            selection.folder.flag(message.uid, flags | {"\\Seen"})
            shown = items if FLAGS in items else (FLAGS, *items)
        if any(item.is_the_text for item in items):
            session.deeds.append(Taken(session.own.address, message.uid, "fetched"))
        opened = Opened(message, selection.flag_list(message) if FLAGS in shown else "")
        lines.append((f"* {place} FETCH (", *show(shown, opened), ")"))
    return Outcome("Fetch completed.", tuple(lines))


def store(session: SessionState, spoken: Spoken) -> Outcome:
    """STORE and UID STORE; as Dovecot does it, only flags that have changed are told."""
    selection = session.selected
    if len(spoken.arguments) < 3:
        raise SyntaxRefusedError("Invalid arguments")
    numbers, action, *rest = spoken.arguments
    how = _ACTION.fullmatch(text_of(action) or "")
    if how is None:
        raise SyntaxRefusedError("Invalid arguments")
    named = named_messages(selection, numbers, by_uid=spoken.by_uid)
    flags = _flags(tuple(rest))
    if selection.read_only:
        return Outcome("Store ignored with read-only mailbox.")
    spelt = frozenset(map(selection.folder.spelling, flags)) if named else frozenset[str]()
    changed = [
        (place, message) for place, message in named if _change(selection, message, how[1], spelt)
    ]
    before = selection.keyword_news()
    lines: list[Response] = []
    for place, message in changed:
        uid = f"UID {message.number} " if spoken.by_uid else ""
        lines.append((f"* {place} FETCH ({uid}FLAGS {selection.flag_list(message)})",))
    return Outcome("Store completed.", (*before, *(() if how[2] else lines)))


def _change(selection: Selection, message: StoredMessage, sign: str, flags: frozenset[str]) -> bool:
    """Set, add or take away flags; whether that made a difference."""
    before = selection.flags_of(message)
    after = {"+": before | flags, "-": before - flags, "": flags}[sign]
    selection.folder.flag(message.uid, after)
    return selection.flags_of(message) != before


def _flags(arguments: tuple[Argument, ...]) -> list[str]:
    """Flags in a list or without one. Raises SyntaxRefusedError."""
    match arguments:
        case (Group(items),):
            arguments = items
    names = [argument.text for argument in arguments if isinstance(argument, Atom)]
    if len(names) != len(arguments):
        raise SyntaxRefusedError("Flags list contains non-atoms")
    system = {flag.upper() for flag in SYSTEM_FLAGS}
    for name in names:
        if name.startswith("\\") and name.upper() not in system:
            raise SyntaxRefusedError(f"Invalid system flag {name.upper()}")
        if not name.startswith("\\") and not _KEYWORD.fullmatch(name):
            raise SyntaxRefusedError("Invalid characters in atom")
    return names


def search(session: SessionState, spoken: Spoken) -> Outcome:
    """SEARCH and UID SEARCH."""
    selection = session.selected
    options, keys = read_return(spoken.arguments, rev2=session.rev2)
    try:
        matches = search_key(keys, selection.numbers, selection.saved)
    except RefusedError:
        if options is not None and "SAVE" in options:
            selection.saved = frozenset()  # RFC 5182 section 2.1; after a BAD it stays
        raise
    found = [one for one in selection.candidates() if matches(one)]
    uids = [one.message.number for one in found]
    if options is not None and "SAVE" in options:
        selection.saved = frozenset(kept(uids, options))
    numbers = uids if spoken.by_uid else [one.place for one in found]
    told = answered(spoken.tag, numbers, options, by_uid=spoken.by_uid)
    return Outcome("Search completed.", told)


def expunge(session: SessionState, spoken: Spoken) -> Outcome:
    """EXPUNGE, and UID EXPUNGE (RFC 4315), which deletes only those that are named."""
    if not spoken.by_uid:
        session.expunge()
        return Outcome("Expunge completed.")
    if not spoken.arguments:
        raise SyntaxRefusedError("Missing arguments")
    text = text_of(spoken.arguments[0]) or ""
    wanted, selection = number_set(text), session.selected
    if text == SAVED:
        session.expunge(selection.saved)
    elif wanted is None:
        raise SyntaxRefusedError("Invalid uidset")
    else:
        session.expunge(frozenset(wanted.among(selection.numbers)))
    return Outcome("Expunge completed.")


def idle(session: SessionState, spoken: Spoken) -> Outcome:
    """IDLE (RFC 2177): from now on the client is told without asking, until it says DONE."""
    session.idling = spoken.tag
    return Outcome("+ idling", code="+")


def named_messages(
    selection: Selection, argument: Argument, *, by_uid: bool
) -> list[tuple[int, StoredMessage]]:
    """The messages that are meant, each with its sequence number.

    A unique identifier that nobody has is passed over, a sequence number is a mistake. Raises
    SyntaxRefusedError.
    """
    if isinstance(argument, Atom) and argument.text == SAVED:
        numbered = enumerate(selection.messages, 1)
        return [(place, one) for place, one in numbered if one.number in selection.saved]
    wanted = number_set(text_of(argument) or "") if isinstance(argument, Atom) else None
    last = len(selection.messages)
    if wanted is None or not (by_uid or (last and wanted.largest(last) <= last)):
        raise SyntaxRefusedError("Invalid messageset")
    places = list(enumerate(selection.messages, 1))
    if by_uid:
        uids = frozenset(wanted.among(selection.numbers))
        return [(place, message) for place, message in places if message.number in uids]
    chosen = frozenset(wanted.among(range(1, last + 1)))
    return [(place, message) for place, message in places if place in chosen]
