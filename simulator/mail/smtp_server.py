"""The server half of SMTP: aiosmtpd's SMTP, extended where real servers do more.

What is added: PIPELINING, ENHANCEDSTATUSCODES and DSN (RFC 2920, 2034, 3461) in the EHLO reply,
their parameters, one reply at a time into the trace, limits that belong to one connection, and
a host's own decisions through ``Reception``.
"""

from __future__ import annotations

import collections
import functools
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from aiosmtpd.smtp import (
    SMTP,
    AuthResult,
    Envelope,
    LoginPassword,
    Session,
    TLSSetupException,
    syntax,
)

from simulator.mail.content_reader import longest_line, read_content
from simulator.mail.mishap import CutWireError, SilentError, suffer
from simulator.mail.reply import Ruled
from simulator.mail.site import Wire, wire_of_transport
from simulator.mail.smtp_hooks import Hooks, reverse_path_of
from simulator.mail.smtp_wording import worded
from simulator.mail.transparency import dot_unstuff, with_crlf
from simulator.mail.visitor import Incoming, Reception, Visitor

# The trace is the log. aiosmtpd's own would be written over the screen.
logging.getLogger("mail.log").addHandler(logging.NullHandler())
logging.getLogger("mail.log").propagate = False

_DSN_MAIL = frozenset({"RET", "ENVID"})  # RFC 3461 section 4.3 and 4.4
_DSN_RCPT = frozenset({"NOTIFY", "ORCPT"})  # RFC 3461 section 4.1 and 4.2
_LARGEST = 1 << 30
"""Octets of a message where a host sets no limit."""
_GOES_ON = {"DATA": ("354",), "AUTH": ("2", "3")}
"""How a reply begins after which a command goes on, where that is not 2."""
_TIMEOUT = 300
"""Seconds that a server waits for a command: RFC 5321 section 4.5.3.2.7 asks for five minutes."""


class _Session(Session):
    """A session that does not warn of its own old attribute, which aiosmtpd itself still sets."""

    @property
    def login_data(self) -> Any:
        """Who logged in, as aiosmtpd keeps it; ``Visitor.user`` is what we go by."""
        return self._login_data

    @login_data.setter
    def login_data(self, value: Any) -> None:
        self._login_data = value


class SmtpServer(SMTP):
    """One SMTP session with one client."""

    line_length_limit = 2049
    """Postfix takes text lines of 2048 octets (line_length_limit), more than the RFC's 1000."""

    answers_each = False
    """Whether each recipient of a message gets a reply of its own."""

    def __init__(
        self,
        reception: Reception,
        hostname: str,
        loop: Any,
        wire_of: Callable[[Any], Wire] = wire_of_transport,
    ) -> None:
        context = reception.tls()
        super().__init__(
            Hooks(reception),
            hostname=hostname,
            ident="ESMTP",
            data_size_limit=reception.size_limit,
            enable_SMTPUTF8=True,
            tls_context=context,
            auth_require_tls=context is not None,
            auth_exclude_mechanism=() if reception.offers_auth else ("PLAIN", "LOGIN"),
            authenticator=self._check,
            timeout=_TIMEOUT,
            loop=loop,
        )
        self._smtp_methods = {
            verb: self._liable(verb, method) for verb, method in self._smtp_methods.items()
        }
        self._reception = reception
        self._wire_of = wire_of
        # aiosmtpd keeps one table for all connections of the process.
        self.command_size_limits = collections.defaultdict(lambda: 2048)
        self._greeted = False
        self._mail_parameters: tuple[str, ...] = ()
        self._parameters_of_this_recipient: tuple[str, ...] = ()
        self._recipient_parameters: dict[str, tuple[str, ...]] = {}
        self.visitor: Visitor

    # The session's frame ---------------------------------------------------------------------

    def connection_made(self, transport: Any) -> None:
        """A client connected, or the TLS handshake is done (then all is forgotten, RFC 3207)."""
        if not hasattr(self, "visitor"):
            wire = self._wire_of(transport)
            self.visitor = Visitor(wire, transport.get_extra_info("peername")[0])
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
            text = await self._suffer("greeting") or Ruled(
                f"220 {self.hostname} {self._reception.greeting}", "greeting"
            )
        reply = self.overruled() or self._after_refusals(worded(text))
        self.visitor.wire.reply(str(reply), reply.rule)
        await super().push(str(reply))

    def _liable(self, verb: str, method: Callable[[str], Awaitable[None]]) -> Any:
        """A command that a fault may keep from being carried out."""

        @functools.wraps(method)
        async def command(argument: str) -> None:
            reply = await self._suffer(verb, argument or "") or self._forbidden(verb)
            if reply is None:
                insists = verb == "STARTTLS" and self.overruled() is not None
                await method(argument)
                if insists and not self.tls_context:
                    await self.loop.create_future()  # what comes now is no SMTP, and no TLS either
                return
            if verb == "RCPT" and not reply.startswith("2"):
                self.visitor.refused += 1
            await self.push(reply)

        return command

    async def _suffer(self, on: str, argument: str = "") -> Ruled | None:
        """Let a fault have its way; one that ends the session ends this task with it."""
        try:
            return await suffer(self._reception, self.visitor, on, argument)
        except CutWireError:
            self.visitor.wire.closed(self.visitor.wire.server, "dropped")
            self._writer.transport.abort()
        except SilentError:
            pass
        # Nothing more is done on this connection; the client's patience, or ours, ends it.
        await self.loop.create_future()
        return None

    def overruled(self) -> Ruled | None:
        """What a person wants said in place of the next reply; it counts as if the host said it."""
        text = self.visitor.wire.overruling()
        return None if text is None else Ruled(text, "intervention")

    def _forbidden(self, verb: str) -> Ruled | None:
        """The reply with which a person keeps a command from being carried out, if it is one.

        MAIL and RCPT are judged all the same, and then the person's word counts.
        """
        reply = self.overruled()
        if reply is None or verb in {"MAIL", "RCPT"}:
            return None
        return None if reply.startswith(_GOES_ON.get(verb, ("2",))) else reply

    def _after_refusals(self, reply: Ruled) -> Ruled:
        """DATA when every RCPT was refused: 554, as Postfix says it."""
        if reply.startswith("503") and "need RCPT" in reply and self.visitor.refused:
            return Ruled("554 5.5.1 Error: no valid recipients", "recipients.none")
        return reply

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
        good = self._reception.check_password(self.visitor, user, password, mechanism)
        overruled = self.overruled()
        good = good if overruled is None else overruled.startswith("2")
        self.visitor.user = user if good else ""
        # handled=True would mean that the reply is already said: the client would wait for ever.
        return AuthResult(success=good, handled=False)

    # Commands --------------------------------------------------------------------------------

    @syntax("AUTH <mechanism>")
    async def smtp_AUTH(self, arg: str) -> None:
        """Mechanism names are case-insensitive (RFC 4422 section 3.1)."""
        if not self._reception.offers_auth:
            await self.push(Ruled("503 5.5.1 Error: authentication not enabled", "sequence.bad"))
            return
        mechanism, _, rest = (arg or "").partition(" ")
        await super().smtp_AUTH(f"{mechanism.upper()} {rest}".strip())

    @syntax("QUIT")
    async def smtp_QUIT(self, arg: str) -> None:
        """Say 221 and close, as RFC 5321 section 4.1.1.10 asks."""
        if not arg:
            await self.push("221 Bye")
            self.visitor.wire.closed(self.visitor.wire.server, "quit")
            self._writer.close()
            if self._handler_coroutine is not None:
                self._handler_coroutine.cancel()
            return
        await super().smtp_QUIT(arg)

    @syntax("MAIL FROM: <address>", extended=" [SP <mail-parameters>]")
    async def smtp_MAIL(self, arg: str | None) -> None:
        """MAIL with the DSN parameters taken off, their case kept (RFC 3461)."""
        rest, self._mail_parameters = _peel(arg, _DSN_MAIL)
        self._recipient_parameters = {}
        await super().smtp_MAIL(rest)

    @syntax("RCPT TO: <address>", extended=" [SP <rcpt-parameters>]")
    async def smtp_RCPT(self, arg: str | None) -> None:
        """RCPT with the DSN parameters taken off, their case kept (RFC 3461)."""
        rest, parameters = _peel(arg, _DSN_RCPT)
        self._parameters_of_this_recipient = parameters
        await super().smtp_RCPT(rest)

    def note_recipient(self, address: str) -> None:
        """A recipient was accepted: keep the DSN parameters that came with it."""
        self._recipient_parameters[address] = self._parameters_of_this_recipient

    @syntax("DATA")
    async def smtp_DATA(self, arg: str) -> None:
        """DATA read in one piece: aiosmtpd reads line by line, which 25 MB would feel."""
        envelope = self.envelope
        out_of_place = arg or not envelope.rcpt_tos or not self.visitor.helo if envelope else True
        if envelope is None or (out_of_place and self.overruled() is None):
            await super().smtp_DATA(arg)  # its refusals are ours
            return
        await self.push("354")
        await self._suffer("content")
        content = await read_content(self._reader, self.data_size_limit or _LARGEST)
        if content is None:
            status = Ruled("552 5.3.4 Error: message file too big", "size.exceeded")
        elif longest_line(content) > self.line_length_limit:
            status = Ruled("554 5.6.0 Error: text line too long", "syntax.bad")
        else:
            envelope.content = envelope.original_content = with_crlf(dot_unstuff(content))
            status = await self._suffer(".") or await self._call_handler_hook("DATA")
            await self._suffer("accepted")
        self._set_post_data_state()  # type: ignore[no-untyped-call]
        await self.push(status)

    def incoming(self, envelope: Envelope) -> Incoming:
        """The message that has just come in."""
        return Incoming(
            reverse_path_of(envelope.mail_from or ""),
            tuple(dict.fromkeys(envelope.rcpt_tos)),
            bytes(envelope.original_content or b""),
            bool(envelope.smtp_utf8),
            self._mail_parameters,
            dict(self._recipient_parameters),
        )


def _peel(arg: str | None, names: frozenset[str]) -> tuple[str | None, tuple[str, ...]]:
    """The argument without the named parameters, and those parameters as they were written."""
    if arg is None or "=" not in arg:
        return arg, ()
    kept: list[str] = []
    peeled: list[str] = []
    for word in arg.split(" "):
        wanted = word.partition("=")[0].upper() in names and "=" in word
        (peeled if wanted else kept).append(word)
    return " ".join(kept), tuple(peeled)
