"""The recipient's client half of IMAP without IO: replies in, commands or an outcome out.

The dialogue is a generator that reads from top to bottom, as a usual client goes: log in, select
the INBOX, look what is unseen, fetch it, say that it has been seen, and log out. The mail stays on
the server unless told otherwise. It copes with any reply at any place, since a person may invent
it.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Container, Generator
from dataclasses import dataclass, field
from typing import TypeAlias

from simulator.mail.imap.reply import Ask, Awaits, ImapReply, ImapReplyReader
from simulator.mail.imap.syntax import Atom, Group, String, quoted
from simulator.mail.pick_up import FetchedMessage, PickUpOutcome, Refusal

__all__ = ["Ask", "Awaits", "Dialogue", "ImapReply", "ImapReplyReader", "pick_up"]

Dialogue: TypeAlias = Generator[Ask, ImapReply, PickUpOutcome]

_EXISTS = re.compile(r"\* ([0-9]{1,10}) EXISTS", re.IGNORECASE)
_VALIDITY = re.compile(r"\* OK \[UIDVALIDITY ([0-9]{1,10})\]", re.IGNORECASE)
_NUMBER = re.compile(r"[1-9][0-9]{0,9}")
_WORD = 1 << 32


def pick_up(
    user: str,
    password: str,
    *,
    keep: bool = True,
    idle: int = 0,
    seen: Container[str] | None = None,
    on_fetch: Callable[[FetchedMessage], None] | None = None,
) -> Dialogue:
    """The dialogue that fetches a user's unseen mail; its return value is the outcome.

    Being fetched marks a message as seen; without ``keep`` it is deleted on the server. ``idle`` is
    how many times it waits for mail to arrive (RFC 2177) after it has fetched what was there; throw
    a TimeoutError in to end the wait. With ``seen`` it fetches what is not in it, whether others
    have read it or not. ``on_fetch`` is told of each message at once. Unique ids in the outcome
    have the form of POP3's, so that both name a message alike. Throw an OSError in where the
    connection is gone. Raises ValueError where user or password cannot be sent.
    """
    for word, text in (("user", user), ("password", password)):
        if re.search(r"[\x00\r\n]", text):
            raise ValueError(f"{word}: a line break or NUL cannot be sent")
    return _PickUp(user, password, keep, idle, seen, on_fetch).converse()


@dataclass(slots=True)
class _PickUp:
    """One session under way."""

    user: str
    password: str
    keep: bool
    idle: int
    seen: Container[str] | None
    on_fetch: Callable[[FetchedMessage], None] | None
    tags: int = 0
    validity: int = 0
    waiting: int | None = None
    fetched: dict[int, FetchedMessage] = field(default_factory=dict)
    marked: list[str] = field(default_factory=list)
    deleted: tuple[str, ...] = ()
    refusals: list[Refusal] = field(default_factory=list)

    def converse(self) -> Dialogue:
        verb = "greeting"
        asking = self._talk()
        try:
            ask = next(asking)
            while True:
                verb = _verb(ask) or verb
                try:
                    reply = yield ask
                except TimeoutError as quiet:
                    ask = asking.throw(quiet)
                    continue
                self._look_at(reply)
                if ask.awaits is Awaits.TAGGED and not (reply.ok or reply.goes_on):
                    self.refusals.append(Refusal(verb, reply.status))
                ask = asking.send(reply)
        except StopIteration:
            pass
        except OSError as lost:
            self.refusals.append(Refusal(verb, str(lost) or "connection lost"))
        fetched = tuple(self.fetched.values())
        return PickUpOutcome(fetched, self.deleted, self.waiting, tuple(self.refusals))

    def _talk(self) -> Generator[Ask, ImapReply, None]:
        greeting = yield Ask("", Awaits.UNTAGGED)
        if not greeting.ok:
            self.refusals.append(Refusal("greeting", greeting.status))
            return  # it will hang up; there is no session to end
        if "PREAUTH" in greeting.said[0].words or (yield self._login()).ok:
            yield from self._look_into("INBOX")
        yield self._ask("LOGOUT")

    def _look_into(self, folder: str) -> Generator[Ask, ImapReply, None]:
        if not (yield self._ask(f"SELECT {folder}")).ok:
            return
        yield from self._fetch_unseen()
        for _ in range(self.idle):
            if not (yield from self._wait()):
                return
            yield from self._fetch_unseen()

    def _fetch_unseen(self) -> Generator[Ask, ImapReply, None]:
        found = yield self._ask(f"UID SEARCH {'UNSEEN' if self.seen is None else 'ALL'}")
        for uid in _found(found) if found.ok else ():
            if uid not in self.fetched and self._name_of(uid) not in (self.seen or ()):
                yield from self._fetch(uid)
        if self.marked and (yield self._ask("EXPUNGE")).ok:
            self.deleted += tuple(self.marked)
            self.marked.clear()

    def _fetch(self, uid: int) -> Generator[Ask, ImapReply, None]:
        reply = yield self._ask(f"UID FETCH {uid} (UID FLAGS ENVELOPE BODY[])")
        octets = _message(reply, uid)
        if not reply.ok or octets is None:
            return
        self.fetched[uid] = FetchedMessage(self._name_of(uid), octets)
        if self.on_fetch is not None:
            self.on_fetch(self.fetched[uid])
        if not self.keep and (yield self._ask(f"UID STORE {uid} +FLAGS (\\Deleted)")).ok:
            self.marked.append(self.fetched[uid].uid)

    def _name_of(self, uid: int) -> str:
        """The message's unique id in the form that POP3 has for it."""
        return f"{uid:08x}{self.validity:08x}"

    def _wait(self) -> Generator[Ask, ImapReply, bool]:
        """Idle until there is mail; whether there was."""
        idle = self._ask("IDLE")
        if not (yield idle).goes_on:
            return False
        while True:
            try:
                news = yield Ask("", Awaits.UNTAGGED, idle.awaited_tag)
            except TimeoutError:
                yield Ask("DONE", tag=idle.awaited_tag)
                return False
            if news.said[-1].words[0] == idle.awaited_tag or "BYE" in news.said[-1].words[1:2]:
                return False
            if _EXISTS.match(news.status):
                return (yield Ask("DONE", tag=idle.awaited_tag)).ok

    def _login(self) -> Ask:
        if (self.user + self.password).isascii():
            return self._ask(f"LOGIN {quoted(self.user)} {quoted(self.password)}")
        # A quoted string holds ASCII alone (RFC 3501 section 9); base64 holds anything.
        octets = f"\0{self.user}\0{self.password}".encode("utf-8", "surrogatepass")
        return self._ask(f"AUTHENTICATE PLAIN {base64.b64encode(octets).decode()}")

    def _ask(self, command: str) -> Ask:
        self.tags += 1
        return Ask(f"a{self.tags} {command}")

    def _look_at(self, reply: ImapReply) -> None:
        """What the server may say at any time."""
        for said in reply.said:
            if exists := _EXISTS.fullmatch(said.texts[0]):
                self.waiting = int(exists[1])
            if validity := _VALIDITY.match(said.texts[0]):
                self.validity = int(validity[1]) % _WORD


def _verb(ask: Ask) -> str:
    """What was asked, without its tag; not the whole line, which may hold a password."""
    words = ask.line.split(" ")[1:]
    return " ".join(words[: 2 if words[0] == "UID" else 1]) if words else ask.line


def _found(reply: ImapReply) -> list[int]:
    """The numbers in SEARCH responses."""
    words = [word for said in reply.untagged("SEARCH") for word in said.words[2:]]
    return [int(w) for w in words if _NUMBER.fullmatch(w) and int(w) < _WORD]


def _message(reply: ImapReply, uid: int) -> bytes | None:
    """The whole message in the FETCH response that is about it, or None."""
    for said in reply.untagged("FETCH"):
        match said.arguments():
            case (*_, Group(items)):
                pairs = list(zip(items[::2], items[1::2], strict=False))
                about = any(pair == (Atom("UID"), Atom(str(uid))) for pair in pairs)
                for name, value in pairs:
                    if about and name == Atom("BODY[]") and isinstance(value, String):
                        return value.octets
    return None
