"""Mailboxes: where mail that has arrived lies until its owner fetches or deletes it."""

from __future__ import annotations

import hmac
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from simulator.mail.folder import INBOX, JUNK, Folder, StoredMessage

__all__ = ["INBOX", "JUNK", "Folder", "MailStore", "Mailbox", "StoredMessage", "Taken"]

_WORD = 1 << 32
_UNDATED = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Taken:
    """A message of ``mailbox`` that a session was given as a whole, or had deleted for good."""

    mailbox: str
    uid: str
    how: Literal["fetched", "deleted"]


class Mailbox:
    """One user's mail: an INBOX, which is all that POP3 knows of, and further folders for IMAP."""

    def __init__(self, address: str, password: str, *, uid_validity: int = 1) -> None:
        if not 0 < uid_validity < _WORD:
            raise ValueError(f"uid_validity: {uid_validity} is not a number of 32 bits")
        self.address = address
        self._password = password
        self._uid_validity = uid_validity
        self._folders = {INBOX: Folder(INBOX, uid_validity)}
        self._folders_ever = 1
        self._subscribed = {INBOX: None}
        self._locked = False

    @property
    def inbox(self) -> Folder:
        """Where mail arrives."""
        return self._folders[INBOX]

    @property
    def folders(self) -> tuple[Folder, ...]:
        """The folders in the order in which they were made; INBOX is the first."""
        return tuple(self._folders.values())

    def folder(self, name: str) -> Folder | None:
        """The folder of that name, or None; INBOX in any letter case (RFC 9051 section 5.1)."""
        return self._folders.get(INBOX if name.upper() == INBOX else name)

    def create_folder(self, name: str, *, special_use: str = "") -> Folder:
        """A new empty folder; ``special_use`` as in RFC 6154, such as ``\\Junk``.

        The owner is shown one of special use, and subscribes to others at will.
        Raises ValueError where there is one of that name, or no number left for it.
        """
        if self.folder(name) is not None:
            raise ValueError(f"{self.address} has a folder {name} already")
        # Each has a validity of its own, so that no two messages of a mailbox share a unique id.
        validity = self._uid_validity + self._folders_ever
        if validity >= _WORD:
            raise ValueError(f"uid_validity: no number of 32 bits is left for {name}")
        self._folders[name] = Folder(name, validity, special_use=special_use)
        self._folders_ever += 1
        if special_use:
            self.subscribe(name)
        return self._folders[name]

    def delete_folder(self, name: str) -> None:
        """The folder is no more; its subscription stays (RFC 9051 section 6.3.5).

        Raises KeyError where there is none of that name.
        """
        del self._folders[name]

    def rename_folder(self, name: str, new: str) -> None:
        """The folder has another name, in its old place. Raises KeyError where there is none."""
        self._folders[name].name = new
        self._folders = {folder.name: folder for folder in self._folders.values()}

    @property
    def subscribed(self) -> tuple[str, ...]:
        """The names that the owner wants to see, in the order in which they came."""
        return tuple(self._subscribed)

    def subscribe(self, name: str) -> None:
        """The owner wants to see the folder of that name."""
        self._subscribed[name] = None

    def unsubscribe(self, name: str) -> None:
        """No longer."""
        self._subscribed.pop(name, None)

    @property
    def messages(self) -> tuple[StoredMessage, ...]:
        """All mail that lies in the INBOX, oldest first."""
        return self.inbox.messages

    def add(self, octets: bytes, arrived: datetime = _UNDATED) -> str:
        """Store a message, every line ended by CRLF; gives its unique id.

        ``arrived`` is what IMAP shows as its INTERNALDATE.
        """
        return self.inbox.add(octets, arrived).uid

    def remove(self, uids: Collection[str]) -> None:
        """Delete messages for good; an id that is not here is nobody's message."""
        self.inbox.remove(uids)

    def opens_with(self, password: str) -> bool:
        """Whether this is the owner's password."""
        return hmac.compare_digest(_octets(self._password), _octets(password))

    @property
    def locked(self) -> bool:
        """Whether a POP3 session has the mailbox for itself (RFC 1939 section 4)."""
        return self._locked

    def lock(self) -> bool:
        """Take the mailbox for one POP3 session; False where another one has it."""
        free = not self._locked
        self._locked = True
        return free

    def unlock(self) -> None:
        """Give the mailbox back."""
        self._locked = False


class MailStore:
    """The mailboxes of one mailbox server, by address; letter case makes no difference."""

    def __init__(self, *, uid_validity: int = 1) -> None:
        self._uid_validity = uid_validity
        self._mailboxes: dict[str, Mailbox] = {}

    def create(self, address: str, password: str) -> Mailbox:
        """A new empty mailbox. Raises ValueError where there is one of that address."""
        if address in self:
            raise ValueError(f"{address} has a mailbox already")
        mailbox = Mailbox(address, password, uid_validity=self._uid_validity)
        self._mailboxes[_key(address)] = mailbox
        return mailbox

    def __contains__(self, address: str) -> bool:
        return _key(address) in self._mailboxes

    def __getitem__(self, address: str) -> Mailbox:
        """The mailbox of that address. Raises KeyError where there is none."""
        return self._mailboxes[_key(address)]

    def __iter__(self) -> Iterator[Mailbox]:
        """The mailboxes in the order in which they were made."""
        return iter(self._mailboxes.values())

    def __len__(self) -> int:
        return len(self._mailboxes)

    def login(self, user: str, password: str) -> Mailbox | None:
        """The mailbox that user and password open, or None: not saying which was wrong."""
        mailbox = self._mailboxes.get(_key(user))
        return mailbox if mailbox is not None and mailbox.opens_with(password) else None


def _key(address: str) -> str:
    # Only the domain is case-insensitive by RFC 5321 section 2.4, but every mail server that
    # people use treats the local part alike.
    return address.lower()


def _octets(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")
