"""What an IMAP session stands at, and how a command is spoken and ends (RFC 9051 section 3)."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from enum import Enum

from simulator.mail.folder import Folder
from simulator.mail.imap.answer import Code, Deed, Response
from simulator.mail.imap.selection import Selection
from simulator.mail.imap.syntax import Argument, SyntaxRefusedError, text_of
from simulator.mail.mailbox import Mailbox, MailStore, Taken


class State(Enum):
    """The states of a session (RFC 9051 section 3)."""

    NOT_AUTHENTICATED = "not authenticated"
    AUTHENTICATED = "authenticated"
    SELECTED = "selected"
    LOGOUT = "logout"


@dataclass(frozen=True, slots=True)
class Spoken:
    """A command as it was spoken: its tag, its verb in capitals, and its arguments."""

    tag: str
    verb: str
    arguments: tuple[Argument, ...] = ()

    @property
    def by_uid(self) -> bool:
        """Whether it speaks of unique identifiers."""
        return self.verb.startswith("UID ")

    def words(self, count: int) -> list[str]:
        """The arguments as text: at least so many, and no list. Raises SyntaxRefusedError."""
        found = [text_of(argument) for argument in self.arguments]
        words = [word for word in found if word is not None]
        if len(words) < max(count, len(found)):
            raise SyntaxRefusedError("Invalid arguments")
        return words


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a command ended: the words of the tagged line, and what was said before it."""

    text: str
    responses: tuple[Response, ...] = ()
    code: Code = "OK"
    rule: str = ""
    """Where it is not the rule of the command."""


@dataclass
class SessionState:
    """One client's session: who it is, what is selected, what is being waited for."""

    store: MailStore
    news: Callable[[], None]
    """Called while the client idles and the selected folder has changed."""
    state: State = State.NOT_AUTHENTICATED
    mailbox: Mailbox | None = None
    selection: Selection | None = None
    rev2: bool = False
    """Whether the client has asked for IMAP4rev2 by ENABLE."""
    asked_capabilities: bool = False
    challenged: str | None = None
    """The tag of an AUTHENTICATE that waits for the client's response."""
    idling: str | None = None
    """The tag of an IDLE that waits for DONE."""
    deeds: list[Deed] = field(default_factory=list)
    """What the command that is being answered has done with messages."""

    @property
    def own(self) -> Mailbox:
        """The mailbox of whoever has logged in."""
        if self.mailbox is None:
            raise RuntimeError("nobody has logged in: the table of commands is wrong")
        return self.mailbox

    @property
    def selected(self) -> Selection:
        """The selected folder."""
        if self.selection is None:
            raise RuntimeError("no mailbox is selected: the table of commands is wrong")
        return self.selection

    def selects(self, folder: Folder) -> bool:
        """Whether this folder is selected."""
        return self.selection is not None and self.selection.folder is folder

    def select(self, folder: Folder, *, read_only: bool) -> Selection:
        """Select a folder; none is selected now."""
        self.selection = Selection(folder, read_only=read_only, tells_recent=not self.rev2)
        self.state = State.SELECTED
        folder.watch(self._hear)
        return self.selection

    def enable_rev2(self) -> bool:
        """Speak IMAP4rev2 from now on; whether that is new."""
        was, self.rev2 = self.rev2, True
        if self.selection is not None:
            self.selection.tells_recent = False
        return not was

    def expunge(self, numbers: Collection[int] | None = None) -> None:
        """Delete what is marked with \\Deleted, or of that only these unique identifiers."""
        for uid in self.selected.expunge(numbers):
            self.deeds.append(Taken(self.own.address, uid, "deleted"))

    def leave(self) -> bool:
        """Select nothing; whether something was selected."""
        if self.selection is None:
            return False
        self.selection.folder.unwatch(self._hear)
        self.selection = None
        self.state = State.AUTHENTICATED
        return True

    def end(self) -> None:
        """The session is over."""
        self.leave()
        self.challenged = self.idling = None
        self.state = State.LOGOUT

    def _hear(self) -> None:
        if self.idling is not None:
            self.news()
