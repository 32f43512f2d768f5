"""IMAP's commands as a table: how each is written, when it may come, and who answers it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from simulator.mail.imap import access, arranging, folders, listing, messages, moving
from simulator.mail.imap.state import Outcome, SessionState, Spoken, State


@dataclass(frozen=True, slots=True)
class ImapCommand:
    """One row of the table: how a command is written, when it may come, and who says so.

    ``keeps_numbers``: no EXPUNGE may be told while it is answered (RFC 9051 section 7.5.1).
    """

    syntax: str
    states: tuple[State, ...]
    source: str
    rule: str
    answer: Callable[[SessionState, Spoken], Outcome]
    keeps_numbers: bool = False

    @property
    def verb(self) -> str:
        """The command's name, ``UID FETCH`` being one."""
        words = self.syntax.split(" ")
        return " ".join(words[: 2 if words[0] == "UID" else 1])


_STRANGER = (State.NOT_AUTHENTICATED,)
SELECTED = (State.SELECTED,)
_KNOWN = (State.AUTHENTICATED, State.SELECTED)
_ANY = (*_STRANGER, *_KNOWN)

COMMANDS: Mapping[str, ImapCommand] = {
    command.verb: command
    for command in (
        ImapCommand(
            "CAPABILITY",
            _ANY,
            "RFC 9051 section 6.1.1",
            "imap.capability",
            access.tell_capabilities,
        ),
        ImapCommand("NOOP", _ANY, "RFC 9051 section 6.1.2", "imap.noop", access.do_nothing),
        ImapCommand("LOGOUT", _ANY, "RFC 9051 section 6.1.3", "imap.logout", access.log_out),
        ImapCommand(
            "AUTHENTICATE mechanism [initial-response]",
            _STRANGER,
            "RFC 9051 section 6.2.2",
            "imap.login",
            access.authenticate,
        ),
        ImapCommand(
            "LOGIN user password",
            _STRANGER,
            "RFC 9051 section 6.2.3",
            "imap.login",
            access.log_in,
        ),
        ImapCommand(
            "ENABLE capability...",
            _KNOWN,
            "RFC 9051 section 6.3.1",
            "imap.capability",
            access.enable,
        ),
        ImapCommand(
            "SELECT mailbox", _KNOWN, "RFC 9051 section 6.3.2", "imap.select", folders.select
        ),
        ImapCommand(
            "EXAMINE mailbox", _KNOWN, "RFC 9051 section 6.3.3", "imap.select", folders.select
        ),
        ImapCommand(
            "CREATE mailbox", _KNOWN, "RFC 9051 section 6.3.4", "imap.list", arranging.create
        ),
        ImapCommand(
            "DELETE mailbox", _KNOWN, "RFC 9051 section 6.3.5", "imap.list", arranging.delete
        ),
        ImapCommand(
            "RENAME mailbox mailbox",
            _KNOWN,
            "RFC 9051 section 6.3.6",
            "imap.list",
            arranging.rename,
        ),
        ImapCommand(
            "SUBSCRIBE mailbox",
            _KNOWN,
            "RFC 9051 section 6.3.7",
            "imap.list",
            arranging.subscribe,
        ),
        ImapCommand(
            "UNSUBSCRIBE mailbox",
            _KNOWN,
            "RFC 9051 section 6.3.8",
            "imap.list",
            arranging.unsubscribe,
        ),
        ImapCommand(
            "LIST [(option...)] reference pattern [RETURN (option...)]",
            _KNOWN,
            "RFC 9051 section 6.3.9",
            "imap.list",
            listing.list_folders,
        ),
        ImapCommand(
            "LSUB reference pattern",
            _KNOWN,
            "RFC 3501 section 6.3.9",
            "imap.list",
            listing.list_folders,
        ),
        ImapCommand(
            "NAMESPACE",
            _KNOWN,
            "RFC 9051 section 6.3.10",
            "imap.list",
            listing.tell_namespaces,
        ),
        ImapCommand(
            "STATUS mailbox (item...)",
            _KNOWN,
            "RFC 9051 section 6.3.11",
            "imap.status",
            listing.tell_status,
        ),
        ImapCommand(
            "APPEND mailbox [(flag...)] [date] message",
            _KNOWN,
            "RFC 9051 section 6.3.12",
            "imap.error",
            folders.refuse,
        ),
        ImapCommand("IDLE", _KNOWN, "RFC 9051 section 6.3.13", "imap.idle", messages.idle),
        ImapCommand("CLOSE", SELECTED, "RFC 9051 section 6.4.1", "imap.select", folders.close),
        ImapCommand("UNSELECT", SELECTED, "RFC 9051 section 6.4.2", "imap.select", folders.close),
        ImapCommand("CHECK", SELECTED, "RFC 3501 section 6.4.1", "imap.noop", access.do_nothing),
        ImapCommand(
            "EXPUNGE", SELECTED, "RFC 9051 section 6.4.3", "imap.expunge", messages.expunge
        ),
        ImapCommand(
            "UID EXPUNGE set",
            SELECTED,
            "RFC 9051 section 6.4.9",
            "imap.expunge",
            messages.expunge,
        ),
        ImapCommand(
            "SEARCH [RETURN (option...)] [CHARSET charset] key...",
            SELECTED,
            "RFC 9051 section 6.4.4",
            "imap.search",
            messages.search,
            keeps_numbers=True,
        ),
        ImapCommand(
            "UID SEARCH [RETURN (option...)] [CHARSET charset] key...",
            SELECTED,
            "RFC 9051 section 6.4.9",
            "imap.search",
            messages.search,
        ),
        ImapCommand(
            "FETCH set items",
            SELECTED,
            "RFC 9051 section 6.4.5",
            "imap.fetch",
            messages.fetch,
            keeps_numbers=True,
        ),
        ImapCommand(
            "UID FETCH set items",
            SELECTED,
            "RFC 9051 section 6.4.9",
            "imap.fetch",
            messages.fetch,
        ),
        ImapCommand(
            "STORE set [+-]FLAGS[.SILENT] (flag...)",
            SELECTED,
            "RFC 9051 section 6.4.6",
            "imap.store",
            messages.store,
            keeps_numbers=True,
        ),
        ImapCommand(
            "UID STORE set [+-]FLAGS[.SILENT] (flag...)",
            SELECTED,
            "RFC 9051 section 6.4.9",
            "imap.store",
            messages.store,
        ),
        ImapCommand(
            "COPY set mailbox",
            SELECTED,
            "RFC 9051 section 6.4.7",
            "imap.copy",
            moving.copy,
        ),
        ImapCommand(
            "UID COPY set mailbox",
            SELECTED,
            "RFC 9051 section 6.4.9",
            "imap.copy",
            moving.copy,
        ),
        ImapCommand(
            "MOVE set mailbox",
            SELECTED,
            "RFC 9051 section 6.4.8",
            "imap.move",
            moving.move,
        ),
        ImapCommand(
            "UID MOVE set mailbox",
            SELECTED,
            "RFC 9051 section 6.4.9",
            "imap.move",
            moving.move,
        ),
    )
}
