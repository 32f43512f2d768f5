"""LIST, LSUB, STATUS and NAMESPACE: which folders there are, and what is in them, unopened.

LIST has the options of RFC 5258, and with RETURN (STATUS ...) tells numbers too (RFC 5819).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from simulator.mail.folder import INBOX, Folder
from simulator.mail.imap.answer import RefusedError, Response, mailbox_name
from simulator.mail.imap.state import Outcome, SessionState, Spoken
from simulator.mail.imap.syntax import Argument, Atom, Group, String, SyntaxRefusedError, text_of
from simulator.mail.mailbox import Mailbox

DELIMITER = "."
"""Between the names of a folder and of one that lies in it."""
_STATUS_ITEMS = ("MESSAGES", "RECENT", "UIDNEXT", "UIDVALIDITY", "UNSEEN", "DELETED", "SIZE")
_SELECTING = frozenset({"SUBSCRIBED", "REMOTE", "RECURSIVEMATCH", "SPECIAL-USE"})
_UNASKED = frozenset({"CHILDREN", "SPECIAL-USE"})
"""What a LIST tells that has no options; with options it tells what they ask for."""
_RETURNING = frozenset({"SUBSCRIBED", "CHILDREN", "SPECIAL-USE", "STATUS"})
_PLAIN = 2
"""Arguments of a LIST without options (RFC 9051 section 6.3.9)."""
LONGEST_NAME = 255
"""Characters of a folder's name or of a pattern for one."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a LIST asks for."""

    reference: Argument
    patterns: tuple[Argument, ...]
    delimiter: bool = False
    """Whether it asks for the delimiter alone, by an empty pattern."""
    selecting: frozenset[str] = frozenset()
    told: frozenset[str] = _UNASKED
    """Which attributes: a kind is named like the option that asks for it."""
    absent: str = "\\Noselect"
    """What is said of a name that is no folder; \\NonExistent where there are options."""
    status: tuple[str, ...] = ()


def list_folders(session: SessionState, spoken: Spoken) -> Outcome:
    """LIST, and LSUB, which lists what the owner has subscribed to."""
    wanted, verb, mailbox = _wanted(session, spoken), spoken.verb, session.own
    lines: list[Response] = []
    if wanted.delimiter:
        lines.append((f'* {verb} (\\Noselect) "{DELIMITER}" ""',))
        return Outcome(f"{verb.title()} completed.", tuple(lines))
    subscribed = verb == "LSUB" or "SUBSCRIBED" in wanted.selecting
    names = mailbox.subscribed if subscribed else _names(mailbox)
    for name in _found(names, wanted.reference, wanted.patterns):
        folder = mailbox.folder(name)
        if "SPECIAL-USE" in wanted.selecting and not (folder and folder.special_use):
            continue
        absent = "" if verb == "LSUB" else wanted.absent
        lines.append((list_line(mailbox, name, verb, told=wanted.told, absent=absent),))
        if wanted.status and folder is not None:
            lines.append((_status_line(session, folder, wanted.status),))
    return Outcome(f"{verb.title()} completed.", tuple(lines))


def _names(mailbox: Mailbox) -> tuple[str, ...]:
    """The folders, and before each the names in which it lies that are no folder themselves."""
    names: dict[str, None] = {}
    for folder in mailbox.folders:
        parts = folder.name.split(DELIMITER)
        names |= dict.fromkeys(DELIMITER.join(parts[:end]) for end in range(1, len(parts) + 1))
    return tuple(names)


def list_line(
    mailbox: Mailbox,
    name: str,
    verb: str = "LIST",
    *,
    told: frozenset[str] = _UNASKED,
    absent: str = "",
) -> str:
    """A folder as LIST shows it: its attributes of the kinds that are told, delimiter and name.

    ``absent`` is said of a name that is no folder.
    """
    folder = mailbox.folder(name)
    inner = any(one.name.startswith(f"{name}{DELIMITER}") for one in mailbox.folders)
    words = {
        "SUBSCRIBED": "\\Subscribed" if name in mailbox.subscribed else "",
        "CHILDREN": "\\HasChildren" if inner else "\\HasNoChildren",
        "SPECIAL-USE": folder.special_use if folder else "",
    }
    chosen = ["" if folder else absent, *(words[kind] for kind in words if kind in told)]
    attributes = " ".join(filter(None, chosen))
    return f'* {verb} ({attributes}) "{DELIMITER}" {mailbox_name(name)}'


def _wanted(session: SessionState, spoken: Spoken) -> _Wanted:
    """The arguments of a LIST, read. Raises SyntaxRefusedError."""
    arguments, extended = list(spoken.arguments), spoken.verb == "LIST"
    selecting: frozenset[str] = frozenset()
    if extended and arguments and isinstance(arguments[0], Group):
        words = _upper(arguments.pop(0))
        selecting = _known(words, _SELECTING, "select")
        if "RECURSIVEMATCH" in selecting and not selecting & {"SUBSCRIBED", "SPECIAL-USE"}:
            raise SyntaxRefusedError("RECURSIVEMATCH must not be the only selection option")
    if len(arguments) < 2:
        raise SyntaxRefusedError("Invalid arguments")
    reference, asked, *rest = arguments
    patterns = asked.items if isinstance(asked, Group) else (asked,)
    if not extended:
        return _Wanted(reference, patterns, told=frozenset({"SPECIAL-USE"}))
    delimiter = not isinstance(asked, Group) and text_of(asked) == ""
    returning, status = _returning(session, rest)
    plain = len(spoken.arguments) == _PLAIN and not isinstance(asked, Group)
    if plain:
        return _Wanted(reference, patterns, delimiter)
    told = selecting | returning
    return _Wanted(reference, patterns, delimiter, selecting, told, "\\NonExistent", status)


def _returning(
    session: SessionState, arguments: Sequence[Argument]
) -> tuple[frozenset[str], tuple[str, ...]]:
    """``RETURN (...)``: its options, and the items of its STATUS."""
    match arguments:
        case []:
            return frozenset(), ()
        case [Atom(word), Group(items)] if word.upper() == "RETURN":
            words = _upper(Group(tuple(one for one in items if not isinstance(one, Group))))
        case _:
            raise SyntaxRefusedError("Unknown arguments")
    options = _known(words, _RETURNING, "return")
    lists = [
        after
        for before, after in pairwise(items)
        if isinstance(after, Group) and (text_of(before) or "").upper() == "STATUS"
    ]
    if len(lists) != sum(isinstance(one, Group) for one in items) or len(lists) != words.count(
        "STATUS"
    ):
        raise SyntaxRefusedError("Invalid arguments")
    return options, _status_items(session, lists[0]) if lists else ()


def _upper(group: Argument) -> list[str]:
    items = group.items if isinstance(group, Group) else ()
    return [(text_of(item) or "").upper() for item in items]


def _known(words: list[str], known: frozenset[str], kind: str) -> frozenset[str]:
    if unknown := [word for word in words if word not in known]:
        raise SyntaxRefusedError(f"Unknown {kind} option {unknown[0]}")
    return frozenset(words)


def _found(
    names: tuple[str, ...], reference: Argument, patterns: tuple[Argument, ...]
) -> list[str]:
    prefix, texts = text_of(reference), [text_of(pattern) for pattern in patterns]
    if prefix is None or None in texts:
        raise SyntaxRefusedError("Invalid reference")
    wanted = [_matcher(prefix + (text or "")) for text in texts]
    return [name for name in names if any(pattern.fullmatch(name) for pattern in wanted)]


def _matcher(pattern: str) -> re.Pattern[str]:
    """``*`` is anything, ``%`` anything up to the delimiter (RFC 9051 section 6.3.9).

    Wildcards in a row are as one, or the matching would take too long.
    """
    pattern = re.sub(r"[*%]{2,}", lambda run: "*" if "*" in run[0] else "%", pattern)
    pattern = pattern[:LONGEST_NAME]
    parts = (re.escape(p) if p not in "*%" else ".*" if p == "*" else r"[^.]*" for p in pattern)
    flags = re.DOTALL | (re.IGNORECASE if pattern.upper() == INBOX else 0)
    return re.compile("".join(parts), flags)


def tell_namespaces(_: SessionState, __: Spoken) -> Outcome:
    """NAMESPACE (RFC 2342): one's own folders, nobody else's, and none that are shared."""
    line = f'* NAMESPACE (("" "{DELIMITER}")) NIL NIL'
    return Outcome("Namespace completed.", ((line,),))


def tell_status(session: SessionState, spoken: Spoken) -> Outcome:
    """STATUS: the numbers of a folder without selecting it."""
    match spoken.arguments:
        case (Atom() | String() as mailbox, Group() as asked):
            items = _status_items(session, asked)
        case _:
            raise SyntaxRefusedError("Invalid arguments")
    folder = named_folder(session, text_of(mailbox) or "")
    line = _status_line(session, folder, items)
    # RFC 9051 section 6.3.11: a client should not ask for what it is told unasked.
    bug = "[CLIENTBUG] " if session.selects(folder) else ""
    return Outcome(f"{bug}Status completed.", ((line,),))


def _status_items(session: SessionState, group: Group) -> tuple[str, ...]:
    """The items that are asked for, in the order of the answer. Raises SyntaxRefusedError."""
    known = [item for item in _STATUS_ITEMS if not (session.rev2 and item == "RECENT")]
    asked = _upper(group)
    if not asked:
        raise SyntaxRefusedError("Empty status list")
    if unknown := [item for item in asked if item not in known]:
        raise SyntaxRefusedError(f"Invalid status item {unknown[0]}")
    return tuple(item for item in known if item in asked)


def _status_line(session: SessionState, folder: Folder, items: tuple[str, ...]) -> str:
    numbers = _numbers(folder)
    if session.selects(folder):
        numbers["RECENT"] = len(folder.fresh | session.selected.recent)
    told = " ".join(f"{item} {numbers[item]}" for item in items)
    return f"* STATUS {mailbox_name(folder.name)} ({told})"


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


def named_folder(session: SessionState, name: str) -> Folder:
    """The folder of that name. Raises RefusedError where there is none."""
    if not name:
        raise RefusedError("[CANNOT] Invalid mailbox name: it is empty.")
    folder = session.own.folder(name)
    if folder is None:
        raise RefusedError(f"[NONEXISTENT] Mailbox doesn't exist: {name[:LONGEST_NAME]}")
    return folder
