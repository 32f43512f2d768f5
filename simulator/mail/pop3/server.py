"""A POP3 server without IO: lines in, answers out (RFC 1939, 2449, 3206, 5034).

The commands are a table. Words and refusals are those of Dovecot 2.3 wherever it was heard.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import ClassVar, Literal

from simulator.mail.mailbox import Mailbox, MailStore, Taken
from simulator.mail.pop3.answer import Pop3Answer, error, listing, ok
from simulator.mail.pop3.maildrop import Maildrop, RefusedError
from simulator.mail.transparency import as_content

LONGEST_LINE = 512
"""Octets of a command with its CRLF; RFC 2449 section 4 asks for 255."""
LONGEST_RESPONSE = 12_288
"""Octets of a response to a SASL challenge (RFC 4954 section 4.3; RFC 5034 names no number)."""

_CAPABILITIES = ("CAPA", "TOP", "UIDL", "RESP-CODES", "PIPELINING", "AUTH-RESP-CODE")
_MECHANISMS = ("PLAIN",)
_NOT_OFFERED = {"APOP": "APOP not enabled.", "STLS": "TLS support isn't enabled."}
"""Commands that Dovecot knows, and what it says where they are not set up."""
_BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}")
_NULS = 2
"""In SASL PLAIN, one before the user and one before the password (RFC 4616 section 2)."""
_COUNT = re.compile(r"[0-9]{1,18}")


class Phase(Enum):
    """The states of a session (RFC 1939 section 3)."""

    AUTHORIZATION = "AUTHORIZATION"
    TRANSACTION = "TRANSACTION"
    UPDATE = "UPDATE"


_PATIENCE = {
    Phase.AUTHORIZATION: (2, "Too many invalid bad commands."),
    Phase.TRANSACTION: (20, "Too many bad commands."),
}
"""How many mistakes in a row are borne, and what is said of one more."""


@dataclass(frozen=True, slots=True)
class Pop3Command:
    """One row of the table: how a command is written, when it may come, and who says so."""

    syntax: str
    phases: tuple[Phase, ...]
    source: str
    answer: Callable[[Pop3Session, str], Pop3Answer]

    @property
    def verb(self) -> str:
        """The command's name."""
        return self.syntax.partition(" ")[0]


class Pop3Session:
    """One client's session with a mailbox server.

    Give it the client's lines one by one, however they arrived (pipelining needs nothing more),
    and send each answer. ``hang_up`` must be called when the connection is gone.
    """

    def __init__(self, store: MailStore, greeting: str = "POP3 server ready.") -> None:
        self._store = store
        self._greeting = greeting
        self.phase = Phase.AUTHORIZATION
        self.mailbox: Mailbox | None = None
        """Whose session it is, once someone has logged in."""
        self._user: str | None = None
        self._challenged = False
        self._mistakes = 0
        self._drop = Maildrop(())
        self._fetched: dict[str, None] = {}

    def greet(self) -> Pop3Answer:
        """What the server says first."""
        return ok("pop3.greeting", self._greeting)

    def receive(self, line: bytes) -> Pop3Answer:
        """The answer to one line, given with or without its CRLF; any octets will do."""
        line = line.removesuffix(b"\n").removesuffix(b"\r")
        challenged, self._challenged = self._challenged, False
        if self.phase is Phase.UPDATE:
            return Pop3Answer("-ERR", ("-ERR Logged out.",), "pop3.error", closes=True)
        if len(line) + 2 > (LONGEST_RESPONSE if challenged else LONGEST_LINE):
            return error("Input line too long.")
        text = line.decode("utf-8", "replace")
        return self._respond(text) if challenged else self._execute(text)

    def hang_up(self) -> None:
        """The connection is gone. Without a QUIT nothing is deleted (RFC 1939 section 6)."""
        if self.phase is Phase.TRANSACTION and self.mailbox is not None:
            self.mailbox.unlock()
        self.phase = Phase.UPDATE

    def _execute(self, text: str) -> Pop3Answer:
        verb, _, argument = text.partition(" ")
        command = self.COMMANDS.get(verb.upper())
        if command is not None and self.phase in command.phases:
            try:
                answer = command.answer(self, argument)
            except RefusedError as refusal:
                return self._mistaken(error(str(refusal)))
            self._mistakes = 0
            return answer
        if self.phase is Phase.TRANSACTION:
            words = f"Unknown command: {verb.upper()}" if verb else "Unknown command."
            return self._mistaken(error(words))
        if verb.upper() in _NOT_OFFERED:
            return error(_NOT_OFFERED[verb.upper()])
        return self._mistaken(error("Unknown command."))

    def _mistaken(self, answer: Pop3Answer) -> Pop3Answer:
        """Who has not logged in may be mistaken twice; the third time Dovecot hangs up.

        Whoever has may be mistaken twenty times in a row.
        """
        self._mistakes += 1
        most, words = _PATIENCE[self.phase]
        if self._mistakes <= most:
            return answer
        return replace(answer, lines=(*answer.lines, f"-ERR {words}"), closes=True)

    # AUTHORIZATION ----------------------------------------------------------------------------

    def _take_user(self, argument: str) -> Pop3Answer:
        """Any name will do: a server that said which users exist would help a burglar."""
        self._user = argument
        return ok("pop3.user")

    def _take_password(self, argument: str) -> Pop3Answer:
        user, self._user = self._user, None
        if user is None:
            return error("No username given.")
        return self._log_in(user, argument, "pop3.pass")

    def _authenticate(self, argument: str) -> Pop3Answer:
        """AUTH (RFC 5034 section 4): alone it lists the mechanisms; ``=`` is an empty response."""
        mechanism, _, response = argument.strip(" ").partition(" ")
        if not mechanism:
            return listing("auth.challenge", "", _MECHANISMS)
        if mechanism.upper() not in _MECHANISMS:
            return error("[AUTH] Unsupported authentication mechanism.", "auth.mechanism")
        if response:
            return self._respond("" if response == "=" else response)
        self._challenged = True
        return Pop3Answer("+", ("+ ",), "auth.challenge")

    def _respond(self, response: str) -> Pop3Answer:
        """The client's answer to a challenge: SASL PLAIN (RFC 4616), or ``*`` to give up."""
        if response == "*":
            return error("Authentication aborted by client.", "auth.aborted")
        if len(response) % 4 or not _BASE64.fullmatch(response):
            return error("[AUTH] Invalid base64 in response", "auth.bad-base64")
        octets = base64.b64decode(response)
        acting_as, user, password = (*octets.decode("utf-8", "replace").split("\0"), "", "")[:3]
        if octets.count(b"\0") != _NULS or acting_as not in {"", user}:
            return error("[AUTH] Authentication failed.", "auth.failed")
        return self._log_in(user, password, "auth.ok")

    def _log_in(self, user: str, password: str, rule: str) -> Pop3Answer:
        mailbox = self._store.login(user, password)
        if mailbox is None:
            return error("[AUTH] Authentication failed.", "auth.failed")
        if not mailbox.lock():
            return error("[IN-USE] Mailbox is locked by another POP3 session.")
        self.mailbox = mailbox
        self._drop = Maildrop(mailbox.messages)
        mailbox.inbox.claim()
        self.phase = Phase.TRANSACTION
        return ok(rule, "Logged in.")

    # TRANSACTION ------------------------------------------------------------------------------

    def _count(self, _: str) -> Pop3Answer:
        return ok("pop3.stat", f"{len(self._drop.numbers)} {self._drop.size}")

    def _list(self, argument: str) -> Pop3Answer:
        heading = f"{len(self._drop.numbers)} messages:"
        return self._tell(argument, "pop3.list", heading, self._size_line)

    def _list_uids(self, argument: str) -> Pop3Answer:
        return self._tell(argument, "pop3.uidl", "", self._uid_line)

    def _tell(
        self, argument: str, rule: str, heading: str, line: Callable[[int], str]
    ) -> Pop3Answer:
        """The line of one message, or a listing of all that are not marked as deleted."""
        if argument.strip(" "):
            return ok(rule, line(self._named(argument)))
        return listing(rule, heading, tuple(map(line, self._drop.numbers)))

    def _size_line(self, number: int) -> str:
        return f"{number} {len(self._drop.message(number).octets)}"

    def _uid_line(self, number: int) -> str:
        return f"{number} {self._drop.message(number).uid}"

    def _retrieve(self, argument: str) -> Pop3Answer:
        message = self._drop.message(self._named(argument))
        self._fetched[message.uid] = None
        said = f"+OK {len(message.octets)} octets"
        deeds = self._deeds("fetched", message.uid)
        return Pop3Answer("+OK", (said,), "pop3.retr", as_content(message.octets), deeds=deeds)

    def _top(self, argument: str) -> Pop3Answer:
        number, blank, count = argument.strip(" ").partition(" ")
        message = self._named(number if number.isdecimal() else argument)
        if not blank:
            return error("Noise after message number: ")
        if not _COUNT.fullmatch(count.strip(" ")):
            return error(f"Invalid size: {count}")
        top = self._drop.top(message, int(count))
        return Pop3Answer("+OK", ("+OK",), "pop3.top", as_content(top))

    def _delete(self, argument: str) -> Pop3Answer:
        self._drop.mark(self._named(argument))
        return ok("pop3.dele", "Marked to be deleted.")

    def _reset(self, _: str) -> Pop3Answer:
        self._drop.unmark_all()
        return ok("pop3.rset")

    def _do_nothing(self, _: str) -> Pop3Answer:
        return ok("pop3.noop")

    def _named(self, argument: str) -> int:
        return self._drop.number(argument.lstrip(" "))

    # Either -----------------------------------------------------------------------------------

    def _tell_capabilities(self, _: str) -> Pop3Answer:
        """RFC 2449 section 5. The ways to log in are no use to a client that has."""
        ways_in = ("USER", " ".join(("SASL", *_MECHANISMS)))
        asked_before = self.phase is Phase.AUTHORIZATION
        return listing("pop3.capa", "", _CAPABILITIES + (ways_in if asked_before else ()))

    def _quit(self, _: str) -> Pop3Answer:
        """Only here are the marked messages deleted (RFC 1939 section 6)."""
        words = "Logging out"
        deeds = self._deeds("deleted", *self._drop.marked)
        if self.mailbox is not None:
            self.mailbox.remove(self._drop.marked)
            for uid in self._fetched:  # as Dovecot does it: who looks by IMAP finds it read
                flags = self.mailbox.inbox.flags_of(uid)
                self.mailbox.inbox.flag(uid, (*flags, "\\Seen"))
            words = "Logging out, messages deleted." if self._drop.marked else "Logging out."
        self.hang_up()
        return Pop3Answer("+OK", (f"+OK {words}",), "pop3.quit", closes=True, deeds=deeds)

    def _deeds(self, how: Literal["fetched", "deleted"], *uids: str) -> tuple[Taken, ...]:
        address = self.mailbox.address if self.mailbox is not None else ""
        return tuple(Taken(address, uid, how) for uid in uids)

    COMMANDS: ClassVar[Mapping[str, Pop3Command]] = {
        command.verb: command
        for command in (
            Pop3Command("CAPA", tuple(Phase)[:2], "RFC 2449 section 5", _tell_capabilities),
            Pop3Command("USER name", (Phase.AUTHORIZATION,), "RFC 1939 section 7", _take_user),
            Pop3Command(
                "PASS string", (Phase.AUTHORIZATION,), "RFC 1939 section 7", _take_password
            ),
            Pop3Command(
                "AUTH mechanism [initial-response]",
                (Phase.AUTHORIZATION,),
                "RFC 5034 section 4",
                _authenticate,
            ),
            Pop3Command("STAT", (Phase.TRANSACTION,), "RFC 1939 section 5", _count),
            Pop3Command("LIST [msg]", (Phase.TRANSACTION,), "RFC 1939 section 5", _list),
            Pop3Command("UIDL [msg]", (Phase.TRANSACTION,), "RFC 1939 section 7", _list_uids),
            Pop3Command("RETR msg", (Phase.TRANSACTION,), "RFC 1939 section 5", _retrieve),
            Pop3Command("TOP msg n", (Phase.TRANSACTION,), "RFC 1939 section 7", _top),
            Pop3Command("DELE msg", (Phase.TRANSACTION,), "RFC 1939 section 5", _delete),
            Pop3Command("NOOP", (Phase.TRANSACTION,), "RFC 1939 section 5", _do_nothing),
            Pop3Command("RSET", (Phase.TRANSACTION,), "RFC 1939 section 5", _reset),
            Pop3Command("QUIT", tuple(Phase)[:2], "RFC 1939 sections 4 and 6", _quit),
        )
    }
