"""Mailboxes: where mail that has arrived lies until its owner fetches or deletes it."""

from __future__ import annotations

import hmac
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from simulator.mail.transparency import with_crlf

_WORD = 1 << 32


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """A message in a mailbox, and the name it keeps while it lies there (RFC 1939 section 7)."""

    uid: str
    octets: bytes


class Mailbox:
    """One user's mail, in the order in which it arrived.

    Unique ids have the form of Dovecot's UIDLs: the message's number in this mailbox, which is
    never given again, and the mailbox's own (``uid_validity``), each as eight hex digits.
    """

    def __init__(self, address: str, password: str, *, uid_validity: int = 1) -> None:
        if not 0 < uid_validity < _WORD:
            raise ValueError(f"uid_validity: {uid_validity} is not a number of 32 bits")
        self.address = address
        self._password = password
        self._uid_validity = uid_validity
        self._next_number = 1
        self._messages: dict[str, StoredMessage] = {}
        self._locked = False

    @property
    def messages(self) -> tuple[StoredMessage, ...]:
        """All mail that lies here, oldest first."""
        return tuple(self._messages.values())

    def add(self, octets: bytes) -> str:
        """Store a message, every line ended by CRLF; gives its unique id."""
        uid = f"{self._next_number:08x}{self._uid_validity:08x}"
        self._next_number += 1
        self._messages[uid] = StoredMessage(uid, with_crlf(octets))
        return uid

    def remove(self, uids: Collection[str]) -> None:
        """Delete messages for good; an id that is not here is nobody's message."""
        for uid in uids:
            self._messages.pop(uid, None)

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
