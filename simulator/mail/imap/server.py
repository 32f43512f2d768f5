"""An IMAP server without IO: octets in, answers out (RFC 3501, 9051; 2177, 4959, 7888).

The commands are the table in ``commands``. Words and refusals are those of Dovecot 2.3
wherever it was heard.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from simulator.mail.imap import access
from simulator.mail.imap.answer import Code, ImapAnswer, RefusedError, Response
from simulator.mail.imap.commands import COMMANDS, SELECTED, ImapCommand
from simulator.mail.imap.reader import Announced, CommandReader, Line
from simulator.mail.imap.state import Outcome, SessionState, Spoken, State
from simulator.mail.imap.syntax import SyntaxRefusedError, read_arguments
from simulator.mail.mailbox import Mailbox, MailStore

_TAG = re.compile(r"[!#$&',\-./0-9:;<=>?@A-Z\[\]^_`a-z|}~]+")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9.-]{0,63}")
_UNPRINTABLE = re.compile(r"[^ -~]")
_LONGEST_ECHO = 200
_RECEIVED_BAD = "Error in IMAP command received by server."
_MOST_MISTAKES_OF_A_STRANGER, _MOST_MISTAKES = 2, 20
_TOO_MANY = "* BYE Too many invalid IMAP commands."


class ImapSession:
    """One client's session with a mailbox server.

    Give it octets as they arrive and send each answer. ``news`` is called while the client idles
    and there is something to ``push``; it must not push at once, since the change is still being
    made. ``hang_up`` must be called when the connection is gone.
    """

    def __init__(
        self,
        store: MailStore,
        news: Callable[[], None] = lambda: None,
        greeting: str = "IMAP server ready.",
    ) -> None:
        self._greeting = greeting
        self._reader = CommandReader()
        self._session = SessionState(store, news)
        self._mistakes = 0

    @property
    def state(self) -> State:
        """Which commands may come."""
        return self._session.state

    @property
    def mailbox(self) -> Mailbox | None:
        """Whose session it is, once someone has logged in."""
        return self._session.mailbox

    def greet(self) -> ImapAnswer:
        """What the server says first."""
        said = f"* OK [CAPABILITY {' '.join(access.CAPABILITIES)}] {self._greeting}"
        return ImapAnswer("*", ((said,),), "imap.greeting")

    def receive(self, octets: bytes) -> tuple[ImapAnswer, ...]:
        """The answers to all commands that these octets complete; any octets will do."""
        self._reader.feed(octets)
        answers: list[ImapAnswer] = []
        while self.state is not State.LOGOUT:
            waits = self._session.challenged is not None or self._session.idling is not None
            received = self._reader.take(literals=not waits)
            if received is None:
                break
            answers.append(self._answer(received))
        return tuple(answers)

    def push(self) -> ImapAnswer | None:
        """What an idling client is told without having asked, or None (RFC 2177)."""
        if self._session.idling is None or self._session.selection is None:
            return None
        news = self._session.selection.updates(expunges=True)
        return ImapAnswer("*", news, "imap.idle") if news else None

    def hang_up(self) -> None:
        """The connection is gone."""
        self._session.end()

    # Reading ----------------------------------------------------------------------------------

    def _answer(self, received: Line | Announced) -> ImapAnswer:
        if isinstance(received, Announced):
            return self._answer_announcement(received)
        if self._session.challenged is not None:
            return self._take_response(received)
        if self._session.idling is not None:
            return self._end_idling(received)
        return self._answer_line(received)

    def _answer_line(self, line: Line) -> ImapAnswer:
        tag, verb, rest = _split(line.texts[0])
        if not tag:
            return self._without_tag()
        if not verb:
            return self._bad(tag, "Error in IMAP command: Invalid command name.")
        if line.too_long:
            return self._bad(tag, f"Error in IMAP command {verb}: Too long argument.")
        return self._execute(tag, verb, (rest, *map(_text, line.texts[1:])), line.literals)

    def _answer_announcement(self, announced: Announced) -> ImapAnswer:
        """May the literal come? Not for a command that cannot be done anyway."""
        tag, verb, _ = _split(announced.text)
        command = COMMANDS.get(verb)
        may = bool(tag) and command is not None and self.state in command.states
        if command is not None and may and not announced.too_large:
            self._reader.go_on()
            return ImapAnswer("+", (("+ OK",),), command.rule)
        self._reader.refuse()
        if not tag:
            return self._without_tag()
        if not verb:
            return self._bad(tag, "Error in IMAP command: Invalid command name.")
        if may:
            return self._tagged(tag, "NO", "[TOOBIG] Literal size too large.", "imap.error")
        return self._not_now(tag, verb)

    def _take_response(self, line: Line) -> ImapAnswer:
        """The client's line after AUTHENTICATE's challenge."""
        tag, self._session.challenged = self._session.challenged or "", None
        outcome = access.check_response(self._session, _text(line.texts[0]))
        return self._finish(COMMANDS["AUTHENTICATE"], tag, outcome)

    def _end_idling(self, line: Line) -> ImapAnswer:
        tag, self._session.idling = self._session.idling or "", None
        if line.too_long or line.texts[0].upper() != b"DONE":
            return self._bad(tag, "Expected DONE.")
        return self._finish(COMMANDS["IDLE"], tag, Outcome("Idle completed."))

    # Answering --------------------------------------------------------------------------------

    def _execute(
        self, tag: str, verb: str, texts: tuple[str, ...], literals: tuple[bytes, ...]
    ) -> ImapAnswer:
        command = COMMANDS.get(verb)
        if command is None or self.state not in command.states:
            return self._not_now(tag, verb)
        try:
            spoken = Spoken(tag, verb, read_arguments(texts, literals))
            outcome = command.answer(self._session, spoken)
        except SyntaxRefusedError as refusal:
            return self._bad(tag, f"Error in IMAP command {verb}: {refusal}.")
        except RefusedError as refusal:
            outcome = Outcome(str(refusal), code="NO", rule="imap.error")
        return self._finish(command, tag, outcome)

    def _finish(self, command: ImapCommand, tag: str, outcome: Outcome) -> ImapAnswer:
        """Before the tagged line comes what others have changed meanwhile."""
        rule = outcome.rule or command.rule
        if self.state is not State.NOT_AUTHENTICATED:
            self._mistakes = 0
        if outcome.code == "+":
            return ImapAnswer("+", ((outcome.text,),), rule)
        news: tuple[Response, ...] = ()
        if self._session.selection is not None:
            news = self._session.selection.updates(expunges=not command.keeps_numbers)
        deeds, self._session.deeds = tuple(self._session.deeds), []
        said = self._tagged(tag, outcome.code, outcome.text, rule, (*outcome.responses, *news))
        return replace(said, deeds=deeds)

    def _not_now(self, tag: str, verb: str) -> ImapAnswer:
        command = COMMANDS.get(verb)
        if command is not None and command.states == SELECTED:
            return self._bad(tag, "No mailbox selected.")
        return self._bad(tag, f"Error in IMAP command {verb}: Unknown command.")

    def _bad(self, tag: str, text: str) -> ImapAnswer:
        """Before anyone has logged in, Dovecot says the same of every mistake."""
        said = _RECEIVED_BAD if self.state is State.NOT_AUTHENTICATED else text
        return self._mistaken(self._tagged(tag, "BAD", said, "imap.error"))

    def _mistaken(self, answer: ImapAnswer) -> ImapAnswer:
        """Who has not logged in may be mistaken twice; the third time Dovecot hangs up.

        Whoever has may be mistaken twenty times in a row.
        """
        self._mistakes += 1
        stranger = self.state is State.NOT_AUTHENTICATED
        if self._mistakes <= (_MOST_MISTAKES_OF_A_STRANGER if stranger else _MOST_MISTAKES):
            return answer
        self._session.end()
        return ImapAnswer("*", ((_TOO_MANY,),), "imap.error", closes=True)

    def _without_tag(self) -> ImapAnswer:
        stranger = self.state is State.NOT_AUTHENTICATED
        text = _RECEIVED_BAD if stranger else "Error in IMAP tag: Invalid tag."
        return self._mistaken(ImapAnswer("*", ((f"* BAD {text}",),), "imap.error"))

    def _tagged(
        self, tag: str, code: Code, text: str, rule: str, before: tuple[Response, ...] = ()
    ) -> ImapAnswer:
        """What is repeated of the client's words is made printable, and short."""
        if code != "OK":
            text = _UNPRINTABLE.sub("?", text)[:_LONGEST_ECHO]
        closes = self.state is State.LOGOUT
        return ImapAnswer(code, (*before, (f"{tag} {code} {text}",)), rule, closes)


def _split(line: bytes) -> tuple[str, str, str]:
    """The tag, the verb in capitals and the rest; what cannot be read is empty."""
    text = _text(line)
    tag, _, rest = text.partition(" ")
    if not _TAG.fullmatch(tag):
        return "", "", ""
    verb, _, rest = rest.partition(" ")
    if verb.upper() == "UID":
        second, _, rest = rest.partition(" ")
        verb = f"UID {second}" if _NAME.fullmatch(second) else ""
        return tag, verb.upper(), rest
    return tag, verb.upper() if _NAME.fullmatch(verb) else "", rest


def _text(octets: bytes) -> str:
    return octets.decode("utf-8", "surrogateescape")
