"""A folder as one IMAP session sees it: sequence numbers, and what the client has been told.

What others change becomes visible between two commands, as RFC 9051 section 7.5.1 wants it: a
message keeps its sequence number until the client has read the EXPUNGE. Until then its octets can
still be had (RFC 2180 section 4.1.1).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from simulator.mail.folder import SYSTEM_FLAGS, Folder, StoredMessage
from simulator.mail.imap.answer import Response
from simulator.mail.imap.candidate import Candidate


class Selection:
    """The selected folder."""

    def __init__(self, folder: Folder, *, read_only: bool, tells_recent: bool = True) -> None:
        self.folder = folder
        self.read_only = read_only
        self.tells_recent = tells_recent
        """Whether the client hears of \\Recent, which RFC 9051 has given up."""
        self.saved: frozenset[int] = frozenset()
        """The unique identifiers that ``$`` stands for (RFC 5182)."""
        self.messages: list[StoredMessage] = []
        """In the order of their sequence numbers; the first is number 1."""
        self._told: dict[str, frozenset[str]] = {}
        self._highest = 0
        self._recent: set[str] = set()
        self._recent_told = 0
        self._keywords: tuple[str, ...] = folder.keywords
        self._take_arrivals()
        self._recent_told = len(self._recent)

    @property
    def numbers(self) -> Sequence[int]:
        """The unique identifiers in the order of the sequence numbers; they rise."""
        return [message.number for message in self.messages]

    @property
    def counts(self) -> tuple[Response, ...]:
        """EXISTS, and RECENT where the client hears of it."""
        exists = (f"* {len(self.messages)} EXISTS",)
        return (exists, (f"* {len(self._recent)} RECENT",)) if self.tells_recent else (exists,)

    @property
    def recent(self) -> frozenset[str]:
        """The ids of the messages that this session was the first to be told of."""
        return frozenset(self._recent)

    def is_recent(self, message: StoredMessage) -> bool:
        """Whether this session was the first that was told of it."""
        return message.uid in self._recent

    def flags_of(self, message: StoredMessage) -> frozenset[str]:
        """The flags that it has now; of a message that is gone, those that it was told to have."""
        there = message.uid in self.folder
        return self.folder.flags_of(message.uid) if there else self._told[message.uid]

    def flag_list(self, message: StoredMessage) -> str:
        """The flags that it has now as FETCH shows them; the client has thereby been told."""
        flags = self._told[message.uid] = self.flags_of(message)
        recent = ("\\Recent",) if self.tells_recent and self.is_recent(message) else ()
        order = (*SYSTEM_FLAGS, *recent, *self.folder.keywords)
        return f"({' '.join(one for one in order if one in flags or one in recent)})"

    @property
    def flag_responses(self) -> tuple[Response, ...]:
        """FLAGS and PERMANENTFLAGS (RFC 9051 section 7.3.5 and 7.1)."""
        known = " ".join((*SYSTEM_FLAGS, *self.folder.keywords))
        self._keywords = self.folder.keywords
        kept = "* OK [PERMANENTFLAGS ()] Read-only mailbox."
        if not self.read_only:
            kept = f"* OK [PERMANENTFLAGS ({known} \\*)] Flags permitted."
        return (f"* FLAGS ({known})",), (kept,)

    @property
    def first_unseen(self) -> int | None:
        """The sequence number of the first message without \\Seen, or None."""
        places = enumerate(self.messages, 1)
        return next((n for n, one in places if "\\Seen" not in self.flags_of(one)), None)

    def expunge(self, numbers: Collection[int] | None = None) -> tuple[str, ...]:
        """Delete what is marked with \\Deleted, or of that only these unique identifiers.

        Gives the names of what was deleted.
        """
        marked = [one for one in self.messages if "\\Deleted" in self.flags_of(one)]
        if self.read_only:
            return ()
        uids = tuple(m.uid for m in marked if numbers is None or m.number in numbers)
        self.folder.remove(uids)
        return uids

    def candidates(self) -> Iterator[Candidate]:
        """The messages as SEARCH looks at them."""
        for place, one in enumerate(self.messages, 1):
            yield Candidate(place, one, self.flags_of(one), recent=self.is_recent(one))

    def updates(self, *, expunges: bool) -> tuple[Response, ...]:
        """What has changed since the client was told last; without ``expunges`` none of these."""
        said: list[Response] = [*self.keyword_news()]
        if expunges:
            said += self._drop_expunged()
        for place, message in enumerate(self.messages, 1):
            if self._told[message.uid] != self.flags_of(message):
                said.append((f"* {place} FETCH (FLAGS {self.flag_list(message)})",))
        if self._take_arrivals():
            said.append(self.counts[0])
        if len(self._recent) != self._recent_told:
            self._recent_told = len(self._recent)
            said += self.counts[1:]
        return tuple(said)

    def keyword_news(self) -> tuple[Response, ...]:
        """FLAGS and PERMANENTFLAGS, where there are keywords that the client has not heard of."""
        return self.flag_responses if self._keywords != self.folder.keywords else ()

    def _drop_expunged(self) -> list[Response]:
        """From the last to the first, so that no number shifts on the way."""
        said: list[Response] = []
        for place in range(len(self.messages), 0, -1):
            uid = self.messages[place - 1].uid
            if uid not in self.folder:
                del self.messages[place - 1], self._told[uid]
                self._recent.discard(uid)
                said.append((f"* {place} EXPUNGE",))
        return said

    def _take_arrivals(self) -> bool:
        """Show the session what is new; whether there was anything."""
        new = [one for one in self.folder.messages if one.number > self._highest]
        fresh = self.folder.fresh
        self._recent |= {one.uid for one in new if one.uid in fresh}
        if not self.read_only:
            self.folder.claim()
        self._highest = self.folder.next_number - 1
        self.messages += new
        self._told |= {one.uid: self.folder.flags_of(one.uid) for one in new}
        return bool(new)
