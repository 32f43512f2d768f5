"""The recipient's client half of POP3 without IO: replies in, commands or an outcome out.

The dialogue is a generator that reads from top to bottom, as a usual client goes: log in, count,
name and list the messages, then fetch each and delete it, then QUIT. It copes with any reply at
any place, since a person may invent it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Generator
from dataclasses import dataclass, field
from typing import TypeAlias

from simulator.mail.pick_up import FetchedMessage, PickUpOutcome, Refusal
from simulator.mail.transparency import dot_unstuff

_NUMBERED = re.compile(r"([0-9]{1,9}) +([!-~]{1,70})(?: .*)?")
# RFC 1939 section 7: a unique id has 1 to 70 characters from ! to ~.


@dataclass(frozen=True, slots=True)
class Ask:
    """Speak this line (an empty one means: say nothing) and read the reply.

    A ``multiline`` reply, where it is +OK, goes on after its status line up to a final dot line.
    """

    line: str
    multiline: bool = False


@dataclass(frozen=True, slots=True)
class Pop3Reply:
    """A server's reply: the status line without CRLF, and what followed it up to the final dot."""

    status: str
    payload: bytes = b""

    @property
    def ok(self) -> bool:
        """Whether it is +OK (RFC 1939 section 3); letter case makes no difference here."""
        return self.status[:3].upper() == "+OK" and self.status[3:4] in {"", " "}

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines of a listing."""
        text = dot_unstuff(self.payload).decode("utf-8", "replace")
        return tuple(text.removesuffix("\r\n").split("\r\n"))


Dialogue: TypeAlias = Generator[Ask, Pop3Reply, PickUpOutcome]


def pick_up(
    user: str,
    password: str,
    *,
    keep: bool = False,
    seen: Collection[str] = (),
) -> Dialogue:
    """The dialogue that fetches a user's mail; its return value is the outcome.

    With ``keep`` the messages stay on the server, and those whose ids are in ``seen`` are not
    fetched again. Throw an OSError in where the connection is gone. Raises ValueError where user or
    password would not fit on a line.
    """
    for word, text in (("user", user), ("password", password)):
        if re.search(r"[\x00\r\n]", text):
            raise ValueError(f"{word}: a line break or NUL cannot be sent")
    return _PickUp(user, password, keep, frozenset(seen)).converse()


@dataclass(slots=True)
class _PickUp:
    """One session under way."""

    user: str
    password: str
    keep: bool
    seen: frozenset[str]
    waiting: int | None = None
    fetched: list[FetchedMessage] = field(default_factory=list)
    marked: list[str] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)

    def converse(self) -> Dialogue:
        confirmed = False
        verb = "greeting"
        asking = self._talk()
        try:
            ask = next(asking)
            while True:
                verb = ask.line.partition(" ")[0] or "greeting"
                reply = yield ask
                if not reply.ok:
                    self.refusals.append(Refusal(verb, reply.status))
                confirmed = verb == "QUIT" and reply.ok
                ask = asking.send(reply)
        except StopIteration:
            pass
        except OSError as lost:
            self.refusals.append(Refusal(verb, str(lost) or "connection lost"))
        deleted = tuple(self.marked) if confirmed else ()
        return PickUpOutcome(tuple(self.fetched), deleted, self.waiting, tuple(self.refusals))

    def _talk(self) -> Generator[Ask, Pop3Reply, None]:
        greeting = yield Ask("")
        if not greeting.ok:
            return  # it will hang up; there is no session to end
        if (yield Ask(f"USER {self.user}")).ok and (yield Ask(f"PASS {self.password}")).ok:
            yield from self._fetch_all()
        yield Ask("QUIT")

    def _fetch_all(self) -> Generator[Ask, Pop3Reply, None]:
        stat = yield Ask("STAT")
        self.waiting = _count(stat)
        if stat.ok and self.waiting is None:
            self.refusals.append(Refusal("STAT", stat.status))
        if not self.waiting:
            return
        uids = _numbered((yield Ask("UIDL", multiline=True)))
        for number in _numbered((yield Ask("LIST", multiline=True))):
            uid = uids.get(number, "")
            if self.keep and uid in self.seen:
                continue
            message = yield Ask(f"RETR {number}", multiline=True)
            if not message.ok:
                continue
            self.fetched.append(FetchedMessage(uid, dot_unstuff(message.payload)))
            if not self.keep and (yield Ask(f"DELE {number}")).ok:
                self.marked.append(uid)


def _count(stat: Pop3Reply) -> int | None:
    """The number of messages in ``+OK nn mm`` (RFC 1939 section 5), or None."""
    counted = re.match(r"\+OK +([0-9]{1,9})\b", stat.status, re.IGNORECASE)
    return int(counted[1]) if stat.ok and counted else None


def _numbered(listing: Pop3Reply) -> dict[int, str]:
    """What stands after each message number; lines of another form are no message."""
    if not listing.ok:
        return {}
    found = map(_NUMBERED.fullmatch, listing.lines)
    return {int(line[1]): line[2] for line in found if line and int(line[1])}
