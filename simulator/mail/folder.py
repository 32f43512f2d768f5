"""A folder of a mailbox: its messages, their flags, and who wants to know when they change."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias

from simulator.mail.transparency import with_crlf

INBOX, JUNK = "INBOX", "Junk"

SYSTEM_FLAGS = ("\\Answered", "\\Flagged", "\\Deleted", "\\Seen", "\\Draft")
"""RFC 9051 section 2.3.2, in the order in which Dovecot writes them; keywords come after."""

Change: TypeAlias = Callable[[], None]
"""What is called after mail came, went, or was flagged."""


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """A message in a mailbox, the name it keeps while it lies there, and when it came.

    The name has the form of Dovecot's UIDLs (RFC 1939 section 7): the message's number in its
    folder, which is never given again, and the folder's own, each as eight hex digits.
    """

    uid: str
    octets: bytes
    arrived: datetime = datetime(1970, 1, 1, tzinfo=UTC)

    @property
    def number(self) -> int:
        """IMAP's unique identifier (RFC 9051 section 2.3.1.1); POP3's name begins with it."""
        return int(self.uid[:8], 16)


class Folder:
    """Messages in the order in which they arrived, numbered from 1 on."""

    def __init__(self, name: str, uid_validity: int, *, special_use: str = "") -> None:
        self.name = name
        self.uid_validity = uid_validity
        self.special_use = special_use
        self.next_number = 1
        """The number that the next message will have (UIDNEXT)."""
        self._messages: dict[str, StoredMessage] = {}
        self._flags: dict[str, frozenset[str]] = {}
        self._keywords: dict[str, str] = {}
        self._shown = 0  # the highest number that a session has seen
        self._watchers: list[Change] = []

    @property
    def messages(self) -> tuple[StoredMessage, ...]:
        """All mail that lies here, oldest first."""
        return tuple(self._messages.values())

    def __contains__(self, uid: str) -> bool:
        """Whether the message is still here."""
        return uid in self._messages

    def add(self, octets: bytes, arrived: datetime) -> StoredMessage:
        """Store a message, every line ended by CRLF."""
        uid = f"{self.next_number:08x}{self.uid_validity:08x}"
        self.next_number += 1
        self._messages[uid] = StoredMessage(uid, with_crlf(octets), arrived)
        self._tell()
        return self._messages[uid]

    def remove(self, uids: Collection[str]) -> None:
        """Delete messages for good; an id that is not here is nobody's message."""
        there = [uid for uid in uids if self._messages.pop(uid, None) is not None]
        for uid in there:
            self._flags.pop(uid, None)
        if there:
            self._tell()

    # Flags ------------------------------------------------------------------------------------

    @property
    def keywords(self) -> tuple[str, ...]:
        """The flags that users have made up here, in the order in which they first came."""
        return tuple(self._keywords.values())

    def spelling(self, flag: str) -> str:
        """A flag as it is written here; a new keyword is from now on written like this."""
        system = {known.lower(): known for known in SYSTEM_FLAGS}
        return system.get(flag.lower()) or self._keywords.setdefault(flag.lower(), flag)

    def flags_of(self, uid: str) -> frozenset[str]:
        """A message's flags as they are spelt here; none for a message that is gone."""
        return self._flags.get(uid, frozenset())

    def flag(self, uid: str, flags: Iterable[str]) -> None:
        """From now on the message has exactly these flags; one that is gone gets none."""
        # In order, since it is this that numbers new keywords, and a set has none.
        new = frozenset(map(self.spelling, sorted(flags)))
        if uid in self._messages and new != self.flags_of(uid):
            self._flags[uid] = new
            self._tell()

    @property
    def fresh(self) -> frozenset[str]:
        """The ids of the messages that no session was shown yet.

        This is what \\Recent says in RFC 3501 section 2.3.2; RFC 9051 has given it up.
        """
        return frozenset(m.uid for m in self._messages.values() if m.number > self._shown)

    def claim(self) -> None:
        """A session was shown all that is here."""
        self._shown = self.next_number - 1

    # Watching ---------------------------------------------------------------------------------

    def watch(self, change: Change) -> None:
        """From now on call this after every change. It must not change the folder itself."""
        self._watchers.append(change)

    def unwatch(self, change: Change) -> None:
        """No longer call this. Raises ValueError where it was not watching."""
        self._watchers.remove(change)

    def _tell(self) -> None:
        for change in tuple(self._watchers):
            change()
