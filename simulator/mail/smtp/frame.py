"""The frame of an SMTP session: who has connected, mishaps, patience, and the door for replies.

aiosmtpd's SMTP, with limits that belong to one connection and one reply at a time into the trace.
"""

from __future__ import annotations

import collections
import functools
import logging
import re
from collections.abc import Awaitable, Callable
from typing import Any

from aiosmtpd.smtp import (
    SMTP,
    AuthResult,
    Envelope,
    LoginPassword,
    Session,
    TLSSetupException,
)

from simulator.mail.mishap import CutWireError, SilentError, suffer
from simulator.mail.proofs import Proof, SaidPassword
from simulator.mail.reply import Ruled
from simulator.mail.site import Wire, wire_of_transport
from simulator.mail.smtp.exim_wording import MOST_UNKNOWN, in_exims_words
from simulator.mail.smtp.hooks import Hooks, names_of_hooks
from simulator.mail.smtp.patience import PAUSE, Patience, Verbs
from simulator.mail.smtp.wording import worded
from simulator.mail.smtp.words import is_utf8
from simulator.mail.visitor import Reception, Visitor
from simulator.scenario.changes import NEXT
from simulator.trace.go_ahead import lets_message_follow

# The trace is the log. aiosmtpd's own would be written over the screen.
logging.getLogger("mail.log").addHandler(logging.NullHandler())
logging.getLogger("mail.log").propagate = False

_MECHANISMS = frozenset({"PLAIN", "LOGIN", "CRAM-MD5"})
"""The mechanisms of AUTH that are done here; a host's Reception says which it offers."""
_TIMEOUT = 300
"""Seconds that a server waits for a command: RFC 5321 section 4.5.3.2.7 asks for five minutes."""
_NO_SMTP = re.compile(r"(?:CONNECT|GET|POST)$|[!-9;-~]+:")
"""Verbs of a web browser (smtpd_forbidden_commands), or a line of a mail's header."""
_LONGEST_COMMAND = 65_536
"""Octets of a command line. Postfix refuses none for its length, though RFC 5321 section 4.5.3.1.4
asks for 512 only; somewhere there must be an end."""


class _Session(Session):
    """A session that does not warn of its own old attribute, which aiosmtpd itself still sets."""

    @property
    def login_data(self) -> Any:
        """Who logged in, as aiosmtpd keeps it; ``Visitor.user`` is what we go by."""
        return self._login_data

    @login_data.setter
    def login_data(self, value: Any) -> None:
        self._login_data = value


class SmtpFrame(SMTP):
    """What holds of every command of one SMTP session with one client."""

    AuthLoginUsernameChallenge = "Username:"
    AuthLoginPasswordChallenge = "Password:"
    line_length_limit = _LONGEST_COMMAND + 1
    command_size_limit = _LONGEST_COMMAND

    answers_each = False
    """Whether each recipient of a message gets a reply of its own."""

    def __init__(
        self,
        reception: Reception,
        hostname: str,
        loop: Any,
        wire_of: Callable[[Any], Wire] = wire_of_transport,
        *,
        sealed: bool = False,
    ) -> None:
        # Where TLS is there from the first octet (RFC 8314), there is no STARTTLS to offer.
        context = None if sealed else reception.tls()
        super().__init__(
            Hooks(reception),
            hostname=hostname,
            ident="ESMTP",
            data_size_limit=reception.size_limit,
            enable_SMTPUTF8=True,
            tls_context=context,
            auth_require_tls=context is not None,
            auth_exclude_mechanism=_MECHANISMS.difference(reception.mechanisms),
            authenticator=self._check,
            timeout=_TIMEOUT,
            loop=loop,
        )
        self._smtp_methods = Verbs(
            {verb: self._liable(verb, method) for verb, method in self._smtp_methods.items()},
            lambda verb: self._liable(verb, functools.partial(self._unknown_verb, verb)),
        )
        self._sealed = sealed
        self._patience = Patience()
        self._unknown = 0
        self._reception = reception
        self._wire_of = wire_of
        # aiosmtpd keeps one table for all connections of the process.
        self.command_size_limits = collections.defaultdict(lambda: _LONGEST_COMMAND)
        self._greeted = False
        self._recipient_parameters: dict[str, tuple[str, ...]] = {}
        self.visitor: Visitor

    def __dir__(self) -> tuple[str, ...]:
        """As of the hooks: aiosmtpd looks at every name at every connection."""
        return names_of_hooks(type(self))

    # The session's frame ---------------------------------------------------------------------

    def connection_made(self, transport: Any) -> None:
        """A client connected, or the TLS handshake is done (then all is forgotten, RFC 3207)."""
        if not hasattr(self, "visitor"):
            wire = self._wire_of(transport)
            address = transport.get_extra_info("peername")[0]
            self.visitor = Visitor(wire, address, secure=self._sealed)
        else:
            self.visitor = Visitor(
                self.visitor.wire, self.visitor.address, self.visitor.name, secure=True
            )
        super().connection_made(transport)

    def _create_session(self) -> Session:
        return _Session(self.loop)

    async def push(self, status: Any) -> None:
        """Say a reply: the one door by which anything leaves."""
        text = status.decode("ascii") if isinstance(status, bytes) else status
        if not self._greeted:
            self._greeted = True
            await self._reception.welcome(self.visitor)
            text = Ruled(f"220 {self.hostname} {self._reception.greeting}", "greeting")
            await self._suffer("greeting")
        else:
            await self._suffer(NEXT)
        if self._patience.is_thin:
            await self._reception.sleep(PAUSE)
        reply = self.overruled() or worded(text)
        self._patience.note(reply)
        if self._reception.follows == "exim":
            reply = in_exims_words(reply)
        self.visitor.wire.reply(str(reply), reply.rule)
        await super().push(str(reply))

    async def _hang_up(self, reason: str) -> None:
        """Close, and carry out nothing of what the client has sent ahead: this task ends here."""
        self.visitor.wire.closed(self.visitor.wire.server, reason)
        self._writer.close()
        if self._handler_coroutine is not None:
            self._handler_coroutine.cancel()
        await self.loop.create_future()

    def _liable(self, verb: str, method: Callable[[str], Awaitable[None]]) -> Any:
        """A command that a change may keep from being carried out."""

        @functools.wraps(method)
        async def command(argument: str) -> None:
            if self._patience.is_at_its_end:
                await self._lose_patience()
            await self._suffer(verb, argument or "")
            reply = self._forbidden(verb)
            if reply is None and not is_utf8(argument or ""):
                reply = Ruled("500 5.5.2 Error: bad UTF-8 syntax", "syntax.bad")
            if reply is None:
                insists = verb == "STARTTLS" and self.overruled() is not None
                await method(argument)
                if insists and not self.tls_context:
                    await self.loop.create_future()  # what comes now is no SMTP, and no TLS either
                return
            await self._discard(verb, argument or "")
            await self.push(reply)

        return command

    async def _suffer(self, on: str, argument: str = "") -> None:
        """Let a change have its way; one that ends the session ends this task with it."""
        found = self._reception.strike(self.visitor, on, argument)
        if found is None:
            return
        if self._timeout_handle is not None:
            self._timeout_handle.cancel()  # it is not the client who says nothing now
        try:
            await suffer(self._reception, self.visitor, found)
        except CutWireError:
            self.visitor.wire.closed(self.visitor.wire.server, "dropped")
            self._writer.transport.abort()
        except SilentError:
            pass
        else:
            self._reset_timeout()
            return
        # Nothing more is done on this connection; the client's patience ends it.
        await self.loop.create_future()

    async def _discard(self, verb: str, argument: str) -> None:
        """What comes with a command that is not carried out."""

    async def _unknown_verb(self, verb: str, argument: str) -> None:
        if not verb and argument:  # blanks before the verb
            verb, _, rest = argument.lstrip().partition(" ")
            await self._smtp_methods[verb.upper()](rest)
        elif _NO_SMTP.match(verb) and self._reception.follows == "postfix":
            text = "221 2.7.0 Error: I can break rules, too. Goodbye."
            await self.push(Ruled(text, "command.no-smtp"))
            await self._hang_up("dropped")
        else:
            await self._not_recognized(verb)

    async def _not_recognized(self, _verb: str) -> None:
        self._unknown += 1
        if self._reception.follows == "exim" and self._unknown > MOST_UNKNOWN:
            await self._lose_patience()
        await self.push("500 Error: command not recognized")

    async def _lose_patience(self) -> None:
        text = f"421 4.7.0 {self.hostname} Error: too many errors"
        await self.push(Ruled(text, "errors.too-many"))
        await self._hang_up("dropped")

    async def check_helo_needed(self, helo: str = "HELO") -> bool:
        """Whether the client must say its name first, and is told so (smtpd_helo_required)."""
        if self.visitor.helo or not self._reception.habits.helo_required:
            return False
        await self.push(f"503 Error: send {helo} first")
        return True

    def overruled(self) -> Ruled | None:
        """What is to be said in place of the next reply; it counts as if the host meant it."""
        return self.visitor.wire.overruling()

    def _forbidden(self, verb: str) -> Ruled | None:
        """The chosen reply that keeps a command from being carried out, if it is one.

        MAIL and RCPT are judged all the same, and then the chosen word counts.
        """
        reply = self.overruled()
        if reply is None or verb in {"MAIL", "RCPT"}:
            return None
        return None if _lets_go_on(verb, reply) else reply

    async def handle_exception(self, error: Exception) -> str:
        """A bug in a host's decisions must crash the run, not hide in a reply.

        A handshake that the client broke off is none; aiosmtpd then hangs up without a word.
        """
        if isinstance(error, TLSSetupException):
            return Ruled("454 4.7.0 TLS handshake failed", "starttls")
        self.loop.call_exception_handler({"message": "an SMTP server failed", "exception": error})
        return Ruled("451 4.3.0 Error: internal error", "command.unknown")

    def _timeout_cb(self) -> None:
        """Five minutes without a command (RFC 5321 section 4.5.3.2.7)."""
        reply = Ruled(f"421 4.4.2 {self.hostname} Error: timeout exceeded", "timeout")
        self.visitor.wire.reply(str(reply), reply.rule)
        self._writer.write(reply.encode("ascii") + b"\r\n")
        self.visitor.wire.closed(self.visitor.wire.server, "timeout")
        super()._timeout_cb()  # type: ignore[no-untyped-call]

    def _check(
        self,
        _server: SMTP,
        _session: Session,
        _envelope: Envelope,
        mechanism: str,
        data: LoginPassword,
    ) -> AuthResult:
        user = data.login.decode("utf-8", "replace")
        password = data.password.decode("utf-8", "replace")
        return self.prove(user, SaidPassword(mechanism, password))

    def prove(self, user: str, proof: Proof) -> AuthResult:
        """Whether that is the user; a reply that is chosen counts as if the host meant it."""
        good = self._reception.check_proof(self.visitor, user, proof)
        overruled = self.overruled()
        good = good if overruled is None else overruled.startswith("2")
        self.visitor.user = user if good else ""
        # handled=True would mean that the reply is already said: the client would wait for ever.
        return AuthResult(success=good, handled=False)


def _lets_go_on(verb: str, reply: str) -> bool:
    """Whether a command is carried out after this reply."""
    if verb == "DATA":
        return lets_message_follow(reply[:3])
    return reply.startswith(("2", "3") if verb == "AUTH" else "2")
